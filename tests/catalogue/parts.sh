#!/usr/bin/env bash
# Fails unless the parts in which tests walk the catalogue are the whole, each entry once: parts.sh BUILD CTEST PROGRAM...
#
# Which parts there are is what ctest would run. A test is a program's part where its name ends in /NUMBER and its environment has
# XGRAD_PART=NUMBER/PARTS; tests that differ in nothing else belong together.
set -euo pipefail
build=$1 ctest=$2
shift 2
program=("$@")

entries() { "${program[@]}" --no-skip --test-case="what a run is about" | grep '^entry '; }
whole=$(entries | sort)

# Every test and its part, asked for in another folder: ctest begins a new log, also when it runs nothing.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "subdirs(\"$(realpath "$build")\")" > "$work/CTestTestfile.cmake"
registered=$("$ctest" --test-dir "$work" -C cores --show-only=json-v1 | awk '
  function end_of_test() { if (name) print name, part; name = part = "" }
  /"command" :/ { end_of_test() }
  /"name" : "[^"]*catalogue[^"]*\/[0-9]+"/ { split($0, quoted, "\""); name = quoted[4] }
  /"XGRAD_PART=/ { split($0, quoted, /[="]/); part = quoted[3] }
  END { end_of_test() }')
declare -A parts part_of_whole
while read -r name part; do
  [ "${name##*/}" = "${part%%/*}" ] || { echo "$name runs part $part"; exit 1; }
  parts[${name%/*}]+="$part "
  [ -n "${part_of_whole[$part]:-}" ] || part_of_whole[$part]=$(XGRAD_PART=$part entries)
done <<< "$registered"

for test in "${!parts[@]}"; do
  seen=$(for part in ${parts[$test]}; do echo "${part_of_whole[$part]}"; done | sort)
  diff <(echo "$whole") <(echo "$seen") || { echo "$test: the parts ${parts[$test]}are not the whole"; exit 1; }
done
awk -v tests="${#parts[@]}" '{ samples += $4; refused += $7 } END {
  print tests " tests in parts, each of " NR " operations, " samples " samples and " refused " refused calls"
  exit tests == 0 || NR == 0
}' <<< "$whole"
