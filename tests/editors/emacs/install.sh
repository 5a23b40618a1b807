#!/usr/bin/env bash
# Brings Emacs with eglot to this machine. Takes next to no time where they are there, and fails where they cannot be had.
set -euo pipefail
source "$(dirname "$0")/../../debian.sh"

debian_packages emacs emacs-nox elpa-eglot
echo "emacs: $(emacs --version | head -n 1) is there after $SECONDS s"
