#!/bin/sh
# Installs the Debian packages that heed builds on, or those of another list, or prints the one line that does when it
# may not.
set -eu
list=${1:-$(dirname "$0")/debian-packages.txt}

missing=
while read -r package; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done <"$list"

if [ -z "$missing" ]; then
    echo "Debian packages: all there"
    exit 0
fi

command="apt-get update && apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    as_root=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=sudo
else
    echo "Debian packages are missing, and installing them takes root. Run this line, then make again:" >&2
    echo "  sudo sh -c '$command'" >&2
    exit 1
fi
echo "Debian packages: installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q -q
# shellcheck disable=SC2086 # One word for each package.
$as_root apt-get install -y -q -q --no-install-recommends $missing >/dev/null
echo "Debian packages: installed"
