#!/usr/bin/env bash
# Gives files that libFuzzer makes up to the readers of io, compiled with its coverage and AddressSanitizer and UBSan, the rest of the library as it
# is: run.sh SOURCE BUILD RUNS [FORMAT...]. They begin with the files in tests/data and are kept in BUILD/fuzz_files; what fails lies there as crash-*.
set -eu -o pipefail
source=$1 build=$2 runs=$3
shift 3
formats=("$@")
[ ${#formats[@]} -gt 0 ] || formats=(safetensors archive zip npy pickle)
work=$build/fuzz_files
if [ ! -e "$work/fuzz_files" ] || [ -n "$(find "$source/io" "$source/tests/fuzz_files" -newer "$work/fuzz_files" -name '*.[ch]*')" ]; then
  rm -rf "$work/objects"
  mkdir -p "$work/objects"
  find "$source/io" "$source/tests/fuzz_files" -name '*.cpp' |
    while read -r file; do echo "$file" "$work/objects/$(basename "$(dirname "$file")")_$(basename "$file").o"; done |
    xargs -P "$(nproc)" -L 1 sh -c 'clang++ -std=c++20 -O2 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fPIC \
      -I "$0/include" -c "$1" -o "$2"' "$build"
  clang++ -fsanitize=fuzzer,address,undefined "$work"/objects/*.o -o "$work/fuzz_files" -L "$build" -lxgrad -Wl,-rpath,"$build" -lz
fi

for format in "${formats[@]}"; do
  corpus=$work/corpus/$format
  mkdir -p "$corpus"
  case $format in
    safetensors) cp "$source"/tests/fuzz_files/corpus/*.safetensors "$corpus" ;;
    archive) cp "$source"/tests/fuzz_files/corpus/*.safetensors "$source"/tests/data/pickles/*.pt "$source"/tests/data/arrays/*.npz "$corpus" ;;
    zip) cp "$source"/tests/data/pickles/t*.pt "$source"/tests/data/arrays/*.npz "$corpus" ;;
    npy) cp "$source"/tests/data/arrays/*.npy "$corpus" ;;
    pickle) cp "$source"/tests/fuzz_files/corpus/*.pkl "$corpus" ;;
  esac
  echo "== $format"
  FORMAT=$format "$work/fuzz_files" -runs="$runs" -max_len=4096 -timeout=20 -rss_limit_mb=2048 -malloc_limit_mb=512 -print_final_stats=1 \
    -verbosity=0 -print_funcs=0 -artifact_prefix="$work/crash-$format-" "$corpus" 2>&1 | grep -v -e 'INFO:' || { echo "$format failed"; exit 1; }
done
