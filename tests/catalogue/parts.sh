#!/usr/bin/env bash
# Fails unless the parts in which tests walk the catalogue are the whole, each entry once: parts.sh BUILD CTEST PROGRAM
#
# Which parts there are is what ctest would run. A test is a program's part where its name ends in /NUMBER and its environment has
# XGRAD_PART=NUMBER/PARTS; tests that differ in nothing else belong together.
set -euo pipefail
build=$1 ctest=$2 program=$3

entries() { "$program" --no-skip --test-case="what a run is about" | grep '^entry '; }
whole=$(entries | sort)

# A test, and its part.
registered=$("$ctest" --test-dir "$build" -C cores --show-only=json-v1 | awk '
  function end_of_test() { if (name) print name, part; name = part = "" }
  /"command" :/ { end_of_test() }
  /"name" : "[^"]*catalogue[^"]*\/[0-9]+"/ { split($0, quoted, "\""); name = quoted[4] }
  /"XGRAD_PART=/ { split($0, quoted, /[="]/); part = quoted[3] }
  END { end_of_test() }')
declare -A parts
while read -r name part; do
  [ "${name##*/}" = "${part%%/*}" ] || { echo "$name runs part $part"; exit 1; }
  parts[${name%/*}]+="$part "
done <<< "$registered"

for test in "${!parts[@]}"; do
  seen=$(for part in ${parts[$test]}; do XGRAD_PART=$part entries; done | sort)
  diff <(echo "$whole") <(echo "$seen") || { echo "$test: the parts ${parts[$test]}are not the whole"; exit 1; }
done
awk -v tests="${#parts[@]}" '{ samples += $4; refused += $7 } END {
  print tests " tests in parts, each of " NR " operations, " samples " samples and " refused " refused calls"
  exit tests == 0 || NR == 0
}' <<< "$whole"
