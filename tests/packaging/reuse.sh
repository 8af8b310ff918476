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

# Sets `flags` to those of a command. Optimisation, folders, and what only a project at the top asks for are its own affair.
flags_of() {
  local word value_follows=
  flags=
  for word in $1; do
    if [ -n "$value_follows" ]; then value_follows=; continue; fi
    case $word in
      -isystem | -MT | -MF | -o | -c) value_follows=yes ;;
      -I* | -O* | -M* | -g* | -DNDEBUG | -fvect-cost-model* | -Werror=frame*) ;;
      -*) flags+="$word " ;;
    esac
  done
}
[[ $(grep -m1 -F "xgrad_objects.dir/${file#"$source"/}.o -c " "$build/compile_commands.json") =~ \"command\":\ \"(.*)\" ]] ||
  { echo "$build compiles no $file"; exit 1; }
theirs=${BASH_REMATCH[1]}
flags_of "$theirs"
alone=$flags
flags_of "$*"
[ "$flags" = "$alone" ] || { printf '%s\n' "$file has other flags in a project that adds the library than alone:" "$flags" "$alone"; exit 1; }
[[ " $* " =~ \ -o\ ([^ ]+)\  ]] && object=${BASH_REMATCH[1]}
[[ $theirs =~ \ -o\ ([^ ]+)\  ]] && ln -f "$build/${BASH_REMATCH[1]}" "$object"
[[ " $* " =~ \ -MF\ ([^ ]+)\  ]] && echo "$object: $file" > "${BASH_REMATCH[1]}"
exit 0
