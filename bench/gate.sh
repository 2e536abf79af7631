#!/usr/bin/env bash
# Whether the hot path has become dearer: bytes that each operation allocates, and ratios of CPU times within one run, against the figures of
# bench/baseline.json. About three minutes.
#
#   bench/gate.sh                      fails when something grew: bytes at all, a ratio to more than 1.4 times
#   bench/gate.sh --accept 'REASON'    writes the figures that changed to the baseline with the reason, to be committed
#
# Times themselves are shown and never judged: they are of this machine, at this moment.
set -euo pipefail
cd "$(dirname "$0")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build bench/Omaha.Benchmarks -c Release -v quiet
# Without profiles the compiler does the same thing in every run, and the same as for a native binary.
export DOTNET_TieredPGO=0
# In hexadecimal: 32 MiB between collections on every machine. By default it follows the processor's cache, and a collection adds 224 bytes
# to what a thread has allocated; with a small cache every round of a large operation would have one.
export DOTNET_GCgen0size=2000000
dotnet bench/Omaha.Benchmarks/bin/Release/net10.0/Omaha.Benchmarks.dll gate bench/baseline.json "$@"
