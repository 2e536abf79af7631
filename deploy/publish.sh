#!/usr/bin/env bash
# Runs the build stages of the Dockerfile without Docker: the same files in an empty folder, the same dotnet commands, one after another.
#
#   deploy/publish.sh            everything: server (native), server-jit, control, omahactl
#   deploy/publish.sh server     only what is published to out/server
#
# What the images would hold is then in artifacts/images. Needs the .NET SDK, and clang and zlib1g-dev for the native server.
# INSTRUCTION_SET is the build argument of that name.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-}
INSTRUCTION_SET=${INSTRUCTION_SET:-}
export INSTRUCTION_SET DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# COPY lines of the build stages: sources, then one target that is a folder. Those that copy from another stage are not ours.
copies=$(sed -n 's/^COPY \([^-].*\)$/\1/p' Dockerfile)
[ -n "$copies" ] || { echo "publish: the Dockerfile copies nothing" >&2; exit 1; }
while read -r -a words; do
  target=$work/${words[-1]}
  mkdir -p "$target"
  for source in "${words[@]:0:${#words[@]}-1}"; do
    if [ -d "$source" ]; then tar -c --exclude=bin --exclude=obj --exclude=omaha-data -C "$source" . | tar -x -C "$target"; else cp "$source" "$target"; fi
  done
done <<<"$copies"

commands=$(sed -n 's/^RUN \(dotnet publish .*\)$/\1/p' Dockerfile)
[ -z "$wanted" ] || commands=$(grep -F -- " -o out/$wanted " <<<"$commands") || { echo "publish: the Dockerfile publishes nothing to out/$wanted" >&2; exit 1; }
while read -r command; do
  echo "$command"
  (cd "$work" && bash -euo pipefail -c "$command" </dev/null)
done <<<"$commands"

mkdir -p artifacts/images
for folder in "$work"/out/*/; do
  name=$(basename "$folder")
  rm -rf "artifacts/images/$name"
  mv "$folder" "artifacts/images/$name"
done
du -sh artifacts/images/*
