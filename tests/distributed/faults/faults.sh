#!/usr/bin/env bash
# A rank that fails ends the job within seconds, with a sentence that names it, and leaves the last checkpoint whole:
# faults.sh PROGRAM RANKS MPIEXEC...
set -eu
program=$1 ranks=$2
shift 2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
last=$((ranks - 1))

# run COMMAND...: what it said, in $said, its exit code, in $code, and after how many seconds no rank was left, in $took. That must be in time.
# Open MPI 4.1's mpiexec deadlocks now and then in the end of its own PMIx server, when a rank ends while another aborts; it is not waited for.
run() {
  local start=$SECONDS alone=0
  code=0
  "$@" > "$folder/said" 2>&1 &
  local job=$!
  while kill -0 $job 2> /dev/null; do
    if [ $((SECONDS - start)) -ge 60 ]; then pkill -9 -P $job; kill -9 $job; fi
    # Of ranks that are gone it may not have taken notice.
    if ps --ppid $job -o stat= | grep -qv '^Z'; then alone=0; else alone=$((alone + 1)); fi
    if [ $alone -eq 75 ]; then kill -9 $job; fi
    sleep 0.2
  done
  took=$((SECONDS - start - alone / 5))
  wait $job || code=$?
  said=$(cat "$folder/said")
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
fails crosses "\[broadcast\] .*rank [0-9] for rank [0-9], for 3 s: all ranks must call the same"
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
