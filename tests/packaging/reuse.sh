#!/usr/bin/env bash
# A compiler launcher for projects that build the library as a part of themselves: reuse.sh BUILD SOURCE COMPILER ARGUMENT...
# The library's objects are taken from BUILD, and must be compiled with the same flags there; all others are compiled.
set -eu
build=$1 source=$2
shift 2
[[ " $* " =~ \ -c\ ([^ ]+)\  ]] || exec "$@"
file=${BASH_REMATCH[1]}
case $file in
  "$source"/tests/* | "$source"/examples/*) exec "$@" ;;
  "$source"/*) ;;
  *) exec "$@" ;;
esac

# Optimisation, folders, and what only a project at the top asks for are its own affair.
flags() {
  local word value_follows=
  for word in $1; do
    if [ -n "$value_follows" ]; then value_follows=; continue; fi
    case $word in
      -isystem | -MT | -MF | -o | -c) value_follows=yes ;;
      -I* | -O* | -M* | -g* | -DNDEBUG | -fvect-cost-model* | -Werror=frame*) ;;
      -*) echo "$word" ;;
    esac
  done
}
[[ $(grep -F -- "-c $file" "$build/compile_commands.json" | grep -F xgrad_objects.dir) =~ \"command\":\ \"(.*)\" ]] || { echo "$build compiles no $file"; exit 1; }
theirs=${BASH_REMATCH[1]}
diff <(flags "$*") <(flags "$theirs") || { echo "$file has other flags in a project that adds the library than alone"; exit 1; }
[[ " $* " =~ \ -o\ ([^ ]+)\  ]] && object=${BASH_REMATCH[1]}
[[ $theirs =~ \ -o\ ([^ ]+)\  ]] && ln -f "$build/${BASH_REMATCH[1]}" "$object"
[[ " $* " =~ \ -MF\ ([^ ]+)\  ]] && echo "$object: $file" > "${BASH_REMATCH[1]}"
exit 0
