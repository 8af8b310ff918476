#!/usr/bin/env python3
"""Times single calls of many operations in libtorch and in xgrad, one thread, and writes a table of the ratios.

    survey.py --programs build/release/benchmarks [--only OPERATION ...] [--markdown FILE]

As run.py does it, with shorter slices: A B B A, both processes on the same core, the median of libtorch's time divided by xgrad's.
"""
import argparse
import fcntl
import os
import statistics
import sys

from cores import fastest
from statistics_of_pairs import differing
from worker import Failure, Worker

SLICE, FOURS = 4e6, 3  # nanoseconds; slices A B B A
TOLERANCE = 2e-4       # relative, of the results' digests
PROCESSOR = 1


def repetitions(worker):
    worker.run(1)
    return max(1, round(SLICE / max(worker.run(1)[PROCESSOR], 1)))


def compare(a, b, name):
    """The ratio, or what differs between the results."""
    wrong = differing(a.start(name, 1), b.start(name, 1), TOLERANCE)
    if wrong:
        return wrong
    na, nb = repetitions(a), repetitions(b)
    ratios = []
    for _ in range(FOURS):
        times = [w.run(n)[PROCESSOR] for w, n in ((a, na), (b, nb), (b, nb), (a, na))]
        ratios.append((times[0] + times[3]) / (times[1] + times[2]))
    a.stop()
    b.stop()
    return statistics.median(ratios)


def cell(ratio):
    if isinstance(ratio, str):
        return "void: " + ratio
    text = f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"
    return f"**{text}**" if ratio < 0.95 else text


def markdown(results, cores):
    columns = sorted({column for row in results.values() for column in row}, key=lambda c: (c.startswith("double"), len(c), c))
    found = [r for row in results.values() for r in row.values() if not isinstance(r, str)]
    lines = ["# Single operations", "", "Written by `make survey`: libtorch's time divided by xgrad's for one call, one thread, without gradients. Bold: libtorch is faster",
             f"by more than 5%. xgrad is as fast or faster in {sum(r >= 0.95 for r in found)} of {len(found)}; the median is {statistics.median(found):.2f}, the geometric mean "
             f"{statistics.geometric_mean(found):.2f}.", "", *(f"- {core}" for core in cores), "", "| operation | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += ["| " + " | ".join([operation.replace("|", "\\|")] + [cell(row[c]) if c in row else "" for c in columns]) + " |" for operation, row in results.items()]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--markdown")
    arguments = parser.parse_args()
    lock = open(os.path.join(arguments.programs, "lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would time each other
    processor = {max(os.sched_getaffinity(0))}
    workers, cores = [], []
    for program in ("libtorch", "xgrad"):
        path = os.path.join(arguments.programs, "worker_" + program)
        asked, text = fastest(path, processor)
        workers.append(Worker(path, processor, asked))
        cores.append(f"OpenBLAS core of {program}: {text}")
        print(cores[-1], flush=True)
    a, b = workers
    results = {}
    for name in b.ask("workloads survey/").split():
        operation, dtype, shape = name[len("survey/"):].rsplit("/", 2)
        if arguments.only and operation not in arguments.only:
            continue
        column = f"{dtype} {shape}"
        try:
            ratio = compare(a, b, name)
        except Failure as failure:
            ratio = str(failure)
        results.setdefault(operation, {})[column] = ratio
        print(f"{operation:18} {column:18} {cell(ratio)}", flush=True)
    a.end()
    b.end()
    if not results:
        sys.exit("no such operation")
    if arguments.markdown:
        open(arguments.markdown, "w").write(markdown(results, cores))
    if any(isinstance(r, str) for row in results.values() for r in row.values()):
        sys.exit("some timings are void: the two programs did not reach the same numbers")


if __name__ == "__main__":
    main()
