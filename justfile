# The same commands as CI, one by one. `just --list` shows them.

# The quick round while editing: no SDK is linked.
check:
    cargo check --workspace --all-targets

# The README's test command.
test:
    cargo test --workspace

# What CI refuses.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The sandbox as another client sees it.
conformance:
    cargo build
    tests/conformance/run.sh

# Every call goes wrong in every way (docs/reliability.md): days. A slice: `just faults city=naruto scenario=move class=lost
# at=17`, each left out is all, `every=10` takes every tenth call. Random walks: `just faults walk 100`.
faults *what:
    GCNET_FAULTS="{{what}}" cargo test --test it -- faults::matrix::on_demand --exact --ignored --nocapture

# Fuzzes one target, or all, for so many seconds each: `just fuzz yaml 600`. `crates/fuzz/src/lib.rs` lists them.
fuzz target="all" seconds="60":
    crates/fuzz/run.sh {{target}} {{seconds}}

# Licences, sources, duplicates and advisories of dependencies.
deny:
    cargo deny check

# Figures for docs/performance.md; `just bench planner` for one part.
bench *parts:
    cargo bench --bench figures -- {{parts}}

# API documentation of our own crates.
docs:
    cargo doc --workspace --no-deps

# Everything that CI does.
ci:
    .ci/run
