#!/usr/bin/env bash
# Shows the main job on a sample profile: installs what is missing, builds the library, the command and the profile
# generator, and carries the profile between two machines and a server, which are folders in build/demo/stage.
# Every command is shown before it runs; the first surprise ends the demo with an error.
#   bash tests/demo.sh [PRESET [FOLDER]]    PRESET: release unless told; FOLDER: where that preset is built already
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

bash cmake/install_debian_packages.sh library command bench
build=${2:-build/demo}
options=(-DROAMSYNC_BUILD_BENCH=ON)
[ -n "${2:-}" ] || options+=(-DROAMSYNC_BUILD_TESTS=OFF)
mkdir -p build/demo
echo "Building the command (log: build/demo/build.log) ..."
{
  cmake --preset "${1:-release}" -B "$build" "${options[@]}"
  cmake --build "$build" --parallel "$(nproc)" --target roamsync_command profile_generator
} >build/demo/build.log 2>&1 || { tail -n 40 build/demo/build.log; exit 1; }
command=$PWD/$build/src/cli/roamsync
generator=$PWD/$build/bench/profile_generator

stage=$PWD/build/demo/stage
rm -rf "$stage"
mkdir -p "$stage/share"
cd "$stage"

# --- how it is told -------------------------------------------------------------------------------------------------

step=0
chapter() { step=$((step + 1)); printf '\n== %d. %s\n' "$step" "$*"; }
say() { printf '   %s\n' "$*"; }
fail() { printf '\nThis should not have happened: %s\n' "$*" >&2; exit 1; }
# A command of this script, shown, then run.
show() { printf '   $ %s\n' "$*"; "$@" 2>&1 | sed 's/^/     /'; }
roamsync() { "$command" "$@"; }
# A machine's two folders, as options.
machine() { echo "--local machine-$1 --server share/alice --state state-$1"; }
hive_of() { sha256sum <"$1/NTUSER.DAT" | cut -c1-16; }

# The SHA-256 of all names and bytes of a profile, without roamsync's own folder.
sum_of() {
  (cd "$1" && find . -path ./.roamsync -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum | cut -c1-64
}
compare() {
  local first sum tree
  first=$(sum_of "$1")
  for tree in "$@"; do
    sum=$(sum_of "$tree")
    say "$(printf '%-12s %5d files  sha256 of all: %s' "$tree" "$(find "$tree" -path "$tree/.roamsync" -prune -o -type f -print | wc -l)" "$sum")"
    [ "$sum" = "$first" ] || fail "$tree differs from $1"
  done
}

# --- the story ------------------------------------------------------------------------------------------------------

chapter "A profile on machine A, none on the server yet"
show "$generator" make machine-a --files 1500 --bytes 12000000 --hive-bytes 2097152
show roamsync hive check machine-a/NTUSER.DAT
show roamsync logon $(machine a)

chapter "Alice works on machine A and logs off"
mkdir -p machine-a/Desktop
echo "milk, bread" >machine-a/Desktop/shopping.txt
say "She wrote Desktop/shopping.txt: $(cat machine-a/Desktop/shopping.txt)"
show roamsync preview logoff $(machine a) --json | grep -c '"action"' | sed 's/^/     actions planned: /'
show roamsync logoff $(machine a)

chapter "She logs on at machine B: everything has arrived"
show roamsync logon $(machine b)
compare machine-a share/alice machine-b

chapter "She works on machine B; back at machine A only the changes move"
echo "milk, bread, apples" >machine-b/Desktop/shopping.txt
show "$generator" edit machine-b --percent 1 --hive-pages 16
show roamsync logoff $(machine b)
show roamsync logon $(machine a)
compare machine-b share/alice machine-a

chapter "A conflict: the same file changed on both machines"
echo "milk, bread, apples, tea" >machine-a/Desktop/shopping.txt
echo "milk, bread, apples, candles" >machine-b/Desktop/shopping.txt
show roamsync logoff $(machine a)
show roamsync logoff $(machine b) --on-conflict keep-both
say "Both are on the server:"
(cd share/alice && grep -r . Desktop/shopping*.txt) | sed 's/^/     /'
[ "$(cat share/alice/Desktop/shopping*.txt | sort -u | wc -l)" -eq 2 ] || fail "one of the two is lost"

chapter "A crash in the middle of a publish"
show roamsync logon $(machine a)
for attempt in {1..20}; do
  "$generator" edit machine-a --percent 100 --hive-pages 16 --seed "$((100 + attempt))" >/dev/null
  old_hive=$(hive_of share/alice)
  roamsync logoff $(machine a) >/dev/null 2>&1 &
  publisher=$!
  # Its intent record stands only while it renames what it has staged and verified: milliseconds.
  until [ -e share/alice/.roamsync/intent ] || ! kill -0 "$publisher" 2>/dev/null; do :; done
  kill -KILL "$publisher" 2>/dev/null || true
  wait "$publisher" 2>/dev/null || true
  [ ! -e share/alice/.roamsync/intent ] || break
  [ "$attempt" -lt 20 ] || fail "the publish was always faster than the kill"
done
say "Every file was changed on machine A. Its 'roamsync logoff' was killed (kill -9) while it put them in place."
staged=$(find share/alice -path share/alice/.roamsync -prune -o -name '*.tmp' -print | wc -l)
say "On the server now: the intent record, and $staged files staged and not yet in place."
if [ "$(hive_of share/alice)" = "$old_hive" ]; then say "NTUSER.DAT there is entirely the old one."
elif [ "$(hive_of share/alice)" = "$(hive_of machine-a)" ]; then say "NTUSER.DAT there is entirely the new one."
else fail "the server's hive is torn"; fi

chapter "Recovery"
show roamsync recover --server share/alice
compare machine-a share/alice
say "Once more, for recovery may be interrupted too:"
show roamsync recover --server share/alice
show roamsync logoff $(machine a)

chapter "History: an earlier generation comes back"
show roamsync history --server share/alice
say "The shopping list of generation 2 is wanted again:"
show roamsync restore --server share/alice --generation 2 Desktop/shopping.txt
say "$(cat share/alice/Desktop/shopping.txt)"
[ "$(cat share/alice/Desktop/shopping.txt)" = "milk, bread, apples" ] || fail "that is not what generation 2 held"

chapter "Both machines log on once more: three equal trees"
show roamsync logon $(machine a)
show roamsync logon $(machine b)
compare share/alice machine-a machine-b
show roamsync hive check machine-b/NTUSER.DAT
[ -z "$(find . -name '*.tmp' -o -name intent)" ] || fail "something temporary was left behind"

printf '\nAll went as it should. Everything lies in %s\n' "$stage"
