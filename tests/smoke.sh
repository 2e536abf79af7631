#!/usr/bin/env bash
# Tries a server binary as a load balancer, a machine and an operator would.
#
#   tests/smoke.sh PATH/TO/Omaha.Server
#
# A real redis-server with the sample catalogue, the embedded default as control plane, omahactl, and the binary, all on loopback and on
# free ports. Ends with 0 when all is as it should be, with 1 and what was wrong otherwise. Every wait is bounded.
# Needs the .NET SDK, redis-server and curl.
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: tests/smoke.sh PATH/TO/Omaha.Server" >&2; exit 1; }
[ -x "$1" ] || { echo "smoke: $1 is no program" >&2; exit 1; }
binary=$(realpath "$1")
cd "$(dirname "$0")/.."
. bench/lib.sh
need redis-server redis-cli curl dotnet

dotnet build src/Omaha.Standalone -v quiet -nologo >"$work/build.log" || fail "the embedded default does not build"
dotnet build src/Omaha.Cli -v quiet -nologo >"$work/build.log" || fail "omahactl does not build"
standalone=src/Omaha.Standalone/bin/Debug/net10.0/Omaha.Standalone
omahactl=src/Omaha.Cli/bin/Debug/net10.0/omahactl

# The README's first command, called from some other folder: what it keeps is there.
(cd "$work" && exec dotnet run --no-build --project "$OLDPWD/src/Omaha.Standalone" -- --Listen:Public=http://127.0.0.1:0 --Listen:Ops=http://127.0.0.1:0 --Listen:Control=http://127.0.0.1:0) >"$work/first.log" 2>&1 &
first=$!
until_true "the embedded default keeps its data where it was started" test -s "$work/omaha-data/operator-token"
kill $first
wait $first || true

redis_port=$(free_port); public=$(free_port); ops=$(free_port); control=$(free_port); other=$(free_port)
export OMAHA_Redis__Configuration="127.0.0.1:$redis_port"

redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
redis=$!
until_true "redis-server answers" redis-cli -p "$redis_port" ping

"$standalone" --load-sample --Listen:Public="http://127.0.0.1:$other" --Listen:Ops=http://127.0.0.1:0 --Listen:Control="http://127.0.0.1:$control" >"$work/standalone.log" 2>&1 &
until_true "the control plane is ready" curl -sf "http://127.0.0.1:$control/readyz"
OMAHACTL_TOKEN=$(src/Omaha.Control/bin/Debug/net10.0/Omaha.Control token create --role operator --name smoke) || fail "no token was made"
export OMAHACTL_TOKEN OMAHACTL_SERVER="http://127.0.0.1:$control"

start_server() {
  "$binary" --Listen:Public="http://127.0.0.1:$public" --Listen:Ops="http://127.0.0.1:$ops" --Overload:Hold=false --Snapshot:Path="$work/catalogue.snapshot" >>"$work/server.log" 2>&1 &
  server=$!
}
start_server
until_true "the server is ready" curl -sf "http://127.0.0.1:$ops/readyz"

app='{e96281a6-d1af-4bde-9a0a-97b76e56dc57}'
check="<?xml version=\"1.0\" encoding=\"UTF-8\"?><request protocol=\"3.0\" version=\"update_engine-0.4.10\" installsource=\"scheduler\" ismachine=\"1\"><os platform=\"CoreOS\" sp=\"4230.2.0_x86_64\"/><app appid=\"$app\" version=\"4230.2.0\" track=\"stable\" board=\"amd64-usr\"><ping active=\"1\"/><updatecheck/><event eventtype=\"3\" eventresult=\"2\" previousversion=\"\"/></app></request>"
ask() { curl -s -m 5 -H 'Content-Type: text/xml' -d "${1:-$check}" "http://127.0.0.1:$public/v1/update/"; }
# Whether what a command prints has a line with a pattern. Not a pipe into grep -q, which hangs up on the command as soon as it has seen enough.
has() { local pattern=$1; shift; grep -q -- "$pattern" <<<"$("$@")"; }
offer() { ask | sed 's/elapsed_[a-z]*="[0-9]*"//g'; }
offers() { has "<manifest version=\"$1\">" ask; }
status_of() { curl -s -m 5 -o "$work/body" -w '%{http_code}' "$@"; }
metrics() { curl -s -m 5 "http://127.0.0.1:$ops/metrics"; }

# What a machine gets.
offers 4459.2.1 || fail "a Flatcar check is not offered 4459.2.1: $(ask)"
has '</response>$' ask || fail "the reply does not end with </response>: $(ask)"
has 'status="error-unknownApplication"' ask "${check/$app/nobody}" || fail "an unknown app is not called so: $(ask "${check/$app/nobody}")"
[ "$(status_of -d '<request' "http://127.0.0.1:$public/v1/update")" = 400 ] || fail "a malformed body does not get 400"
[ "$(status_of "http://127.0.0.1:$public/v1/update")" = 405 ] || fail "GET does not get 405"

# What a load balancer gets.
[ "$(status_of "http://127.0.0.1:$public/healthz")" = 200 ] || fail "a ready server does not say so to load balancers"

# What is counted.
has '^omaha_checks_total{decision="Offered"} [1-9]' metrics || fail "offers are not counted"
has '^omaha_checks_total{decision="UnknownApp"} 1$' metrics || fail "the check of an unknown app is not counted"
has '^omaha_refusals_total{refusal="Malformed"} 1$' metrics || fail "the malformed body is not counted"

# What an operator does.
"$omahactl" channel promote "$app" beta stable --skip-verify "the sample has no files" >"$work/omahactl.log" 2>&1 || fail "the promotion was refused"
until_true "the promotion changes the answer" offers 4515.1.0

# A rollout: the places of two machines in the order of 4547.0.0, and one of everybody at once. Every build puts a machine in the same place.
stable=${check//4230.2.0/4515.1.0}
of_machine() { ask "${stable/board=/machineid=\"$1\" board=}"; }
alpha_to() { "$omahactl" "$@" >"$work/omahactl.log" 2>&1 || fail "omahactl $* was refused: $(cat "$work/omahactl.log")"; }
alpha_to channel promote "$app" alpha beta --arch amd64 --skip-verify "the sample has no files"
alpha_to rollout start "$app" stable 4547.0.0 --arch amd64 --steps 50% --skip-verify "the sample has no files"
held() { ask "$stable" >/dev/null; has '^omaha_checks_total{decision="HeldRamp"} [1-9]' metrics; }
until_true "the server follows the rollout, and counts what it holds" held
for machine in 00000000000000000000000000000001 00000000000000000000000000000002 00000000000000000000000000000003 00000000000000000000000000000004; do
  told=$("$omahactl" node explain --app "$app" --track stable --board amd64-usr --platform CoreOS --node "$machine" --version 4515.1.0) || fail "machine $machine is not explained"
  case $told in
    *"4547.0.0 is offered"*) until_true "machine $machine is offered what omahactl says" has '<manifest version="4547.0.0">' of_machine "$machine" ;;
    *"HeldRamp"*) has 'status="noupdate"' of_machine "$machine" || fail "machine $machine is offered what omahactl says it is not: $(of_machine "$machine")" ;;
    *) fail "machine $machine is explained as $told" ;;
  esac
done

# The same of many machines, from this binary and from the embedded default, which is another build.
who_gets() { # port
  local first
  for first in 0 60 120 180 240; do
    { printf '<request protocol="3.0">'
      for i in $(seq "$first" $((first + 59))); do printf '<app appid="%s" version="4515.1.0" track="stable" board="amd64-usr" machineid="node-%03d-%s"><updatecheck/></app>' "$app" "$i" "$(printf 'x%.0s' $(seq 1 $((1 + i * 7 % 240))))"; done
      printf '</request>'; } >"$work/many"
    curl -s -m 5 -H 'Content-Type: text/xml' --data-binary "@$work/many" "http://127.0.0.1:$1/v1/update/" | grep -o 'updatecheck status="[a-z]*"'
  done
}
until_true "the embedded default follows the rollout, too" has 'status="ok"' who_gets "$other"
who_gets "$public" >"$work/here"; who_gets "$other" >"$work/there"
[ "$(wc -l <"$work/here")" = 300 ] || fail "300 machines get $(wc -l <"$work/here") answers"
cmp -s "$work/here" "$work/there" || fail "two builds put machines in different places: $(diff "$work/here" "$work/there" | wc -l) lines differ"
reached=$(grep -c ok "$work/here" || true)
[ "$reached" -gt 100 ] && [ "$reached" -lt 200 ] || fail "exposure 50% reaches $reached of 300 machines"
has 'status="noupdate"' ask "$stable" || fail "a machine without an id does not go last: $(ask "$stable")"
alpha_to rollout start "$app" stable 4547.0.0 --arch amd64 --now --skip-verify "the sample has no files"
until_true "everybody is offered what is rolled out at once" has '<manifest version="4547.0.0">' ask "$stable"

# What is kept on disk.
served=$(metrics | sed -n 's/^omaha_replica_revision //p')
until_true "the catalogue is on disk" has "^omaha_snapshot_revision $served\$" metrics

# What the loss of Redis does: nothing.
before=$(offer)
kill -9 "$redis"
{ wait "$redis"; } 2>/dev/null || true
until_true "the loss of Redis is shown" has '^omaha_replica_state{state="Unreachable"} 1$' metrics
[ "$(offer)" = "$before" ] || fail "the answer changed when Redis was lost: $(ask)"
[ "$(status_of "http://127.0.0.1:$ops/readyz")" = 200 ] || fail "the server is unready because Redis is lost"

# What a stop does: load balancers are told, and machines are answered until they have heard.
kill -TERM "$server"
drains() { [ "$(status_of "http://127.0.0.1:$public/healthz")" = 503 ]; }
until_true "SIGTERM makes the server unready" drains
[ "$(offer)" = "$before" ] || fail "a server that drains gives another answer: $(ask)"
until_true "SIGTERM ends the server" sh -c "! kill -0 $server"
code=0; wait "$server" || code=$?
[ "$code" = 0 ] || fail "SIGTERM ended the server with exit code $code"

# What a start while Redis is away does: it answers from its disk.
start_server
until_true "the server is ready from its disk" curl -sf "http://127.0.0.1:$ops/readyz"
[ "$(offer)" = "$before" ] || fail "the answer from disk is another: $(ask)"
has '^omaha_replica_from_disk 1$' metrics || fail "it is not said that the catalogue comes from disk"
kill -TERM "$server"
echo "smoke: $binary answers"
