#!/usr/bin/env bash
# Compiles every installed header alone as C++17, needing nothing but the standard library, and the umbrella headers
# as the later standards: headers.sh PREFIX CXX
set -eu
prefix=$1 cxx=$2
cd "$prefix/include"
check() {
  echo "#include <$2>" | "$cxx" -std=c++"$1" -fsyntax-only -Wall -Wextra -Werror -I . -I xgrad-torch -x c++ - || { echo "$2 does not stand alone"; exit 255; }
}
export -f check
export cxx
headers=$({ find xgrad -name '*.h'; cd xgrad-torch; find . -name '*.h' -printf '%P\n'; } | grep -v 'xtensor.h$')
echo "$headers" | xargs -P "$(nproc)" -I{} bash -c "check 17 {}"
for standard in 20 23; do
  check "$standard" xgrad/xgrad.h
  check "$standard" torch/torch.h
done
if grep -rnE '#include <(iostream|regex|cblas\.h|xtensor.*|xsimd.*|nlohmann.*|zlib\.h)>' xgrad | grep -v 'xtensor.h:'; then
  echo "a public header includes something heavy"
  exit 1
fi
echo "$(echo "$headers" | wc -l) headers compile alone"
echo '#include <xgrad/xgrad.h>' | "$cxx" -std=c++17 -I . -E -P -x c++ - |
  awk '{ bytes += length($0) + 1 } END { printf "the umbrella header is %d lines, %d kB after preprocessing\n", NR, bytes / 1000 }'
