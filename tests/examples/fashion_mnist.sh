#!/usr/bin/env bash
# The trainer in its short form, then what it wrote: fashion_mnist.sh PROGRAM..., one word or, after an emulator, several
set -eu
program=("$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"${program[@]}" --quick --model model --curves curves.svg | tee output
trained=$(grep -E '^test accuracy 0\.8[0-9]{3}$' output)
loaded=$("${program[@]}" --evaluate model | grep '^test accuracy')
[ "$trained" = "$loaded" ] || { echo "the saved model gives: $loaded"; exit 1; }
[ "$(grep -cE '^epoch +[0-9]+/3 ' output)" -eq 3 ] || { echo "expected one line for each epoch"; exit 1; }
grep -q '^most confused: .* and .* (' output
[ "$(grep -c '<polyline' curves.svg)" -eq 4 ] && grep -q '</svg>' curves.svg || { echo "the learning curves are incomplete"; exit 1; }
if "${program[@]}" --evaluate curves.svg 2> error; then echo "a picture was taken for a model"; exit 1; fi
[ -s error ]
if "${program[@]}" --evaluate missing 2> error; then echo "a missing file was taken for a model"; exit 1; fi
grep -q 'No such file or directory.*missing' error || { cat error; exit 1; }
head -c 3000 model > truncated
if "${program[@]}" --evaluate truncated 2> error; then echo "half a model was loaded"; exit 1; fi
grep -q 'truncated' error || { cat error; exit 1; }
if "${program[@]}" --seed abc 2> error; then echo "a word was taken for a number"; exit 1; fi
grep -q -e '--seed needs a natural number, got abc' error || { cat error; exit 1; }
if "${program[@]}" --data "$work" 2> error; then echo "an empty folder was taken for the data"; exit 1; fi
grep -q 'dataset-fashion-mnist' error || { cat error; echo "the error must name the Debian package"; exit 1; }
