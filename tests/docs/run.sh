#!/usr/bin/env bash
# A page's program prints what the page says: run.sh PAGE SCRATCH PROGRAM...
set -eu
page=$1 scratch=$2 here=$(realpath "$(dirname "$0")")
shift 2
rm -rf "$scratch"
mkdir -p "$scratch/files"
awk -v page="$page" -v expected=1 -f "$here/snippets.awk" "$page" > "$scratch/expected"
status=0
(cd "$scratch/files" && "$@") > "$scratch/printed" || status=$?
diff -u --label "$page" "$scratch/expected" --label "its program" "$scratch/printed" || status=1
echo "$(grep -c '^@@' "$scratch/expected") blocks"
exit $status
