#!/usr/bin/env bash
# A compiler launcher that compiles once what the preprocessor leaves of a source, for all projects whose flags differ in nothing but
# folders: once.sh STORE COMPILER ARGUMENT...
set -euo pipefail
store=$1
shift
flags= object= value_of= preprocess=()
for word; do
  case $value_of$word in
    -o | -M*) ;;
    -o*) object=$word ;;
    -c) preprocess+=(-E -P) ;;
    *) preprocess+=("$word") ;;
  esac
  case $value_of$word in -c | *.cpp | -o* | -M* | -I* | -isystem*) ;; *) flags+="$word " ;; esac
  case $word in -o | -MF | -MT | -isystem) value_of=$word ;; *) value_of= ;; esac
done
[[ $object == *.o && " $* " == *" -c "* ]] || exec "$@"
mkdir -p "$store"
compiled=$store/$({ echo "$flags"; "${preprocess[@]}"; } | sha256sum | cut -d' ' -f1)
exec 9> "$compiled.lock"
flock 9
if [ ! -e "$compiled" ]; then
  "$@"
  cp "$object" "$compiled.new"
  mv "$compiled.new" "$compiled"
else
  cp "$compiled" "$object"
fi
