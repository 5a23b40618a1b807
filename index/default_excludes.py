"""What is left out of every root unless a line of an ignore file brings it back. Nothing but lists.

A folder stands here only if its name says that nobody wrote what is in it. Missing code that people look for is worse
than finding some that they do not: ``third_party/``, ``external/``, ``deps/``, ``out/``, ``bin/``, ``obj/``, ``env/``
and ``coverage/`` also name folders of people's own work and are searched.
"""

from __future__ import annotations

# Dependencies, caches and the insides of tools, at any depth. They stay out even where git tracks them.
DEPENDENCIES_AND_CACHES = b"""\
node_modules/
bower_components/
jspm_packages/
lua_modules/
elm-stuff/
vendor/
site-packages/
__pypackages__/
Pods/
Carthage/
.bundle/
.venv/
venv/
.direnv/
.pixi/
.tox/
.nox/
.eggs/
__pycache__/
.mypy_cache/
.pytest_cache/
.ruff_cache/
.hypothesis/
.ipynb_checkpoints/
.cache/
.gradle/
.cargo/
.rustup/
.npm/
.nvm/
.pyenv/
.rbenv/
.pub-cache/
.yarn/
.pnpm-store/
.parcel-cache/
.turbo/
.next/
.nuxt/
.output/
.angular/
.svelte-kit/
.terraform/
.dart_tool/
.stack-work/
dist-newstyle/
.zig-cache/
zig-cache/
zig-out/
.bloop/
.metals/
.elixir_ls/
.build/
DerivedData/
CMakeFiles/
.vscode-test/
.history/
.hg/
.svn/
.jj/
.bzr/
dist/
"""

# Folders that programs build into, and that some projects keep scripts or packages in. What git tracks there counts.
BUILD_OUTPUT = b"""\
build/
_build/
cmake-build-*/
target/
"""

# Variables of an environment hold passwords, whatever language they are written in; other files that hold nothing but
# secrets (keys, certificates, .netrc, .npmrc) are in no language.
SECRETS = b"""\
.env
.env.*
.envrc
"""
# What every path holds that one of `SECRETS` matches.
SECRETS_NEEDLE = b".env"
