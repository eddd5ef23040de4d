#!/bin/sh
# Cargo as the napi CLI calls it for the addon. The crate is a library too, for fuzz/, and Cargo optimizes across crates only where
# nothing else is built: the addon is an eighth smaller so.
if [ "$1" = build ]; then
  shift
  exec cargo rustc --lib --crate-type cdylib "$@"
fi
exec cargo "$@"
