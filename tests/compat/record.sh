#!/usr/bin/env bash
# Records what every program prints when it is built with libtorch: record.sh [program...]. Debian's libtorch logs by glog, whose macros a program may use.
set -eu
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- $(basename -s .cpp programs/*.cpp)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
api=/usr/include/torch/csrc/api/include
# Of several programs each takes a fifth of the time when libtorch's header is precompiled.
mkdir "$work"/torch
[ $# -lt 3 ] || g++ -std=c++17 -O0 -w -I$api -x c++-header $api/torch/torch.h -o "$work"/torch/torch.h.gch
for name in "$@"; do
  echo "$name"
  g++ -std=c++17 -O0 -I"$work" -I$api programs/"$name".cpp $(ls programs/parts/"$name".cpp 2>/dev/null) -o "$work/$name" -ltorch -ltorch_cpu -lc10 -l:libglog.so.1
  OMP_NUM_THREADS=1 "$work/$name" > expected/"$name".txt
done
