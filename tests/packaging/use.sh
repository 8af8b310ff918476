#!/usr/bin/env bash
# Builds and runs an outside program: use.sh WAY SOURCE BUILD PREFIX WORK CXX CMAKE
set -eu
way=$1 source=$2 main_build=$3 prefix=$4 work=$5 cxx=$6 cmake=$7
outside=$source/tests/packaging/outside

fail() { echo "$1"; exit 1; }

if [ "$way" = pkg_config ]; then
  mkdir -p "$work/pkg_config" && cd "$work/pkg_config"
  export PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name xgrad.pc)")
  pkg-config --cflags xgrad | grep -q xgrad-torch && fail "xgrad.pc adds torch/torch.h"
  $cxx -std=c++17 $outside/main.cpp -o main $(pkg-config --cflags --libs xgrad)
  $cxx -std=c++17 $outside/torch_style.cpp -o torch_style $(pkg-config --cflags --libs xgrad-torch)
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir xgrad) ./main
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir xgrad) ./torch_style
  $cxx -std=c++17 $outside/main.cpp -o main_static $(pkg-config --cflags xgrad) $(pkg-config --variable=libdir xgrad)/libxgrad.a \
    $(pkg-config --libs-only-l --libs-only-other --static xgrad | sed 's/-lxgrad//')
  ./main_static
  exit
fi

build=$work/$way
launcher=
case $way in add_subdirectory | fetch_content) launcher="$source/tests/packaging/reuse.sh;$main_build;$source" ;; esac
"$cmake" -S "$outside" -B "$build" -G Ninja -DWAY="$way" -DXGRAD_SOURCE="$source" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" -DCMAKE_BUILD_TYPE=Quick -DCMAKE_CXX_FLAGS=-O0 --log-level=WARNING
"$cmake" --build "$build"
commands=$(grep -E '"command".*(main|torch_style)\.cpp' "$build/compile_commands.json")
echo "$commands" | grep -qE -e '-(Wall|O3|ffp-contract|fno-|fvisibility|ftls|std=(gnu|c)\+\+(20|2a))' && fail "our flags leak: $commands"
echo "$commands" | grep 'main\.cpp' | grep -qE 'compat|xgrad-torch' && fail "xgrad::xgrad adds torch/torch.h: $commands"
"$build/main"
[ "$way" = static ] || "$build/torch_style"
if [ "$way" = static ] && ldd "$build/main" | grep -q libxgrad; then fail "the static program needs libxgrad.so"; fi
exit 0
