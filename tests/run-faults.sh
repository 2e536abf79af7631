#!/usr/bin/env bash
# What machines are told while the store fails, in every way that it can.
#
#   tests/run-faults.sh [--quick] [--only NAME,NAME...] [--rate N] [--list]      --quick: three faults; --rate: checks a second for each server
#
# Two servers (Release build) with snapshots on disk, under constant load (bench/Omaha.Load, open loop), and a Redis in the shape that the fault
# needs: a single one with the published accounts and a line to each server that can fail; a primary, a replica and three Sentinels; a cluster of
# six nodes. Each fault is made, held for some seconds and ended while the load goes on. The table has a line for each:
#
#   checks, failed, wrong     before, during and after the fault; wrong is an answer that nothing allows, such as an offer that was taken back
#   p99                       from when a check was due to its answer
#   visible                   from the fault until /metrics of every server showed it
#   recovered                 from its end until every server offered a version that was published then. After a fail-over: from when the new
#                             primary took writes. With the brake: from its setting until the server that reaches Redis obeyed
#
# Ends with 0 when no check failed or was answered wrongly, fail-overs and brakes took less than a second, and (without --quick) the tail during
# a fault was at most twice that before it, or below 10 ms. On a machine that is busy with other things, tails tell nothing: use --quick.
# Needs the .NET SDK and redis-server; the clock faults need faketime and are skipped without it.
set -euo pipefail
cd "$(dirname "$0")/.."

build() { dotnet build "$1" -c Release -v quiet -nologo; }
build src/Omaha.Server
build bench/Omaha.Load
build tests/Omaha.Faults
exec tests/Omaha.Faults/bin/Release/net10.0/Omaha.Faults --server src/Omaha.Server/bin/Release/net10.0/Omaha.Server --load bench/Omaha.Load/bin/Release/net10.0/Omaha.Load "$@"
