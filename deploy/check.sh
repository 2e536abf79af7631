#!/usr/bin/env bash
# Checks everything in this folder that can be checked without Docker and without a cluster, and names what was not.
#
#   deploy/check.sh
#
# Needs bash. Installs what is missing from Debian's packages when it may; what it cannot get, and what nobody can run here, is named at the end.
# With artifacts/images (deploy/publish.sh) the programs are started as the systemd units start them, on free ports of this machine, with Redis as
# compose starts it. Ends with 1 when anything is wrong. OMAHA_CHECK_ALL=1 makes it fail when a tool could not be had.
set -euo pipefail
cd "$(dirname "$0")/.."

. bench/lib.sh
not_run=()
missed=()
step() { printf -- '-- %s\n' "$*"; }
skip() { missed+=("$1"); echo "   not run"; }

# Whether a program is there, after an attempt to install it.
updated=
have() { # program package
  if command -v "$1" >/dev/null; then return 0; fi
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  [ -n "$updated" ] || { apt-get update -qq >/dev/null 2>&1 || return 1; updated=1; }
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null 2>&1 && command -v "$1" >/dev/null
}
# Only promtool of the package: installed, it would start a Prometheus.
promtool=
have_promtool() {
  if command -v promtool >/dev/null; then promtool=promtool; return 0; fi
  promtool=$PWD/artifacts/tools/promtool
  [ ! -x "$promtool" ] || return 0
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || return 1
  mkdir -p artifacts/tools
  (cd "$work" && { apt-get download -qq prometheus || { apt-get update -qq && apt-get download -qq prometheus; }; } && dpkg-deb -x prometheus_*.deb prometheus) >/dev/null 2>&1 || return 1
  cp "$work/prometheus/usr/bin/promtool" "$promtool"
}

step "Scripts (shellcheck)"
if have shellcheck shellcheck; then shellcheck -x deploy/*.sh; else skip "shellcheck"; fi

step "Capacity page agrees with its inputs"
deploy/capacity.sh --check

step "Alerts, their tests, and the scrape configuration (promtool)"
if have_promtool; then
  "$promtool" check rules deploy/prometheus/alerts.yml >"$work/out" || { cat "$work/out"; fail "the alerts are not right"; }
  "$promtool" test rules deploy/prometheus/alerts.test.yml >"$work/out" 2>&1 || { cat "$work/out"; fail "the alerts do not do what their tests say"; }
  "$promtool" check config deploy/prometheus/prometheus.yml >"$work/out" || { cat "$work/out"; fail "prometheus.yml is not right"; }
else
  skip "promtool (package prometheus)"
fi

step "Dashboard: JSON, and queries that Prometheus understands (jq, promtool)"
if have jq jq && have_promtool; then
  jq -e '.panels | length > 10' deploy/grafana/omaha.json >/dev/null || fail "deploy/grafana/omaha.json is no dashboard"
  jq -e '[.panels[].id] | length == (unique | length)' deploy/grafana/omaha.json >/dev/null || fail "two panels of the dashboard have the same id"
  jq '{groups: [{name: "dashboard", rules: [.panels[].targets[]?.expr | gsub("\\$__rate_interval"; "5m")] | to_entries | map({record: "panel:\(.key)", expr: .value})}]}' deploy/grafana/omaha.json >"$work/dashboard.yml"
  "$promtool" check rules "$work/dashboard.yml" >"$work/out" || { cat "$work/out"; fail "a query of the dashboard is not right"; }
else
  skip "the dashboard (jq, promtool)"
fi

step "HAProxy (haproxy -c)"
if [ ! -e deploy/haproxy/haproxy.cfg ]; then fail "deploy/haproxy/haproxy.cfg is missing"
elif have haproxy haproxy; then OMAHA_BIND=127.0.0.1:8080 OMAHA_SERVER_1=127.0.0.1:1 OMAHA_SERVER_2=127.0.0.1:2 OMAHA_SERVER_3=127.0.0.1:3 haproxy -c -q -f deploy/haproxy/haproxy.cfg
else skip "haproxy"; fi

step "nginx (nginx -t)"
if have nginx nginx-light; then
  printf 'pid %s/nginx.pid; error_log stderr; events {} http { access_log off; client_body_temp_path %s/b; proxy_temp_path %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u; scgi_temp_path %s/s; include %s/omaha.conf; }\n' "$work" "$work" "$work" "$work" "$work" "$work" "$work" >"$work/nginx.conf"
  # Any port: whoever checks may not open 80.
  sed 's/listen 80 /listen 127.0.0.1:38080 /' deploy/nginx/omaha.conf >"$work/omaha.conf"
  nginx -t -q -p "$work" -c "$work/nginx.conf"
else
  skip "nginx"
fi

step "systemd units (systemd-analyze verify, security)"
if have systemd-analyze systemd; then
  for unit in deploy/systemd/*.service; do
    # The programs are not installed here.
    sed 's#^ExecStart=/opt/omaha/[^ ]*#ExecStart=/bin/true#; /^Documentation=/d' "$unit" >"$work/$(basename "$unit")"
    systemd-analyze verify "$work/$(basename "$unit")" 2>"$work/out" || { cat "$work/out" >&2; fail "$unit is not right"; }
    [ ! -s "$work/out" ] || { cat "$work/out" >&2; fail "$unit is not right"; }
    systemd-analyze security --offline=yes --threshold=20 --no-pager "$work/$(basename "$unit")" >"$work/out" 2>&1 || { tail -n 1 "$work/out" >&2; fail "$unit is not as closed as it was (2.0 at most)"; }
    sed -n 's/^→ /   /p' "$work/out"
  done
else
  skip "systemd-analyze (package systemd)"
fi

step "Secrets, made once"
deploy/make-secrets.sh "$work/secrets" >/dev/null
deploy/make-secrets.sh "$work/secrets" >"$work/out"
case "$(cat "$work/out")" in Nothing*) ;; *) fail "make-secrets.sh made something twice: $(cat "$work/out")" ;; esac

step "Compose (docker-compose config)"
if have docker-compose docker-compose; then
  # Debian's release is older than the key "name".
  sed '/^name:/d' deploy/compose.yaml | docker-compose --project-directory deploy -f - config -q
else
  skip "docker-compose"
fi

step "Kubernetes (kubectl kustomize)"
# Debian 12 has a kubectl whose kustomize is from 2019 and knows no components.
if command -v kubectl >/dev/null && kubectl version --client 2>/dev/null | sed -n 's/^Kustomize Version: v\([0-9]*\).*/\1/p' | awk '$1 >= 5 { found = 1 } END { exit !found }'; then
  for overlay in base overlays/with-redis overlays/production; do
    kubectl kustomize "deploy/kubernetes/$overlay" >"$work/$(basename "$overlay").yaml"
    echo "   $overlay: $(grep -c '^kind:' "$work/$(basename "$overlay").yaml") objects"
  done
else
  skip "kubectl kustomize (kustomize 5 or later; not in Debian 12)"
fi

# The programs as they would run.
settings_of() { sed -e '/^#/d' -e '/^$/d' -e "s#/etc/omaha/redis-password#$work/secrets/server/redis-password#" -e "s#/etc/omaha-control/redis-password#$work/secrets/control/redis-password#" -e "s#/var/lib/omaha#$work#" -e "s#127.0.0.1:6379#127.0.0.1:$redis_port#" "$1"; }

step "Redis as compose starts it, with the accounts of users.acl"
if have redis-server redis-server; then
  redis_port=$(free_port)
  mkdir -p "$work/data"
  read -r -a redis <<<"$(sed -n 's/^    command: \[\(redis-server.*\)\]$/\1/p' deploy/compose.yaml | tr -d '",')"
  [ ${#redis[@]} -gt 5 ] || fail "compose.yaml starts no redis-server"
  redis=("${redis[@]/#\/run\/omaha/$work/secrets/redis}")
  "${redis[@]/#\/data/$work/data}" --port "$redis_port" --bind 127.0.0.1 >"$work/redis.log" 2>&1 &
  until_true "Redis answers" bash -c "[ \"\$(redis-cli -p $redis_port ping 2>&1 | cut -c1-6)\" = NOAUTH ]"
  for account in server control admin; do
    REDISCLI_AUTH=$(cat "$work/secrets/$account/redis-password") redis-cli -p "$redis_port" --user "omaha-$account" ping >"$work/out" 2>&1
    case "$(cat "$work/out")" in PONG) ;; *) fail "omaha-$account cannot log in: $(cat "$work/out")" ;; esac
  done
else
  skip "Redis (package redis-server)"
fi

step "Server and control plane as their units start them"
images=artifacts/images
if [ -n "${redis_port:-}" ] && [ -x $images/server/Omaha.Server ] && [ -x $images/control/Omaha.Control ] && [ -x $images/omahactl/omahactl ] && have curl curl; then
  images=$PWD/$images
  public=$(free_port) ops=$(free_port) control=$(free_port)
  mapfile -t server_settings < <(settings_of deploy/systemd/server.env)
  mapfile -t control_settings < <(settings_of deploy/systemd/control.env)
  mkdir "$work/etc"
  cp deploy/settings/appsettings.json "$work/etc/"
  # Beyond this machine the control plane speaks TLS, with the certificate that make-secrets.sh made.
  control_settings+=("OMAHA_Listen__Control=https://127.0.0.1:$control" "OMAHA_Tls__CertificateFile=$work/secrets/control-tls/tls.crt" "OMAHA_Tls__KeyFile=$work/secrets/control-tls/tls.key" DOTNET_EnableDiagnostics=0)
  (cd "$work/etc" && exec env "${control_settings[@]}" "$images/control/Omaha.Control" >"$work/control.log" 2>&1) &
  (cd "$work/etc" && exec env "${server_settings[@]}" "OMAHA_Listen__Public=http://127.0.0.1:$public" "OMAHA_Listen__Ops=http://127.0.0.1:$ops" "$images/server/Omaha.Server" >"$work/server.log" 2>&1) &
  until_true "the control plane is ready" curl -sf --cacert "$work/secrets/control-tls/tls.crt" "https://127.0.0.1:$control/readyz"
  OMAHACTL_TOKEN=$(cd "$work/etc" && env "${control_settings[@]}" "$images/control/Omaha.Control" token create --role admin --name check) || fail "no token was made"
  export OMAHACTL_TOKEN OMAHACTL_SERVER="https://localhost:$control" SSL_CERT_DIR="$work/secrets/control-tls"
  omahactl() { "$images/omahactl/omahactl" "$@" >"$work/omahactl.log" 2>&1 || fail "omahactl $* was refused: $(cat "$work/omahactl.log")"; }
  omahactl apply -f deploy/example/catalog.json
  omahactl channel set com.example.app alpha 1.0.0
  answer() { curl -s -m 5 -H 'Content-Type: text/xml' -d '<request protocol="3.0"><app appid="com.example.app" version="0.9.0" track="alpha" board="amd64-usr"><updatecheck/></app></request>' "http://127.0.0.1:$public/v1/update"; }
  answers() { case "$(answer)" in *'<manifest version="1.0.0">'*) ;; *) return 1 ;; esac; }
  until_true "the server offers what was set" answers
  until_true "the server says on the public port that it is well" curl -sf "http://127.0.0.1:$public/healthz"
  # The brake of the settings file.
  sed -i 's/"PauseAll": false/"PauseAll": true/' "$work/etc/appsettings.json"
  paused() { case "$(answer)" in *'status="noupdate"'*) ;; *) return 1 ;; esac; }
  until_true "the brake of the settings file is heeded" paused
else
  skip "the programs (deploy/publish.sh, redis-server, curl)"
fi

not_run+=("docker build, docker compose up: no Docker engine is assumed" "kubectl apply: no cluster is assumed; a server would check the ServiceMonitor as well" "systemctl start: units are checked, and their programs started by hand" "Grafana: the dashboard's queries are checked, not its looks")
echo
echo "Not run by this check:"
printf '  %s\n' "${not_run[@]}"
if [ ${#missed[@]} -gt 0 ]; then
  echo "Not run because something is missing here:"
  printf '  %s\n' "${missed[@]}"
  [ -z "${OMAHA_CHECK_ALL:-}" ] || fail "OMAHA_CHECK_ALL is set, and not all was run"
fi
echo "deploy: everything else is right"
