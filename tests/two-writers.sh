#!/usr/bin/env bash
# Two control planes write to one real Redis for some time: no change may be lost, and every loser must get a conflict with a message.
#
#   tests/two-writers.sh [SECONDS]      30 when not given
#
# Needs the .NET SDK and redis-server.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-30}
[[ $seconds =~ ^[1-9][0-9]{0,3}$ ]] || { echo "\"$seconds\" is no number of seconds from 1 to 9999" >&2; exit 2; }
export OMAHA_WRITERS_SECONDS=$seconds OMAHA_REQUIRE_REDIS=1
dotnet test --project tests/Omaha.Control.Tests --filter-method '*Two_control_planes_at_work*' --output Detailed --show-stdout All
