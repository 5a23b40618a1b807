# Debian packages for the stages that need them; to be sourced. Installs nothing that is there.

# What `debian_packages` fails with where only another user can install.
NOT_ROOT=3

# debian_packages STAGE PACKAGE…: install what is missing; fails with NOT_ROOT, having said what to run, or as apt does.
debian_packages() {
  local stage=$1 missing
  shift
  mapfile -t missing < <(comm -23 <(printf '%s\n' "$@" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u))
  if ((${#missing[@]} == 0)); then
    return
  elif ((EUID != 0)); then
    echo "$stage: not root, run: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
    return "$NOT_ROOT"
  fi
  export DEBIAN_FRONTEND=noninteractive
  local options=(-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  # Said here: behind `||` the caller's `set -e` does not count.
  apt-get "${options[@]}" update || return
  apt-get "${options[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null || return
  echo "$stage: Debian packages ${missing[*]} after $SECONDS s"
}

# entries FILE: what a list names, a line each, without its comments.
entries() {
  sed -E 's/#.*//; s/[[:space:]]+//g; /^$/d' "$1"
}
