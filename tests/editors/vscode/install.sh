#!/usr/bin/env bash
# Brings what the tests in a real VS Code need: Node.js, code-server, a browser and the extension's own packages. Takes
# no time where everything is there. Everything but Debian's packages goes to `installed/` and `node_modules/`, which git
# ignores.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
source "$here/../../debian.sh"
extension=$(realpath "$here/../../../editors/vscode")
installed=$here/installed
stamps=$installed/stamps
export PATH=$installed/node/bin:$PATH
# No scripts: what is installed is used as it was published.
npm_options=(--ignore-scripts --no-audit --no-fund --loglevel error)

# Says whether a step was done with these very files; its stamp is written last, so that an interrupted one is done again.
is_done() {
  local stamp=$stamps/$1
  shift
  [[ -f $stamp ]] && cat "$@" | sha256sum --check --status "$stamp"
}

mark_done() {
  local stamp=$stamps/$1
  shift
  mkdir -p "$stamps"
  cat "$@" | sha256sum >"$stamp"
}

install_node() {
  is_done node "$here/requirements.txt" && return
  rm -rf "$installed/node"
  python3 -m venv "$installed/node"
  "$installed/node/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  mark_done node "$here/requirements.txt"
  echo "vscode: Node.js $(node --version) after $SECONDS s"
}

install_code_server() {
  local lists=("$here/package.json" "$here/package-lock.json")
  [[ -d $here/node_modules ]] && is_done code-server "${lists[@]}" && return
  (cd "$here" && npm ci "${npm_options[@]}")
  # VS Code's own packages, by the lock file it is delivered with; that lacks one, which `npm ci` refuses. Their scripts
  # would compile what no test needs.
  (cd "$here/node_modules/code-server/lib/vscode" && npm install --omit=dev "${npm_options[@]}")
  mark_done code-server "${lists[@]}"
  echo "vscode: code-server and the browser's driver after $SECONDS s"
}

install_extension_packages() {
  local lists=("$extension/package.json" "$extension/package-lock.json")
  [[ -d $extension/node_modules ]] && is_done extension "$extension/package-lock.json" && return
  (cd "$extension" && npm ci "${npm_options[@]}")
  mark_done extension "$extension/package-lock.json"
  echo "vscode: the extension's packages after $SECONDS s"
}

mkdir -p "$installed"
mapfile -t wanted < <(entries "$here/debian-packages.txt")
debian_packages vscode "${wanted[@]}"
install_node
install_code_server
install_extension_packages
echo "vscode: everything is there, after $SECONDS s"
