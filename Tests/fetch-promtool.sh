#!/bin/sh
# Takes promtool, Prometheus' own checker of metrics and rules, out of Debian's package into a folder. The package
# itself, installed, would start a server.
set -eu
folder=$1
[ ! -x "$folder/promtool" ] || exit 0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
# apt fetches as a user of its own when it is root, which may not write here.
fetch() { apt-get -qq -o APT::Sandbox::User=root download prometheus; }
fetch 2>/dev/null || { apt-get -qq update && fetch; }
dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool
mkdir -p "$folder"
mv usr/bin/promtool "$folder/"
