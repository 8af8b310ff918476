#!/bin/sh
# Tests of a folder are compiled together, so what they name without linkage is one name each: an overload that comes to be by chance
# would be called without a word. names_of_tests.sh TESTS FOLDER...
set -eu
cd "$1"
shift
twice=$(for folder in "$@"; do
  find "$folder" -name '*.cpp' -o -name '*.h' | sort | xargs awk '
    !/^[A-Za-z].*\) (const )?(\{|:)/ || /^(TEST_CASE|return|using|if|for|while|struct|class|namespace)/ { next }
    { sub(/\(.*/, ""); sub(/.*[ *&]/, "") }
    !/^[A-Za-z0-9_]+$/ { next }
    !($0 in home) { home[$0] = FILENAME }
    home[$0] != FILENAME { print $0 ": " home[$0] ", " FILENAME }'
done)
[ -z "$twice" ] || { echo "$twice"; exit 1; }
