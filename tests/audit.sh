#!/usr/bin/env bash
# `audit.sh VENV`: holds every pinned version, of constraints.txt and of the extension, against the known vulnerabilities.
# Fails on one. Where the advisories cannot be asked for, as on a machine that reaches only a package index, it says so
# and passes: that says nothing of the versions. Installs pip-audit into VENV; AUDIT_OPTIONS are for it, as `-s osv`.
set -euo pipefail
venv=$1
here=$(realpath "$(dirname "$0")")
report=$(mktemp)
trap 'rm -f "$report"' EXIT

# verdict NAME FOUND: what a finished audit said, by whether its report has a line that only a finding has.
verdict() {
  if grep -qE "$2" "$report"; then
    cat "$report" >&2
    exit 1
  fi
  echo "audit: NOT audited: $1. No advisories could be had: $(grep -m 1 -i error "$report")" >&2
}

[[ -x $venv/bin/pip-audit ]] || {
  "${PYTHON:-python3}" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1
}
if "$venv/bin/pip-audit" --requirement "$here/../constraints.txt" --no-deps --disable-pip --strict \
  --progress-spinner off ${AUDIT_OPTIONS:-} &>"$report"; then
  echo "audit: no known vulnerability in constraints.txt"
else
  verdict "what constraints.txt pins" '^Found [0-9]+ known vulnerabilit'
fi

npm=$here/editors/vscode/installed/node/bin
if ! PATH=$npm:$PATH command -v npm >/dev/null; then
  echo "audit: NOT audited: the extension; \`make vscode\` brings npm" >&2
elif (cd "$here/../editors/vscode" && PATH=$npm:$PATH npm audit --omit=dev) &>"$report"; then
  echo "audit: no known vulnerability in editors/vscode"
else
  verdict "what editors/vscode pins" '^[0-9]+ .*vulnerabilit'
fi
