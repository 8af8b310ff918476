#!/bin/sh
# A compiler launcher for projects that build the library as a part of themselves: reuse.sh BUILD SOURCE LAUNCHER STORE COMPILER ARGUMENT...
# The library's objects are those of BUILD (use.sh has compared the flags); all others are compiled.
build=$1 source=$2
shift 2
for word; do
  case $last in
    -c) file=$word ;;
    -o) object=$word ;;
  esac
  last=$word
done
case $file in
  "$source"/tests/* | "$source"/examples/*) exec "$@" ;;
  "$source"/*) exec ln -f "$build/CMakeFiles/xgrad_objects.dir/${file#"$source"/}.o" "$object" ;;
  *) exec "$@" ;;
esac
