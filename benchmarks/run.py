#!/usr/bin/env python3
"""Compares xgrad with libtorch and with code written by hand.

    run.py --programs build/release/benchmarks [--before OTHER/build/release/benchmarks] [--only NAME ...] [--quick] [--json FILE] [--markdown FILE]
           [--again FILE]

Slices of two workers alternate A B B A, one running at a time, both pinned to the same processor (rows about threads: to the
same two), each with the OpenBLAS core that it is fastest with (cores.py). A row's figure is the median, over these fours, of
A's time divided by B's. Rows of one thread are measured in the processor time of the process, so that other work on the machine
disturbs less; rows about threads in wall time.
"""
import argparse
import fcntl
import json
import math
import mmap
import os
import platform
import subprocess
import sys
import time

from cores import fastest
from report import markdown, text_line
from rows import BEFORE, KEPT, TABLES
from statistics_of_pairs import differing, ratio_with_spread
from worker import Failure, Worker, unset

TOLERANCE = 2e-4  # relative, of losses and of the digests of gradients
WALL, PROCESSOR = 0, 1


def page_fault():
    """Microseconds that the first write to a page takes, the fastest of five thousand pages at a time."""
    size, page = 20 << 20, mmap.PAGESIZE
    best = math.inf
    for _ in range(5):
        with mmap.mmap(-1, size) as memory:
            memory.madvise(mmap.MADV_NOHUGEPAGE)
            rounds = []
            for _ in range(2):  # the second one, without faults, is what the loop takes
                start = time.perf_counter()
                for place in range(0, size, page):
                    memory[place] = 1
                rounds.append(time.perf_counter() - start)
        best = min(best, (rounds[0] - rounds[1]) / (size // page))
    return 1e6 * best


class Bench:
    def __init__(self, arguments):
        self.arguments = arguments
        self.slice = (4e6 if arguments.quick else 15e6)
        self.count = 7 if arguments.quick else 15
        self.processors = sorted(os.sched_getaffinity(0))
        self.workers = {}
        self.asked, self.text = {}, {}  # of each program: the core to ask OpenBLAS for, and how it was chosen

    def program(self, name):
        path = os.path.join(*((self.arguments.before, "worker_xgrad") if name == "before" else (self.arguments.programs, "worker_" + name)))
        if name not in self.asked:
            self.asked[name], self.text[name] = fastest(path, {self.processors[-1]})
            print(f"  {name}: OpenBLAS core {self.text[name]}", flush=True)
        return path

    def worker(self, side, processors, place):
        """One process for each program, number of processors, and place in a row: both sides of a row may be the same program."""
        key = (side[0], len(processors), place)
        if key not in self.workers:
            name = side[0].removesuffix(KEPT)
            path = self.program(name)
            self.workers[key] = Worker(path, processors, self.asked[name], keeping=name != side[0])
        return self.workers[key]

    def repetitions(self, worker, wall):
        """How many fill a slice, once the first calls are over: they record a compiled step, check it, and take memory from the system."""
        spent = 0
        for _ in range(5):
            spent += worker.run(1)[WALL]
            if spent > 1e9:
                break
        n = 1
        while True:
            elapsed = worker.run(n)[WALL if wall else PROCESSOR] * n
            if elapsed >= self.slice / 2 or n > 10**7:
                return max(1, round(n * self.slice / elapsed))
            n = max(2 * n, min(20 * n, round(n * self.slice / max(elapsed, 1))))

    def fours(self, a, b, row, clock):
        """What differs between the outcomes, and slices A B B A: the times of a, those of b, and the page faults of b."""
        outcomes = a.start(*row.a[1:]), b.start(*row.b[1:])
        na, nb = self.repetitions(a, row.wall), self.repetitions(b, row.wall)
        times_a, times_b, faults = [], [], 0
        for _ in range(self.count):
            four = [a.run(na), b.run(nb), b.run(nb), a.run(na)]
            times_a.append((four[0][clock] + four[3][clock]) / 2)
            times_b.append((four[1][clock] + four[2][clock]) / 2)
            faults += four[1][2] + four[2][2]
        a.stop()
        b.stop()
        return differing(*outcomes, TOLERANCE) if row.same else None, times_a, times_b, faults

    def measure(self, row):
        several = row.wall or row.a[2:] != (1,) or row.b[2:] != (1,) or row.name.startswith("hosts")
        processors = set(self.processors[-2:]) if several else {self.processors[-1]}
        clock = WALL if several else PROCESSOR
        a, b = (self.worker(side, processors, place) for place, side in enumerate((row.a, row.b)))
        wrong, times_a, times_b, faults = self.fours(a, b, row, clock)
        ratios = [x / y for x, y in zip(times_a, times_b)]
        if row.a[0] == row.b[0]:
            # Two processes of one program differ by where their memory lies, a tenth for the smallest work: they change places.
            _, again_a, again_b, again = self.fours(b, a, row, clock)
            ratios = [math.sqrt(ratio * x / y) for ratio, x, y in zip(ratios, again_a, again_b)]
            times_a, times_b, faults = times_a + again_a, times_b + again_b, faults + again
        ratio, low, high = (row.scale * x for x in ratio_with_spread(ratios))
        return {"name": row.name, "title": row.title, "a": list(row.a), "b": list(row.b), "ratio": ratio, "low": low, "high": high,
                "a_ns": min(times_a) / row.operations, "b_ns": min(times_b) / row.operations, "clock": ("wall", "processor")[clock],
                "goal": row.goal, "aim": row.aim, "page_faults_of_b": faults, "void": wrong}

    def end(self):
        for worker in self.workers.values():
            worker.end()

    def environment(self):
        cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
        flags = next((line for line in open("/proc/cpuinfo") if line.startswith("flags")), "").split()
        git = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, cwd=os.path.dirname(os.path.abspath(__file__)))
        compiler = subprocess.run(["g++", "--version"], capture_output=True, text=True).stdout.splitlines()[:1]
        return {"processor": f"{cpu}, {len(self.processors)} processors usable", "vectors": " ".join(f for f in flags if f in ("avx2", "fma", "avx512f", "amx_tile")),
                "system": platform.platform(), "compiler": " ".join(compiler), "xgrad": git.stdout.strip(),
                "load average at the start": "%.1f %.1f %.1f" % os.getloadavg(), "compiled with": "workers -O2; by hand -O3 -march=native -ffast-math",
                "unset for all": ", ".join(unset()) or "nothing was set", "a page fault": f"{page_fault():.2g} us"}


def replaced(earlier, result):
    """The result of an earlier run, with the rows that were measured again."""
    repeated = []
    for table in result["tables"]:
        anew = {row["name"]: row for row in table["rows"]}
        repeated += anew
        for known in earlier["tables"]:
            if known["title"] == table["title"]:
                known["rows"] = [anew.get(row["name"], row) for row in known["rows"]]
    load = result["environment"]["load average at the start"].split()[0]
    earlier["environment"][f"measured again at a load average of {load}"] = ", ".join(repeated)
    return earlier


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--before")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    parser.add_argument("--again", help="a JSON file of an earlier run, of which the rows measured now take the place")
    arguments = parser.parse_args()
    lock = open(os.path.join(arguments.programs, "lock"), "w")
    fcntl.flock(lock, fcntl.LOCK_EX)  # two runs at once would time each other
    bench = Bench(arguments)
    result = {"environment": bench.environment(), "tables": []}
    for key, value in result["environment"].items():
        print(f"{key}: {value}")
    known = False
    tables = [(title, rows) for title, rows in TABLES if arguments.before or rows is not BEFORE]
    for title, rows in tables:
        chosen = [row for row in rows if not arguments.only or any(only in (row.name, row.name.split("_", 1)[-1]) for only in arguments.only)]
        if not chosen:
            continue
        known = True
        print(f"\n{title}", flush=True)
        table = {"title": title, "rows": []}
        for row in chosen:
            try:
                table["rows"].append(bench.measure(row))
            except Failure as failure:
                table["rows"].append({"name": row.name, "title": row.title, "goal": row.goal, "aim": row.aim, "void": str(failure)})
            print(text_line(table["rows"][-1]), flush=True)
        result["tables"].append(table)
    if not known:
        sys.exit("no such workload; there are: " + " ".join(row.name for _, rows in tables for row in rows))
    for key, worker in bench.workers.items():
        name = key[0].removesuffix(KEPT)
        result["environment"]["library of worker_" + name] = worker.library
        result["environment"]["OpenBLAS core of worker_" + name] = bench.text[name]
    result["environment"]["load average at the end"] = "%.1f %.1f %.1f" % os.getloadavg()
    bench.end()
    if arguments.again:
        result = replaced(json.load(open(arguments.again)), result)
    if arguments.json:
        json.dump(result, open(arguments.json, "w"), indent=1)
    if arguments.markdown:
        open(arguments.markdown, "w").write(markdown(result))
    if any(row["void"] for table in result["tables"] for row in table["rows"]):
        sys.exit("some timings are void: the two programs did not reach the same numbers")


if __name__ == "__main__":
    main()
