#!/bin/bash
# A pool of connections: the sample for Bash.
set -euo pipefail

# Opens a connection.
#   $1: where
# shellcheck disable=SC2034
open_connection() {
  local host=$1
  attempt() { echo "$1"; }
  attempt "$host"
}

function close_connection {
  echo "closed"
}

function in_subshell() (
  cd /tmp
)

log::info() { printf '%s\n' "$*" >&2; } # trailing

array=(one two)

if [[ -n ${DEBUG:-} ]]; then
  debug() { set -x; }
fi

usage()
{
  cat <<EOF
fake() { not a function; }
EOF
}

case $1 in
  start) start_it() { :; } ;;
esac
