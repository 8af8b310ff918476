#!/usr/bin/env bash
# The program and the CMakeLists.txt that a page shows first, built against the installed package: readme.sh PAGE PREFIX WORK CXX CMAKE
set -eu
page=$1 prefix=$2 work=$3/$(basename "$1" .md) cxx=$4 cmake=$5
rm -rf "$work"
mkdir -p "$work"

# The first block of a language.
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$page" | sed -e 1d -e '/^```$/,$d'; }
block cmake > "$work/CMakeLists.txt"
name=$(sed -n 's/^add_executable(\([a-z]*\) .*/\1/p' "$work/CMakeLists.txt")
block cpp > "$work/$name.cpp"

"$cmake" -S "$work" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$cxx" --log-level=WARNING
"$cmake" --build "$work/build"
"$work/build/$name" | tee "$work/output"

block text > "$work/expected"
if [ -s "$work/expected" ]; then
  diff "$work/expected" "$work/output"
else  # three losses that fall, and the truth table of exclusive or
  awk '
    /^loss / { if (losses++ && $2 >= last) { print "the loss does not fall"; exit 1 } last = $2 }
    /^ *[0-9.e-]+$/ { rounded = rounded ($1 < 0.5 ? 0 : 1) }
    END { if (losses != 3 || rounded != "0110") { print "unexpected output"; exit 1 } }
  ' "$work/output"
fi
