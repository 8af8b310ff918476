#!/usr/bin/env bash
# Compiles every installed header alone, needing nothing but the standard library: headers.sh STANDARD PREFIX CXX
set -eu
standard=$1 prefix=$2 cxx=$3
cd "$prefix/include"
check() {
  echo "#include <$2>" | "$cxx" -std=c++"$1" -fsyntax-only -Wall -Wextra -Werror -I . -I xgrad-torch -x c++ - || { echo "$2 does not stand alone"; exit 255; }
}
export -f check
export cxx
headers=$({ find xgrad -name '*.h'; cd xgrad-torch; find . -name '*.h' -printf '%P\n'; } | grep -v 'xtensor.h$')
echo "$headers" | xargs -P "$(nproc)" -I{} bash -c "check $standard {}"
if grep -rnE '#include <(iostream|regex|cblas\.h|xtensor.*|xsimd.*|nlohmann.*|zlib\.h)>' xgrad | grep -v 'xtensor.h:'; then
  echo "a public header includes something heavy"
  exit 1
fi
echo "$(echo "$headers" | wc -l) headers compile alone as C++$standard"
echo '#include <xgrad/xgrad.h>' | "$cxx" -std=c++"$standard" -I . -E -P -x c++ - | awk -v s="$standard" \
  '{ bytes += length($0) + 1 } END { printf "the umbrella header is %d lines, %d kB after preprocessing as C++%s\n", NR, bytes / 1000, s }'
