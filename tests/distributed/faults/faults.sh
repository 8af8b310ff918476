#!/usr/bin/env bash
# A rank that fails ends the job within seconds, with a sentence that names it, and leaves the last checkpoint whole:
# faults.sh PROGRAM RANKS MPIEXEC...
set -eu
program=$1 ranks=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
last=$((ranks - 1))

# run COMMAND...: what it said, in $said, and its exit code, in $code. It must end in time.
run() {
  local start=$SECONDS
  code=0
  said=$(timeout -k 1 60 "$@" 2>&1) || code=$?
  took=$((SECONDS - start))
  [ "$took" -lt 60 ] || { echo "$said"; echo "takes $took s: $*"; exit 1; }
}
# fails FAULT PATTERN: the job fails and some line of what it says has the pattern.
fails() {
  rm -rf "$folder/run"
  run "${mpiexec[@]}" -np "$ranks" "$program" "$1" "$folder/run"
  [ "$code" -ne 0 ] || { echo "$said"; echo "$1 did not fail"; exit 1; }
  grep -qE "$2" <<< "$said" || { echo "$said"; echo "$1: expected $2"; exit 1; }
  printf '%-18s %2d s  %s\n' "$1" "$took" "$(grep -m 1 -oE "$2.*" <<< "$said")"
}
mpiexec=("$@")

fails shapes "\[DistributedDataParallel\] rank $last differs from rank 0 at parameter 0: it has 0.weight \[31, 16\]"
fails number "\[DistributedDataParallel\] rank $last differs from rank 0 at parameter 4: it has 3.weight \[1, 1\]"
fails sizes "\[all_reduce\] rank [0-9] sent (28|32|more) bytes where rank [0-9] expects (28|32)"
for fault in exits returns_1; do fails $fault "\[DistributedDataParallel\] rank $last has left the job while rank [0-9] waits for it"; done
fails hangs "\[DistributedDataParallel\] rank $last has sent nothing for 3 s"
fails is_killed "process rank $last with PID"
for fault in crashes quits; do fails $fault "process rank $last with PID|Process name: \[\[[0-9]+,1\],$last\]"; done
fails throws_in_backward "\[distributed\] rank $last of $ranks ended the job: a hook failed"
fails throws "\[distributed\] rank $last of $ranks ended the job: the data of step 40 are damaged"

# What was saved before the last fault goes on, on another number of ranks too.
for n in 1 "$ranks"; do
  run "${mpiexec[@]}" -np "$n" "$program" resumes "$folder/run"
  [ "$code" -eq 0 ] && grep -q 'resumed at step 35' <<< "$said" || { echo "$said"; exit 1; }
done
run "${mpiexec[@]}" -np "$ranks" "$program" none "$folder/run"
[ "$code" -eq 0 ] && [ "$said" = trained ] || { echo "$said"; exit 1; }
