#!/usr/bin/env bash
# A compiler launcher for projects that build the library as a part of themselves: reuse.sh BUILD SOURCE COMPILER ARGUMENT...
# An object of the library's is taken from BUILD, and must be compiled with the same flags there; all others are compiled.
set -eu
build=$1 source=$2
shift 2
command=" $* "
file=$(sed -E 's/.* -c ([^ ]+) .*/\1/' <<< "$command")
case $file in
  "$source"/tests/* | "$source"/examples/*) exec "$@" ;;
  "$source"/*) ;;
  *) exec "$@" ;;
esac

# Optimisation, folders, and what only the project at the top asks for are its own affair.
flags() {
  sed -E 's/ -(isystem|MT|MF|o|c) [^ ]+//g; s/ -(I|O|M|DNDEBUG|g|fvect-cost-model|Werror=frame)[^ ]*//g' <<< "$1" | tr ' ' '\n' | grep '^-' | sort
}
theirs=$(sed -nE "s|.*\"command\": \"(.*xgrad_objects\.dir.* -c $file)\".*|\1|p" "$build/compile_commands.json")
[ -n "$theirs" ] || { echo "$build compiles no $file"; exit 1; }
diff <(flags "$command") <(flags "$theirs ") || { echo "$file has other flags in a project that adds the library than alone"; exit 1; }
object=$(sed -E 's/.* -o ([^ ]+) .*/\1/' <<< "$command")
ln -f "$build/$(sed -E 's/.* -o ([^ ]+) .*/\1/' <<< "$theirs")" "$object"
dependencies=$(sed -nE 's/.* -MF ([^ ]+) .*/\1/p' <<< "$command")
[ -z "$dependencies" ] || echo "$object: $file" > "$dependencies"
