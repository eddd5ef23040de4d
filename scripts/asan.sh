#!/usr/bin/env bash
# The suite on an addon that watches every access to memory (AddressSanitizer), and the core's own tests, which also tell what is never freed
# (LeakSanitizer). Node itself is not watched: it frees nothing when it ends. Needs a nightly toolchain and GCC's libasan; arguments
# go to ava.
set -euo pipefail
cd "$(dirname "$0")/.."
triple=$(rustc -vV | sed -n 's/^host: //p')
runtime=$(gcc -print-file-name=libasan.so 2>/dev/null || true)
if ! cargo +nightly --version >/dev/null 2>&1 || [[ $runtime != /* ]]; then
  echo "AddressSanitizer: NOT DONE (it needs a nightly toolchain and GCC's libasan)"
  exit 0
fi
export RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=${ASAN_TARGET_DIR:-target/asan} CARGO_PROFILE_DEV_OPT_LEVEL=1
cargo +nightly build --quiet --lib --target "$triple"
export NAPI_RS_NATIVE_LIBRARY_PATH=$CARGO_TARGET_DIR/$triple/debug/asan.node
cp "$CARGO_TARGET_DIR/$triple/debug/libai_receptionist.so" "$NAPI_RS_NATIVE_LIBRARY_PATH"
[[ $NAPI_RS_NATIVE_LIBRARY_PATH == /* ]] || NAPI_RS_NATIVE_LIBRARY_PATH=$PWD/$NAPI_RS_NATIVE_LIBRARY_PATH
# What is freed is kept for less long, or memory would seem to grow. Jest's resolver, an addon of its own, does not load there.
LD_PRELOAD=$runtime ASAN_OPTIONS=detect_leaks=0:halt_on_error=1:quarantine_size_mb=16 npx ava --timeout=30m --match='!*Jest*' "$@"
cargo +nightly test --quiet --lib --no-default-features --target "$triple"
