# A page as doxygen reads it: names for its headings, so that links to them go on working, and links without the ending of a file.
function id(name) {
  gsub(/-/, "_", name)
  return name
}
# The title of docs/NAME.md; "" if there is no such page.
function title_of(name,   file, text) {
  file = "docs/" name ".md"
  while ((getline text < file) > 0)
    if (sub(/^# /, "", text)) break
  close(file)
  return text
}
# `line` without the text of a link at its end, which `label` becomes.
function cut_label(line) {
  match(line, /\[[^\[]*\]$/)
  label = substr(line, RSTART + 1, RLENGTH - 2)
  return substr(line, 1, RSTART - 1)
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
      name = target
      sub(/\.md$/, "", name)
      title = title_of(name)
      before = cut_label(line)
      if (label == target && title != "") label = title
      if (title == "") {
        line = before label
        continue
      }
      line = before "[" label "]"
      target = name == "index" ? "index.html" : "@ref page_" id(name)
    } else if (target ~ /^[a-z-]*(\.md)?#/) {
      other = target
      sub(/(\.md)?#.*/, "", other)
      sub(/.*#/, "", target)
      target = "@ref heading_" id(other == "" ? page : other) "_" id(target)
    }
    line = line "(" target ")"
  }
  print line $0
}
