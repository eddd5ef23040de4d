#!/usr/bin/env bash
# Looks for bytes that break a property of src/properties/mod.rs, FUZZ_SECONDS (300) for each; a name looks at that one only. What breaks one is
# put into fuzz/artifacts: mend it, and keep it, as small as it gets, in fuzz/corpus, which `cargo test` tries. Needs a nightly toolchain.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo +nightly --version >/dev/null 2>&1; then
  echo "fuzzing: NOT DONE (no nightly toolchain)"
  exit 0
fi
if ! command -v cargo-fuzz >/dev/null; then
  if ! tools=$(scripts/install-rust-tools.sh); then
    echo "fuzzing: NOT DONE (cargo-fuzz is neither on this machine nor at PyPI)"
    exit 0
  fi
  PATH=$tools:$PATH
fi
# Panics and overflows are what safe Rust can do wrong: a sanitizer would only be slower.
for target in ${1:-$(cargo +nightly fuzz list)}; do
  echo "--- $target"
  found=fuzz/found/$target
  mkdir -p "$found"
  if ! cargo +nightly fuzz run --sanitizer none "$target" "$found" "fuzz/corpus/$target" -- \
    -max_total_time="${FUZZ_SECONDS:-300}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 -print_final_stats=1 \
    >"$found.log" 2>&1; then
    tail -n 40 "$found.log"
    exit 1
  fi
  grep number_of_executed_units "$found.log"
done
