#!/usr/bin/env bash
# Every link of README.md and docs/ to a file or a heading leads somewhere, every page is reached from docs/index.md, and every example has its row:
# links.sh SOURCE
set -eu
cd "$1"

# "page target" of every link of the pages given, code left out, files from the top of the source.
links_of() {
  awk '
    FNR == 1 { folder = FILENAME ~ /\// ? "docs/" : "" }
    /^```/ { fenced = !fenced; next }
    fenced { next }
    {
      gsub(/`[^`]*`/, "")
      while (match($0, /\]\([^)]*\)/)) {
        target = substr($0, RSTART + 2, RLENGTH - 3)
        $0 = substr($0, RSTART + RLENGTH)
        if (target ~ /^[a-z]+:/) continue
        if (target ~ /^#/) target = FILENAME target
        else target = folder target
        while (sub(/[^\/]+\/\.\.\//, "", target)) {}
        print FILENAME, target
      }
    }' "$@"
}
# The names that headings of a page have: small letters, words joined by hyphens, no other signs.
anchors_of() { awk '/^```/ { fenced = !fenced } !fenced && sub(/^#+ /, "") { print }' "$1" | tr 'A-Z ' 'a-z-' | sed 's/[^a-z0-9_-]//g'; }

links=$(links_of README.md docs/*.md)
count=0
while read -r page target; do
  file=${target%%#*}
  count=$((count + 1))
  [ -e "$file" ] || { echo "$page: no $file"; exit 1; }
  [[ $target != *#* ]] || anchors_of "$file" | grep -qxF -- "${target#*#}" || { echo "$page: $file has no heading ${target#*#}"; exit 1; }
done <<< "$links"

# Pages by the number of links from the first.
reached=" docs/index.md "
queue=$reached
while [ -n "${queue// /}" ]; do
  next=
  for page in $queue; do
    for target in $(awk -v page="$page" '$1 == page { sub(/#.*/, "", $2); print $2 }' <<< "$links"); do
      [[ $target != docs/*.md || $reached == *" $target "* || ! -e $target ]] || { reached+="$target "; next+=" $target"; }
    done
  done
  queue=$next
done
for page in docs/*.md; do [[ $reached == *" $page "* ]] || { echo "$page is not reached from docs/index.md"; exit 1; }; done
grep -q '^README.md docs/index.md' <<< "$links" || { echo "README.md does not lead to docs/index.md"; exit 1; }
for program in $(grep -lE '^int main' examples/*.cpp examples/*/main.cpp); do
  name=$(sed 's,^examples/,,; s,/main\.cpp$,,; s,\.cpp$,,' <<< "$program")
  grep -q "^| \`$name\` |" docs/examples.md || { echo "docs/examples.md does not name $name"; exit 1; }
done
echo "$count links, $(wc -w <<< "$reached") pages"
