"""Asks PyTorch what it makes of the catalogue's calls with arguments of other dtypes and shapes, and records its answers.

Reads what dump_samples writes from the standard input; the argument names the file to write, compressed lines of
  KEY ANSWER...
for the first sample of each call, in the order of variants(): for each value its dtype's letter and its sizes, as in "f2x3", with
commas between values, or ! where PyTorch refuses.
"""

import gzip
import os
import sys
import warnings

import torch

from record import as_tensors, read_samples, seeded_call

DTYPES = {"f": torch.float32, "d": torch.float64, "l": torch.int64, "i": torch.int32, "h": torch.uint8, "b": torch.bool,
          "c": torch.int8, "s": torch.int16, "e": torch.float16, "z": torch.bfloat16}
LETTERS = {dtype: letter for letter, dtype in DTYPES.items()}


def converted(t, dtype):
    return (t if t.dtype == torch.bool else t.abs()).to(dtype)


def without_axes(t):
    return t.reshape(-1)[0] if t.numel() else t


def without_elements(t):
    return t.narrow(0, 0, 0) if t.dim() else t


def variants(x):
    """Each input alone, then all of them: in every dtype, without axes, without elements."""
    changes = [lambda t, d=d: converted(t, d) for d in DTYPES.values()] + [without_axes, without_elements]
    for i in range(len(x)):
        for change in changes:
            yield [change(t) if k == i else t for k, t in enumerate(x)]
    for change in changes:
        yield [change(t) for t in x]


def outcome(sample, x):
    try:
        values = as_tensors(seeded_call(sample, x))
    except Exception:
        return "!"
    return ",".join(LETTERS.get(y.dtype, "?") + "x".join(map(str, y.shape)) for y in values) or "-"


def outcomes(calls):
    """What each (sample, arguments) gives. A process of its own goes through the calls; one that ends it is refused."""
    answers = []
    while len(answers) < len(calls):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            for sample, x in calls[len(answers) :]:
                os.write(writing, (outcome(sample, x) + "\n").encode())
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as lines:
            answers += lines.read().split()
        if os.waitpid(child, 0)[1]:
            answers.append("!")
    return answers


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    torch.set_grad_enabled(False)
    calls, seen = [], set()
    for sample in read_samples(sys.stdin):
        if (sample["name"], sample["call"]) in seen:
            continue
        seen.add((sample["name"], sample["call"]))
        calls += [(sample, x) for x in variants([t.detach() for t in sample["inputs"]])]
    records = {}
    for (sample, _), answer in zip(calls, outcomes(calls)):
        records.setdefault(sample["key"], []).append(answer)
    with open(sys.argv[1], "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        for key in sorted(records):
            out.write(" ".join(["%016x" % key] + records[key]).encode() + b"\n")
    print("%d calls recorded in %s" % (len(records), sys.argv[1]))


main()
