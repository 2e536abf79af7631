#!/usr/bin/env bash
# Searches with afl++ for requests that the reader or the responder handle wrongly. What counts as wrong is in RequestTarget.cs.
#
#   tests/Omaha.Fuzz/run.sh SECONDS
#
# Exit status: 0 nothing found, 1 a crash (an exception or a disagreement with XmlReader) or a hang, 2 it could not run.
# Everything lies in artifacts/fuzz afterwards. To mend a finding: make it small (afl-tmin), put it into tests/Omaha.Fuzz/findings, where
# the tests replay it for good, and change the code until `dotnet run --project tests/Omaha.Fuzz replay FILE` says that it is fine.
set -euo pipefail

seconds=${1:-}
if ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
  echo "usage: $0 SECONDS" >&2
  exit 2
fi

if ! command -v afl-fuzz >/dev/null; then
  echo "$0: afl-fuzz is missing; install afl++, on Debian: apt-get install afl++" >&2
  exit 2
fi

here=$(cd "$(dirname "$0")" && pwd)
out=$(cd "$here/../.." && pwd)/artifacts/fuzz
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# A copy of its own is built and instrumented, so that no other build sees instrumented files.
rm -rf "$out"
mkdir -p "$out"
(cd "$here" && dotnet tool restore >/dev/null)
dotnet publish "$here" -c Release --artifacts-path "$out/build" -o "$out/target" -v quiet --nologo -p:UseSharedCompilation=false -nodeReuse:false
for assembly in Omaha.Protocol Omaha.Catalog Omaha.Server; do
  (cd "$here" && dotnet sharpfuzz "$out/target/$assembly.dll")
  # The tool reports its failures in words only.
  grep -q SharpFuzz.Common "$out/target/$assembly.dll" || { echo "$assembly is not instrumented" >&2; exit 2; }
done

plain=$out/build/bin/Omaha.Fuzz/release/Omaha.Fuzz.dll
dotnet "$plain" seeds "$out/seeds"

# The machine is taken as it is: any core, whatever its governor and wherever it puts core dumps. AFL_SKIP_BIN_CHECK: it is the assemblies
# that are instrumented, not the dotnet host.
export AFL_NO_AFFINITY=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_BIN_CHECK=1
export AFL_NO_UI=1 AFL_FORKSRV_INIT_TMOUT=60000
export DOTNET_TieredPGO=0

# A slow answer is a crash, since the target itself can tell it from a busy machine. The limit here is for an answer that never comes, and
# leaves time to start the target anew.
fuzzer=
finish() {
  if [ -n "$fuzzer" ] && kill -0 "$fuzzer" 2>/dev/null; then
    kill -TERM "$fuzzer"
    wait "$fuzzer" || true
  fi
}
trap finish EXIT
afl-fuzz -i "$out/seeds" -o "$out/afl" -x "$here/xml.dict" -G 65536 -t 5000 -m none -V "$seconds" -- dotnet "$out/target/Omaha.Fuzz.dll" >"$out/afl-fuzz.log" 2>&1 &
fuzzer=$!
status=0
wait "$fuzzer" || status=$?
fuzzer=

stats=$out/afl/default/fuzzer_stats
if [ ! -e "$stats" ]; then
  tail -n 20 "$out/afl-fuzz.log" >&2
  echo "$0: afl-fuzz did not start, see above" >&2
  exit 2
fi

stat() { sed -n "s/^$1 *: *//p" "$stats"; }
findings() { find "$out/afl/default/$1" -name 'id:*' 2>/dev/null | sort; }
crashes=$(findings crashes)
hangs=$(findings hangs)
echo "executions  $(stat execs_done) in $(stat run_time) s, $(stat execs_per_sec)/s"
echo "edges       $(stat edges_found) of $(stat total_edges), map density $(stat bitmap_cvg), stability $(stat stability)"
echo "corpus      $(stat corpus_count) requests, $(stat corpus_found) found, $(stat cycles_done) cycles"
echo "crashes     $(stat saved_crashes)"
echo "hangs       $(stat saved_hangs)"
echo "findings    $out/afl/default/{crashes,hangs}"

if [ -n "$crashes" ]; then
  printf '\n'
  while IFS= read -r file; do timeout -k 5 30 dotnet "$plain" replay "$file" || true; done <<<"$crashes"
fi
if [ -n "$crashes$hangs" ]; then exit 1; fi
if [ "$status" -ne 0 ]; then
  tail -n 20 "$out/afl-fuzz.log" >&2
  echo "$0: afl-fuzz ended with status $status, see above" >&2
  exit 2
fi
