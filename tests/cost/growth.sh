#!/bin/sh
# Fails unless the instructions of every walk of a program built from walks.cpp grow as its work does: growth.sh PROGRAM
#
# Counted by callgrind for N, 2 N and 4 N. The second step costs twice the first if a walk is linear, four times if it is quadratic.
set -eu
program=$1
n=300

# One run of the program for all: to start one takes callgrind longer than the walks do. Every process in it writes a file.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
valgrind -q --tool=callgrind --callgrind-out-file="$work/%p" --toggle-collect=measured_walk "$program" $n > "$work/walks"

# What a process took in measured_walk.
count() { sed -n 's/^totals: *//p' "$work/$1"; }

status=1
while read -r walk one two four; do
  [ $status -gt 1 ] || status=0
  one=$(count "$one")
  two=$(count "$two")
  four=$(count "$four")
  growth=$(((four - two) * 100 / (two - one)))
  echo "$walk $(((four - two) / (2 * n))) instructions each, growth $growth%"
  if [ $growth -gt 240 ]; then
    echo "$walk grows faster than its work" >&2
    status=2
  fi
done < "$work/walks"
exit $status
