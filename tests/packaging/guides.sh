#!/usr/bin/env bash
# The C++ that the guides show stands as it is in the sources, where it is compiled, unless their pages are programs themselves (tests/docs):
# guides.sh SOURCE
set -eu
cd "$1"
sources=$(find autograd nn optim data io train distributed inspect examples -name '*.h' -o -name '*.cpp' | sort | xargs cat)
shown=0
for guide in docs/*.md; do
  quoted='/^```cpp$/'
  ! grep -qx '<!-- snippets: compiled -->' "$guide" || quoted='/^```cpp$/ && above == "<!-- snippet: quoted -->"'
  while IFS= read -r -d '`' block; do
    [[ -n "$block" && "$sources" == *"$block"* ]] || { printf '%s shows what is in no source:\n%s\n' "$guide" "$block"; exit 1; }
    shown=$((shown + 1))
  done < <(awk '/^```$/ && inside { inside = 0; printf "`" } inside; '"$quoted"' { inside = 1 } { above = $0 }' "$guide")
done
echo "$shown blocks of C++ in the guides"
[ "$shown" -gt 0 ]
