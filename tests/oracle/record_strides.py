"""Asks PyTorch for the strides of every result where the inputs lie in memory in another order of axes.

Reads what dump_samples writes from the standard input; the argument names the file to write, compressed lines of
  CALL with SHAPES TAB STRIDES TAB STRIDES TAB STRIDES
for three layouts of the inputs: axes reversed in memory; the first axis outermost and the others rotated, as channels in front
of an image's rows become the innermost axis; every second input reversed, the others row-major. STRIDES has a word per value,
numbers with commas between, or "-" for none. An empty field: PyTorch refuses the call.
"""

import gzip
import math
import sys
import warnings

import torch
import torch.nn.functional as F

from record import as_tensors, read_samples


def laid_out(t, order):
    """The elements of t, its axes in memory in this order, the outermost first."""
    memory = t.detach().permute(order).contiguous()
    back = [order.index(axis) for axis in range(t.dim())]
    return memory.permute(back).requires_grad_(t.requires_grad)


def reversed_axes(t, k):
    return laid_out(t, list(range(t.dim()))[::-1])


def rotated_axes(t, k):
    return laid_out(t, list(range(t.dim()))[:1] + list(range(2, t.dim())) + list(range(1, t.dim()))[:1])


def alternating(t, k):
    return reversed_axes(t, k) if k % 2 else laid_out(t, list(range(t.dim())))


def strides(call, inputs):
    torch.manual_seed(0)
    try:
        values = as_tensors(eval(call, {"torch": torch, "F": F, "math": math, "x": inputs}))
    except Exception:
        return ""
    return " ".join(",".join(map(str, y.stride())) or "-" for y in values)


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # deprecated names of functions that are here to stay
    lines = {}
    for sample in read_samples(sys.stdin):
        shapes = " ".join(sample["shapes"])
        answers = [strides(sample["call"], [layout(t, k) for k, t in enumerate(sample["inputs"])])
                   for layout in (reversed_axes, rotated_axes, alternating)]
        lines["%s with %s" % (sample["call"], shapes)] = answers
    with open(sys.argv[1], "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        for line in sorted(lines):
            out.write("\t".join([line] + lines[line]).encode() + b"\n")
    print("strides of %d samples recorded in %s" % (len(lines), sys.argv[1]))


main()
