"""Asks PyTorch for the value and the gradient of every sample of the catalogue and records its answers.

Reads what dump_samples writes from the standard input; the argument names the file to write, which is gzip of:
the line "xgrad oracle 1", then for each sample its key (u64), a status byte (0 answered, 1 refused), the number of
values (u8) and the values, the number of gradients (u8; one per input) and the gradients. A tensor is its dtype (u8: place
in DTYPES, 255 for none), number of axes (u8), sizes (i32 each) and elements; of a tensor with more than LIMIT elements only
LIMIT of them, evenly spread. Everything is little-endian. Gradients are those of the sum of y * cos(1, 2, ...) over all outputs.
"""

import gzip
import math
import struct
import sys
import warnings

import torch
import torch.nn.functional as F

LIMIT = 512
DTYPES = {"Float": torch.float32, "Double": torch.float64, "Long": torch.int64, "Int": torch.int32, "Byte": torch.uint8, "Bool": torch.bool,
          "Char": torch.int8, "Short": torch.int16, "Half": torch.float16, "BFloat16": torch.bfloat16}
CODES = {dtype: code for code, dtype in enumerate(DTYPES.values())}


def read_samples(lines):
    sample = None
    for line in lines:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "sample":
            key, name, deviates = rest.split(" ")
            sample = {"key": int(key, 16), "name": name, "deviates": deviates == "1", "inputs": [], "shapes": []}
        elif kind == "call":
            sample["call"] = rest
        elif kind == "input":
            dtype, differentiated, ndim, *more = rest.split(" ")
            sizes = [int(s) for s in more[: int(ndim)]]
            sample["shapes"].append("%s%s" % (dtype, sizes))
            data = bytearray(b"" if more[-1] == "-" else bytes.fromhex(more[-1]))
            flat = torch.frombuffer(data, dtype=DTYPES[dtype]) if data else torch.empty(0, dtype=DTYPES[dtype])
            x = flat.reshape(sizes).clone()
            sample["inputs"].append(x.requires_grad_() if differentiated == "1" else x)
        elif kind == "end":
            yield sample


def as_tensors(result):
    if isinstance(result, torch.Tensor):
        return [result]
    if isinstance(result, (list, tuple)):
        return [t for part in result for t in as_tensors(part)]
    return [torch.as_tensor(result, dtype=torch.float64 if isinstance(result, float) else None)]


def seeded_call(sample, x):
    torch.manual_seed(0)
    return eval(sample["call"], {"torch": torch, "F": F, "math": math, "x": x})


def evaluate(sample):
    x = sample["inputs"]
    values = as_tensors(seeded_call(sample, x))
    ys = [y for y in values if y.requires_grad]
    wanted = [t for t in x if t.requires_grad]
    found = iter([None] * len(wanted))
    if ys and wanted:
        weights = [torch.cos(torch.arange(1, y.numel() + 1, dtype=torch.float64)).reshape(y.shape).to(y.dtype) for y in ys]
        found = iter(torch.autograd.grad(ys, wanted, weights, allow_unused=True))
    return values, [next(found) if t.requires_grad else None for t in x]


def bytes_of(flat):
    return (flat.view(torch.int16) if flat.dtype == torch.bfloat16 else flat).numpy().tobytes()


def packed(t):
    if t is None:
        return struct.pack("<B", 255)
    flat = t.detach().reshape(-1)
    if flat.numel() > LIMIT:
        flat = flat[torch.arange(LIMIT) * flat.numel() // LIMIT]
    return struct.pack("<BB", CODES[t.dtype], t.dim()) + struct.pack("<%di" % t.dim(), *t.shape) + bytes_of(flat.contiguous())


def main():
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")  # deprecated names of functions that are here to stay
    records, refused = {}, 0
    for sample in read_samples(sys.stdin):
        try:
            values, gradients = evaluate(sample)
            record = struct.pack("<BB", 0, len(values)) + b"".join(map(packed, values))
            record += struct.pack("<B", len(gradients)) + b"".join(map(packed, gradients))
        except Exception as error:
            record = struct.pack("<B", 1)
            if not sample["deviates"]:
                refused += 1
                shapes = ", ".join("%s%s" % (t.dtype, list(t.shape)) for t in sample["inputs"])
                print("%s: PyTorch refuses %s with %s: %s" % (sample["name"], sample["call"], shapes, str(error).split("\n")[0]), file=sys.stderr)
        records[sample["key"]] = record
    with open(sys.argv[1], "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as out:
        out.write(b"xgrad oracle 1\n")
        for key in sorted(records):
            out.write(struct.pack("<Q", key) + records[key])
    print("%d samples recorded in %s, %d refused by PyTorch %s" % (len(records), sys.argv[1], refused, torch.__version__))


if __name__ == "__main__":
    main()
