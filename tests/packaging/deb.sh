#!/usr/bin/env bash
# Debian's packages are made of this build's objects, are what they say, and an outside program builds against what is in them:
# deb.sh SOURCE BUILD WORK CXX CMAKE
set -eu
source=$1 main_build=$2 work=$3 cxx=$4 cmake=$5 here=$(realpath "$(dirname "$0")")
for tool in dpkg-shlibdeps file gzip; do command -v $tool > /dev/null || { echo "no $tool"; exit 77; }; done
fail() { echo "$1"; exit 1; }
packages=$work/packages root=$work/root
rm -rf "$packages" "$root"
mkdir -p "$work" "$work/../once"
ln -sfn ../once "$work/once"  # use.sh compiles a program once for all ways

# As `make deb` does it, but that nothing is compiled once more, nor packed as small as it goes.
"$cmake" -S "$source" -B "$packages" -G Ninja -DCMAKE_INSTALL_PREFIX=/usr -DXGRAD_PACKAGES=ON -DXGRAD_BUILD_TESTS=OFF -DXGRAD_BUILD_EXAMPLES=OFF \
  -DCMAKE_CXX_COMPILER="$cxx" -DCMAKE_CXX_COMPILER_LAUNCHER="$here/reuse.sh;$main_build" --log-level=WARNING \
  "$(grep '^XGRAD_UNITY:' "$main_build/CMakeCache.txt" | sed 's/^/-D/')" "$(grep '^CMAKE_BUILD_TYPE:' "$main_build/CMakeCache.txt" | sed 's/^/-D/')"
"$cmake" --build "$packages"
(cd "$packages" && "${cmake%cmake}cpack" -G DEB -D CPACK_DEBIAN_COMPRESSION_TYPE=gzip) > "$work/cpack.log" || fail "$(cat "$work/cpack.log")"

version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$packages/CMakeCache.txt")
soversion=${version%.*}
field() { dpkg-deb -f "$packages/$1"_*.deb "$2"; }
[[ $(field "libxgrad$soversion" Version) == "$version-"* ]] || fail "libxgrad$soversion has another version than $version"
for needed in libc6 libopenblas0 libstdc++6 zlib1g; do
  [[ $(field "libxgrad$soversion" Depends) == *$needed* ]] || fail "libxgrad$soversion does not depend on $needed: $(field "libxgrad$soversion" Depends)"
done
[[ $(field libxgrad-dev Depends) == *"libxgrad$soversion (= $(field "libxgrad$soversion" Version))"* ]] || fail "libxgrad-dev does not depend on its library"

# What is in them, and where: one file in two packages could not be installed.
for package in "$packages"/*.deb; do
  dpkg-deb -c "$package" | awk -v package="$(basename "$package")" '!/^d/ { print $6, package }'
done | sort > "$work/files"
twice=$(cut -d' ' -f1 "$work/files" | uniq -d)
[ -z "$twice" ] || fail "in two packages: $twice"
strange=$(grep -vE '^\./usr/(lib/[a-z0-9_-]+/(libxgrad[a-z_]*\.(a|so[0-9.]*)|cmake/xgrad/|pkgconfig/xgrad)|include/xgrad(-torch)?/|share/doc/libxgrad)' "$work/files" || true)
[ -z "$strange" ] || fail "what is this? $strange"
for package in "$packages"/*.deb; do
  for file in copyright changelog.gz changelog.Debian.gz; do
    grep -q "doc/[^/]*/$file $(basename "$package")$" "$work/files" || fail "$(basename "$package") has no $file"
  done
  dpkg-deb -x "$package" "$root"
done

export CXXFLAGS=${CXXFLAGS-} LDFLAGS=${LDFLAGS-}
for way in find_package pkg_config; do "$here/use.sh" $way "$source" "$main_build" "$root/usr" "$work" "$cxx" "$cmake"; done
(cd "$packages" && du -k ./*.deb)
