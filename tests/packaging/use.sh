#!/usr/bin/env bash
# Builds and runs an outside program: use.sh WAY SOURCE BUILD PREFIX WORK CXX CMAKE
#
# find_package    the installed CMake package, shared and static
# pkg_config      the installed .pc files, shared and static
# add_subdirectory, fetch_content   the library as a part of the project. Its objects are BUILD's, whose flags must be theirs. What
#                 FetchContent adds is built by the same commands, word for word, as what add_subdirectory adds, and not once more.
#
# CXXFLAGS and LDFLAGS of the environment are what the build was made with. The programs are compiled once for all ways: see once.sh.
set -eu
way=$1 source=$2 main_build=$3 prefix=$4 work=$5 cxx=$6 cmake=$7
outside=$source/tests/packaging/outside
once="$source/tests/packaging/once.sh;$work/once"

fail() { echo "$1"; exit 1; }

if [ "$way" = pkg_config ]; then
  mkdir -p "$work/pkg_config" && cd "$work/pkg_config"
  export PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name xgrad.pc)")
  pkg-config --cflags xgrad | grep -q xgrad-torch && fail "xgrad.pc adds torch/torch.h"
  ${once/;/ } "$cxx" -O0 ${CXXFLAGS-} -std=c++17 $(pkg-config --cflags xgrad) -o main.o -c $outside/main.cpp
  ${once/;/ } "$cxx" -O0 ${CXXFLAGS-} -std=c++17 $(pkg-config --cflags xgrad-torch) -o torch_style.o -c $outside/torch_style.cpp
  link="$cxx ${CXXFLAGS-} ${LDFLAGS-}"
  $link main.o -o main $(pkg-config --libs xgrad)
  $link torch_style.o -o torch_style $(pkg-config --libs xgrad-torch)
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir xgrad) ./main
  LD_LIBRARY_PATH=$(pkg-config --variable=libdir xgrad) ./torch_style
  $link main.o -o main_static $(pkg-config --variable=libdir xgrad)/libxgrad.a \
    $(pkg-config --libs-only-l --libs-only-other --static xgrad | sed 's/-lxgrad//')
  ./main_static
  exit
fi

build=$work/$way
launcher=$once
case $way in add_subdirectory | fetch_content) launcher="$source/tests/packaging/reuse.sh;$main_build;$launcher" ;; esac
"$cmake" -S "$outside" -B "$build" -G Ninja -DWAY="$way" -DXGRAD_SOURCE="$source" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" -DCMAKE_BUILD_TYPE=Quick -DCMAKE_CXX_FLAGS="-O0 ${CXXFLAGS-}" \
  -DFETCHCONTENT_SOURCE_DIR_XGRAD="$source" "$(grep '^XGRAD_UNITY:' "$main_build/CMakeCache.txt" | sed 's/^/-D/')" --log-level=WARNING

# How the project is built, without what makes CMake run again and the debug files of Windows, which CMake names when it runs first.
commands_of() {  # the folder's name is no regular expression: it may be libc++'s
  local ninja
  ninja=$(<"$work/$1/build.ninja")
  sed -E '/^build all:|: RERUN_CMAKE |VerifyGlobs\.cmake|^  TARGET_(COMPILE_)?PDB = /d' <<<"${ninja//"$work/$1"/BUILD}"
}
if [ "$way" = fetch_content ]; then
  diff <(commands_of add_subdirectory) <(commands_of fetch_content) || fail "FetchContent builds otherwise than add_subdirectory"
  echo "$(commands_of fetch_content | grep -c '^build ') steps, as with add_subdirectory"
  exit
fi

targets=all
if [ "$way" = add_subdirectory ]; then
  # The library's objects, and the flags in both builds. Optimisation, folders, and what only a project at the top asks for are its own affair.
  awk -v source="$source/" -v main_build="$main_build" '
    !/"command": .*CMakeFiles\/xgrad_[a-z_]*\.dir/ { next }
    {
      sub(/^.*"command": "/, ""); sub(/",? *$/, "")
      n = split($0, words, " ")
      flags = ""
      for (i = 1; i <= n; ++i) {
        if (words[i] == "-c") file = words[i + 1]
        if (words[i] ~ /^-(isystem|MT|MF|o|c)$/) ++i
        else if (words[i] ~ /^-/ && words[i] !~ /^-([IOMg]|DNDEBUG|finline-functions|-param=|fvect-cost-model|mllvm|inline-threshold|Werror=frame)/) flags = flags words[i] " "
      }
      if (flags ~ /-DXGRAD_SAMPLES/) next  # the samples of the same file
      sub(source, "", file)
      sub(/^.*\/CMakeFiles\//, "", file)
      if (NR == FNR) { alone[file] = flags; next }
      ++count
      if (!(file in alone)) print main_build " compiles no " file
      else if (alone[file] != flags) print file " has other flags in a project that adds the library than alone:\n" flags "\n" alone[file]
      else next
      bad = 1
    }
    END {
      if (!count) print "no objects of the library"
      exit bad || !count
    }' "$main_build/compile_commands.json" "$build/compile_commands.json"
  targets="all _deps/xgrad-build/all"
fi
"$cmake" --build "$build" --target $targets
commands=$(grep -E '"command".*(main|torch_style)\.cpp' "$build/compile_commands.json")
echo "$commands" | grep -qE -e '-(Wall|O3|ffp-contract|fno-|fvisibility|ftls|std=(gnu|c)\+\+(20|2a))' && fail "our flags leak: $commands"
echo "$commands" | grep 'main\.cpp' | grep -qE 'compat|xgrad-torch' && fail "xgrad::xgrad adds torch/torch.h: $commands"
"$build/main"
"$build/torch_style"
[ "$way" = find_package ] || exit 0
"$build/main_static"
if ldd "$build/main_static" | grep -q libxgrad; then fail "the static program needs libxgrad.so"; fi
