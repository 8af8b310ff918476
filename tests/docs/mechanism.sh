#!/usr/bin/env bash
# A page with a right snippet passes; one that doesn't compile, or prints something else, doesn't, and the place is told as the page's own.
# mechanism.sh SCRATCH CXX
set -eu
scratch=$1 cxx=$2 here=$(realpath "$(dirname "$0")")
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch"

cat > main.cpp << 'END'
#include "page.h"
#include <cstdio>
void docs::begins(int line) { std::printf("@@ %d\n", line); }
void docs::section(void (*function)()) { function(); }
int main() { docs::run(); }
END

# check NAME: the page NAME.md as a program, run.
check() {
  awk -v page="$1.md" -f "$here/snippets.awk" "$1.md" > "$1.cpp" && "$cxx" -std=c++17 -I "$here" -o "$1" "$1.cpp" main.cpp &&
    "$here/run.sh" "$1.md" "$scratch/$1.run" "$scratch/$1"
}
# page NAME: lines of the page from the standard input, with ''' for fences.
page() { sed "s/'''/\`\`\`/" > "$1.md"; }
# refused NAME TEXT: the page fails, with the text.
refused() {
  check "$1" > "$1.log" 2>&1 && { echo "$1 passes"; exit 1; }
  grep -qF -- "$2" "$1.log" || { cat "$1.log"; echo "expected: $2"; exit 1; }
}

page right << 'END'
<!-- snippets: compiled -->
# Title
<!-- snippet: global -->
'''cpp
#include <cstdio>
static int twice(int x) { return 2 * x; }
'''
'''cpp
int x = 4;
std::printf("%d\n", twice(x));
'''
'''text
8
'''
## The next section has names of its own
'''cpp
const char* x = "nothing";
'''
## A story that goes on
<!-- snippet: continued -->
'''cpp
std::printf("%s\n", x);
'''
'''text
nothing
'''
## A program
'''cpp
#include <cstdio>

int main() {
  std::puts("whole");
}
'''
'''text
whole
'''
<!-- snippet: table -->
| said | done |
|---|---|
| `no C++` | `twice(1)`, `int x = 1` |
| | `int x = 2` |

<!-- snippet: quoted -->
'''cpp
this is compiled elsewhere
'''
END
check right || { echo "a right page fails"; exit 1; }

sed 's/twice(x));/thrice(x));/' right.md > not_compiling.md
refused not_compiling "not_compiling.md:10:"
sed 's/^8$/9/' right.md > printing_other.md
refused printing_other "-9"
sed 's/^const char\* x = "nothing";$/&\nstd::printf("more\\n");/' right.md > printing_more.md
refused printing_more "+more"
sed 's/^whole$/whole\nmore/' right.md > printing_less.md
refused printing_less "-more"
sed 's/`int x = 2`/`int x = none`/' right.md > wrong_table.md
refused wrong_table "wrong_table.md:42:"
sed 's/: global/: globl/' right.md > misspelt.md
refused misspelt "misspelt.md:4: no such mark: globl"
sed '$d' right.md > open.md
refused open "a block without an end"
printf '<!-- snippets: compiled -->\n```text\n8\n```\n' > output_alone.md
refused output_alone 'a ```text that follows no block of C++'
echo "a right page passes, eight wrong ones don't"
