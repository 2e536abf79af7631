#!/usr/bin/env bash
# What connections cost that do nothing, and whether they harm those that do.
#
#   bench/connections.sh [--quick] [--idle N] [--slow N] [--rate N] [--seconds N]
#
# A server with its default limits is asked at a constant rate (open loop), first alone, then while bench/Omaha.Load holds idle connections, which asked
# once and then nothing, and slow ones, which send the head of a request a byte a second and begin anew when the server closes them.
#
#   --idle     idle connections (10 000; --quick 1 000)
#   --slow     slow ones (1 000; --quick 100)
#   --rate     checks a second (1 000)
#   --seconds  length of each of the two measurements (20; --quick 4)
#
# Ends with 0 when no check failed, no idle connection was lost, and the p99 of checks was at most twice that without them, or below 10 ms. On a machine
# that is busy with other things, tails tell nothing: --quick does not judge them.
# Needs the .NET SDK, clang, zlib1g-dev, redis-server, curl and bash 5, and files for all the connections (ulimit -n).
set -euo pipefail
cd "$(dirname "$0")/.."

idle=10000 slow=1000 rate=1000 seconds=20 quick=no
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) quick=yes idle=1000 slow=100 seconds=4; shift ;;
    --idle | --slow | --rate | --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]{0,5}$ ]] || { echo "$1 \"${2:-}\" is no number from 1 to 999999" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2
      ;;
    *) echo "unknown argument \"$1\"; usage: bench/connections.sh [--quick] [--idle N] [--slow N] [--rate N] [--seconds N]" >&2; exit 2 ;;
  esac
done
. bench/lib.sh
need redis-server redis-cli curl dotnet clang
files=$(ulimit -Hn)
[ "$files" = unlimited ] || [ "$files" -gt $((idle + slow + 1000)) ] || { echo "$((idle + slow)) connections need more than $files open files; raise ulimit -n" >&2; exit 2; }

echo "building"
publish_server
build bench/Omaha.Load
load=bench/Omaha.Load/bin/Release/net10.0/Omaha.Load

start_redis redis
"$load" seed --redis "127.0.0.1:$redis_port" --apps 10 >/dev/null
public=$(free_port) ops=$(free_port)
OMAHA_Redis__Configuration="127.0.0.1:$redis_port" "$server" --Listen:Public="http://127.0.0.1:$public" --Listen:Ops="http://127.0.0.1:$ops" --Server:InlineSockets=true >"$work/server.log" 2>&1 &
pid=$!
until_true "the server is ready" curl -sf "http://127.0.0.1:$public/healthz"
url=http://127.0.0.1:$public/v1/update

measure() { # name
  "$load" run "$url" --body bench/requests/offered.xml --expect '<manifest version="2.0.0">' --rate "$rate" --duration "$seconds" --warm-up 2 --pid $pid --quiet --json "$work/$1.json" 2>"$work/load.log" || true
  [ -s "$work/$1.json" ] || fail "$1: no measurement"
  errors=$(figure "$work/$1.json" total 'errors": {')
  printf '%-20s p50 %7s ms   p99 %7s ms   CPU a request %6s us   %s failed\n' "$1" "$(figure "$work/$1.json" p50Milliseconds 'latency": {')" "$(figure "$work/$1.json" p99Milliseconds 'latency": {')" \
    "$(figure "$work/$1.json" cpuMicrosecondsPerRequest 'server": {')" "$errors"
  [ "$errors" = 0 ] || fail "$1: $errors checks failed: $(sed -n '/"examples"/,/}/p' "$work/$1.json")"
}

measure alone
before=$(resident $pid)
"$load" hold "$url" --idle "$idle" --duration $((3 * seconds + 100)) >"$work/idle.txt" 2>"$work/idle.log" &
holding_idle=$!
until_true "$idle connections are idle" grep -q holding "$work/idle.txt"
sleep 2
after=$(resident $pid)
"$load" hold "$url" --slow "$slow" --duration $((3 * seconds + 100)) >"$work/slow.txt" 2>"$work/slow.log" &
holding_slow=$!
until_true "$slow connections are slow" grep -q holding "$work/slow.txt"
measure "with held ones"
echo "open connections     $(metric "$ops" omaha_connections), shed $(metric "$ops" 'omaha_connections_total{outcome="shed"}')"
awk "BEGIN { printf \"memory               %.1f MiB without, %.1f MiB with $idle idle connections: %.1f KiB each\\n\", $before, $after, ($after - $before) * 1024 / $idle }"
kill -TERM $holding_idle $holding_slow
wait $holding_idle || true
wait $holding_slow || true
tail -q -n 1 "$work/idle.txt" "$work/slow.txt"
grep -q "^$idle of $idle connections were held; 0 idle ones were lost, .* 0 could not be opened" "$work/idle.txt" || fail "not all idle connections were held"
grep -q "^$slow of $slow connections were held; .* 0 could not be opened" "$work/slow.txt" || fail "not all slow connections were held"
if [ $quick = no ]; then
  alone=$(figure "$work/alone.json" p99Milliseconds 'latency": {') with=$(figure "$work/with held ones.json" p99Milliseconds 'latency": {')
  holds "$with <= 10 || $with <= 2 * $alone" || fail "the p99 grew from $alone to $with ms"
fi
