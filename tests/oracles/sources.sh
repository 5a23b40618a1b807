#!/bin/sh
# Bring the npm packages of sources.txt, which hold source in C, C++ and Objective-C, to sources/. Runs nothing of
# theirs and takes none of what they depend on.
set -eu
cd "$(dirname "$0")"
mkdir -p sources
while read -r package; do
    folder="sources/$(echo "$package" | sed 's|^@||; s|[@/]|-|g')"
    [ -d "$folder" ] && continue
    archive="sources/$(npm pack --silent --pack-destination sources "$package")"
    mkdir "$folder.part"
    tar -xzf "$archive" -C "$folder.part" --strip-components=1 --no-same-owner
    mv "$folder.part" "$folder"
    rm "$archive"
done < sources.txt
