#!/usr/bin/env bash
# Installs PgBouncer as Debian has it, and a current one beside it as `pgbouncer-current`, which knows prepared statements: from Debian
# unstable, unpacked with the libraries it needs, so that nothing else of the machine changes. Needs root and apt.
# DEBIAN_MIRROR names the mirror where apt uses none of Debian's.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
target=/usr/local/lib/pgbouncer-current
command=/usr/local/bin/pgbouncer-current

if ! command -v pgbouncer >/dev/null && [[ ! -x /usr/sbin/pgbouncer ]]; then
  apt-get -qq update
  DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends pgbouncer >/dev/null
fi
if [[ -x $command ]]; then exit 0; fi

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[[ -e $keyring ]] || apt-get -qq install -y debian-archive-keyring >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# With an empty status file apt fetches every dependency, and the lists stay in this folder.
mkdir -p "$folder"/{lists,archives}/partial "$folder/root"
: >"$folder/status"
echo "deb [signed-by=$keyring] $("$scripts/debian-mirror.sh") sid main" >"$folder/sources.list"
apt=(apt-get -qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$folder/lists"
  -o "Dir::State::Status=$folder/status" -o "Dir::Cache::Archives=$folder/archives" -o APT::Sandbox::User=root)
"${apt[@]}" update
DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y --no-install-recommends --download-only pgbouncer >/dev/null
for package in "$folder"/archives/*.deb; do dpkg-deb -x "$package" "$folder/root"; done
# Its program and libraries are all that is needed.
rm -rf "$target"
mkdir -p "$target"
loader=$(find "$folder/root" -name 'ld-linux-*.so.*' -print -quit)
cp -L "$loader" "$target/loader"
cp "$folder/root/usr/sbin/pgbouncer" "$target/pgbouncer"
find "$folder/root" -path '*/lib/*' -name '*.so.*' -not -path '*/perl*' -not -path '*/postgresql/*' -exec cp -P {} "$target/" \;
cat >"$command" <<COMMAND
#!/bin/sh
exec $target/loader --library-path $target $target/pgbouncer "\$@"
COMMAND
chmod 755 "$command"
"$command" --version
