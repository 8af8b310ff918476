# Arranges the headers that must be compiled alone in chains, a line each: awk -v source=FOLDER -f chains.awk HEADER...
#
# A header is left out where a source of its own includes it first, which compiles it alone, and where it holds nothing but includes,
# which stands when they do. In a chain every header includes all that the ones before it include, and them: after them it sees no more
# than alone. Only the includes above a header's first line of code count as its own.

FNR == 1 { head = 1; above = ""; names[++n] = FILENAME; sub(/^xgrad-torch\//, "", names[n]); name = names[n] }
/^ *# *include </ {
  split($0, parts, /[<>]/)
  includes[name] = includes[name] " " parts[2]
  if (head && /^#/) above = above " " parts[2]
  first[name] = above
  next
}
/[^ ]/ && !/^ *\/\// && !/^#pragma once/ { head = 0; code[name] }

# Adds `list`, and what is included from there, to `set`.
function add(set, list,   words, count, i) {
  count = split(list, words, " ")
  for (i = 1; i <= count; ++i) {
    if (words[i] in set) continue
    set[words[i]]
    add(set, includes[words[i]])
  }
}

function has_source_of_its_own(name,   path, line, found) {
  if (name !~ /^xgrad\//) return 0
  path = source "/" substr(name, 7)
  sub(/\.h$/, ".cpp", path)
  while ((getline line < path) > 0)
    if (line ~ /^#include/) {
      found = index(line, "<" name ">")
      break
    }
  close(path)
  return found
}

END {
  for (i = 1; i <= n; ++i) {
    if (!(names[i] in code) || has_source_of_its_own(names[i])) continue
    delete seen
    add(seen, first[names[i]])
    todo[++left] = names[i]
    size[left] = length(seen)
    for (k = left; k > 1 && size[k] < size[k - 1]; --k) {
      swap = size[k]; size[k] = size[k - 1]; size[k - 1] = swap
      swap = todo[k]; todo[k] = todo[k - 1]; todo[k - 1] = swap
    }
  }
  # The longest chain that each continues.
  for (i = 1; i <= left; ++i) {
    delete seen
    add(seen, first[todo[i]])
    best = chains + 1
    most = 0
    for (c = 1; c <= chains; ++c) {
      delete before
      add(before, chain[c])
      for (name in before) if (!(name in seen)) break
      if (length(before) > most && (name in seen)) { best = c; most = length(before) }
    }
    if (best > chains) chains = best
    chain[best] = chain[best] " " todo[i]
  }
  for (c = 1; c <= chains; ++c) print substr(chain[c], 2)
}
