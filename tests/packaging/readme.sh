#!/usr/bin/env bash
# The program and the CMakeLists.txt that README.md shows, built against the installed package: readme.sh README PREFIX WORK CXX CMAKE
set -eu
readme=$1 prefix=$2 work=$3/readme cxx=$4 cmake=$5
rm -rf "$work"
mkdir -p "$work"

# The first block of a language.
block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$readme" | sed -e 1d -e '/^```$/,$d'; }
block cpp > "$work/app.cpp"
block cmake > "$work/CMakeLists.txt"

"$cmake" -S "$work" -B "$work/build" -G Ninja -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$cxx" --log-level=WARNING
"$cmake" --build "$work/build"
"$work/build/app" | tee "$work/output"

# Three losses that fall, and the truth table of exclusive or.
awk '
  /^loss / { if (losses++ && $2 >= last) { print "the loss does not fall"; exit 1 } last = $2 }
  /^ *[0-9.e-]+$/ { rounded = rounded ($1 < 0.5 ? 0 : 1) }
  END { if (losses != 3 || rounded != "0110") { print "unexpected output"; exit 1 } }
' "$work/output"
