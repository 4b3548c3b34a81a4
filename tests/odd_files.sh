#!/bin/sh
# Fetches the odd and broken pictures that other projects test with: out of Debian's packages, installing none of them,
# into the user's cache. What is there already is left alone; tests of what cannot be had are skipped and say so.
set -eu
command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || exit 0
folder=${XDG_CACHE_HOME:-$HOME/.cache}/latentscape-tests
quiet="-qq -o APT::Sandbox::User=$(id -un)"
updated=
trap 'rm -rf "$folder"/making-*-$$' EXIT

fetch() {
  (cd "$2" && apt-get $quiet download "$1" >/dev/null 2>&1)
}

for package in gdk-pixbuf-tests golang-1.19-src libjxl-testdata golang-golang-x-image-dev; do
  [ ! -d "$folder/$package" ] || continue
  making=$folder/making-$package-$$
  mkdir -p "$making/whole"
  if ! fetch "$package" "$making" && [ "$(id -u)" = 0 ] && [ -z "$updated" ]; then
    updated=yes
    apt-get $quiet update >/dev/null 2>&1 || true
    fetch "$package" "$making" || true
  fi
  if dpkg -x "$making"/*.deb "$making/whole" 2>/dev/null; then
    [ -d "$folder/$package" ] || mv "$making/whole" "$folder/$package"
    echo "Odd pictures fetched from Debian: $package"
  else
    echo "Debian's $package cannot be fetched: the tests on its odd pictures will be skipped." >&2
  fi
  rm -rf "$making"
done
