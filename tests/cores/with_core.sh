#!/bin/sh
# with_core.sh OPENBLAS_CORE CORE "FLAGS" PROGRAM ARGUMENTS...
# Runs the program with OpenBLAS's kernels for CORE. Exits with 77, after a line that says why, where the processor lacks one of
# the FLAGS that they need or the OpenBLAS at hand comes without them.
openblas_core=$1 core=$2 flags=$3
shift 3
for flag in $flags; do
  grep -m1 '^flags' /proc/cpuinfo | grep -qw "$flag" || { echo "$core needs $flag, which this processor lacks"; exit 77; }
done
export OPENBLAS_CORETYPE=$core
taken=$("$openblas_core")
[ "$taken" = "$core" ] || { echo "asked for $core, OpenBLAS takes $taken"; exit 77; }
exec "$@"
