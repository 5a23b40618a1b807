#!/usr/bin/env bash
# Brings the source of the Debian packages of debian-sources.txt to sources/debian/NAME/: read, never built. Takes no
# time where all are there. Needs no root: apt's lists of sources are kept here.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")"
sources=sources/debian
mkdir -p "$sources"
scratch=$(mktemp -d "$PWD/sources/bringing.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# The mirrors that this machine takes packages from, asked for source.
list_mirrors() {
  mkdir -p "$scratch/parts" "$scratch/lists/partial"
  local found
  for found in /etc/apt/sources.list.d/*.sources; do
    [[ -e $found ]] && sed 's/^Types:.*/Types: deb-src/' "$found" >"$scratch/parts/${found##*/}"
  done
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$scratch/sources.list" 2>/dev/null || true
}

apt() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::Etc::SourceList="$scratch/sources.list" \
    -o Dir::Etc::SourceParts="$scratch/parts" -o Dir::State::Lists="$scratch/lists" "$@"
}

bring() {
  [[ -d $scratch/parts ]] || { list_mirrors && apt update; }
  mkdir "$scratch/$1" "$scratch/$1.whole"
  (cd "$scratch/$1" && apt source --download-only "$1" >/dev/null) &&
    tar --extract --no-same-owner --strip-components 1 --directory "$scratch/$1.whole" --file "$scratch/$1"/*.orig.tar.* &&
    mv "$scratch/$1.whole" "$sources/$1"
}

while read -r name; do
  [[ -d $sources/$name ]] || bring "$name" || echo "oracles: the source of $name did not come from Debian" >&2
done < <(sed -E 's/#.*//; /^\s*$/d' debian-sources.txt)
