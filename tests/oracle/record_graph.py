"""Asks PyTorch what every sample of the catalogue leaves in the graph, and records its answers.

Reads what dump_samples writes from the standard input; the argument names the file to write, compressed lines of
  KEY VALUES GRADIENTS SQUARES EDITS AGAIN SECOND...
or KEY alone where PyTorch refuses the call. A character each:
  VALUES     for each value, 1 if it requires a gradient;
  GRADIENTS  for each input, its gradient under create_graph: 0 none, 1 a constant, 2 part of the graph;
  SQUARES    a sweep of the sum of these gradients' squares: 0 works, 1 throws, 2 nothing to sweep;
  EDITS      for each value, then for each input, what the sweep does after zero_(): 0 works, 1 throws, 2 the edit throws;
  AGAIN      a second sweep of a graph that the first did not keep: 0 works, 1 throws;
  SECOND     for each input what the sweep of the squares gives it, at most LIMIT numbers with commas between.
A dash stands for nothing. Sweeps start with cos(1), cos(2), ... for each value.
"""

import gzip
import sys
import warnings

import torch

from record import as_tensors, read_samples, seeded_call

LIMIT = 32


def fresh(sample):
    return [t.detach().clone().requires_grad_(t.requires_grad) for t in sample["inputs"]]


def gradients(ys, x, create_graph=False):
    ys = [y for y in ys if y is not None and y.requires_grad]
    wanted = [t for t in x if t.requires_grad]
    if not ys or not wanted:
        return [None] * len(x)
    weights = [torch.cos(torch.arange(1, y.numel() + 1, dtype=torch.float64)).reshape(y.shape).to(y.dtype) for y in ys]
    found = iter(torch.autograd.grad(ys, wanted, weights, allow_unused=True, create_graph=create_graph))
    return [next(found) if t.requires_grad else None for t in x]


def squares(first, x):
    sums = [g.pow(2).sum() for g in first if g is not None and g.requires_grad]
    if not sums:
        return "2", [None] * len(x)
    try:
        wanted = [t for t in x if t.requires_grad]
        found = iter(torch.autograd.grad(sums, wanted, allow_unused=True))
        return "0", [next(found) if t.requires_grad else None for t in x]
    except RuntimeError:
        return "1", [None] * len(x)


def swept(values, x):
    try:
        gradients(values, x)
        return "0"
    except RuntimeError:
        return "1"


def after_edit(sample, place):
    x = fresh(sample)
    values = as_tensors(seeded_call(sample, x))
    try:
        with torch.no_grad():
            (values + x)[place].zero_()
    except RuntimeError:
        return "2"
    return swept(values, x)


def again(sample):
    x = fresh(sample)
    values = as_tensors(seeded_call(sample, x))
    gradients(values, x)
    return swept(values, x)


def numbers(t):
    return "-" if t is None or t.numel() == 0 else ",".join("%.12g" % v for v in t.detach().reshape(-1)[:LIMIT].tolist())


def answer(sample):
    x = fresh(sample)
    values = as_tensors(seeded_call(sample, x))
    first = gradients(values, x, create_graph=True)
    of_squares, second = squares(first, x)
    requires = "".join("1" if y.requires_grad else "0" for y in values)
    kinds = "".join("0" if g is None else "2" if g.requires_grad else "1" for g in first)
    edits = "".join(after_edit(sample, k) for k in range(len(values) + len(x)))
    return [part or "-" for part in (requires, kinds, of_squares, edits, again(sample))] + [numbers(t) for t in second]


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # deprecated names of functions that are here to stay
    records = {}
    for sample in read_samples(sys.stdin):
        try:
            records[sample["key"]] = answer(sample)
        except Exception:
            records[sample["key"]] = []
    with open(sys.argv[1], "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        for key in sorted(records):
            out.write(" ".join(["%016x" % key] + records[key]).encode() + b"\n")
    print("%d graphs recorded in %s" % (len(records), sys.argv[1]))


main()
