#!/usr/bin/env bash
# compat/SPACE.list is true: every name that it says xgrad has in torch::SPACE can be used, none that it says is missing, and where
# libtorch is installed it names what its headers do. names.sh SPACE SOURCE PREFIX CXX
set -eu
space=$1 source=$2 prefix=$3 cxx=$4
list=compat/$space.list
names() { awk -v missing="$1" '/^#/ { next } /^\[/ { is = /^\[!/; next } is == missing' "$source/$list" | tr -s ' ' '\n' | grep . | sort; }
# knows NAMES: true iff the compiler does.
knows() {
  { echo "#include <torch/$space.h>"; echo 'void f() {'; sed "s/.*/{ using torch::$space::&; }/" <<< "$1"; echo '}'; } |
    "$cxx" -std=c++17 -fsyntax-only -I "$prefix/include" -I "$prefix/include/xgrad-torch" -x c++ - 2>&1
}
have=$(names 0) missing=$(names 1 || true) status=0
fail() { echo "$@"; status=1; }
count() { grep -c . <<< "$1" || true; }
unknown=$(knows "$have") || fail "a name that $list says xgrad has is missing: $unknown"
for name in $missing; do
  knows "$name" > /dev/null && fail "xgrad has $name, which $list says is missing"
done
if [ -d /usr/include/torch/csrc/api/include ]; then
  diff <(grep . <<< "$have"$'\n'"$missing" | sort) <("$source/compat/names.sh" "$space" | sort) || fail "$list doesn't name what libtorch's headers do"
fi
echo "of libtorch's names in torch::$space xgrad has $(count "$have"), and lacks $(count "$missing")"
exit $status
