# A page of docs/ as a program: `awk -v page=docs/tutorial.md -f snippets.awk PAGE` writes its source, and with -v expected=1 what that has to print.
#
# A page takes part by the line <!-- snippets: compiled -->. Each block of ```cpp runs in the page's order; those of one section (#, ##, ...) are
# the body of one function. A ```text after a block is what it prints, and a block without one prints nothing. A comment on the line above a
# block, which no reader sees, says where it belongs instead:
#
#   <!-- snippet: global -->      at namespace scope, before all functions
#   <!-- snippet: continued -->   in the function of the section before, for a story of several sections
#   <!-- snippet: quoted -->      stands in a source as it is (packaging/guides.sh)
#   <!-- snippet: table -->       above a table: the code in the last column of each row is a statement, in a scope of its own
#
# A block with `int main() {` at the start of a line is a program, which ends with the block. #include lines go to the top.

function mark(   m) {
  m = pending
  pending = ""
  if (m != "" && m !~ /^(global|continued|quoted|table)$/) refuse("no such mark: " m)
  return m
}
function refuse(text) {
  print page ":" FNR ": " text > "/dev/stderr"
  failed = 1
  exit 1
}
function run_code(where) {
  if (!is_open || (next_section && where != "continued")) {
    close_section()
    open_section()
  }
  next_section = 0
  functions = functions "docs::begins(" first ");\n#line " first " \"" page "\"" code
  output = output "@@ " first "\n"
}
function open_section() {
  ++sections
  functions = functions "static void section_" sections "() {\n"
  is_open = 1
}
function close_section() {
  if (is_open) functions = functions "}\n"
  is_open = 0
}

in_table && !/^\|/ {
  in_table = 0
  run_code("continued")
}
!fenced && /^#+ / { next_section = 1 }
!fenced && /^<!-- snippets: compiled -->$/ { compiled = 1 }
!fenced && /^<!-- snippet: .* -->$/ {
  pending = $0
  gsub(/^<!-- snippet: | -->$/, "", pending)
  next
}
!fenced && /^```/ {
  fenced = 1
  language = substr($0, 4)
  code = ""
  has_main = 0
  if (language == "cpp") {
    where = mark()
    first = FNR + 1
  } else if (language == "text") {
    if (!printed) refuse("a ```text that follows no block of C++")
    printed = 0
  } else if (pending != "") {
    refuse("a mark above what is no C++")
  }
  next
}
fenced && /^```$/ {
  fenced = 0
  if (language != "cpp") next
  printed = 0
  if (where == "quoted") next
  if (has_main) {
    if (code !~ /\n}\n$/) refuse("a program has to end with the block")
    sub(/\n}\n$/, "\nreturn 0;\n}\n", code)
    gsub(/\nint main\(\) \{/, "\nstatic int program_" first "() {", code)
  }
  if (where == "global" || has_main) {
    globals = globals "#line " first " \"" page "\"" code
    code = has_main ? "\nprogram_" first "();\n" : ""
  }
  if (code == "") next
  run_code(where)
  printed = 1
  next
}
!fenced && /^\|/ && (in_table || pending == "table") {
  if (!in_table) {
    mark()
    in_table = 1
    rows = 0
    first = FNR
    code = "\n"
  }
  cells = $0
  sub(/ *\|$/, "", cells)
  sub(/.*\| */, "", cells)
  statement = ""
  if (++rows > 2)
    while (match(cells, /`[^`]*`/)) {
      statement = statement substr(cells, RSTART + 1, RLENGTH - 2) "; "
      cells = substr(cells, RSTART + RLENGTH)
    }
  code = code (statement == "" ? "" : "{ " statement "}") "\n"
  next
}
fenced && language == "text" { output = output $0 "\n" }
fenced && language == "cpp" {
  if (code == "") code = "\n"
  if (/^#include/) {
    if (where != "quoted") includes = includes $0 "\n"
    code = code "\n"
    next
  }
  if (/^int main\(\) \{$/) has_main = 1
  code = code $0 "\n"
  next
}
!fenced && pending != "" && $0 != "" { refuse("a mark without a block below it") }

END {
  if (failed) exit 1
  if (fenced) refuse("a block without an end")
  if (!compiled) refuse("not a page with compiled snippets")
  close_section()
  if (expected) {
    printf "%s", output
    exit
  }
  print "// " page "\n#include \"page.h\"\n" includes
  print globals
  print functions
  print "void docs::run() {"
  for (i = 1; i <= sections; ++i) print "  docs::section(section_" i ");"
  print "}"
}
