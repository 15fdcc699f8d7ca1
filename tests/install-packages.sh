#!/bin/bash
# install-packages.sh GROUP…: installs what is missing of those groups (build, run, test) of debian-packages.txt.
# Needs root or sudo only when something is missing.
set -euo pipefail
list=$(dirname "$(readlink -f "$0")")/debian-packages.txt

packages=()
for group in "$@"; do
  mapfile -t of_group < <(awk -v group="$group" '$1 == group { print $2 }' "$list")
  if [ ${#of_group[@]} -eq 0 ]; then
    echo "install-packages.sh: no group \"$group\" in $list" >&2
    exit 2
  fi
  packages+=("${of_group[@]}")
done

missing=()
for package in "${packages[@]}"; do
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "all ${#packages[@]} Debian packages of $* are installed"
  exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "install-packages.sh: neither root nor sudo; as root run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
  as_root=(sudo)
  [ -t 0 ] || as_root=(sudo -n)  # nobody there to type a password
fi
echo "installing ${#missing[@]} Debian packages: ${missing[*]}"
"${as_root[@]}" apt-get -q update </dev/null
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
  -o Dpkg::Use-Pty=0 "${missing[@]}" </dev/null
