#!/usr/bin/env bash
# Prints the Debian mirror to fetch packages of other releases from: DEBIAN_MIRROR, else the first that apt uses on this machine.
set -euo pipefail
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$' || true)}
if [[ -z $mirror ]]; then
  echo "No Debian mirror is known here. Set DEBIAN_MIRROR to the address of one." >&2
  exit 1
fi
echo "$mirror"
