#!/bin/sh
# Fails unless the instructions of every walk of a program built from walks.cpp grow as its work does: growth.sh PROGRAM
#
# Counted by callgrind for N, 2 N and 4 N. The second step costs twice the first if a walk is linear, four times if it is quadratic.
set -eu
program=$1
n=300

count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" "$1" "$2" 2>&1 | sed -n 's/.*Collected : *\([0-9]*\).*/\1/p'
}

status=0
for walk in $("$program"); do
  one=$(count "$walk" $n)
  two=$(count "$walk" $((2 * n)))
  four=$(count "$walk" $((4 * n)))
  growth=$(((four - two) * 100 / (two - one)))
  echo "$walk $(((four - two) / (2 * n))) instructions each, growth $growth%"
  if [ $growth -gt 240 ]; then
    echo "$walk grows faster than its work" >&2
    status=1
  fi
done
exit $status
