"""Smaller programs that show the same difference."""

from compare import Difference, difference, undecided
from sides import RESULTS, Crash, Step

BUDGET = 700  # programs tried
DTYPES = ("Double", "Float", "Long", "Int", "Byte", "Bool")
UNIFORM, HALVES, INDEX, MASK = 0, 1, 4, 5


def execute(steps, sides):
    """The two answers; a crash is a line of its own at their end."""
    answers = []
    for side in sides:
        try:
            answers.append(side.run(steps))
        except Crash as crash:
            answers.append(crash.answer + [f"{len(steps) * RESULTS} crash {crash.signal}"])
    return answers


def examine(steps, sides, strides=True):
    """The difference that a program shows, or None, and libtorch's answer. Crashes of libtorch are no difference."""
    ours, theirs = execute(steps, sides)
    if theirs and " crash " in theirs[-1]:
        return None, theirs
    if ours and " crash " in ours[-1]:
        return Difference("ours crashes", ours[-1], None, len(ours) - 1), theirs
    found = difference(ours, theirs, strides)
    try:
        if found and undecided(found, ours + theirs, steps, sides):
            return None, theirs
    except Crash:
        return None, theirs
    return found, theirs


def operation_at(found, steps):
    return steps[found.step].operation if found.step < len(steps) else None


class Shrinker:
    def __init__(self, steps, found, theirs, calls, sides, strides):
        self.steps, self.found, self.theirs = steps, found, theirs
        self.calls, self.sides, self.strides = calls, sides, strides
        self.left = BUDGET

    def accept(self, steps):
        """Takes the candidate if it shows a difference of the same kind in a result of the same operation."""
        if self.left <= 0:
            return False
        self.left -= 1
        found, theirs = examine(steps, self.sides, self.strides)
        if found is None or found.kind != self.found.kind or operation_at(found, steps) != operation_at(self.found, self.steps):
            return False
        if found.said() != self.found.said():
            return False
        self.steps, self.found, self.theirs = steps, found, theirs
        return True

    def shrink(self):
        if not self.found.final and self.found.step + 1 < len(self.steps):
            self.accept(self.steps[: self.found.step + 1])
        again = True
        while again and self.left > 0:
            again = False
            for n in reversed(range(len(self.steps))):
                again |= self.drop(n)
            for n in range(len(self.steps)):
                again |= self.simplify(n)
            again |= self.smaller_everywhere()
        return self

    def changed(self, n, **changes):
        steps = list(self.steps)
        steps[n] = steps[n].copy(**changes)
        return steps

    def redirected(self, old, new):
        """Every use of the results `old` as one of `new`."""
        def place(p):
            return new if p in old else p

        return [s.copy(named=[place(p) for p in s.named], list=[place(p) for p in s.list]) for s in self.steps]

    def drop(self, n):
        """Takes step n out: nobody needs it, an input does as well, or a leaf like its result."""
        step = self.steps[n]
        if step.operation <= 0 and not (step.operation == 0 and self.unused(n)):
            return False
        if self.accept(self.changed(n, operation=-1, named=[], list=[])):
            return True
        if step.operation == 0:
            return False
        results = range(n * RESULTS, (n + 1) * RESULTS)
        for source in dict.fromkeys(p for p in step.named + step.list if p >= 0):
            steps = self.redirected(results, source)
            steps[n] = steps[n].copy(operation=-1, named=[], list=[])
            if self.accept(steps):
                return True
        used = {p for s in self.steps for p in s.named + s.list if p in results}
        for place in used:
            leaf = self.leaf_like(place, step)
            if leaf:
                steps = self.redirected({place}, n * RESULTS)
                steps[n] = leaf
                if self.accept(steps):
                    return True
        return False

    def unused(self, n):
        places = range(n * RESULTS, (n + 1) * RESULTS)
        return not any(p in places for s in self.steps for p in s.named + s.list)

    def leaf_like(self, place, step):
        line = next((x for x in self.theirs if x.split(" ", 1)[0] == str(place)), None)
        fields = line.split(" ") if line else []
        if len(fields) < 6 or fields[1] not in DTYPES:
            return None
        sizes = [] if fields[2] == "-" else [int(s) for s in fields[2].split(",")]
        dtype = DTYPES.index(fields[1])
        fill = HALVES if dtype < 2 else MASK if dtype == 5 else INDEX
        return step.copy(operation=0, named=[], list=[], integers=[dtype, fill, place + 1, 2], p=sizes, q=[], flag=int(fields[4] == "1"), quiet=0)

    def simplify(self, n):
        step, done = self.steps[n], False
        if step.operation < 0:
            return False
        if step.quiet:
            done |= self.accept(self.changed(n, quiet=0))
        if step.operation == 0:
            if step.flag:
                done |= self.accept(self.changed(n, flag=0))
            if step.integers[1] not in (HALVES, INDEX, MASK):
                done |= self.accept(self.changed(n, integers=[step.integers[0], HALVES, *step.integers[2:]]))
            for d in range(len(step.p)):
                for size in (1, self.steps[n].p[d] - 1):
                    p = list(self.steps[n].p)
                    if 0 < size < p[d]:
                        done |= self.accept(self.changed(n, p=p[:d] + [size] + p[d + 1:]))
            return done
        if len(step.list) > 1:
            for m in reversed(range(len(step.list))):
                if len(self.steps[n].list) > 1:
                    shorter = list(self.steps[n].list)
                    del shorter[m]
                    done |= self.accept(self.changed(n, list=shorter))
        if step.integers[2] == 1 and self.calls[step.operation].effect == 2:  # create_graph
            done |= self.accept(self.changed(n, integers=[*step.integers[:2], 0, step.integers[3]]))
        for number in ("a", "b"):
            if getattr(step, number) != "1" and number in self.calls[step.operation].text:
                done |= self.accept(self.changed(n, **{number: "1"}))
        return done

    def smaller_everywhere(self):
        done = False
        for size in sorted({d for s in self.steps if s.operation == 0 for d in s.p if d > 1}, reverse=True):
            steps = [s.copy(p=[size - 1 if d == size else d for d in s.p]) for s in self.steps]
            done |= self.accept(steps)
        return done


def read(lines):
    return [Step(line) for line in lines]
