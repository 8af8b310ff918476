#!/usr/bin/env bash
# What the shared library weighs: stripped size, what it exports, what a program loads at its start. size.sh LIBRARY
set -eu
library=$(readlink -f "$1")
copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
strip -o "$copy" "$library"
bytes=$(stat -c %s "$copy")
objects=$(ldd "$library" | wc -l)
foreign=$(nm -DC --defined-only "$library" | grep -E ' [TDB] ' | grep -vcE ' (vtable|typeinfo|guard|non-virtual|virtual).*xgrad|xgrad::|_init|_fini' || true)
samples=$(nm -C --defined-only "$library" | grep -c 'catalogue::' || true)
echo "stripped $bytes bytes; $objects shared objects; $foreign exported functions outside xgrad::; $samples symbols of the catalogue"
[ "$bytes" -lt 6000000 ] || { echo "over 6 MB"; exit 1; }
[ "$samples" -eq 0 ] || { nm -C --defined-only "$library" | grep 'catalogue::'; exit 1; }
[ "$objects" -le 12 ] || { ldd "$library"; echo "too many shared objects"; exit 1; }
[ "$foreign" -eq 0 ] || { nm -DC --defined-only "$library" | grep -E ' [TDB] ' | grep -v xgrad::; exit 1; }
