#!/bin/sh
# RUSTC_WORKSPACE_WRAPPER: our own crates tell libFuzzer which ways they took. What they depend on is not rebuilt for it, above
# all not the SDK. All of it are options of stable rustc and of LLVM.
rustc="$1"
shift
exec "$rustc" "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
  -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
  -Cllvm-args=-sanitizer-coverage-trace-compares
