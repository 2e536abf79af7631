# shellcheck shell=bash
# What the scripts of this folder share. Sourced from the repository's root, after "set -euo pipefail".
# Gives them a folder for logs and data in $work, and ends every process that they start in the background when they end.
export LC_ALL=C

[ -n "${EPOCHREALTIME:-}" ] || { echo "bash 5 is needed; this is $BASH_VERSION" >&2; exit 2; }

need() { # tool...: ends the script when one is missing
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || { echo "$tool is missing (Debian: apt-get install redis-server curl util-linux clang zlib1g-dev; the .NET SDK comes from Microsoft)" >&2; exit 2; }
  done
}

work=$(mktemp -d)
cpu_group=''
cleanup() {
  local pid
  for pid in $(jobs -pr); do kill "$pid" 2>/dev/null || true; done
  for _ in $(seq 100); do [ -n "$(jobs -pr)" ] || break; sleep 0.1; done
  for pid in $(jobs -pr); do kill -9 "$pid" 2>/dev/null || true; done
  [ -z "$cpu_group" ] || rmdir "$cpu_group" 2>/dev/null || true
  rm -rf "$work" || true # what has just been killed may still write
}
trap cleanup EXIT

fail() { echo "$(basename "$0" .sh): $*" >&2; tail -n 5 "$work"/*.log >&2 || true; exit 1; }

free_port() { # a port that nobody listens on, another one each time
  local port
  while :; do
    port=$((20000 + RANDOM % 12000)) # below those that the system gives to outgoing connections
    ! grep -qx "$port" "$work/ports" 2>/dev/null || continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port" | tee -a "$work/ports"
}

until_true() { # what, command...
  local what=$1 end=$((SECONDS + ${patience:-60})); shift
  until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || fail "$what: not within ${patience:-60} s"; sleep 0.1; done
}

figure() { # file, name, part: the first figure of this name in a result of Omaha.Load, behind the start of the part where one is named
  sed -n "/\"${3:-}/,\$p" "$1" | sed -n "s/.*\"$2\": \([0-9.]*\).*/\1/p" | head -n 1
}
metric() { # port, name with labels: its value on a metrics page
  curl -s -m 5 "http://127.0.0.1:$1/metrics" | awk -v name="$2" '$1 == name { print $2 }'
}
resident() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; } # pid: MiB
holds() { awk "BEGIN { exit !($1) }"; } # an expression with fractions

# shellcheck disable=SC2034 # the scripts say $cpu_limit
limit_cpu() { # cores: makes a control group that may use so many, and gets them before others do, in $cpu_group; tells what there is in $cpu_limit
  local period=100000 quota folder
  quota=$(awk "BEGIN { printf \"%d\", $1 * $period }")
  for folder in /sys/fs/cgroup/cpu /sys/fs/cgroup/cpu,cpuacct /sys/fs/cgroup; do
    cpu_group=$folder/omaha-bench-$$
    mkdir "$cpu_group" 2>/dev/null || continue
    if [ -e "$cpu_group/cpu.cfs_quota_us" ] && echo $period >"$cpu_group/cpu.cfs_period_us" && echo "$quota" >"$cpu_group/cpu.cfs_quota_us"; then
      echo 10240 >"$cpu_group/cpu.shares"
      cpu_limit="$1 cores, by a control group"
      return
    elif [ -e "$cpu_group/cpu.max" ] && echo "$quota $period" >"$cpu_group/cpu.max"; then
      echo 1000 >"$cpu_group/cpu.weight"
      cpu_limit="$1 cores, by a control group"
      return
    fi
    rmdir "$cpu_group"
  done 2>/dev/null
  cpu_group='' cpu_limit="one core, since control groups cannot be made here (root may)"
}
within_limit() { # command...: becomes the command, within the limit
  if [ -n "$cpu_group" ]; then
    echo "$BASHPID" >"$cpu_group/cgroup.procs"
    exec "$@"
  fi
  exec taskset -c 0 "$@"
}

build() { # project...: builds each as it is released
  local project
  for project in "$@"; do dotnet build "$project" -c Release -v quiet -nologo >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }; done
}

publish() { # project, folder below artifacts/bench, further arguments...
  local project=$1 folder=$2
  shift 2
  dotnet publish "$project" -c Release -o "artifacts/bench/$folder" -v quiet -nologo "$@" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }
}
publish_server() { # the native server, as it is released; tells the program in $server. A JIT compiler would go on for a minute when its CPU time is limited
  server=artifacts/bench/server/Omaha.Server
  publish src/Omaha.Server server -p:PublishAot=true
}

start_redis() { # name: an empty store without a disk; tells its port in $redis_port
  redis_port=$(free_port)
  redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/$1.log" 2>&1 &
  until_true "redis-server answers" redis-cli -p "$redis_port" ping
}
