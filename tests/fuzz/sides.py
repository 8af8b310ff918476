"""The two programs that execute steps, and what they print."""

import math
import os
import struct
import subprocess

RESULTS = 8  # places of a step, see operation.h
FORMATS = {"Double": ("d", 16), "Float": ("f", 8), "Long": ("q", 16), "Int": ("i", 8), "Byte": ("B", 2), "Bool": ("B", 2)}


class Crash(Exception):
    """The program ended before its answer: `answer` is what it printed."""

    def __init__(self, signal, answer):
        super().__init__(f"signal {signal}")
        self.signal, self.answer = signal, answer


class Side:
    """One of the programs, started when it is needed."""

    def __init__(self, name, path, families=()):
        self.name, self.command, self.process = name, [path, *families], None

    def start(self):
        environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        bufsize=1 << 16, env=environment)

    def send(self, text):
        if self.process is None:
            self.start()
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def answer(self):
        """Lines up to "done"; throws Crash."""
        lines = []
        for line in self.process.stdout:
            if line == "done\n":
                return lines
            lines.append(line[:-1])
        signal = -self.process.wait()
        self.process = None
        raise Crash(signal, lines)

    def ask(self, text):
        self.send(text)
        return self.answer()

    def run(self, steps, noise=0.0):
        return self.ask("".join([f"run {noise!r}\n", *(s.line() + "\n" for s in steps), "end\n"]))


class Call:
    """An operation: its text and the kind of what it returns (T tensor, t tuple, v vector, m module, - nothing)."""

    def __init__(self, line):
        self.kind, effect, text = line.split(" ", 2)
        self.text = text.replace("( ", "(")  # what is left of a line break, or not, by compiler
        self.effect = int(effect)


class Step:
    """The fields of a line, see program.h."""

    FIELDS = ("operation", "named", "list", "integers", "p", "q", "a", "b", "flag", "quiet", "seed")

    def __init__(self, line):
        values = line.split(" ")
        for name, value in zip(self.FIELDS, values):
            if name in ("named", "list", "integers", "p", "q"):
                value = [] if value == "-" else [int(n) for n in value.split(",")]
            elif name in ("operation", "flag", "quiet", "seed"):
                value = int(value)
            setattr(self, name, value)

    def line(self):
        def text(value):
            return ",".join(map(str, value)) or "-" if isinstance(value, list) else str(value)

        return " ".join(text(getattr(self, name)) for name in self.FIELDS)

    def copy(self, **changes):
        other = Step.__new__(Step)
        other.__dict__ = {k: list(v) if isinstance(v, list) else v for k, v in self.__dict__.items()}
        other.__dict__.update(changes)
        return other


def elements(line):
    """The numbers of a printed tensor."""
    fields = line.rsplit(" ", 5)
    letter, digits = FORMATS[fields[1]]
    if fields[5] == "-":
        return ()
    return struct.unpack(f">{len(fields[5]) // digits}{letter}", bytes.fromhex(fields[5]))


def scale_of(lines):
    """The largest finite magnitude among the floating values."""
    largest = 1.0
    for line in lines:
        if (" Double " in line or " Float " in line) and " error " not in line:
            largest = max([largest, *(abs(v) for v in elements(line) if math.isfinite(v))])
    return largest
