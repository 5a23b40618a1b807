#!/usr/bin/env bash
# Brings the source of Debian packages: those of debian-sources.txt to sources/debian/NAME/, those that audits/*.tsv
# name to sources/audited/NAME-VERSION/. Read, never built. Takes no time where all are there. Needs no root: apt's
# lists of sources are kept here.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")"
mkdir -p sources/debian sources/audited
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

# Each as apt knows it, and its folder.
packages() {
  sed -E 's/#.*//; /^\s*$/d; s|\S+|& sources/debian/&|' debian-sources.txt
  sed -nE 's|^# (\S+)==(\S+) \(debian source\)$|\1=\2 sources/audited/\1-\2|p' audits/*.tsv | sort -u
}

bring() {
  [[ -d $scratch/parts ]] || { list_mirrors && apt update; }
  mkdir "$scratch/$1" "$scratch/$1.whole"
  # Debian's own part is not needed, and leaves the mirrors sooner.
  (cd "$scratch/$1" && apt source --download-only --tar-only "$1" >/dev/null) &&
    tar --extract --no-same-owner --strip-components 1 --directory "$scratch/$1.whole" --file "$scratch/$1"/*.orig.tar.*[2z] &&
    mv "$scratch/$1.whole" "$2"
}

while read -r package folder; do
  [[ -d $folder ]] || bring "$package" "$folder" || echo "oracles: $package did not come from Debian's sources" >&2
done < <(packages)
