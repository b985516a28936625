#!/usr/bin/env bash
# Holds the sandbox against boto3, whose models are AWS's own: every operation that the sandbox has registered is called,
# and every answer is compared with the model, element by element.
#
#   tests/conformance/run.sh                          starts one, with the gcnet that was built in target/debug
#   tests/conformance/run.sh http://127.0.0.1:4566    uses one that runs already (or set GCNET_SANDBOX_ENDPOINT)
#
# Arguments after the endpoint, or after --, go to pytest. Builds nothing but a virtual environment.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
venv=$root/target/conformance-venv

endpoint=${GCNET_SANDBOX_ENDPOINT:-}
if [[ ${1:-} == http* ]]; then
  endpoint=$1
  shift
fi
if [[ ${1:-} == -- ]]; then shift; fi

# The file of the installed versions is written last, so a half-made environment is made again.
if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$venv/installed.txt"
fi

if [[ -z $endpoint ]]; then
  said=$(mktemp)
  "$target/debug/gcnet" sandbox serve --port 0 --in-memory >"$said" 2>&1 &
  sandbox=$!
  trap 'kill "$sandbox" 2>/dev/null || true; rm -f "$said"' EXIT
  for _ in $(seq 100); do
    endpoint=$(grep -oE -m1 'http://127\.0\.0\.1:[0-9]+' "$said" || true)
    [[ -n $endpoint ]] && break
    kill -0 "$sandbox" 2>/dev/null || break
    sleep 0.1
  done
  if [[ -z $endpoint ]]; then
    echo "the sandbox did not start:" >&2
    cat "$said" >&2
    exit 1
  fi
fi

cd "$here"
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" -m pytest --endpoint "$endpoint" "$@"
