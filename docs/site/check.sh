#!/usr/bin/env bash
# Every link of the site, but for those to elsewhere, leads to a file, and those of the pages to a place in it: check.sh FOLDER
set -eu
cd "$1"
awk '
  {
    page = FILENAME
    while (match($0, /(href|src|id|name)="[^"]*"/)) {
      found = substr($0, RSTART, RLENGTH)
      $0 = substr($0, RSTART + RLENGTH)
      kind = found
      sub(/=.*/, "", kind)
      gsub(/^[a-z]*="|"$/, "", found)
      if (kind == "id" || kind == "name") { places[page "#" found] = 1; continue }
      if (found ~ /^([a-z]+:|\/\/)/ || found == "#" || found == "") continue
      if (found ~ /^#/) found = page found
      links[found] = page
    }
  }
  END {
    for (link in links) {
      file = link
      sub(/[#?].*/, "", file)
      if (!(file in known)) known[file] = (getline line < file) > 0
      if (!known[file] || (link ~ /#/ && links[link] ~ /^(index|page_)/ && file ~ /\.html$/ && !(link in places))) { print links[link] ": " link; bad = 1 }
      else ++count
    }
    print count " links lead somewhere"
    exit bad
  }' *.html
