#!/usr/bin/env bash
# What a program takes over with xgrad, by room: bytes of the library, and functions that the umbrella header makes a compiler define, on
# which most of the time to include it goes. budgets.sh LIBRARY OBJECTS SOURCE-INCLUDE CXX
set -eu
library=$(readlink -f "$1") objects=$2 include=$3 cxx=$4

# A room, the bytes of its object code, and the functions of its headers (std: templates of the standard library made for xgrad's
# types). They sum up to 9 MB, of which stripping and linking leave 8.3, and to about 2 s of g++ on a processor of 2023. Raised only with a reason in the CHANGELOG.
budgets='
autograd/core      100000   300
autograd/kernels  2730000     0
autograd/tensor    100000   620
autograd/graph     120000    50
autograd/ops      2650000   125
autograd/engine    200000    80
autograd/compile    80000    10
autograd/func      200000    10
nn                1100000  1960
optim              300000   880
data               100000    80
io                 565000    20
train               80000     0
inspect            400000     0
std                     0  2550
'

bytes_of() {
  find "$objects" -path '*/xgrad_samples.dir' -prune -o \( -path "*/xgrad_*.dir/$1/*.o" -o -name "unity_${1//\//_}_*.o" \) -exec size {} + |
    awk '$1 ~ /^[0-9]+$/ { sum += $1 + $2 } END { print sum + 0 }'
}

# g++ can keep, and so count, what it would define; the debug information says in which header.
functions=
if ! "$cxx" -dM -E -x c++ /dev/null | grep -q __clang__; then
  functions=$(echo '#include <xgrad/xgrad.h>' | "$cxx" -std=c++17 -O0 -g1 -fkeep-inline-functions -I "$include" -S -x c++ - -o - | awk '
    /^\t\.file [0-9]+ / {
      line = $0
      gsub(/"/, "", line)
      n = split(line, parts, " ")
      file[$2] = parts[n]
      if (n > 3 && parts[n] !~ /^\//) file[$2] = parts[n - 1] "/" parts[n]
    }
    /\.type.*5xgrad.*function/ { wanted = 1; next }
    wanted && /^\t\.loc / {
      room = "std"
      if (split(file[$2], path, "/xgrad/") == 2) {
        split(path[2], parts, "/")
        room = parts[1] == "autograd" ? parts[1] "/" parts[2] : parts[1]
      }
      ++count[room]
      wanted = 0
    }
    END { for (room in count) print room, count[room] }')
fi

over=0
while read -r room most_bytes most_functions; do
  [ -n "$room" ] || continue
  bytes=$(bytes_of "$room")
  defined=$(echo "$functions" | awk -v room="$room" '$1 == room { print $2 }')
  printf '%-18s %8d of %8d bytes, %4d of %4d functions\n' "$room" "$bytes" "$most_bytes" "${defined:-0}" "$most_functions"
  [ "$bytes" -gt 0 ] || [ "$most_bytes" -eq 0 ] || { echo "$room has no objects"; over=1; }
  [ "$bytes" -le "$most_bytes" ] && [ "${defined:-0}" -le "$most_functions" ] || { echo "$room is over its budget"; over=1; }
done <<< "$budgets"
unknown=$(comm -23 <(echo "$functions" | cut -d' ' -f1 | sort) <(echo "$budgets" | awk '{ print $1 }' | sort))
[ -z "$unknown" ] || { echo "without a budget: $unknown"; over=1; }

copy=$(mktemp)
trap 'rm -f "$copy"' EXIT
strip -o "$copy" "$library"
bytes=$(stat -c %s "$copy")
shared=$(ldd "$library" | wc -l)
samples=$(nm -C --defined-only "$library" | grep -c 'catalogue::' || true)
echo "stripped $bytes bytes; $shared shared objects; $samples symbols of the catalogue"
[ "$bytes" -lt 8400000 ] || { echo "over 8.4 MB"; exit 1; }
[ "$samples" -eq 0 ] || { nm -C --defined-only "$library" | grep 'catalogue::'; exit 1; }
[ "$shared" -le 12 ] || { ldd "$library"; echo "too many shared objects"; exit 1; }
exit $over
