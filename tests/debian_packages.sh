#!/bin/sh
# Checks that Debian's packages for Qt ("window"), and for the tests' real images and browser too ("tests"), are there;
# installs them when run as root, else says in one sentence how. Other systems need nothing from here.
set -eu
command -v dpkg-query >/dev/null 2>&1 || exit 0
qt="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 fonts-dejavu-core libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1"
case ${1:-window} in
  tests) wanted="$qt dataset-fashion-mnist openclipart-png chromium chromium-driver" ;;
  *) wanted=$qt ;;
esac
missing=
for package in $wanted; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
  echo "Installing from Debian:$missing"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
  exit
fi
echo "Debian packages are missing; install them by: sudo apt install$missing" >&2
exit 1
