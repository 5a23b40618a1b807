#!/usr/bin/env bash
# Brings what the oracles need to this machine: compilers, and real source to run them on. Takes next to no time where
# everything is there. The virtual environment is the one given, else the repository's.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
venv=$(realpath -ms "${1:-$here/../../.venv}")
cd "$here"
source ../debian.sh

install_node_packages() {
  # Left behind last, so that an interrupted installation is done again.
  local stamp=node_modules/.installed.json
  cmp -s package.json "$stamp" && return
  if ! command -v npm >/dev/null; then
    echo "oracles: no npm, its packages are left out" >&2
    return
  fi
  # No scripts and no peers: the packages are read, never run.
  npm install --no-package-lock --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel error
  cp package.json "$stamp"
  echo "oracles: npm packages after $SECONDS s"
}

are_requirements_met() {
  entries requirements.txt | "$venv/bin/python" -c '
import sys
from importlib.metadata import distributions
there = {(one.name.lower().replace("_", "-"), one.version) for one in distributions()}
wanted = [line.strip().lower().replace("_", "-").split("==") for line in sys.stdin]
sys.exit(any((name, version) not in there for name, version in wanted))'
}

install_python_packages() {
  are_requirements_met && return
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement requirements.txt
  echo "oracles: Python packages after $SECONDS s"
}

mapfile -t wanted < <(entries debian-packages.txt)
# Node.js often comes from elsewhere than Debian, with npm.
command -v npm >/dev/null || wanted+=(nodejs npm)
# What only root can have is left out, and was said.
debian_packages oracles "${wanted[@]}" || (($? == NOT_ROOT))
install_node_packages
install_python_packages
./sources.sh
./debian_sources.sh
./audited.sh "$venv"
echo "oracles: everything that can be is there, after $SECONDS s"
