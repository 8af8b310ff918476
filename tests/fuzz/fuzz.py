#!/usr/bin/env python3
"""Random programs executed by xgrad and by libtorch; where they differ, the smallest program that shows it.

    fuzz.py --programs build/release/tests/fuzz [--seconds 600] [--seed 0] [--only SEED] [--families NAME...] [--no-strides]
"""

import argparse
import collections
import concurrent.futures
import os
import sys
import time

from compare import difference, undecided
from deviations import SWEEP, meant_as
from reproducer import Reproducer
from shrink import Shrinker, examine, read
from sides import Call, Crash, Side, elements

BATCH = 100
SHRUNK = 12  # differences shrunk of one kind at one operation


class Group:
    """Differences of one kind whose smallest programs call the same operations."""

    def __init__(self, kind, texts, lines, found, seed):
        self.kind, self.texts, self.lines, self.found = kind, texts, lines, found
        self.seeds = [seed]


class Fuzzer:
    def __init__(self, arguments):
        self.sides = [Side(name, os.path.join(arguments.programs, "graphs_" + name), arguments.families) for name in ("xgrad", "libtorch")]
        self.calls = [Call(line) for line in self.sides[0].ask("calls\n")]
        if [c.text for c in self.calls] != [Call(line).text for line in self.sides[1].ask("calls\n")]:
            sys.exit("fuzz.py: the two programs are of different sources")
        self.strides = arguments.strides
        self.pool = concurrent.futures.ThreadPoolExecutor(2)
        self.counts = collections.Counter()
        self.shrunk = collections.Counter()
        self.groups = {}

    def answers(self, side, first, last):
        """What a side prints for each seed; a crash is the last line of its seed."""
        answers, lines = {}, []
        while first < last:
            side.send(f"seeds {first} {last}\n")
            try:
                printed, first = side.answer(), last
            except Crash as crash:
                seed = int(next(line for line in reversed(crash.answer) if line.startswith("seed "))[5:])
                printed = [line for line in crash.answer] + [f"-1 crash {crash.signal}"]
                first = seed + 1
            for line in printed:
                if line.startswith("seed "):
                    lines = answers[int(line[5:])] = []
                else:
                    lines.append(line)
        return answers

    def batch(self, first, last):
        ours, theirs = self.pool.map(lambda side: self.answers(side, first, last), self.sides)
        for seed in range(first, last):
            a, b = ours[seed], theirs[seed]
            self.counts["graphs"] += 1
            self.counts["results"] += len(b)
            if b and " crash " in b[-1]:
                self.counts["libtorch crashes: not compared"] += 1
                continue
            if a != b and (any(" crash " in line for line in a[-1:]) or difference(a, b, self.strides)):
                self.part(seed)

    def steps(self, seed):
        for side in reversed(self.sides):
            try:
                return read(side.ask(f"steps {seed}\n"))
            except Crash:
                pass
        return []

    def part(self, seed):
        """Decides about a seed whose answers differ."""
        steps = self.steps(seed)
        found, theirs = examine(steps, self.sides, self.strides)
        if found is None:
            self.counts["undecided, by amplified rounding"] += 1
            return
        self.counts["differing"] += 1
        text = self.calls[steps[found.step].operation].text if found.step < len(steps) else ""
        key = found.kind, text, found.said()
        self.shrunk[key] += 1
        if self.shrunk[key] > (SHRUNK * 8 if "grad" in text else SHRUNK):
            self.counts["not shrunk, as many like it were"] += 1
            return
        small = Shrinker(steps, found, theirs, self.calls, self.sides, self.strides).shrink()
        texts = tuple(sorted({self.calls[s.operation].text for s in small.steps if s.operation > 0}))
        step = small.steps[min(small.found.step, len(small.steps) - 1)]  # a crash may come after the last
        of_gradient = self.calls[step.operation].text.startswith(SWEEP)
        if small.found.kind == "requires_grad" and (step.quiet or (of_gradient and not step.integers[2])):
            texts = ("made without grad mode",)  # whatever the view
        entry = meant_as(small, self.calls, of_gradient, texts)
        if entry:
            self.counts["meant: " + entry] += 1
            return
        key = small.found.kind, texts
        if key in self.groups:
            self.groups[key].seeds.append(seed)
            return
        lines = Reproducer(small.steps, small.theirs, self.calls).text()
        self.groups[key] = Group(small.found.kind, texts, lines, small.found, seed)
        print(self.described(self.groups[key]), flush=True)

    def described(self, group):
        found = group.found
        lines = [f"\n== {group.kind}   (seed {group.seeds[0]})"] + ["  " + line for line in group.lines]
        lines += [f"  xgrad:    {shown(found.ours)}", f"  libtorch: {shown(found.theirs)}"]
        return "\n".join(lines)

    def summary(self, seconds, first, last):
        print(f"\nseeds {first} to {last - 1}, {seconds:.0f} s, {self.counts['graphs'] / max(seconds, 1e-9):.0f} graphs a second")
        for name, count in sorted(self.counts.items()):
            print(f"  {count:9} {name}")
        for group in sorted(self.groups.values(), key=lambda g: -len(g.seeds)):
            print(f"  {len(group.seeds):5} {group.kind}: {'; '.join(group.texts)}   (seeds {', '.join(map(str, group.seeds[:3]))})")


def shown(line):
    """A printed result with its numbers readable."""
    if line is None:
        return "nothing"
    fields = line.split(" ")
    if "error" in line or len(fields) < 6:
        return line.split(" ", 1)[-1].replace("\t", ": ")
    values = ", ".join(f"{v:.12g}" for v in elements(line)[:12])
    return f"{fields[-5]} sizes [{fields[-4]}] strides [{fields[-3]}] requires_grad {fields[-2]}: {values}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--only", type=int, help="one seed, shrunk")
    parser.add_argument("--families", nargs="*", default=[], help="families of operations that are drawn ten times as often")
    parser.add_argument("--no-strides", dest="strides", action="store_false", help="differences of strides don't count")
    arguments = parser.parse_args()
    fuzzer = Fuzzer(arguments)
    begin, first = time.monotonic(), arguments.seed
    if arguments.only is not None:
        fuzzer.batch(arguments.only, arguments.only + 1)
        first, last = arguments.only, arguments.only + 1
    else:
        last = first
        while time.monotonic() - begin < arguments.seconds:
            fuzzer.batch(last, last + BATCH)
            last += BATCH
    fuzzer.summary(time.monotonic() - begin, first, last)
    return 1 if fuzzer.groups else 0


if __name__ == "__main__":
    sys.exit(main())
