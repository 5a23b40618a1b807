#!/usr/bin/env bash
# Brings Emacs with eglot to this machine. Takes next to no time where they are there, and fails where they cannot be had.
set -euo pipefail
wanted=(emacs-nox elpa-eglot)

missing() {
  comm -23 <(printf '%s\n' "${wanted[@]}" | sort) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort)
}

mapfile -t packages < <(missing)
if ((${#packages[@]})); then
  if ((EUID != 0)); then
    echo "emacs: not root, run: sudo apt-get install --no-install-recommends ${packages[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  options=(-qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  apt-get "${options[@]}" update
  apt-get "${options[@]}" install -y --no-install-recommends "${packages[@]}" >/dev/null
fi
echo "emacs: $(emacs --version | head -n 1), installed ${packages[*]:-nothing} after $SECONDS s"
