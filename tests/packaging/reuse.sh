#!/bin/sh
# A compiler launcher for projects that build the library as a part of themselves: reuse.sh BUILD LAUNCHER STORE COMPILER ARGUMENT...
# The library's objects are those of BUILD (use.sh has compared the flags); all others are compiled.
build=$1
shift
for word; do
  case $last in
    -o) object=$word ;;
  esac
  last=$word
done
case $object in
  */xgrad_kernels.dir/* | */xgrad_frequent.dir/* | */xgrad_wide.dir/* | */xgrad_inspect_objects.dir/*) exec ln -f "$build/CMakeFiles/${object##*CMakeFiles/}" "$object" ;;
  *) exec "$@" ;;
esac
