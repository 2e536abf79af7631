#!/usr/bin/env bash
# How long a promotion takes to reach every server.
#
#   bench/propagation.sh [--rounds N]      N promotions (default 6), half of them with the hint lost
#
# A real redis-server, one control plane and three servers, all on loopback and on free ports, with a folder of their own. The servers use
# an account that can only read the catalogue; for the second half of the rounds it may not subscribe either, so that no hint arrives
# and changes are found by polling alone. Each round promotes a new version from beta to stable with omahactl while three watchers ask the
# servers again and again. The table shows, for each server, the milliseconds from the return of omahactl (when the change is surely
# committed) until its answer changed; a watcher's own step, about 10 ms, is included. More than 1 000 ms anywhere is a failure.
#
# Needs the .NET SDK, redis-server and curl. Ends by itself: every wait is bounded.
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=6
while [ $# -gt 0 ]; do
  case "$1" in
    --rounds) rounds=${2:?--rounds needs a number}; shift 2 ;;
    *) echo "unknown argument \"$1\"; usage: bench/propagation.sh [--rounds N]" >&2; exit 2 ;;
  esac
done
case "$rounds" in ''|*[!0-9]*|0) echo "--rounds \"$rounds\" is no number above 0" >&2; exit 2 ;; esac
for tool in redis-server redis-cli curl dotnet; do
  command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: apt-get install redis-server curl)" >&2; exit 2; }
done

limit_ms=1000
app=com.example.propagation
work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}
now_ms() { date +%s%3N; }
wait_for() { # what, command...
  local what=$1 end=$((SECONDS + 60)); shift
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then echo "$what did not come up within 60 s" >&2; tail -n 5 "$work"/*.log >&2; exit 1; fi
    sleep 0.1
  done
}

echo "building"
for project in Omaha.Server Omaha.Control Omaha.Cli; do dotnet build "src/$project" -c Release -v quiet -nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }; done
server=src/Omaha.Server/bin/Release/net10.0/Omaha.Server
control=src/Omaha.Control/bin/Release/net10.0/Omaha.Control
omahactl=src/Omaha.Cli/bin/Release/net10.0/omahactl

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
pids+=($!)
wait_for redis-server redis-cli -p "$redis_port" ping
redis-cli -p "$redis_port" ACL SETUSER omaha-server on '>bench' resetkeys '~{omaha}:*' resetchannels '&omaha:changes' -@all +@read +ping +echo +subscribe >/dev/null

control_port=$(free_port)
export OMAHA_Redis__Configuration="127.0.0.1:$redis_port"
"$control" --Listen:Control="http://127.0.0.1:$control_port" >"$work/control.log" 2>&1 &
pids+=($!)
OMAHACTL_TOKEN=$("$control" token create --role operator --name bench)
export OMAHACTL_TOKEN OMAHACTL_SERVER="http://127.0.0.1:$control_port"
wait_for "the control plane" curl -sf "$OMAHACTL_SERVER/readyz"

{
  printf '{ "app": "%s", "spec": { "channels": { "alpha": {}, "beta": { "promotesFrom": "alpha" }, "stable": { "promotesFrom": "beta" } }, "releases": [' "$app"
  for version in $(seq 0 "$rounds"); do
    [ "$version" = 0 ] || printf ','
    printf '{ "version": "%s.0", "codebases": ["https://dl.example.invalid/%s/"], "packages": [ { "name": "payload.gz", "size": 1000, "sha256": "%064d" } ] }' "$version" "$version" "$version"
  done
  printf '] } }\n'
} >"$work/catalog.json"
"$omahactl" apply -f "$work/catalog.json" >/dev/null
"$omahactl" channel set "$app" alpha 0.0 >/dev/null
"$omahactl" channel promote "$app" alpha beta >/dev/null
"$omahactl" channel promote "$app" beta stable >/dev/null

public=()
for i in 0 1 2; do
  public[i]=$(free_port)
  ops=$(free_port)
  OMAHA_Redis__Configuration="127.0.0.1:$redis_port,user=omaha-server,password=bench" \
    "$server" --Listen:Public="http://127.0.0.1:${public[i]}" --Listen:Ops="http://127.0.0.1:$ops" >"$work/server$i.log" 2>&1 &
  pids+=($!)
  wait_for "server $i" curl -sf "http://127.0.0.1:$ops/readyz"
done

request="<request protocol=\"3.0\"><app appid=\"$app\" version=\"\"><updatecheck/></app></request>"
offers() { curl -s -m 2 -d "$request" "http://127.0.0.1:${public[$1]}/v1/update" | grep -q "manifest version=\"$2\""; }
watch_for() { # server, version: writes when its answer changed
  local end=$((SECONDS + 30))
  until offers "$1" "$2"; do [ $SECONDS -lt $end ] || return 1; done
  now_ms >"$work/seen$1"
}

failures=0
worst=0
printf '%-6s %-6s %10s %10s %10s %10s   (ms after omahactl returned)\n' round hint server1 server2 server3 worst
for round in $(seq 1 "$rounds"); do
  hint=yes
  if [ "$round" -gt $(((rounds + 1) / 2)) ]; then
    hint=lost
    redis-cli -p "$redis_port" ACL SETUSER omaha-server resetchannels -subscribe >/dev/null
    redis-cli -p "$redis_port" CLIENT KILL TYPE pubsub >/dev/null
  fi
  "$omahactl" channel set "$app" alpha "$round.0" >/dev/null
  "$omahactl" channel promote "$app" alpha beta >/dev/null

  watchers=()
  for i in 0 1 2; do rm -f "$work/seen$i"; watch_for "$i" "$round.0" & watchers+=($!); done
  "$omahactl" channel promote "$app" beta stable >/dev/null
  returned=$(now_ms)
  for watcher in "${watchers[@]}"; do wait "$watcher" || { echo "round $round: a server did not follow within 30 s" >&2; exit 1; }; done

  max=0
  columns=()
  for i in 0 1 2; do
    ms=$(($(cat "$work/seen$i") - returned))
    [ "$ms" -ge 0 ] || ms=0
    columns+=("$ms")
    [ "$ms" -le "$max" ] || max=$ms
  done
  [ "$max" -le "$limit_ms" ] || failures=$((failures + 1))
  [ "$max" -le "$worst" ] || worst=$max
  printf '%-6s %-6s %10s %10s %10s %10s\n' "$round" "$hint" "${columns[@]}" "$max"
done

echo "worst: $worst ms; allowed: $limit_ms ms"
[ "$failures" -eq 0 ] || { echo "$failures of $rounds rounds took longer than $limit_ms ms" >&2; exit 1; }
