#!/bin/sh
# Instructions of one small operation, forward and with gradients, of a program built from small_operations.cpp:
#
#   instructions.sh PROGRAM                                 prints "forward N" and "backward N"
#   instructions.sh PROGRAM LIBTORCH FORWARD BACKWARD      fails if one is more than that share, in thousandths, of what the file LIBTORCH has
#
# Counted by callgrind as the difference of two runs, so that starting and warming up cancel.
set -eu
program=$1
recorded=${2:-}
forward_share=${3:-100}
backward_share=${4:-100}

# $1: what to run, $2: how often (100 operations each)
count() {
  XGRAD_INSTRUCTIONS=avx2 valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 |
    sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

status=0
for what in forward backward; do
  few=$(count $what 5)
  many=$(count $what 25)
  each=$(( (many - few) / 2000 ))
  echo "$what $each"
  [ -n "$recorded" ] || continue
  libtorch=$(sed -n "s/^$what \([0-9]*\).*/\1/p" "$recorded")
  eval share=\$${what}_share
  if [ $((each * 1000)) -gt $((libtorch * share)) ]; then
    echo "a small operation ($what) takes $each instructions, more than $share thousandths of libtorch's $libtorch" >&2
    status=1
  fi
done
exit $status
