# shellcheck shell=bash
# What the scripts of this folder share. Sourced from the repository's root, after "set -euo pipefail".
# Gives them a folder for logs and data in $work, and ends every process that they start in the background when they end.
export LC_ALL=C

[ -n "${EPOCHREALTIME:-}" ] || { echo "bash 5 is needed; this is $BASH_VERSION" >&2; exit 2; }

need() { # tool...: ends the script when one is missing
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: apt-get install redis-server curl util-linux; the .NET SDK comes from Microsoft)" >&2; exit 2; }
  done
}

work=$(mktemp -d)
cleanup() {
  local pid
  for pid in $(jobs -pr); do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 100); do [ -n "$(jobs -pr)" ] || break; sleep 0.1; done
  for pid in $(jobs -pr); do kill -9 "$pid" 2>/dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT

fail() { echo "$(basename "$0" .sh): $*" >&2; tail -n 5 "$work"/*.log >&2 || true; exit 1; }

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

until_true() { # what, command...
  local what=$1 end=$((SECONDS + ${patience:-60})); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || fail "$what: not within ${patience:-60} s"; sleep 0.1; done
}

start_redis() { # name: an empty store without a disk; tells its port in $redis_port
  redis_port=$(free_port)
  redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/$1.log" 2>&1 &
  until_true "redis-server answers" redis-cli -p "$redis_port" ping
}
