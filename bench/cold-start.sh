#!/usr/bin/env bash
# What a fleet of servers that starts all at once costs the store, and how long it takes.
#
#   bench/cold-start.sh [--servers N] [--apps N] [--server FILE]      20 servers, 100 000 apps; FILE is a published Omaha.Server
#
# One redis-server with seeded apps, on a core of its own together with a client that asks for a few small keys about fifty times a second, as
# a server that follows does. Then N servers are started at the same moment on the other cores. The client's waits are what other clients
# of that Redis notice; the limit is 50 ms for each one. Then all servers are started once more, now with a snapshot on disk, which leaves
# nothing to read.
#
# A busy machine makes everybody wait, so the client asks another Redis on the same core in turn, which nobody else uses: the waits of that
# one are the machine's. Ends with 0 when no more replies than those took longer than 50 ms, with 1 when more did or something failed.
set -euo pipefail
cd "$(dirname "$0")/.."

servers=20 apps=100000 server=
limit_us=50000
usage() { echo "$1; usage: bench/cold-start.sh [--servers N] [--apps N] [--server FILE]" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --servers) servers=${2:?--servers needs a number}; shift 2 ;;
    --apps) apps=${2:?--apps needs a number}; shift 2 ;;
    --server) server=${2:?--server needs a file}; shift 2 ;;
    *) usage "unknown argument \"$1\"" ;;
  esac
done
[[ $servers =~ ^[1-9][0-9]?$ ]] || usage "--servers \"$servers\" is no number from 1 to 99"
[[ $apps =~ ^[1-9][0-9]{0,6}$ ]] || usage "--apps \"$apps\" is no number from 1 to 9999999"

. bench/lib.sh
need redis-server redis-cli curl dotnet taskset
mapfile -t cores < <(sed -n 's/^Cpus_allowed_list:\s*//p' /proc/self/status | tr ',' '\n' | awk -F- '{ for (core = $1; core <= ($2 == "" ? $1 : $2); core++) print core }')
[ ${#cores[@]} -gt 1 ] || { echo "two cores are needed, one for Redis and the client, the others for servers" >&2; exit 2; }
store_core=${cores[0]} server_cores=$(IFS=,; echo "${cores[*]:1}")

echo "building"
build bench/Omaha.Load
[ -n "$server" ] || { build src/Omaha.Server; server=src/Omaha.Server/bin/Release/net10.0/Omaha.Server; }
load=bench/Omaha.Load/bin/Release/net10.0/Omaha.Load

start_redis idle
idle_port=$redis_port
start_redis redis
for pid in $(jobs -pr); do taskset -pc "$store_core" "$pid" >/dev/null; done
"$load" seed --redis "127.0.0.1:$redis_port" --apps "$apps" >"$work/seed.log" 2>&1 || fail "the store was not filled"
store_mib=$(redis-cli -p "$redis_port" INFO memory | awk -F: '/^used_memory:/ { printf "%.0f", $2 / 1048576 }')

stop() { kill "$1" 2>/dev/null || true; { wait "$1"; } 2>/dev/null || true; }

# ---- The other client ------------------------------------------------------------------------------------------------------------------

# Bash itself, over connections that stay open: a process for each look would take longer than what is measured.
look() { # descriptor: sets $took, in microseconds
  local line begun=${EPOCHREALTIME/./}
  printf 'MGET {omaha}:head {omaha}:brakes {omaha}:accepted {omaha}:head\r\n' >&"$1"
  read -r line <&"$1"
  took=$((${EPOCHREALTIME/./} - begun))
  for _ in 1 2 3 4; do read -r line <&"$1"; [[ $line == \$-1* ]] || read -r line <&"$1"; done
}
watching() { # file: a line for each look, the wait for the store and that for the idle one
  local store idle silent line waited
  taskset -pc "$store_core" $BASHPID >/dev/null
  exec {store}<>"/dev/tcp/127.0.0.1/$redis_port" {idle}<>"/dev/tcp/127.0.0.1/$idle_port" {silent}<> <(:)
  while :; do
    look "$store"
    waited=$took
    read -r -t 0.01 -u "$silent" line || true
    look "$idle"
    echo "$waited $took"
    read -r -t 0.01 -u "$silent" line || true
  done >"$1"
}
waits() { # title, file, column
  cut -d' ' -f"$3" "$2" | sort -n | awk -v title="$1" -v limit=$limit_us '{ wait[NR] = $1; if ($1 > limit) over++ } END {
    if (NR == 0) { print title ": nothing was measured"; exit }
    printf "%-36s %6d looks   p50 %6.2f   p99 %6.2f   worst %7.2f ms   %d over %d ms\n", title, NR, wait[int((NR + 1) / 2)] / 1000, wait[int(NR * 0.99) + (NR * 0.99 > int(NR * 0.99))] / 1000, wait[NR] / 1000, over, limit / 1000 }'
}
report() { # title, file
  waits "$1" "$2" 1
  waits "  the machine alone" "$2" 2
}
excess() { awk -v limit=$limit_us '$1 > limit { over++ } $2 > limit { machine++ } END { print (over > machine ? over - machine : 0) }' "$1"; }

printf '\n%s servers, %s apps, %s MiB in Redis\n\n' "$servers" "$apps" "$store_mib"
watching "$work/alone" & watcher=$!
sleep 5
stop "$watcher"
report "alone" "$work/alone"

# ---- The fleet -------------------------------------------------------------------------------------------------------------------------

ops=() public=()
for ((i = 0; i < servers; i++)); do ops[i]=$(free_port); public[i]=$(free_port); done
start_fleet() { # title; sets $loading
  local i left begun now
  loading=$work/${1// /-}
  watching "$loading" & watcher=$!
  pids=() readies=()
  begun=${EPOCHREALTIME/./}
  for ((i = 0; i < servers; i++)); do
    OMAHA_Redis__Configuration="127.0.0.1:$redis_port" taskset -c "$server_cores" "$server" --Listen:Public="http://127.0.0.1:${public[i]}" --Listen:Ops="http://127.0.0.1:${ops[i]}" \
      --Snapshot:Path="$work/snapshots/$i" >"$work/server$i.log" 2>&1 &
    pids[i]=$!
  done
  left=$servers
  while [ "$left" -gt 0 ]; do
    for ((i = 0; i < servers; i++)); do
      [ -z "${readies[i]:-}" ] || continue
      kill -0 "${pids[i]}" 2>/dev/null || fail "server $i ended: $(tail -n 3 "$work/server$i.log")"
      curl -sf -m 1 -o /dev/null "http://127.0.0.1:${ops[i]}/readyz" || continue
      now=${EPOCHREALTIME/./}
      readies[i]=$(((now - begun) / 1000))
      left=$((left - 1))
    done
    [ $(((${EPOCHREALTIME/./} - begun) / 1000000)) -lt 600 ] || fail "not all servers were ready within 600 s"
    sleep 0.05
  done
  stop "$watcher"
  report "$1" "$loading"
  printf '%s\n' "${readies[@]}" | sort -n | awk -v title="" '{ ready[NR] = $1 } END { printf "%-36s first %.1f   median %.1f   last %.1f s\n", "  ready after", ready[1] / 1000, ready[int((NR + 1) / 2)] / 1000, ready[NR] / 1000 }'
}
metric() { curl -sf -m 5 "http://127.0.0.1:$1/metrics" | awk -v name="$2" '$1 == name { print $2 }'; }

start_fleet "all servers load everything"
cold=$(excess "$loading")
served=$(metric "${ops[0]}" omaha_apps)
[ "$served" -ge "$apps" ] || fail "a server serves $served apps"

# Meanwhile each server copies the catalogue to its disk, in its own time.
watching "$work/copying" & watcher=$!
begun=$SECONDS
for ((i = 0; i < servers; i++)); do
  until [ "$(metric "${ops[i]}" 'omaha_snapshot_writings_total{outcome="done"}')" != 0 ]; do [ $((SECONDS - begun)) -lt 1200 ] || fail "server $i wrote no snapshot within 1200 s"; sleep 1; done
done
stop "$watcher"
report "all servers write their snapshots" "$work/copying"
copying=$(excess "$work/copying")
printf '%-36s %s s   %s MiB each\n' "  all written after" "$((SECONDS - begun))" "$(($(metric "${ops[0]}" omaha_snapshot_bytes | awk '{ printf "%.0f", $1 }') / 1048576))"

for pid in "${pids[@]}"; do stop "$pid"; done
start_fleet "all servers start from their disk"
warm=$(excess "$loading")
for ((i = 0; i < servers; i++)); do
  [ "$(metric "${ops[i]}" 'omaha_replica_loads_total{kind="full"}')" = 0 ] || fail "server $i read everything although it had it on disk"
done

late=$((cold + copying + warm))
[ "$late" = 0 ] || { echo "$late replies took longer than $((limit_us / 1000)) ms that the machine does not explain"; exit 1; }
echo "no other client waited longer than $((limit_us / 1000)) ms because of the servers"
