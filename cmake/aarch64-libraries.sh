#!/usr/bin/env bash
# Fetches Debian's arm64 builds of what xgrad links with: aarch64-libraries.sh FOLDER
# Nothing is installed: apt keeps its state in FOLDER, too, and this machine's packages stay as they are.
set -eu
folder=$(realpath -m "$1")
[ -e "$folder/complete" ] && exit 0
mkdir -p "$folder"/apt/{lists,archives}/partial "$folder/packages"
touch "$folder/apt/status"
fetch() {
  apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User= \
    -o Dir::State="$folder/apt" -o Dir::State::status="$folder/apt/status" -o Dir::Cache="$folder/apt" "$@"
}
fetch update
cd "$folder/packages"
fetch download libopenblas0-pthread libopenblas-pthread-dev libgfortran5 zlib1g zlib1g-dev
for package in *.deb; do dpkg-deb -x "$package" "$folder"; done
# Absolute links would lead out of the folder.
find "$folder" -type l -lname '/*' -printf '%l %p\n' | while read -r target link; do ln -sfr "$folder$target" "$link"; done
touch "$folder/complete"
