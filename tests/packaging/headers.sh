#!/usr/bin/env bash
# Compiles every installed header alone as C++17, needing nothing but the standard library, and the umbrella headers
# as the later standards: headers.sh SOURCE PREFIX CXX
set -eu
source=$1 prefix=$2 cxx=$3
cd "$prefix/include"
warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror"
check() {
  echo "#include <$2>" | "$cxx" -std=c++"$1" -fsyntax-only $warnings -I . -I xgrad-torch -x c++ - || { echo "$2 does not stand alone"; exit 255; }
}
export -f check
export cxx warnings

# libtorch's names that are made from a list of two lines: a pragma, and what they forward to or why they can't.
forwards=$(cd xgrad-torch; find . -name '*.h' -printf '%P\n' | while read -r h; do [ "$(wc -l < "$h")" -ne 2 ] || echo "$h"; done)
missing=$(cd xgrad-torch; grep -l '^#error "xgrad has no ' $forwards)
headers=$({ find xgrad -name '*.h'; cd xgrad-torch; find . -name '*.h' -printf '%P\n' | grep -vxF "$forwards"; } | grep -v 'xtensor.h$')

# A header that is the first include of its own source is compiled alone whenever that is, and one that holds nothing but
# includes stands when they do; the others are here.
path() { [ -f "$1" ] && echo "$1" || echo "xgrad-torch/$1"; }
alone=$(for h in $headers; do
  own=$source/${h#xgrad/}
  { [ -f "${own%.h}.cpp" ] && grep -m1 '^#include' "${own%.h}.cpp" | grep -qF "<$h>"; } ||
    ! sed 's,//.*,,' "$(path "$h")" | grep -qvE '^ *$|^#pragma once|^#include' || echo "$h"
done)
sed 's/.*/#include <&>/' <<< "$headers" | "$cxx" -std=c++17 -fsyntax-only $warnings -I . -I xgrad-torch -x c++ -
echo "$alone" | xargs -P "$(nproc)" -I{} bash -c "check 17 {}"
for standard in 20 2b; do
  check "$standard" torch/torch.h
done
echo "$forwards" | grep -vxF "$missing" | sed 's/.*/#include <&>/' | "$cxx" -std=c++17 -fsyntax-only $warnings -I . -I xgrad-torch -x c++ -

# refused SENTENCE SOURCE: the compiler stops with the sentence, once.
refused() {
  local said
  said=$(printf "$2" | "$cxx" -std=c++17 -fsyntax-only -I . -I xgrad-torch -x c++ - 2>&1) && { echo "compiles: $2"; exit 1; }
  [ "$(echo "$said" | grep -c "error: .*$1")" -eq 1 ] || { echo "$said"; echo "expected once: $1"; exit 1; }
}
refused 'xgrad has no convolution' '#include <torch/nn/modules/conv.h>\n'
refused 'xgrad has no bindings for Python' '#include <torch/extension.h>\n'
refused 'xgrad runs no TorchScript: write the net as' '#include <torch/script.h>\ntorch::jit::script::Module module;\n'
refused 'xgrad runs no TorchScript: write the net as' '#include <torch/script.h>\nauto module = torch::jit::load("net.pt");\n'
if grep -rnE '#include <(iostream|regex|cblas\.h|xtensor.*|xsimd.*|nlohmann.*|zlib\.h)>' xgrad | grep -v 'xtensor.h:'; then
  echo "a public header includes something heavy"
  exit 1
fi
echo "$(echo "$headers" | wc -l) headers stand alone, $(echo "$alone" | wc -l) of them compiled here; of libtorch's other names $(echo "$forwards" | wc -l) are known, $(echo "$missing" | wc -l) of them as missing"
echo '#include <xgrad/xgrad.h>' | "$cxx" -std=c++17 -I . -E -P -x c++ - |
  awk '{ bytes += length($0) + 1 } END { printf "the umbrella header is %d lines, %d kB after preprocessing\n", NR, bytes / 1000 }'
