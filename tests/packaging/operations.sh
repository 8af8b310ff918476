#!/usr/bin/env bash
# compat/headers.list says of each of libtorch's operations (ATen/ops/) whether it is there, or why not: that is true, and nobody has to be
# told it twice. operations.sh SOURCE PREFIX CXX
set -eu
source=$1 prefix=$2 cxx=$3
cd "$prefix/include"

# Names by what the list says: "there NAME" or "missing NAME".
listed=$(awk '
  /^\[/ { state = /^\[!/ ? "missing" : "there"; operations = 0; next }
  /^[^ ]/ { operations = $1 == "ATen/ops/:" }
  operations { for (i = $1 == "ATen/ops/:" ? 2 : 1; i <= NF; ++i) print state, $i }' "$source/compat/headers.list" | sort)
twice=$(cut -d' ' -f2 <<< "$listed" | sort | uniq -d)
[ -z "$twice" ] || { echo "listed twice: $twice"; exit 1; }

# What torch/torch.h declares, functions and methods, those in place as their names without the underscore; not what only stops the compiler.
text=$(echo '#include <torch/torch.h>' | "$cxx" -std=c++17 -I . -I xgrad-torch -E -P -x c++ - | grep -v 'static_assert(never')
# returning TYPES: what returns one of these. __and__ and its kin stand in the list without underscores.
returning() {
  grep -oE "($1)&? +[A-Za-z_0-9]+ ?\(" <<< "$text" |
    sed -E 's/ ?\($//; s/.*[ &>]//; s/([a-z0-9])_$/\1/; s/^__i?(and|or|xor|lshift|rshift)__$/\1/' | sort -u
}
false_there=$(comm -23 <(awk '$1 == "there" { print $2 }' <<< "$listed") <(returning 'Tensor|bool|u?int(32|64)_t|size_t|Scalar|ScalarType|TypeMeta|void|>'))
false_missing=$(comm -12 <(awk '$1 == "missing" { print $2 }' <<< "$listed") <(returning Tensor))
[ -z "$false_there" ] || { echo "listed as there, but not declared:" $false_there; exit 1; }
[ -z "$false_missing" ] || { echo "listed as missing, but declared:" $false_missing; exit 1; }
awk '{ ++n[$1] } END { printf "%d of %d operations of libtorch are there\n", n["there"], n["there"] + n["missing"] }' <<< "$listed"
