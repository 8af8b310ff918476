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
name=${object#_deps/xgrad-build/}
case $name in
  *CMakeFiles/xgrad_*.dir/*) [ ! -e "$build/$name" ] || exec ln -f "$build/$name" "$object" ;;
esac
exec "$@"
