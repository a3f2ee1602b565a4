#!/usr/bin/env bash
# Installs what roamsync is built from on Debian 12, as far as it is missing, and asks nothing.
#   bash cmake/install_debian_packages.sh GROUP…      GROUP: library, command, tests, sanitizers, checks, bench
set -euo pipefail

declare -A packages=(
  [library]="g++ cmake ninja-build libboost-filesystem1.81-dev libutf8proc-dev libxxhash-dev zlib1g-dev"
  [command]="libcli11-dev nlohmann-json3-dev"
  [tests]="libgtest-dev libgmock-dev liblzma-dev acl attr python3-samba tdb-tools"
  [sanitizers]="clang libclang-rt-14-dev llvm"
  [checks]="clang-format-14 libhivex-bin libparse-win32registry-perl libregf-utils libwin-hivex-perl reglookup"
  [bench]="libbenchmark-dev"
)

wanted=()
for group in "$@"; do
  [ -n "${packages[$group]:-}" ] || { echo "$0: no group '$group'; there are: ${!packages[*]}" >&2; exit 64; }
  read -ra names <<<"${packages[$group]}"
  wanted+=("${names[@]}")
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "This is no Debian system. roamsync needs what these Debian packages hold: ${wanted[*]}. Going on with what is here."
  exit 0
fi

missing=()
for name in "${wanted[@]}"; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Missing, and neither root nor sudo is here to install it: ${missing[*]}" >&2; exit 77; }
  as_root=(sudo)
  [ -t 0 ] || as_root=(sudo -n)
fi

echo "Installing: ${missing[*]}"
apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
"${apt[@]}" update </dev/null || echo "apt-get update failed; trying with the package lists that are here." >&2
"${apt[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null >/dev/null
