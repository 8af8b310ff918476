#!/usr/bin/env bash
# compat/nn.list is true: every name that it says xgrad has can be used, none that it says is missing, and where libtorch is installed it
# names what its headers do. nn_names.sh SOURCE PREFIX CXX
set -eu
source=$1 prefix=$2 cxx=$3
names() { awk -v missing="$1" '/^#/ { next } /^\[/ { is = /^\[!/; next } is == missing' "$source/compat/nn.list" | tr -s ' ' '\n' | grep . | sort; }
# The names that a compiler does not know.
unknown() {
  { echo '#include <torch/nn.h>'; echo 'void f() {'; sed 's/.*/{ using torch::nn::&; }/' <<< "$1"; echo '}'; } |
    "$cxx" -std=c++17 -fsyntax-only -fmax-errors=0 -ferror-limit=0 -I "$prefix/include" -I "$prefix/include/xgrad-torch" -x c++ - 2>&1 | grep -cE 'error: .*(has not been declared|no member named|no type named)' || true
}
have=$(names 0) missing=$(names 1) status=0
fail() { echo "$@"; status=1; }
count() { wc -l <<< "$1"; }
[ "$(unknown "$have")" -eq 0 ] || fail "a name that compat/nn.list says xgrad has is missing"
[ "$(unknown "$missing")" -eq "$(count "$missing")" ] || fail "xgrad has a name that compat/nn.list says is missing"
if [ -d /usr/include/torch/csrc/api/include ]; then
  diff <(sort <<< "$have"$'\n'"$missing") <("$source/compat/nn_names.sh" | sort) || fail "compat/nn.list doesn't name what libtorch's headers do"
fi
echo "of libtorch's names in torch::nn xgrad has $(count "$have"), and lacks $(count "$missing")"
exit $status
