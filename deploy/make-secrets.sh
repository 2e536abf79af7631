#!/usr/bin/env bash
# Makes what must not be in a repository, once: passwords of the Redis accounts, users.acl with their hashes, a password for Grafana, and a
# certificate of the control plane's own. What is there already is left as it is.
#
#   deploy/make-secrets.sh            into deploy/secrets
#   deploy/make-secrets.sh FOLDER     into another folder
#
#   server/redis-password      account omaha-server            control/redis-password      account omaha-control
#   admin/redis-password       account omaha-admin, for people
#   redis/users.acl            deploy/redis/users.acl with the hashes of these; the accounts without a password stay locked
#   control-tls/tls.crt, .key  for omaha-control and localhost, ten years; replace it by one of an authority of yours where you have one
#   grafana/admin-password     account admin of Grafana
#
# The folder is closed to everybody else. The files in it are readable, because containers read them as users of their own, and each of them
# has one of the folders mounted, never all.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$here/secrets}
for tool in openssl sha256sum; do
  command -v "$tool" >/dev/null || { echo "make-secrets: $tool is missing (Debian: apt-get install openssl coreutils)" >&2; exit 1; }
done

umask 022
mkdir -p "$folder"
chmod 700 "$folder"
made=()

password() { # file
  [ ! -e "$folder/$1" ] || return 0
  mkdir -p "$folder/$(dirname "$1")"
  # 32 letters and digits: nothing that a configuration string or a shell would take for something else.
  openssl rand -base64 96 | tr -dc 'A-Za-z0-9' | head -c 32 >"$folder/$1.new"
  [ "$(wc -c <"$folder/$1.new")" = 32 ] || { echo "make-secrets: no randomness" >&2; exit 1; }
  mv "$folder/$1.new" "$folder/$1"
  made+=("$1")
}
password server/redis-password
password control/redis-password
password admin/redis-password
password grafana/admin-password

if [ ! -e "$folder/redis/users.acl" ]; then
  mkdir -p "$folder/redis"
  cp "$here/redis/users.acl" "$folder/redis/users.acl.new"
  for account in server control admin; do
    hash=$(sha256sum <"$folder/$account/redis-password" | cut -d ' ' -f 1)
    sed -i "s/^\(user omaha-$account on \)#0\{64\}/\1#$hash/" "$folder/redis/users.acl.new"
    grep -q "^user omaha-$account on #$hash" "$folder/redis/users.acl.new" || { echo "make-secrets: redis/users.acl has no locked account omaha-$account" >&2; exit 1; }
  done
  mv "$folder/redis/users.acl.new" "$folder/redis/users.acl"
  made+=(redis/users.acl)
fi

if [ ! -e "$folder/control-tls/tls.crt" ]; then
  mkdir -p "$folder/control-tls"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj '/CN=omaha-control' \
    -addext 'subjectAltName=DNS:omaha-control,DNS:omaha-control.omaha.svc,DNS:localhost,IP:127.0.0.1' \
    -keyout "$folder/control-tls/tls.key" -out "$folder/control-tls/tls.crt" 2>/dev/null
  chmod 644 "$folder/control-tls/tls.key"
  made+=(control-tls/tls.crt control-tls/tls.key)
fi

if [ ${#made[@]} -eq 0 ]; then echo "Nothing was missing in $folder."; else printf 'Made in %s:\n' "$folder"; printf '  %s\n' "${made[@]}"; fi
