#!/usr/bin/env bash
# Records what every program prints when it is built with libtorch: record.sh [program...]
set -eu
cd "$(dirname "$0")"
[ $# -gt 0 ] || set -- $(basename -s .cpp programs/*.cpp)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in "$@"; do
  echo "$name"
  g++ -std=c++17 -O0 -I/usr/include/torch/csrc/api/include programs/"$name".cpp $(ls programs/parts/"$name".cpp 2>/dev/null) \
    -o "$work/$name" -ltorch -ltorch_cpu -lc10
  OMP_NUM_THREADS=1 "$work/$name" > expected/"$name".txt
done
