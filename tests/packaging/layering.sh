#!/usr/bin/env bash
# Fails on an #include from one room into another that the table below does not list, and on a namespace without xgrad; prints
# how many includes lead where: layering.sh SOURCE
set -eu
cd "$1"

# A room, and the rooms that it may include besides itself. What lies in a folder is of the room with the longest matching name.
allowed='
autograd/core:
autograd/kernels: autograd/core
autograd/tensor: autograd/kernels autograd/core
autograd/graph: autograd/tensor autograd/core
autograd/ops: autograd/graph autograd/tensor autograd/kernels autograd/core
autograd/engine: autograd/ops autograd/graph autograd/tensor autograd/core
autograd/compile: autograd/engine autograd/graph autograd/tensor autograd/kernels autograd/core
autograd/func: autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
autograd/catalogue: autograd/ops autograd/graph autograd/tensor autograd/core
samples: autograd/catalogue autograd/ops
io: autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
nn: io autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
optim: io autograd/kernels autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
data: io autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
train: data nn io autograd/ops autograd/tensor autograd/core
distributed: nn optim io autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
inspect: train nn io autograd/kernels autograd/engine autograd/ops autograd/graph autograd/tensor autograd/core
'

# Every include of one of our headers as "file:line room target", the samples of an operation being a room of their own.
find autograd nn optim data io train distributed inspect -name '*.h' -o -name '*.cpp' | sort | xargs awk -v allowed="$allowed" '
  function room(path,   best, r) {
    for (r in rooms) if (index(path, r "/") == 1 && length(r) > length(best)) best = r
    return best == "" ? path : best
  }
  BEGIN {
    n = split(allowed, lines, "\n")
    for (i = 1; i <= n; ++i) {
      if (lines[i] == "") continue
      split(lines[i], parts, ":")
      rooms[parts[1]] = parts[2] " "
      order[++count] = parts[1]
    }
  }
  FNR == 1 { from = FILENAME ~ /^autograd\/ops\/.*_samples\.cpp$/ ? "samples" : room(FILENAME) }
  /^#else  \/\/ ---- samples/ { from = "samples" }
  /^#include ("|<(xgrad|torch|ATen|c10|autograd|nn|optim|data|io|train|distributed|inspect|tests|examples)\/)/ {
    target = $2
    gsub(/[<>"]|^<?xgrad\//, "", target)
    to = room(target)
    ++includes[from, to]
    if (to != from && index(rooms[from], " " to " ") == 0) {
      print FILENAME ":" FNR ": " from " must not include " target
      bad = 1
    }
  }
  END {
    for (i = 1; i <= count; ++i) {
      line = ""
      for (k = 1; k <= count; ++k) if (includes[order[i], order[k]]) line = line "  " order[k] " " includes[order[i], order[k]]
      printf "%-19s%s\n", order[i], line
    }
    exit bad
  }'

# Clang gives what is declared in `namespace torch::nn {` another symbol than g++ does: see autograd/core/namespace.h.
if grep -rnE --include='*.h' --include='*.cpp' '^ *namespace torch::' autograd nn optim data io train distributed inspect; then
  echo "open it as: namespace torch { inline namespace xgrad { namespace ..."
  exit 1
fi
