"""Where the answers of two libraries to one program part.

A value is taken as equal when it differs by less than RELATIVE of itself plus ABSOLUTE of the largest number that the program
met before it. Of the others, a program decides nothing where its own inputs, moved by NOISE of themselves, move the value by
a comparable part of the difference: there rounding errors are amplified, or a choice (a maximum, a sign) hangs on them.
"""

import math
import re

from sides import RESULTS, elements, scale_of

RELATIVE = {"Double": 1e-9, "Float": 2e-4}
ABSOLUTE = {"Double": 1e-11, "Float": 1e-5}
NOISE = {"Double": 1e-10, "Float": 1e-5}
# A difference of rounding errors is at most this part of what NOISE makes: machine epsilon / NOISE, times 1000 roundings.
AMPLIFIED = {"Double": 2e-3, "Float": 10.0}


class Difference:
    """kind: error, missing, dtype, shape, requires_grad, value, strides, crash. `at` is the place of the result."""

    def __init__(self, kind, ours, theirs, index):
        self.kind, self.ours, self.theirs, self.index = kind, ours, theirs, index
        head = (theirs or ours or "0").replace("final ", "").split(" ", 1)[0]
        self.place = int(head)
        self.final = (theirs or ours).startswith("final ")

    @property
    def step(self):
        return self.place // RESULTS

    def said(self):
        """The text of the error that one side alone gives, without its numbers; "" where none does."""
        text = {"ours throws": self.ours, "theirs throws": self.theirs}.get(self.kind) or ""
        return re.sub(r"[-\d]+", "#", text.split("\t")[-1])


def close(ours, theirs, dtype, scale):
    a, b = elements(ours), elements(theirs)
    relative, absolute = RELATIVE[dtype], ABSOLUTE[dtype] * scale
    for x, y in zip(a, b):
        if x == y or (x != x and y != y):
            continue
        if not abs(x - y) <= relative * max(abs(x), abs(y)) + absolute:
            return False
    return True


def completed(lines, others):
    """The lines with a final one for each place that has one in either answer: the bits of a NaN alone make one."""
    mine = {line.split(" ", 2)[1]: line for line in lines if line.startswith("final ")}
    places = {line.split(" ", 2)[1] for line in others if line.startswith("final ")} | mine.keys()
    body = [line for line in lines if not line.startswith("final ")]
    first = {line.split(" ", 1)[0]: "final " + line for line in reversed(body)}
    return body + [mine.get(place) or first[place] for place in sorted(places, key=int) if place in mine or place in first]


def difference(ours, theirs, strides=True):
    """The first Difference of two answers, or None. Differences of strides count only where there is no other."""
    ours, theirs = completed(ours, theirs), completed(theirs, ours)
    stride, scale, scaled = None, 1.0, 0  # scale is that of theirs[:scaled]
    for index in range(max(len(ours), len(theirs))):
        a = ours[index] if index < len(ours) else None
        b = theirs[index] if index < len(theirs) else None
        if a == b:
            continue
        if a is None or b is None:
            return Difference("missing", a, b, index)
        head_a, head_b = a.split("\t")[0].split(" "), b.split("\t")[0].split(" ")
        if "error" in head_a[1:2] or "error" in head_b[1:2]:
            if head_a[1:2] == head_b[1:2]:
                continue  # the class and the text are not compared
            return Difference("ours throws" if head_a[1] == "error" else "theirs throws", a, b, index)
        if len(head_a) != len(head_b) or len(head_a) < 6 or head_a[:-5] != head_b[:-5]:
            return Difference("missing", a, b, index)
        for kind, field in (("dtype", -5), ("shape", -4)):
            if head_a[field] != head_b[field]:
                return Difference(kind, a, b, index)
        dtype = head_a[-5]
        if head_a[-1] != head_b[-1]:
            if dtype not in RELATIVE:
                return Difference("value", a, b, index)
            scale, scaled = max(scale, scale_of(theirs[scaled : index + 1])), index + 1
            if not close(a, b, dtype, scale):
                return Difference("value", a, b, index)
        if head_a[-2] != head_b[-2]:
            return Difference("requires_grad", a, b, index)
        if strides and stride is None and head_a[-3] != head_b[-3]:
            stride = Difference("strides", a, b, index)
    return stride


def undecided(found, answers, steps, sides):
    """True iff the difference of a value may come from rounding, by the rule above. `answers`: what both sides print."""
    if found.kind != "value":
        return False
    single = any(s.operation == 0 and s.integers[0] == 1 for s in steps) or any(" Float " in line for line in answers)
    dtype = "Float" if single else "Double"
    ours, theirs, scale = elements(found.ours), elements(found.theirs), scale_of(answers)
    spread = [0.0] * len(theirs)
    for side, own in zip(sides, (ours, theirs)):
        for factor in (1, -0.7, 0.3):
            moved = side.run(steps, NOISE[dtype] * factor)
            if len(moved) <= found.index or " error " in moved[found.index] or moved[found.index].count(" ") != found.theirs.count(" "):
                return True
            others = elements(moved[found.index])
            if len(others) != len(own):
                return True
            for n, (x, y) in enumerate(zip(own, others)):
                if math.isfinite(x) != math.isfinite(y):
                    return True
                if math.isfinite(x):
                    spread[n] = max(spread[n], abs(x - y))
    for x, y, s in zip(ours, theirs, spread):
        if x == y or (x != x and y != y):
            continue
        if not (math.isfinite(x) and math.isfinite(y)) or abs(x - y) > AMPLIFIED[dtype] * s + 1e-13 * max(abs(x), abs(y)):
            if not close_numbers(x, y, dtype, scale):
                return False
    return True


def close_numbers(x, y, dtype, scale):
    return math.isfinite(x) and math.isfinite(y) and abs(x - y) <= RELATIVE[dtype] * max(abs(x), abs(y)) + ABSOLUTE[dtype] * scale
