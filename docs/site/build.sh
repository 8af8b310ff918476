#!/usr/bin/env bash
# The pages of docs/ and the comments of the public headers as a site: docs/site/build.sh FOLDER. `make docs` runs it.
set -eu
cd "$(dirname "$0")/../.."
folder=$(realpath -m "$1") theme=/usr/share/doxygen-awesome-css
rm -rf "$folder"
mkdir -p "$folder"

# The headers that are installed, those of components too.
components=$(find . -name CMakeLists.txt -not -path './build*' -exec sed -n 's/.*xgrad_add_component(.* HEADERS \([a-z_/.; ]*\.h\).*/\1/p' {} + | tr ' \n' ';')
cmake -DSOURCE="$PWD" -DDESTINATION="$folder/headers/xgrad" -DCOMPONENT_HEADERS="$components" -P cmake/install_headers.cmake > /dev/null

# Pages in the order in which one would read them, and those that nobody has put in order.
order="tutorial cookbook examples train from-pytorch from-libtorch func weights onnx inspect compile distributed numerics performance shipping add-a-layer
  add-an-operation"
pages=
for name in $order; do [ ! -e "docs/$name.md" ] || pages+=" $name"; done
for page in docs/*.md; do
  name=$(basename "$page" .md)
  [[ " index $order " == *[[:space:]]"$name"[[:space:]]* ]] || pages+=" $name"
done
tabs=
for name in $pages; do
  title=$(sed -n 's/^# //p' "docs/$name.md" | head -1 | sed 's/&/\&amp;/g; s/</\&lt;/g')
  tabs+="<tab type=\"user\" url=\"@ref page_${name//-/_}\" title=\"$title\"/>"
done
doxygen -l "$folder/layout.xml" > /dev/null
sed -i "s|<tab type=\"pages\"[^>]*>|$tabs|; s|<tab type=\"mainpage\"[^>]*>|<tab type=\"mainpage\" visible=\"yes\" title=\"Start here\"/>|" "$folder/layout.xml"

{
  cat docs/site/Doxyfile
  echo "OUTPUT_DIRECTORY = $folder"
  echo "LAYOUT_FILE = $folder/layout.xml"
  echo "PROJECT_NUMBER = $(sed -n 's/^#define XGRAD_VERSION_[MP][A-Z]* //p' autograd/core/version.h | paste -sd.)"
  echo "IMAGE_PATH = docs"
  echo "INPUT = docs/index.md $(printf 'docs/%s.md ' $pages) $folder/headers"
  echo "STRIP_FROM_PATH = $folder/headers $PWD"
  echo "STRIP_FROM_INC_PATH = $folder/headers"
  echo "INCLUDE_PATH = $folder/headers"
  echo "HTML_EXTRA_STYLESHEET = $theme/doxygen-awesome.css $theme/doxygen-awesome-sidebar-only.css"
} > "$folder/Doxyfile"
doxygen "$folder/Doxyfile" > "$folder/doxygen.log" 2>&1 || { cat "$folder/doxygen.log"; exit 1; }
docs/site/check.sh "$folder"
