#!/bin/sh
# Records again how many instructions libtorch takes for a small operation, which the test cost/instructions holds xgrad
# against. Needs a build with -DXGRAD_BUILD_BENCHMARKS=ON, given as the argument, and valgrind.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${1:-$here/../build/release}
cmake --build "$build" --target instructions_libtorch
figures=$("$here/../tests/cost/instructions.sh" "$build/benchmarks/instructions_libtorch")
{
  echo "$figures"
  echo
  echo "Instructions of one operation of y = y * a + a on 8 floats, without gradients and with them (forward and backward)."
  echo "libtorch $(dpkg-query -W -f '${Version}' libtorch-dev), one thread; recorded by benchmarks/instructions.sh."
} > "$here/../tests/cost/libtorch_instructions.txt"
cat "$here/../tests/cost/libtorch_instructions.txt"
