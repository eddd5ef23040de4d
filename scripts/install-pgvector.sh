#!/usr/bin/env bash
# Builds pgvector from Debian's source package for the PostgreSQL of this machine, unless it is there. Needs root and apt.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
version=$(psql --version | sed -E 's/.* ([0-9]+)\..*/\1/')
if [[ -e /usr/share/postgresql/$version/extension/vector.control ]]; then exit 0; fi

apt-get -qq update
apt-get -qq install -y --no-install-recommends "postgresql-server-dev-$version" build-essential dpkg-dev >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# The source package is in Debian 13 and later; the list of it stays in this folder.
mkdir -p lists/partial
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$keyring] $("$scripts/debian-mirror.sh") trixie main" >sources.list
apt=(apt-get -qq -o "Dir::Etc::SourceList=$folder/sources.list" -o Dir::Etc::SourceParts=- -o "Dir::State::Lists=$folder/lists")
"${apt[@]}" update
"${apt[@]}" source pgvector
cd pgvector-*/
make -s PG_CONFIG="/usr/lib/postgresql/$version/bin/pg_config" OPTFLAGS="" >/dev/null
make -s PG_CONFIG="/usr/lib/postgresql/$version/bin/pg_config" install >/dev/null
