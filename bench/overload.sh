#!/usr/bin/env bash
# What machines get when more of them ask than a server can answer.
#
#   bench/overload.sh [--quick] [--cores N] [--factor N] [--seconds N]
#
# A server (native, default settings, inline sockets) that may use a part of a core is measured and then asked for more than it can do:
#
#   decided, held     closed loop over 64 connections: what a decided answer costs, and one with everything held
#   balancer          open loop at --factor times the peak over 256 connections, as from load balancers. The server answers what it takes at once, and
#                     the queue is theirs
#   direct            the same over 8 192 connections, as from machines that each have their own: the queue is the server's, which holds checks
#   peak              closed loop over as many connections with holding off, before and after each of the two: what the server can do. Goodput is every
#                     right answer, held ones included; their share is told
#   by hand           people who ask meanwhile (ondemand), 20 times a second, and must be offered their update each time
#   new connections   a connection for each request, at most 512 at once where the server takes 256: those that it closes are "shed".
#                     Goodput is compared with what it can do when no more come than it takes
#
# "served" is the time from when a connection took a request to its answer; the rest of the latency is the queue before, which grows for as long as more
# is asked than can be done.
#
#   --cores    CPU time that the server may use (0.3), by a control group; where none can be made, it gets one core to itself
#   --factor   load as a multiple of the peak (1.5)
#   --seconds  length of an overload (30; --quick 10)
#
# Ends with 0 when goodput was at least 80 % of the peak, the p99 of what was served at most half a second (balancer and direct: and
# twice what all connections need in turn), memory grew by at most a fifth and 16 MiB (direct: and 10 KiB a connection), nobody who
# asked by hand was held, and checks were decided as before within 5 s after the load. --quick does all of it and judges no times.
# Needs the .NET SDK, clang, zlib1g-dev, redis-server, curl, taskset and bash 5; run as root it limits the CPU time.
set -euo pipefail
cd "$(dirname "$0")/.."

cores=0.3 factor=1.5 seconds=30 quick=no
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=yes seconds=10; shift ;;
    --cores | --factor | --seconds)
      [[ ${2:-} =~ ^[0-9]{1,3}(\.[0-9]{1,2})?$ ]] || { echo "$1 \"${2:-}\" is no number below 1000" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    *) echo "unknown argument \"$1\"; usage: bench/overload.sh [--quick] [--cores N] [--factor N] [--seconds N]" >&2; exit 2 ;;
  esac
done
. bench/lib.sh
need redis-server redis-cli curl dotnet taskset clang
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -ge 10000 ] || { echo "the hard limit of open files is $(ulimit -Hn); 8 192 connections need 10000" >&2; exit 2; }

echo "building"
publish_server
build bench/Omaha.Load
load=bench/Omaha.Load/bin/Release/net10.0/Omaha.Load

start_redis redis
"$load" seed --redis "127.0.0.1:$redis_port" --apps 10 >/dev/null
export OMAHA_Redis__Configuration="127.0.0.1:$redis_port"
sed 's/installsource="scheduler"/installsource="ondemandupdate"/' bench/requests/offered.xml >"$work/by-hand.xml"
limit_cpu "$cores"
echo "the server may use $cpu_limit"

start() { # further settings...
  public=$(free_port) ops=$(free_port)
  within_limit "$server" --Listen:Public="http://127.0.0.1:$public" --Listen:Ops="http://127.0.0.1:$ops" --Server:InlineSockets=true --Drain:Time=0 "$@" >>"$work/server.log" 2>&1 &
  pid=$!
  until_true "the server is ready" curl -sf "http://127.0.0.1:$public/healthz"
  url=http://127.0.0.1:$public/v1/update
}
stop() {
  kill -TERM $pid
  wait $pid || fail "the server did not end well"
}
run() { # name, arguments...; wrong answers are for the caller to judge
  local name=$1
  shift
  "$load" run "$url" --body bench/requests/offered.xml --pid $pid --quiet --json "$work/$name.json" "$@" 2>"$work/load.log" || true
  [ -s "$work/$name.json" ] || fail "$name: no measurement"
}
of() { figure "$work/$1.json" "$2" "$3"; } # name, figure, part
errors() { of "$1" total 'errors": {'; }
offered='<manifest version="2.0.0">' any=(--expect '<manifest version="2.0.0">' --expect 'status="noupdate"')
checks() { metric "$ops" "omaha_checks_total{decision=\"$1\"}"; }
nothing_is_held() { [ "$(metric "$ops" omaha_overload_held_ratio)" = 0 ]; }
wrong=()
judge() { # expression, what is wrong otherwise
  holds "$1" || wrong+=("$2")
}

# ---- What it can do --------------------------------------------------------------------------------------------------------------------

start --Overload:Hold=false
run decided --expect "$offered" --warm-up 2 --duration 8
[ "$(errors decided)" = 0 ] || fail "decided: $(errors decided) checks failed"
stop
printf 'decided           %.0f answers a second, %s us CPU each\n' "$(of decided throughput requests)" "$(of decided cpuMicrosecondsPerRequest 'server": {')"

# A limit of CPU time that is always exceeded holds everything that comes.
start --Overload:Cpu=5
run held "${any[@]}" --warm-up 10 --duration 5
[ "$(metric "$ops" omaha_overload_held_ratio)" = 1 ] || fail "held: only a share of $(metric "$ops" omaha_overload_held_ratio) was held"
stop
printf 'held              %.0f answers a second, %s us CPU each\n' "$(of held throughput requests)" "$(of held cpuMicrosecondsPerRequest 'server": {')"

# ---- More than it can do ---------------------------------------------------------------------------------------------------------------

peak() { # connections: what the server can do over as many; adds it to $peaks
  start --Overload:Hold=false
  run peak --expect "$offered" --connections "$1" --warm-up 4 --duration 6 --timeout 20
  [ "$(errors peak)" = 0 ] || fail "peak over $1 connections: $(errors peak) checks failed"
  stop
  peaks+=("$(of peak throughput requests)")
  printf '  peak            %.0f answers a second over %s connections, %s us CPU each\n' "${peaks[-1]}" "$1" "$(of peak cpuMicrosecondsPerRequest 'server": {')"
}
overload() { # name, connections, MiB that these may take
  local name=$1 connections=$2 allowance=$3 peaks=() peak before decided held ended normal by_hand goodput after others longest
  peak "$connections"
  peak=${peaks[0]}
  start
  run warm-up "${any[@]}" --warm-up 0 --rate "$(awk "BEGIN { print $peak / 2 }")" --duration 4
  until_true "nothing is held at half the peak" nothing_is_held
  before=$(resident $pid) decided=$(checks Offered) held=$(checks HeldLoad)
  "$load" run "$url" --body "$work/by-hand.xml" --expect "$offered" --rate 20 --connections 64 --warm-up 0 --duration "$seconds" --timeout 20 --quiet --json "$work/by-hand.json" 2>"$work/by-hand.log" &
  by_hand=$!
  run "$name" "${any[@]}" --rate "$(awk "BEGIN { print $peak * $factor }")" --connections "$connections" --warm-up 0 --duration "$seconds" --timeout 20
  ended=${EPOCHREALTIME/./}
  until nothing_is_held; do
    [ $((${EPOCHREALTIME/./} - ended)) -lt 60000000 ] || fail "checks are still held a minute after the load"
    sleep 0.1
  done
  normal=$(awk "BEGIN { printf \"%.1f\", (${EPOCHREALTIME/./} - $ended) / 1000000 }")
  curl -s -m 5 -H 'Content-Type: text/xml' -d "$(sed 's/{appid}/{0a0a0a0a-0000-4000-8000-000000000000}/' bench/requests/offered.xml)" "$url" >"$work/after.xml"
  grep -qF "$offered" "$work/after.xml" || fail "a check after the load is not offered its update: $(cat "$work/after.xml")"
  wait $by_hand || true
  after=$(of "$name" peakMemoryMiB 'server": {')
  goodput=$(of "$name" throughput requests) held=$(($(checks HeldLoad) - held)) decided=$(($(checks Offered) - decided))
  stop
  # The machine may have become slower or faster meanwhile.
  peak "$connections"
  peak=$(awk "BEGIN { print (${peaks[0]} + ${peaks[1]}) / 2 }")
  # No answer can be there before those of all connections that wait: twice that, and half a second.
  longest=$(awk "BEGIN { printf \"%.0f\", 2000 * $connections / $peak + 500 }")
  printf '%-17s %.0f answers a second at %s times the peak: %.0f %% of it; %.0f %% were held; %s us CPU each; the generator used %s cores\n' "$name" "$goodput" "$factor" "$(awk "BEGIN { print 100 * $goodput / $peak }")" \
    "$(awk "BEGIN { print 100 * $held / ($held + $decided) }")" "$(of "$name" cpuMicrosecondsPerRequest 'server": {')" "$(of "$name" cores 'generator": {')"
  printf '                  served within p50 %s, p99 %s, at most %s ms; memory %s MiB before, %s at most; normal %s s after\n' \
    "$(of "$name" p50Milliseconds 'served": {')" "$(of "$name" p99Milliseconds 'served": {')" "$(of "$name" maxMilliseconds 'served": {')" "$before" "$after" "$normal"
  printf '                  by hand: %s asked, %s not offered their update, p99 %s ms\n' "$(of by-hand requests requests)" "$(errors by-hand)" "$(of by-hand p99Milliseconds 'latency": {')"
  others=$(sed -n '/"byKind"/,/}/p' "$work/$name.json" | grep -v unsent | grep -c '": [1-9]' || true)
  [ "$others" = 0 ] || wrong+=("$name: checks failed: $(sed -n '/"byKind"/,/}/p; /"examples"/,/}/p' "$work/$name.json" | tr -s ' \n' ' ')")
  [ "$(errors by-hand)" = 0 ] || wrong+=("$name: $(errors by-hand) checks by hand were not answered with their update: $(sed -n '/"examples"/,/}/p' "$work/by-hand.json")")
  judge "$after <= 1.2 * $before + 16 + $allowance" "$name: memory grew from $before to $after MiB"
  if [ $quick = no ]; then
    judge "$goodput >= 0.8 * $peak" "$name: goodput was $goodput a second, less than 80 % of $peak"
    judge "$(of "$name" p99Milliseconds 'served": {') <= $longest" "$name: the p99 of what was served was above $longest ms"
    judge "$normal <= 5" "$name: checks were held for $normal s after the load"
  fi
  overload_held=$held overload_peak=$peak
}

overload balancer 256 0
overload direct 8192 80
# A server that answers all that wait within the lag that it allows has no reason to hold anything.
holds "8192 / $overload_peak <= 0.5" || [ "$overload_held" -gt 0 ] || wrong+=("direct: nothing was held")

start --Limits:Connections=256 --Overload:Hold=false
run warm-up --expect "$offered" --new-connections --connections 128 --warm-up 0 --duration 5
run peak-new --expect "$offered" --new-connections --connections 128 --warm-up 1 --duration 8
peak_new=$(of peak-new throughput requests)
printf 'new connections   %.0f answers a second, %s us CPU each\n' "$peak_new" "$(of peak-new cpuMicrosecondsPerRequest 'server": {')"
before=$(resident $pid)
run overload-new --expect "$offered" --new-connections --rate "$(awk "BEGIN { print $peak_new * $factor }")" --connections 512 --warm-up 0 --duration "$seconds" --timeout 5
goodput=$(of overload-new throughput requests) after=$(of overload-new peakMemoryMiB 'server": {')
printf '  overload        %.0f answers a second at %s times the peak: %.0f %% of it; %s connections shed\n' "$goodput" "$factor" "$(awk "BEGIN { print 100 * $goodput / $peak_new }")" "$(metric "$ops" 'omaha_connections_total{outcome="shed"}')"
printf '                  served within p50 %s, p99 %s, at most %s ms; memory %s MiB before, %s at most\n' \
  "$(of overload-new p50Milliseconds 'served": {')" "$(of overload-new p99Milliseconds 'served": {')" "$(of overload-new maxMilliseconds 'served": {')" "$before" "$after"
judge "$after <= 1.2 * $before + 16" "memory grew from $before to $after MiB"
if [ $quick = no ]; then
  judge "$goodput >= 0.8 * $peak_new" "goodput on new connections was $goodput a second, less than 80 % of $peak_new"
  judge "$(of overload-new p99Milliseconds 'served": {') <= 500" "the p99 of what was served on new connections was above 500 ms"
fi
stop

for fault in "${wrong[@]}"; do echo "overload: $fault" >&2; done
[ ${#wrong[@]} = 0 ]
