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

##############################
# In a box.                ###
##############################
function with::scope-and.dots() {
  local pattern=!(CVS|*.@(bak|orig))
  case $1 in
    -!(-*)@([sD]|[hV]*)) return ;;
  esac
}

is_there() [[ -e $1 ]]
counted() for i in 1 2 3; do echo "$i"; done
logged() {
  echo "$1"
} >> "$LOG" 2>&1
completed() { :; } &&
  complete -F completed program

tested() {
  if [ \( -n "$1" -a -n "$2" \) -o \( -n "$3" \) ]; then
    echo
  fi
}
