#!/usr/bin/env bash
# Whether a server stays as it is: constant load, changes of the catalogue, and no growth.
#
#   bench/soak.sh [--quick] [--minutes N] [--hours N] [--every SECONDS]
#
# One server (native, default settings, inline sockets, snapshot on disk) on a core of its own gets half of what it can do (open loop, 64
# connections) from the other core. Every --every seconds the next version is promoted to stable. A line a minute tells of the minute before.
#
#   --minutes  length (10), or --hours
#   --every    seconds between promotions (60)
#   --quick    90 seconds with a promotion every 15
#
# Ends with 0 when no check failed or was held, each promotion was served, and memory after the first two minutes (--quick: 30 seconds) never rose by more
# than a tenth and 8 MiB above what it was then.
# Needs the .NET SDK, clang, zlib1g-dev, redis-server, curl, taskset, two cores and bash 5.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=600 every=60 settling=120
usage() { echo "$1; usage: bench/soak.sh [--quick] [--minutes N] [--hours N] [--every SECONDS]" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) seconds=90 every=15 settling=30; shift ;;
    --minutes | --hours | --every)
      [[ ${2:-} =~ ^[1-9][0-9]{0,3}$ ]] || usage "$1 \"${2:-}\" is no number from 1 to 9999"
      case "$1" in
        --minutes) seconds=$(($2 * 60)) ;;
        --hours) seconds=$(($2 * 3600)) ;;
        --every) every=$2 ;;
      esac
      shift 2
      ;;
    *) usage "unknown argument \"$1\"" ;;
  esac
done
[ "$seconds" -gt "$settling" ] || usage "a soak lasts longer than $settling s"
. bench/lib.sh
need redis-server redis-cli curl dotnet taskset clang

echo "building"
publish_server
build src/Omaha.Control src/Omaha.Cli bench/Omaha.Load
control=src/Omaha.Control/bin/Release/net10.0/Omaha.Control
omahactl=src/Omaha.Cli/bin/Release/net10.0/omahactl
load=bench/Omaha.Load/bin/Release/net10.0/Omaha.Load
taskset -pc 1 $$ >/dev/null

start_redis redis
export OMAHA_Redis__Configuration="127.0.0.1:$redis_port"
control_port=$(free_port)
"$control" --Listen:Control="http://127.0.0.1:$control_port" >"$work/control.log" 2>&1 &
OMAHACTL_TOKEN=$("$control" token create --role operator --name soak)
export OMAHACTL_TOKEN OMAHACTL_SERVER="http://127.0.0.1:$control_port"
until_true "the control plane is ready" curl -sf "$OMAHACTL_SERVER/readyz"

# A version for each promotion.
app='{0a0a0a0a-0000-4000-8000-000000000000}' promotions=$((seconds / every + 1))
{
  printf '{ "apps": [ { "app": "%s", "spec": { "channels": { "alpha": {}, "beta": { "promotesFrom": "alpha" }, "stable": { "promotesFrom": "beta" } }, "releases": [' "$app"
  for version in $(seq 0 "$promotions"); do
    [ "$version" = 0 ] || printf ','
    printf '{ "version": "2.%s", "target": "any/amd64", "codebases": ["https://dl.example.invalid/%s/"], "packages": [ { "name": "payload.gz", "size": 1000, "sha256": "%064d" } ] }' "$version" "$version" "$version"
  done
  printf '] } } ] }\n'
} >"$work/catalog.json"
operate() { "$omahactl" "$@" >"$work/omahactl.log" 2>&1 || fail "omahactl $* was refused: $(cat "$work/omahactl.log")"; }
promote() { # number
  operate channel set "$app" alpha "2.$1" --arch amd64
  operate channel promote "$app" alpha beta --arch amd64 --skip-verify "there are no files"
  operate channel promote "$app" beta stable --arch amd64 --skip-verify "there are no files"
}
operate apply -f "$work/catalog.json"
promote 0

public=$(free_port) ops=$(free_port) url=''
taskset -c 0 "$server" --Listen:Public="http://127.0.0.1:$public" --Listen:Ops="http://127.0.0.1:$ops" --Server:InlineSockets=true --Snapshot:Path="$work/catalogue.snapshot" >"$work/server.log" 2>&1 &
pid=$!
until_true "the server is ready" curl -sf "http://127.0.0.1:$public/healthz"
url=http://127.0.0.1:$public/v1/update
sed "s/{appid}/$app/" bench/requests/offered.xml >"$work/check.xml"
offers() { curl -s -m 5 -H 'Content-Type: text/xml' --data-binary "@$work/check.xml" "$url" | grep -cF "<manifest version=\"2.$1\">" >/dev/null; }

# What it can do, in the second before anything is held.
"$load" run "$url" --body "$work/check.xml" --quiet --warm-up 0 --rate 2000 --duration 5 || fail "the warm-up failed"
"$load" run "$url" --body "$work/check.xml" --expect '<manifest version="2.' --quiet --warm-up 0 --duration 1 --json "$work/peak.json" || fail "the peak could not be measured"
rate=$(awk "BEGIN { printf \"%d\", $(figure "$work/peak.json" throughput requests) / 2 }")
sleep 5
echo "half of what it can do are $rate checks a second; $((seconds / 60)) minutes, a promotion every $every s"

runs=0
load_for() { # seconds; one run of the load takes an hour at most
  runs=$((runs + 1))
  "$load" run "$url" --body "$work/check.xml" --expect '<manifest version="2.' --rate "$rate" --duration "$(($1 < 3600 ? $1 : 3600))" --requests 1000000000 --warm-up 0 --pid $pid --quiet --json "$work/load-$runs.json" 2>"$work/load.log" &
  loading=$!
}
load_for "$seconds"
begun=$SECONDS settled='' highest=0 promoted=0 said=0
printf '%8s %10s %10s %12s %10s %8s\n' seconds "RSS MiB" highest offered held revision
while :; do
  elapsed=$((SECONDS - begun))
  memory=$(resident $pid) || fail "the server ended"
  if [ $elapsed -ge $settling ]; then
    : "${settled:=$memory}"
    ! holds "$memory > $highest" || highest=$memory
  fi
  if [ $((elapsed / every)) -gt $promoted ] && [ $promoted -lt $((promotions - 1)) ]; then
    promoted=$((promoted + 1))
    promote $promoted
    until_true "promotion $promoted is served" offers $promoted
  fi
  if [ $((elapsed / 60)) -gt $said ] || [ $elapsed -ge "$seconds" ]; then
    said=$((elapsed / 60))
    printf '%8s %10s %10s %12s %10s %8s\n' $elapsed "$memory" "$highest" "$(metric "$ops" 'omaha_checks_total{decision="Offered"}')" "$(metric "$ops" 'omaha_checks_total{decision="HeldLoad"}')" "$(metric "$ops" omaha_replica_revision)"
  fi
  if ! kill -0 $loading 2>/dev/null; then
    wait $loading || fail "checks failed: $(sed -n '/"examples"/,/}/p' "$work/load-$runs.json")"
    [ $elapsed -lt $((seconds - 1)) ] || break
    load_for $((seconds - elapsed))
  fi
  sleep 1
done
for run in $(seq $runs); do
  printf 'load %s: %s requests, p50 %s, p99 %s, p99.9 %s, worst %s ms, CPU a request %s us\n' "$run" "$(figure "$work/load-$run.json" requests)" \
    "$(figure "$work/load-$run.json" p50Milliseconds 'latency": {')" "$(figure "$work/load-$run.json" p99Milliseconds 'latency": {')" "$(figure "$work/load-$run.json" 'p99\.9Milliseconds' 'latency": {')" \
    "$(figure "$work/load-$run.json" maxMilliseconds 'latency": {')" "$(figure "$work/load-$run.json" cpuMicrosecondsPerRequest 'server": {')"
done
echo "$promoted promotions; memory $settled MiB after $settling s, at most $highest MiB later"
holds "$highest <= 1.1 * $settled + 8" || fail "memory grew from $settled to $highest MiB"
