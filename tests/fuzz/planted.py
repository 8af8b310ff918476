#!/usr/bin/env python3
"""Wrong values planted where deviations.py excuses a difference: the difference is excused, the value is not.

    planted.py --programs build/release/tests/fuzz
"""

import argparse
import os
import struct
import sys

from compare import difference
from deviations import SWEEP, meant_as
from sides import RESULTS, Call, Side, Step, elements

DOUBLE, UNIFORM = 0, 0  # of a leaf


class Program:
    """Steps written by the texts of their calls, and what fuzz.py knows of a difference."""

    def __init__(self, calls, sides):
        self.calls, self.sides, self.steps = calls, sides, []
        self.found = self.theirs = None

    def add(self, step):
        self.steps.append(step)
        return (len(self.steps) - 1) * RESULTS

    def leaf(self, sizes, grad=False):
        return self.add(step(0, integers=[DOUBLE, UNIFORM, len(self.steps) + 1, 2], p=sizes, flag=int(grad)))

    def call(self, text, *named, **fields):
        return self.add(step(next(n for n, call in enumerate(self.calls) if call.text == text), named=list(named), **fields))

    def grad(self, y, by, seed):
        return self.call(SWEEP + "{x}, xs, {y}, flag, k, true)", y, seed, list=by, integers=[0, 0, 1, 0], flag=1)

    def excuse(self, plant):
        """Under what the difference falls, once `plant` has changed our answer."""
        ours, self.theirs = (side.run(self.steps) for side in self.sides)
        self.found = difference(plant(ours), self.theirs)
        if self.found is None:
            return "no difference"
        text = self.calls[self.steps[self.found.step].operation].text
        return meant_as(self, self.calls, text.startswith(SWEEP), tuple(self.calls[s.operation].text for s in self.steps if s.operation > 0))


def step(operation, **fields):
    made = Step("0 - - 0,0,0,0 - - 0.0 0.0 0 0 0")
    return made.copy(operation=operation, **fields)


def other_value(place):
    """The last element of what is at a place, of float64, is larger by one."""
    def plant(ours):
        at = next(n for n, line in enumerate(ours) if line.split(" ", 1)[0] == str(place))
        larger = struct.pack(">d", elements(ours[at])[-1] + 1).hex()
        return ours[:at] + [ours[at][:-len(larger)] + larger] + ours[at + 1:]
    return plant


def programs(new):
    p = new()  # a comparison in place
    result = p.call("x.logical_not_()", p.call("torch::exp(x)", p.leaf([2], grad=True)))
    yield p, result
    p = new()  # the gradient of a weight, of constants
    x, w = p.leaf([1, 1, 3]), p.leaf([1, 1, 2], grad=True)
    y = p.call("torch::conv1d(x, y, z, p, q, j, i)", x, w, -1, integers=[1, 1, 0, 0], p=[1], q=[0])
    yield p, p.grad(y, [w], p.leaf([1, 1, 2]))
    p = new()  # the gradient of places that choose the nearest element
    x, at = p.leaf([1, 1, 2, 2]), p.leaf([1, 1, 2, 2], grad=True)
    y = p.call("F::grid_sample(x, y, F::GridSampleFuncOptions().align_corners(flag).mode(torch::kNearest))", x, at)
    yield p, p.grad(y, [at], p.leaf([1, 1, 1, 2]))
    p = new()  # the order of a selection
    x = p.leaf([6])
    yield p, p.call("torch::topk(x, j, i, true, false)", x, integers=[0, 6, 0, 0])
    p = new()  # the nearest elements by a factor, and their gradient
    x = p.leaf([1, 1, 1, 2], grad=True)
    y = p.call("F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kNearest))", x, b=1.)
    yield p, y
    p = new()
    x = p.leaf([1, 2, 1, 2], grad=True)
    y = p.call("F::interpolate(x, F::InterpolateFuncOptions().scale_factor(std::vector<double>(2, b + 0.25)).mode(torch::kNearest))", x, b=1.)
    yield p, p.grad(y, [x], p.leaf([1, 2, 1, 2]))
    p = new()  # the second derivative of a copysign by its result
    x, at = p.leaf([2], grad=True), p.leaf([2])
    y = p.call("torch::copysign(x, y)", x, at)
    yield p, p.grad(p.grad(y, [x], p.leaf([2])), [y], p.leaf([2]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", required=True)
    arguments = parser.parse_args()
    sides = [Side(name, os.path.join(arguments.programs, "graphs_" + name)) for name in ("xgrad", "libtorch")]
    calls = [Call(line) for line in sides[0].ask("calls\n")]
    wrong = 0
    for program, place in programs(lambda: Program(calls, sides)):
        plain, planted = program.excuse(lambda ours: ours), program.excuse(other_value(place))
        text = calls[program.steps[place // RESULTS].operation].text
        good = plain not in (None, "no difference") and planted is None
        wrong += not good
        print(f"{'ok' if good else 'WRONG'}: {text}: {plain}; with another value: {planted or 'reported'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
