#!/usr/bin/env bash
# Fuzzes one target, or all one after the other, for so many seconds each: `run.sh [TARGET|all] [SECONDS]`.
#
# What is found is kept under target/fuzz/TARGET and goes on from there next time. An input that breaks a target (a panic, more
# than ten seconds, more than 2 GB) is written to crates/fuzz/regressions/TARGET, ends the run, and is a test from then on.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${1:-all} seconds=${2:-60}
here=$PWD/crates/fuzz
# A target folder of its own would build the SDK once more. Warnings are clippy's business.
RUSTC_WORKSPACE_WRAPPER=$here/sancov.sh cargo build --quiet --locked -p gcnet-fuzz --features libfuzzer
fuzzer=$PWD/target/debug/gcnet-fuzz

if [ "$target" = all ]; then
  targets=$(sed -n 's/^ *Target { name: "\([a-z-]*\)".*/\1/p' "$here/src/lib.rs")
else
  targets=$target
fi
for name in $targets; do
  found=target/fuzz/$name kept=crates/fuzz/regressions/$name
  mkdir -p "$found/seeds" "$found/corpus" "$kept"
  printf '%s, %ss: ' "$name" "$seconds"
  # The log is shown only of a run that ended badly.
  if GCNET_FUZZ_TARGET=$name GCNET_FUZZ_SEEDS=$found/seeds "$fuzzer" "$found/corpus" "$found/seeds" \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=131072 -artifact_prefix="$kept/" \
    -print_final_stats=1 -verbosity=1 >"$found/log" 2>&1; then
    sed -n 's/^stat::number_of_executed_units: *//p' "$found/log" | tr -d '\n'
    printf ' executions, %s inputs\n' "$(find "$found/corpus" -type f | wc -l)"
  else
    tail -n 40 "$found/log"
    exit 1
  fi
  rmdir --ignore-fail-on-non-empty "$kept"
done
