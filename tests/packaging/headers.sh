#!/usr/bin/env bash
# Compiles every installed header as C++17, needing nothing but the standard library and what it includes, and the umbrella headers as the
# later standards: headers.sh SOURCE PREFIX CXX
set -eu
source=$1 prefix=$2 cxx=$3 here=$(realpath "$(dirname "$0")")
cd "$prefix/include"
warnings="-Wall -Wextra -Wpedantic -Wshadow -Werror ${CXXFLAGS-}"
# compile STANDARD: the headers that it reads, one after the other.
compile() { sed 's/.*/#include <&>/' | "$cxx" -std=c++"$1" -fsyntax-only $warnings -I . -I xgrad-torch -x c++ -; }
# check STANDARD HEADER...: each needs nothing but what it includes.
check() {
  local standard=$1
  shift
  printf '%s\n' "$@" | compile "$standard" || { echo "does not stand alone: one of $*"; exit 255; }
}
export -f check compile
export cxx warnings

# libtorch's names that are made from a list of two lines: a pragma, and what they forward to or why they can't.
torch=$(cd xgrad-torch; find . -name '*.h' -printf '%P\n')
forwards=$(cd xgrad-torch; echo "$torch" | xargs awk '
  FNR == 1 && file { if (lines == 2) print file }
  { file = FILENAME; lines = FNR }
  END { if (lines == 2) print file }')
missing=$(cd xgrad-torch; grep -l '^#error "xgrad has no ' $forwards)
files=$({ find xgrad -name '*.h'; grep -vxFf <(echo "$forwards") <<< "$torch" | sed 's,^,xgrad-torch/,'; } | grep -vE '(xtensor|/mpi)\.h$' | sort)
headers=$(sed 's,^xgrad-torch/,,' <<< "$files")

# All together, with what libtorch's names forward to, and those that nothing else compiles alone.
{ echo "$headers"; grep -vxFf <(echo "$missing") <<< "$forwards"; } | compile 17
chains=$(awk -v source="$source" -f "$here/chains.awk" $files)
xargs -P "$(nproc)" -I{} bash -c "check 17 {}" <<< "$chains"
for standard in 20 2b; do
  check "$standard" torch/torch.h
done

# refused TIMES SENTENCE SOURCE: the compiler stops with the sentence, so often.
refused() {
  local said
  said=$(printf "$3" | "$cxx" -std=c++17 -fsyntax-only -I . -I xgrad-torch -x c++ - 2>&1) && { echo "compiles: $3"; exit 1; }
  [ "$(echo "$said" | grep -c "error: .*$2")" -eq "$1" ] || { echo "$said"; echo "expected $1 times: $2"; exit 1; }
}
refused 1 'xgrad has no complex numbers' '#include <c10/util/complex.h>\n'
refused 1 'xgrad has no forward-mode derivatives' '#include <torch/csrc/autograd/forward_grad.h>\n'
refused 1 'xgrad has no forward-mode derivatives: a' '#include <torch/torch.h>\nauto level = torch::autograd::forward_ad::enter_dual_level();\n'
refused 1 'xgrad has no bindings for Python' '#include <torch/extension.h>\n'
refused 2 'xgrad runs no TorchScript: write the net as' \
  '#include <torch/script.h>\ntorch::jit::script::Module module;\nauto net = torch::jit::load("net.pt");\n'
refused 1 'xgrad has no TorchScript: write the net as' '#include <torch/csrc/jit/api/module.h>\n'
refused 1 'xgrad has no Fourier transforms' '#include <torch/torch.h>\nauto y = torch::fft::fft(torch::ones({4}));\n'
refused 1 'xgrad has no complex numbers' '#include <torch/torch.h>\nauto y = torch::view_as_complex(torch::ones({4, 2}));\n'
refused 1 'xgrad has no sparse tensors' '#include <torch/torch.h>\nauto y = torch::ones({4}).to_sparse();\n'
refused 1 'xgrad has no operation of this name: it belongs to' '#include <torch/torch.h>\nauto y = torch::select_backward(torch::ones({1}), torch::ones({2}).sizes(), 0, 0);\n'
if grep -rnE '#include <(iostream|regex|cblas\.h|xtensor.*|xsimd.*|nlohmann.*|zlib\.h)>' xgrad | grep -v 'xtensor.h:'; then
  echo "a public header includes something heavy"
  exit 1
fi
count() { echo "$1" | wc -w; }
echo "$(count "$headers") headers stand alone, $(count "$chains") of them compiled here in $(echo "$chains" | wc -l) chains;" \
  "of libtorch's other names $(count "$forwards") are known, $(count "$missing") of them as missing"
echo '#include <xgrad/xgrad.h>' | "$cxx" -std=c++17 -I . -E -P -x c++ - |
  awk '{ bytes += length($0) + 1 } END { printf "the umbrella header is %d lines, %d kB after preprocessing\n", NR, bytes / 1000 }'
