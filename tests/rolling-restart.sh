#!/usr/bin/env bash
# Restarts three servers, one after another, behind a load balancer and under constant load, and counts the checks that failed.
#
#   tests/rolling-restart.sh [--quick] [--only haproxy|nginx] [--requests N] [--rate N]
#
# The load balancers are Debian's haproxy and nginx with the files of deploy/, of which only addresses are changed. Each of the three servers is told
# to stop (SIGTERM), has to end by itself with exit code 0 within its drain time and five seconds, and is started again; the next one follows two
# seconds after it is ready. That goes on until the load ends, and for one whole round at least.
#
#   --quick      15 000 requests to each load balancer, with a drain time of 3 seconds, instead of 100 000 with the default of 5
#   --requests   how many requests
#   --rate       requests a second (1 000; --quick 500), open loop over 64 connections
#
# Ends with 0 when not one check failed, with 1 when one did or a server did not stop as it should. Every wait is bounded.
# Needs the .NET SDK, redis-server, haproxy, nginx, curl and bash 5.
set -euo pipefail
cd "$(dirname "$0")/.."

requests=100000 rate=1000 drain=5 balancers=(haproxy nginx)
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) requests=15000 rate=500 drain=3; shift ;;
    --only | --requests | --rate)
      value=${2:?$1 needs a value}
      case "$1" in
        --only) balancers=("$value"); [[ $value =~ ^(haproxy|nginx)$ ]] || { echo "--only \"$value\" is neither haproxy nor nginx" >&2; exit 2; } ;;
        *) declare "${1#--}=$value"; [[ $value =~ ^[1-9][0-9]{0,7}$ ]] || { echo "$1 \"$value\" is no number from 1 to 99999999" >&2; exit 2; } ;;
      esac
      shift 2
      ;;
    *) echo "unknown argument \"$1\"; usage: tests/rolling-restart.sh [--quick] [--only haproxy|nginx] [--requests N] [--rate N]" >&2; exit 2 ;;
  esac
done
. bench/lib.sh
need redis-server redis-cli curl dotnet "${balancers[@]}"

echo "building"
build src/Omaha.Server bench/Omaha.Load
server=src/Omaha.Server/bin/Release/net10.0/Omaha.Server
load=bench/Omaha.Load/bin/Release/net10.0/Omaha.Load

start_redis redis
"$load" seed --redis "127.0.0.1:$redis_port" --apps 10 >/dev/null
export OMAHA_Redis__Configuration="127.0.0.1:$redis_port"

public=() ops=() pids=()
start() { # index
  "$server" --Listen:Public="http://127.0.0.1:${public[$1]}" --Listen:Ops="http://127.0.0.1:${ops[$1]}" --Overload:Hold=false --Drain:Time=$drain >>"$work/server$1.log" 2>&1 &
  pids[$1]=$!
  until_true "server $1 is ready" curl -sf "http://127.0.0.1:${public[$1]}/healthz"
}
restart() { # index
  local begun=$SECONDS code=0
  kill -TERM "${pids[$1]}"
  wait "${pids[$1]}" || code=$?
  [ $code = 0 ] || fail "server $1 ended with exit code $code"
  [ $((SECONDS - begun)) -le $((drain + 5)) ] || fail "server $1 took $((SECONDS - begun)) s to stop"
  start "$1"
  sleep 2
}
for i in 0 1 2; do
  public[i]=$(free_port) ops[i]=$(free_port)
  start $i
done

start_haproxy() {
  OMAHA_BIND="127.0.0.1:$front" OMAHA_SERVER_1="127.0.0.1:${public[0]}" OMAHA_SERVER_2="127.0.0.1:${public[1]}" OMAHA_SERVER_3="127.0.0.1:${public[2]}" \
    haproxy -db -f deploy/haproxy/haproxy.cfg >"$work/haproxy.log" 2>&1 &
}
start_nginx() {
  local path
  {
    echo "daemon off; master_process off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log; events { worker_connections 4096; } http { access_log off;"
    for path in client_body proxy fastcgi uwsgi scgi; do echo "${path}_temp_path $work/nginx-$path;"; done
    sed "s/10\.0\.0\.11:8080/127.0.0.1:${public[0]}/; s/10\.0\.0\.12:8080/127.0.0.1:${public[1]}/; s/10\.0\.0\.13:8080/127.0.0.1:${public[2]}/; s/listen 80 /listen 127.0.0.1:$front /" deploy/nginx/omaha.conf
    echo "}"
  } >"$work/nginx.conf"
  nginx -c "$work/nginx.conf" >"$work/nginx-start.log" 2>&1 &
}

failed=0
for balancer in "${balancers[@]}"; do
  front=$(free_port)
  "start_$balancer"
  until_true "$balancer passes checks on" curl -sf "http://127.0.0.1:$front/healthz"

  "$load" run "http://127.0.0.1:$front/v1/update" --body bench/requests/offered.xml --expect '<manifest version="2.0.0">' --rate "$rate" --requests "$requests" --duration $((requests / rate + 60)) \
    --warm-up 1 --quiet --json "$work/$balancer.json" 2>"$work/load.log" &
  loading=$!
  restarts=0
  while kill -0 $loading 2>/dev/null || [ $restarts -lt 3 ]; do
    restart $((restarts % 3))
    restarts=$((restarts + 1))
  done
  wait $loading || true
  [ -s "$work/$balancer.json" ] || fail "$balancer was not loaded"
  errors=$(figure "$work/$balancer.json" total 'errors": {')
  seen=$(figure "$work/$balancer.json" requests)
  printf '%-8s %s requests at %s a second, %s restarts, %s failed; p99 %s ms, worst %s ms\n' "$balancer" "$seen" "$rate" $restarts "$errors" \
    "$(figure "$work/$balancer.json" p99Milliseconds 'latency": {')" "$(figure "$work/$balancer.json" maxMilliseconds 'latency": {')"
  if [ "$errors" != 0 ]; then
    failed=1
    sed -n '/"examples"/,/}/p' "$work/$balancer.json" | sed '1d;$d' >&2
  fi
  [ "$seen" -ge "$requests" ] || fail "only $seen of $requests requests were made"
done
[ $failed = 0 ] || { echo "rolling-restart: checks failed" >&2; exit 1; }
