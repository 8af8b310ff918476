# A page as doxygen reads it: names for its headings, so that links to them go on working, and links without the ending of a file.
function id(name) {
  gsub(/-/, "_", name)
  return name
}
FNR == 1 {
  page = FILENAME
  sub(/.*\//, "", page)
  sub(/\.md$/, "", page)
  titled = 0
}
/^```/ {
  fenced = !fenced
  if (fenced && /^```(text|console)$/) $0 = "```{.unparsed}"
  if (fenced && /^```cpp$/) $0 = "```{.cpp}"
  if (fenced && /^```cmake$/) $0 = "```{.unparsed}"
  print
  next
}
fenced { print; next }
/^<!-- snippets?: / { print ""; next }
/^#+ / {
  anchor = tolower($0)
  sub(/^#+ /, "", anchor)
  gsub(/ /, "-", anchor)
  gsub(/[^a-z0-9_-]/, "", anchor)
  if (page == "index" && !titled) ;
  else if (!titled) $0 = $0 " {#page_" id(page) "}"
  else $0 = $0 " {#heading_" id(page) "_" id(anchor) "}"
  titled = 1
}
{
  line = ""
  while (match($0, /\]\([^)]*\)/)) {
    target = substr($0, RSTART + 2, RLENGTH - 3)
    line = line substr($0, 1, RSTART)
    $0 = substr($0, RSTART + RLENGTH)
    if (target ~ /^[a-z-]+\.md$/) {
      sub(/\.md$/, "", target)
      exists = (getline unused < ("docs/" target ".md")) > 0
      close("docs/" target ".md")
      target = target == "index" ? "index.html" : exists ? "@ref page_" id(target) : ""
    } else if (target ~ /^[a-z-]*(\.md)?#/) {
      other = target
      sub(/(\.md)?#.*/, "", other)
      sub(/.*#/, "", target)
      target = "@ref heading_" id(other == "" ? page : other) "_" id(target)
    }
    if (target != "") line = line "(" target ")"
    else if (match(line, /\[[^\[]*\]$/)) line = substr(line, 1, RSTART - 1) substr(line, RSTART + 1, RLENGTH - 2)
  }
  print line $0
}
