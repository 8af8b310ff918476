#!/bin/sh
# Every source is laid out as .clang-format says, by the release of clang-format that Debian 12 has: format.sh SOURCE
set -eu
cd "$1"
command -v clang-format-14 > /dev/null || { echo "no clang-format-14"; exit 77; }
files=$(find autograd nn optim data io train distributed inspect compat tests examples benchmarks xgrad.h -name '*.h' -o -name '*.cpp')
echo "$files" | xargs -P "$(nproc)" -n 50 clang-format-14 --dry-run -Werror || { echo "make format mends it"; exit 1; }
awk -v most=150 'length > most { print FILENAME ":" FNR " has " length " columns"; bad = 1 } END { exit bad }' $files
echo "$(echo "$files" | wc -l) files"
