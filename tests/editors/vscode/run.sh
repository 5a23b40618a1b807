#!/usr/bin/env bash
# Builds the extension and runs its tests, those in a real VS Code last. `run.sh FILE` builds and runs one program of this
# folder or of the bench instead, such as `run.sh screenshots.ts`. What install.sh brings must be there.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
extension=$(realpath "$here/../../../editors/vscode")
export PATH=$here/installed/node/bin:$PATH
started=$SECONDS

build() {
  (cd "$extension" && npm run --silent package >/dev/null)
  echo "vscode: funcseek.vsix after $((SECONDS - started)) s"
}

build
if (($# > 0)); then
  exec node "$@"
fi
(cd "$extension" && npm run --silent check && npm run --silent test)
"$extension/node_modules/.bin/tsc" -p "$here"
# One at a time: each file has a VS Code of its own, and two cores to share.
drive() {
  node --test --test-reporter=spec "$1"
}
# Three times at most: on a busy machine a browser may lose a key. What fails three times is wrong.
for file in "$here"/*.test.ts; do
  for attempt in 2 3 end; do
    drive "$file" && break
    [[ $attempt != end ]] || exit 1
    echo "vscode: NOT all passed; attempt $attempt at $(basename "$file")" >&2
  done
done
echo "vscode: built and tested in $((SECONDS - started)) s; pictures are in tests/editors/vscode/shots"
