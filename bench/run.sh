#!/usr/bin/env bash
# What a request costs, next to the least that it could cost.
#
#   bench/run.sh [--full | --quick] [--million] [--rounds N] [--seconds N] [--builds LIST] [--sockets LIST] [--scenarios LIST] [--cores SERVER,LOAD]
#
#   --full       9 rounds of every scenario with JIT and Native AOT builds, 40 minutes and more (this is the default).
#                Writes bench/results/CPU-MODEL.md, or artifacts/bench/partial.md when builds, sockets or scenarios were left out.
#   --quick      3 short rounds of the JIT build with inline sockets, under 90 seconds after the build: shows that all of it works.
#                Writes artifacts/bench/quick.md.
#   --million    also compares a catalogue of 1 000 000 apps with one of 10; takes 3 GiB of memory and some minutes more
#   --rounds     odd rounds go through the programs in order, even rounds backwards (ABBA), so that a machine that gets slower or faster
#                meanwhile does not favour one of them
#   --seconds    length of one measurement
#   --builds     jit,aot or one of them
#   --sockets    default,inline or one of them: how Kestrel takes requests from the sockets
#   --scenarios  some of no-update,offered,unknown-app,malformed,20-apps,new-connections,tls,tls-new-connections,open-loop,start
#   --cores      the core that servers get to themselves, and the one for the load and everything else
#
# For each scenario: the server ("omaha"), an empty Kestrel handler that takes the same requests and gives replies of the same size
# ("empty", bench/Omaha.Baseline), and nginx with a fixed reply of that size where it is installed. Each is pinned to the server's core and
# loaded by bench/Omaha.Load from the other core, 64 connections, one program at a time. Everything is on loopback, on free ports, with a
# redis-server of its own; results of single runs stay in artifacts/bench/runs. bench/README.md tells how to read the tables.
#
# Ends with 0, with 1 when something failed or an answer was wrong, with 2 when it was called wrongly or the machine lacks something.
# Needs the .NET SDK, redis-server, curl, taskset and bash 5; openssl for TLS; clang and zlib1g-dev for Native AOT.
set -euo pipefail
cd "$(dirname "$0")/.."

called="bench/run.sh${*:+ $*}"
revision=$(git describe --always --dirty 2>/dev/null || echo unknown)
mode=full million=no rounds='' seconds='' builds='' sockets='' scenarios='' cores=''
every_scenario=no-update,offered,unknown-app,malformed,20-apps,new-connections,tls,tls-new-connections,open-loop,start
usage() { echo "$1; usage: bench/run.sh [--full | --quick] [--million] [--rounds N] [--seconds N] [--builds jit,aot] [--sockets default,inline] [--scenarios LIST] [--cores SERVER,LOAD]" >&2; exit 2; }
one_of() { # option, given list, known list
  local item
  for item in ${2//,/ }; do [[ ",$3," == *",$item,"* ]] || usage "$1 \"$item\" is none of $3"; done
}
while [ $# -gt 0 ]; do
  case "$1" in
    --full) mode=full; shift ;;
    --quick) mode=quick; shift ;;
    --million) million=yes; shift ;;
    --rounds | --seconds | --builds | --sockets | --scenarios | --cores)
      [ $# -ge 2 ] || usage "$1 needs a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    *) usage "unknown argument \"$1\"" ;;
  esac
done
if [ $mode = quick ]; then
  : "${rounds:=3}" "${seconds:=0.4}" "${builds:=jit}" "${sockets:=inline}" "${scenarios:=${every_scenario#no-update,}}"
  warm_up=0.1 start_requests=20000 starts=2
else
  [ -z "$builds$sockets$scenarios" ] || mode=partial
  : "${rounds:=9}" "${seconds:=2}" "${builds:=jit,aot}" "${sockets:=default,inline}" "${scenarios:=$every_scenario}"
  warm_up=0.5 start_requests=1000000 starts=5
fi
[[ $rounds =~ ^[1-9][0-9]?$ ]] || usage "--rounds \"$rounds\" is no number from 1 to 99"
[[ $seconds =~ ^[0-9]{1,2}(\.[0-9])?$ ]] || usage "--seconds \"$seconds\" is no number of seconds below 100"
one_of --builds "$builds" jit,aot
one_of --sockets "$sockets" default,inline
one_of --scenarios "$scenarios" $every_scenario
wanted() { [[ ",$scenarios," == *",$1,"* ]]; }

. bench/lib.sh
need redis-server redis-cli curl dotnet taskset
[[ $builds != *aot* ]] || need clang
tls=no
if wanted tls || wanted tls-new-connections; then tls=yes; fi
[ $tls = no ] || need openssl
mapfile -t allowed < <(sed -n 's/^Cpus_allowed_list:\s*//p' /proc/self/status | tr ',' '\n' | awk -F- '{ for (core = $1; core <= ($2 == "" ? $1 : $2); core++) print core }')
[ -n "$cores" ] || cores=${allowed[0]},${allowed[1]:-}
[[ $cores =~ ^[0-9]+,[0-9]+$ ]] || { echo "two cores are needed, one for the server and one for the load; allowed here: ${allowed[*]}" >&2; exit 2; }
server_core=${cores%,*} load_core=${cores#*,}
for core in "$server_core" "$load_core"; do [[ " ${allowed[*]} " == *" $core "* ]] || usage "--cores \"$core\" is none of the cores that may be used: ${allowed[*]}"; done
[ "$server_core" != "$load_core" ] || usage "--cores \"$cores\" names one core twice"

# ---- Build -----------------------------------------------------------------------------------------------------------------------------

out=artifacts/bench
runs=$out/runs
rm -rf "$runs"
mkdir -p "$runs"
echo "building"
publish bench/Omaha.Load load
for build in ${builds//,/ }; do
  native=$([ "$build" = aot ] && echo true || echo false)
  publish src/Omaha.Server "$build/omaha" "-p:PublishAot=$native"
  publish bench/Omaha.Baseline "$build/empty" "-p:PublishAot=$native"
done
load=$out/load/Omaha.Load

# Everything but the servers from here on.
taskset -pc "$load_core" $$ >/dev/null

# ---- Programs under test ---------------------------------------------------------------------------------------------------------------

# Of each program, by "subject/build/sockets".
declare -A pids=() urls=()
declare -A sizes=()

# The one place that knows how a server is told to take requests inline. Omaha.Server sets the switch of the process itself.
socket_settings() { # sockets; sets $omaha_arguments, $empty_arguments and $empty_environment
  # At its limit, which it is to be driven to, a server would hold checks, and accept no more connections than it is told to.
  omaha_arguments=(--Overload:Hold=false --Limits:AcceptRate=1000000) empty_arguments=() empty_environment=()
  [ "$1" = inline ] || return 0
  omaha_arguments+=(--Server:InlineSockets=true)
  empty_arguments=(--inlineSockets true)
  empty_environment=(DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1)
}

# The certificate that all programs show where they are started with the scheme https.
certificate=$work/tls.crt certificate_key=$work/tls.key
make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -keyout "$certificate_key" -out "$certificate" 2>"$work/openssl.log" || fail "openssl made no certificate"
}

start_omaha() { # name, build, sockets, port of redis[, scheme]; sets $pid, $begun, $url and $ready
  local public ops scheme=${5:-http} tls_arguments=()
  public=$(free_port) ops=$(free_port)
  socket_settings "$3"
  [ "$scheme" = http ] || tls_arguments=(--Tls:CertificateFile="$certificate" --Tls:KeyFile="$certificate_key")
  begun=${EPOCHREALTIME/./}
  OMAHA_Redis__Configuration="127.0.0.1:$4" taskset -c "$server_core" "$out/$2/omaha/Omaha.Server" \
    --Listen:Public="$scheme://127.0.0.1:$public" --Listen:Ops="http://127.0.0.1:$ops" "${tls_arguments[@]}" "${omaha_arguments[@]}" >"$work/$1.log" 2>&1 &
  pid=$! url=$scheme://127.0.0.1:$public/v1/update ready=http://127.0.0.1:$ops/readyz
}

start_empty() { # name, build, sockets[, scheme]; sets $pid, $begun, $url and $ready; the size of a reply goes behind the url
  local port replies scheme=${4:-http} tls_arguments=()
  port=$(free_port) replies=$(printf '%s\n' "${sizes[@]}" | sort -nu | paste -sd,)
  [ "$scheme" = http ] || tls_arguments=(--Kestrel:Certificates:Default:Path "$certificate" --Kestrel:Certificates:Default:KeyPath "$certificate_key")
  socket_settings "$3"
  begun=${EPOCHREALTIME/./}
  env "${empty_environment[@]}" taskset -c "$server_core" "$out/$2/empty/Omaha.Baseline" \
    --urls "$scheme://127.0.0.1:$port" --replies "$replies" "${tls_arguments[@]}" "${empty_arguments[@]}" >"$work/$1.log" 2>&1 &
  pid=$! url=$scheme://127.0.0.1:$port ready=$scheme://127.0.0.1:$port/readyz
}

filler() { # bytes: that many, in a configuration of nginx, whose words have at most 4 096; $k stands for 1 024
  local left=$1 text=''
  while [ "$left" -gt 1024 ]; do
    text+="\${k}"
    left=$((left - 1024))
  done
  printf '%s%0*d' "$text" "$left" 0
}

start_nginx() { # sets $pid, $begun, $url, $tls_url and $ready
  local port tls_port size path
  port=$(free_port) tls_port=$(free_port)
  {
    echo "daemon off; master_process off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log; events { worker_connections 1024; }"
    echo "http { access_log off; keepalive_requests 1000000000; client_body_buffer_size 64k; default_type text/xml; add_header Cache-Control no-store;"
    for path in client_body proxy fastcgi uwsgi scgi; do echo "${path}_temp_path $work/nginx-$path;"; done
    echo "map \$uri \$k { default $(printf '%01024d' 0); }"
    echo "server { listen 127.0.0.1:$port backlog=1024; $([ $tls = no ] || echo "listen 127.0.0.1:$tls_port ssl backlog=1024; ssl_certificate $certificate; ssl_certificate_key $certificate_key;") location = /readyz { return 200 ready; }"
    for size in $(printf '%s\n' "${sizes[@]}" | sort -nu); do echo "location = /$size { return 200 \"$(filler "$size")\"; }"; done
    echo "} }"
  } >"$work/nginx.conf"
  taskset -c "$server_core" nginx -c "$work/nginx.conf" >"$work/nginx-start.log" 2>&1 &
  pid=$! url=http://127.0.0.1:$port tls_url=https://127.0.0.1:$tls_port ready=http://127.0.0.1:$port/readyz
}

keep() { # key: remembers the program that was started last, once it is ready
  until_true "$1 is ready" curl -sfk "$ready"
  pids[$1]=$pid urls[$1]=$url
}

# ---- Scenarios -------------------------------------------------------------------------------------------------------------------------

declare -A body=([no-update]=no-update [offered]=offered [unknown-app]=unknown-app [malformed]=malformed [20-apps]=20-apps [new-connections]=offered [tls]=offered [tls-new-connections]=offered [open-loop]=offered [apps-10]=offered [apps-1000000]=offered)
declare -A expected=([no-update]='status="noupdate"' [offered]='<manifest version="2.0.0">' [unknown-app]=error-unknownApplication [20-apps]='<manifest version="2.0.0">')
run_number=0 wrong=0

measure() { # subject/build/sockets, scenario, round, further arguments...; leaves its result in $file
  local key=$1 scenario=$2 round=$3 request=${body[$2]} program=$1 url status=0 arguments=() labels=()
  shift 3
  [[ $scenario != tls* ]] || program+=/tls
  url=${urls[$program]}
  case "$key" in
    omaha*)
      arguments=(--expect "${expected[$request]:-}")
      [ "$request" != malformed ] || arguments=(--expect-status 400)
      ;;
    *) url+=/${sizes[$request]} ;;
  esac
  [[ $scenario != *new-connections ]] || arguments+=(--new-connections)
  [[ $scenario != tls* ]] || arguments+=(--insecure)
  IFS=/ read -r -a labels <<<"$key/-/-"
  run_number=$((run_number + 1))
  file=$runs/$(printf '%05d' $run_number).json
  "$load" run "$url" --body "bench/requests/$request.xml" --quiet --json "$file" --warm-up "$warm_up" --duration "$seconds" --pid "${pids[$program]}" "${arguments[@]}" "$@" \
    --label "subject=${labels[0]}" --label "scenario=$scenario" --label "build=${labels[1]}" --label "sockets=${labels[2]}" --label "round=$round" 2>"$work/load.log" || status=$?
  [ -s "$file" ] || fail "$key, $scenario: $(cat "$work/load.log")"
  if [ $status -ne 0 ]; then
    wrong=$((wrong + 1))
    echo "  $key, $scenario: wrong answers: $(sed -n '/"examples"/,/}/p' "$file" | sed '1d;$d' | tr -s ' \n' ' ')" >&2
  fi
}
cpu() { figure "$1" cpuMicrosecondsPerRequest 'server": {'; } # file: microseconds of CPU that the server took for a request
median() { sort -g | awk '{ value[NR] = $1 } END { print NR % 2 ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'; }
backwards_if_even() { # round, words...: the words in order or backwards
  local round=$1
  shift
  if [ $((round % 2)) = 1 ]; then printf '%s\n' "$@"; else printf '%s\n' "$@" | tac; fi
}

# ---- The catalogue and the programs ----------------------------------------------------------------------------------------------------

start_redis redis
small_redis=$redis_port
"$load" seed --redis "127.0.0.1:$small_redis" --apps 10 >/dev/null

variants=()
for build in ${builds//,/ }; do
  for socket in ${sockets//,/ }; do variants+=("$build/$socket"); done
done
for variant in "${variants[@]}"; do
  start_omaha "omaha-${variant/\//-}" "${variant%/*}" "${variant#*/}" "$small_redis"
  keep "omaha/$variant"
done
first=${urls[omaha/${variants[0]}]}
id() { printf '{0a0a0a0a-0000-4000-8000-%012x}' "$1"; }
for request in no-update offered unknown-app malformed 20-apps; do
  sizes[$request]=$(sed "s/{appid}/$(id 0)/; s/{machineid}/00112233445566778899aabbccddeeff/" "bench/requests/$request.xml" | curl -s -o /dev/null -w '%{size_download}' -H 'Content-Type: text/xml' --data-binary @- "$first")
done
for variant in "${variants[@]}"; do
  start_empty "empty-${variant/\//-}" "${variant%/*}" "${variant#*/}"
  keep "empty/$variant"
done
if [ $tls = yes ]; then
  make_certificate
  for variant in "${variants[@]}"; do
    start_omaha "omaha-${variant/\//-}-tls" "${variant%/*}" "${variant#*/}" "$small_redis" https
    keep "omaha/$variant/tls"
    start_empty "empty-${variant/\//-}-tls" "${variant%/*}" "${variant#*/}" https
    keep "empty/$variant/tls"
  done
fi
closed_subjects=()
if command -v nginx >/dev/null; then
  start_nginx
  keep nginx
  [ $tls = no ] || pids[nginx/tls]=$pid urls[nginx/tls]=$tls_url
  closed_subjects+=(nginx)
else
  echo "nginx is not installed (Debian: apt-get install nginx-light): its columns stay empty"
fi
for key in "${!urls[@]}"; do
  for size in "${sizes[@]}"; do
    [[ $key == omaha/* ]] || [ "$(curl -sk -o /dev/null -w '%{size_download}' -d x "${urls[$key]}/$size")" = "$size" ] || fail "$key does not reply with $size bytes"
  done
done
for variant in "${variants[@]}"; do closed_subjects+=("empty/$variant" "omaha/$variant"); done

# ---- Rounds ----------------------------------------------------------------------------------------------------------------------------

closed=()
for scenario in no-update offered unknown-app malformed 20-apps new-connections tls tls-new-connections; do wanted $scenario && closed+=("$scenario"); done
# The open loop needs to know how much the server can do.
if wanted open-loop && ! wanted offered; then closed+=(offered); fi

if [ ${#closed[@]} -gt 0 ]; then
  echo "warming up"
  # Just-in-time compilers look at what runs before they compile it well; nothing of this is kept.
  for key in "${closed_subjects[@]}"; do
    for scenario in "${closed[@]}"; do measure "$key" "$scenario" 0; done
  done
  rm -f "$runs"/*.json
  for round in $(seq "$rounds"); do
    for scenario in $(backwards_if_even "$round" "${closed[@]}"); do
      line="round $round/$rounds  $(printf '%-15s' "$scenario")"
      for key in $(backwards_if_even "$round" "${closed_subjects[@]}"); do
        measure "$key" "$scenario" "$round"
        line+="  $key $(printf '%.1f' "$(cpu "$file")")"
      done
      echo "$line"
    done
  done
fi

if wanted open-loop; then
  declare -A rates=()
  for variant in "${variants[@]}"; do
    rates[$variant]=$(grep -lE "\"subject\": \"omaha\"" "$runs"/*.json | xargs grep -l '"scenario": "offered"' | xargs grep -l "\"build\": \"${variant%/*}\"" | xargs grep -l "\"sockets\": \"${variant#*/}\"" \
      | while read -r found; do figure "$found" throughput; done | median | awk '{ printf "%d", $1 / 2 }')
  done
  for round in $(seq "$rounds"); do
    line="round $round/$rounds  open-loop, p99 ms"
    for variant in "${variants[@]}"; do
      for subject in $(backwards_if_even "$round" empty omaha); do
        measure "$subject/$variant" open-loop "$round" --rate "${rates[$variant]}"
        line+="  $subject/$variant $(figure "$file" p99Milliseconds)"
      done
    done
    echo "$line"
  done
fi

# ---- One million apps ------------------------------------------------------------------------------------------------------------------

if [ $million = yes ]; then
  # The last variant of the list stands for all: what is asked here is what the catalogue's size adds.
  variant=${variants[-1]}
  start_redis redis-million
  "$load" seed --redis "127.0.0.1:$redis_port" --apps 1000000
  start_omaha omaha-million "${variant%/*}" "${variant#*/}" "$redis_port"
  patience=600 keep million
  pids[omaha/$variant/million]=${pids[million]} urls[omaha/$variant/million]=${urls[million]}
  # A manifest is rendered when it is first offered. Six million checks, 20 a request, leave one app in 400 that was never asked for.
  "$load" run "${urls[million]}" --body bench/requests/20-apps.xml --quiet --warm-up 0 --duration 600 --requests 300000 --apps 1000000 || fail "the first checks of 1 000 000 apps failed"
  for round in $(seq 0 "$rounds"); do
    for apps in $(backwards_if_even "$round" 10 1000000); do
      key=omaha/$variant
      [ "$apps" = 10 ] || key+=/million
      measure "$key" "apps-$apps" "$round" --apps "$apps"
      echo "round $round/$rounds  apps-$apps  $(cpu "$file") us"
      [ "$round" -gt 0 ] || rm "$file"
    done
  done
  kill "${pids[million]}"
fi

# ---- Start and memory ------------------------------------------------------------------------------------------------------------------

is_ready() { # url: whether it answers with 200; no process is started, since that would take longer than what is measured
  local address=${1#http://} status=''
  local host=${address%%/*} fd
  { exec {fd}<>"/dev/tcp/${host%:*}/${host#*:}"; } 2>/dev/null || return 1
  printf 'GET /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n' "${address#*/}" "$host" >&"$fd"
  IFS= read -r -t 5 -u "$fd" status || true
  exec {fd}>&-
  [[ $status == *" 200 "* ]]
}
memory() { awk '/^VmRSS/ { printf "%.2f", $2 / 1024 }' "/proc/$1/status"; }

measure_start() { # subject, build, sockets, round
  local ended idle loaded target patient=$((SECONDS + 60))
  if [ "$1" = omaha ]; then start_omaha start "$2" "$3" "$small_redis"; else start_empty start "$2" "$3"; fi
  until is_ready "$ready"; do
    [ $SECONDS -lt $patient ] || fail "$1, $2: not ready within 60 s"
    read -r -t 0.002 -u "$silent" || true
  done
  ended=${EPOCHREALTIME/./}
  sleep 1
  idle=$(memory $pid)
  target=$url
  [ "$1" = omaha ] || target+=/${sizes[offered]}
  "$load" run "$target" --body bench/requests/offered.xml --quiet --warm-up 0 --duration 600 --requests $start_requests || fail "$1, $2: the load after the start failed"
  loaded=$(memory $pid)
  kill $pid
  wait $pid || true
  run_number=$((run_number + 1))
  printf '{ "labels": { "subject": "%s", "scenario": "start", "build": "%s", "sockets": "%s", "round": "%s" }, "readyMilliseconds": %s, "idleMiB": %s, "loadedMiB": %s, "requests": %s }\n' \
    "$1" "$2" "$3" "$4" $(((ended - begun + 500) / 1000)) "$idle" "$loaded" "$start_requests" >"$runs/$(printf '%05d' $run_number).json"
  line+="  $1/$2 $(((ended - begun + 500) / 1000)) ms, $idle and $loaded MiB"
}
if wanted start; then
  exec {silent}<> <(:)
  for round in $(seq $((rounds < starts ? rounds : starts))); do
    line="start $round"
    for build in ${builds//,/ }; do
      for subject in $(backwards_if_even "$round" empty omaha); do measure_start "$subject" "$build" "${sockets##*,}" "$round"; done
    done
    echo "$line"
  done
fi

# ---- Results ---------------------------------------------------------------------------------------------------------------------------

model=$(sed -n 's/^model name\s*: //p' /proc/cpuinfo | head -n 1)
: "${model:=$(uname -m)}"
name=$(tr '[:upper:]' '[:lower:]' <<<"$model" | sed 's/(r)\|(tm)//g; s/[^a-z0-9]\+/-/g; s/^-\|-$//g')
[ $wrong -eq 0 ] || mode=wrong
if [ $mode = full ]; then result=bench/results/$name.md; else result=$out/$mode.md; fi
mkdir -p "$(dirname "$result")"
{
  echo "# $model"
  echo
  echo "Measured on $(date -u +%F) by \`$called\`, revision $revision: $rounds rounds of $seconds s, medians with intervals that hold the true median with 95 %$([ "$rounds" -ge 6 ] || echo " (fewer than 6 rounds: the whole range)")."
  echo "Server and load each on one core of $(nproc --all); 64 connections; Linux $(uname -r); .NET $(dotnet --list-runtimes | awk '/^Microsoft.AspNetCore.App 10\./ { version = $2 } END { print version }')$(command -v nginx >/dev/null && nginx -v 2>&1 | sed 's/.*nginx\//; nginx /; s/ *$//')."
  echo "Sizes of requests and replies without head:$(for request in no-update offered unknown-app malformed 20-apps; do printf ' %s %s and %s,' $request "$(($(sed "s/{appid}/$(id 0)/g; s/{machineid}/00112233445566778899aabbccddeeff/g" bench/requests/$request.xml | wc -c)))" "${sizes[$request]}"; done | sed 's/,$//') bytes. \`bench/README.md\` tells how to read this."
  echo
  "$load" report "$runs"
} >"$result"
echo
cat "$result"
echo "written to $result"
[ $wrong -eq 0 ] || fail "$wrong runs had wrong answers"
