#!/usr/bin/env bash
# Brings the fuzzer to a folder of its own, which git ignores. Takes no time where it is there.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
venv=$(realpath -ms "${1:-$here/../../.venv}")
stamp=$here/.programs/requirements.txt
if ! cmp -s "$here/requirements.txt" "$stamp"; then
  rm -rf "$here/.programs"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --target "$here/.programs" \
    --requirement "$here/requirements.txt"
  cp "$here/requirements.txt" "$stamp"
fi
