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
echo "stripped $bytes bytes; $objects shared objects; $foreign exported functions outside xgrad::"
[ "$bytes" -lt 3000000 ] || { echo "over 3 MB"; exit 1; }
[ "$objects" -le 12 ] || { ldd "$library"; echo "too many shared objects"; exit 1; }
[ "$foreign" -eq 0 ] || { nm -DC --defined-only "$library" | grep -E ' [TDB] ' | grep -v xgrad::; exit 1; }
