#!/usr/bin/env bash
# Computes the tables of deploy/capacity.md from its inputs.
#
#   deploy/capacity.sh            writes them
#   deploy/capacity.sh --check    ends with 1 when they are not what the inputs give
set -euo pipefail
page=$(cd "$(dirname "$0")" && pwd)/capacity.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT

awk '
function round_up(x,  whole) { whole = int(x); return whole < x ? whole + 1 : whole }
function words(x) { return x >= 1000000 ? x / 1000000 " million" : thousands(x) }
function thousands(x,  s, r) { s = sprintf("%d", x + 0.5); r = ""; while (length(s) > 3) { r = " " substr(s, length(s) - 2) r; s = substr(s, 1, length(s) - 3) } return s r }
function small(x) { return x < 0.005 ? "< 0.01" : x < 0.095 ? sprintf("%.2f", x) : x < 9.95 ? sprintf("%.1f", x) : thousands(x) }
function servers(cores,  n) { n = round_up(cores / v["cores"]) + 1; return n < 3 ? 3 : n }
function mbits(rate) { return rate * (v["request"] + v["current"] + (v["offer"] - v["current"]) * v["offered"] / 100 + v["packets"]) * 8 / 1000000 }
function memory(apps, connections) { return v["empty"] + v["apps"] * apps / 1000 + v["idle"] * connections / 1024 }
function size(mib) { return mib < 1024 ? thousands(mib) " MiB" : sprintf("%.1f GiB", mib / 1024) }
function need(name) { if (!(name in v)) { print "capacity: the page has no input `" name "`" > "/dev/stderr"; failed = 1; exit 1 } }

function rates(  i) {
  print "| Machines | every 45 min | every 5 h | all at once |"
  print "|---|---|---|---|"
  for (i = 1; i <= fleets; i++) printf "| %s | %s | %s | %s |\n", words(fleet[i]), small(fleet[i] / 2700), small(fleet[i] / 18000), small(fleet[i] / v["rush"])
}
function servers_table(  i, rate, kept, tls, fresh) {
  print "| Machines | checks/s in a rush | cores, kept | servers | cores, TLS kept | servers | cores, TLS new | servers | cores for handshakes |"
  print "|---|---|---|---|---|---|---|---|---|"
  for (i = 1; i <= fleets; i++) {
    rate = fleet[i] / v["rush"]
    kept = rate * v["cpu"] / 1000000 / (v["use"] / 100)
    tls = kept * v["tls"]
    fresh = rate * (v["cpu"] * v["new"] + v["handshake"]) / 1000000 / (v["use"] / 100)
    printf "| %s | %s | %s | %d | %s | %d | %s | %d | %s |\n", words(fleet[i]), small(rate), small(kept), servers(kept), small(tls), servers(tls), small(fresh), servers(fresh), small(rate * v["handshake"] / 1000000 / (v["use"] / 100))
  }
}
function bandwidth(  i) {
  print "| Machines | every 45 min | every 5 h | all at once |"
  print "|---|---|---|---|"
  for (i = 1; i <= fleets; i++) printf "| %s | %s Mbit/s | %s Mbit/s | %s Mbit/s |\n", words(fleet[i]), small(mbits(fleet[i] / 2700)), small(mbits(fleet[i] / 18000)), small(mbits(fleet[i] / v["rush"]))
}
function memory_table(  a, apps) {
  print "| Apps | 500 connections | 16 384 connections |"
  print "|---|---|---|"
  split("10 1000 10000 100000 1000000", apps, " ")
  for (a = 1; a <= 5; a++) printf "| %s | %s | %s |\n", words(apps[a]), size(memory(apps[a], 500)), size(memory(apps[a], 16384))
}
function brake(  t, times, rate) {
  print "| 10 million machines that are told | checks/s | cores, kept | Mbit/s |"
  print "|---|---|---|---|"
  split("45min 1h 2h 4h", times, " ")
  seconds["45min"] = 2700; seconds["1h"] = 3600; seconds["2h"] = 7200; seconds["4h"] = 14400
  name["45min"] = "45 minutes, no brake"; name["1h"] = "1 hour"; name["2h"] = "2 hours"; name["4h"] = "4 hours"
  for (t = 1; t <= 4; t++) {
    rate = 10000000 / seconds[times[t]]
    printf "| %s | %s | %s | %s |\n", name[times[t]], small(rate), small(rate * v["cpu"] / 1000000 / (v["use"] / 100)), small(mbits(rate))
  }
}

BEGIN { fleets = split("10000 100000 1000000 10000000 100000000", fleet, " ") }
/^\| `[a-z]+` \| [0-9.]+ \|/ { split($0, cell, "|"); key = cell[2]; gsub(/[ `]/, "", key); v[key] = cell[3] + 0 }
/^<!-- computed: / {
  print
  inputs = split("cpu new tls handshake request current offer packets empty apps idle use cores offered rush", wanted, " ")
  for (i = 1; i <= inputs; i++) need(wanted[i])
  if ($3 == "rates") rates()
  else if ($3 == "servers") servers_table()
  else if ($3 == "bandwidth") bandwidth()
  else if ($3 == "memory") memory_table()
  else if ($3 == "brake") brake()
  else { print "capacity: nothing is computed by the name " $3 > "/dev/stderr"; failed = 1; exit 1 }
  skipping = 1
  next
}
/^<!-- end -->/ { skipping = 0 }
!skipping { print }
END { exit failed }
' "$page" >"$new"

case ${1:-} in
  '') cat "$new" >"$page" ;;
  --check) diff -u "$page" "$new" || { echo "capacity: run deploy/capacity.sh" >&2; exit 1; } ;;
  *) echo "usage: deploy/capacity.sh [--check]" >&2; exit 2 ;;
esac
