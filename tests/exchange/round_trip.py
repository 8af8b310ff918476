"""Tensors from Python through this library and back, by every pair of formats, compared bit by bit: round_trip.py CONVERT.

Python writes and reads with torch.save and torch.load, with NumPy, and safetensors with the few lines below, which are written from the
format's description alone. Exits with 77, and says so, where PyTorch is not installed.
"""

import itertools
import json
import os
import struct
import subprocess
import sys
import tempfile
from collections import OrderedDict

try:
    import numpy as np
    import torch
except ImportError as missing:
    print(f"skipped: {missing}; Debian's python3-torch has it")
    sys.exit(77)

CONVERT = os.path.abspath(sys.argv[1])
counts = {"tensors": 0, "bits": 0, "files": 0}

SAFETENSORS = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
               torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL"}


def raw(tensor):
    """The elements in order, as bytes."""
    tensor = tensor.detach().contiguous()
    same_width = {torch.bfloat16: torch.int16}.get(tensor.dtype)
    return (tensor.view(same_width) if same_width and tensor.dim() else tensor.to(torch.float32) if same_width else tensor).numpy().tobytes()


def save_safetensors(path, tensors):
    header, elements = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        data = raw(tensor)
        header[name] = {"dtype": SAFETENSORS[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(elements), len(elements) + len(data)]}
        elements += data
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + elements)


def load_safetensors(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header, elements = json.loads(data[8:8 + size]), data[8 + size:]
    header.pop("__metadata__", None)
    dtypes = {name: dtype for dtype, name in SAFETENSORS.items()}
    result = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        dtype = dtypes[entry["dtype"]]
        result[name] = (torch.frombuffer(bytearray(elements[begin:end]), dtype=dtype) if end > begin else torch.empty(0, dtype=dtype)).view(entry["shape"])
    return result


WRITERS = {
    "a.pt": lambda path, t: torch.save(t, path),
    "legacy.pth": lambda path, t: torch.save(t, path, _use_new_zipfile_serialization=False),
    "protocol4.pt": lambda path, t: torch.save(t, path, pickle_protocol=4),
    "a.npz": lambda path, t: np.savez(path, **{k: v.detach().numpy() for k, v in t.items()}),
    "packed.npz": lambda path, t: np.savez_compressed(path, **{k: v.detach().numpy() for k, v in t.items()}),
    "a.safetensors": save_safetensors,
}
READERS = {
    "out.pt": torch.load,
    "out.npz": lambda path: {k: torch.from_numpy(v) for k, v in np.load(path).items()},
    "out.safetensors": load_safetensors,
}


def run(*arguments):
    subprocess.run([CONVERT, *arguments], check=True)


def compare(expected, read, what):
    assert set(expected) == set(read), f"{what}: {set(expected) ^ set(read)}"
    for name, tensor in expected.items():
        other = read[name]
        assert tensor.dtype == other.dtype and tensor.shape == other.shape, f"{what}: {name}: {other.dtype} {other.shape}"
        assert raw(tensor) == raw(other), f"{what}: {name} has other bits"
        counts["tensors"] += 1
        counts["bits"] += 8 * len(raw(tensor))
    counts["files"] += 1


def every_dtype():
    """Random bits, NaN with all their payloads among them, in shapes that are awkward."""
    generator = np.random.default_rng(0)
    shapes = [(), (1,), (7,), (3, 5), (2, 1, 4, 1, 3), (0,), (4, 0, 2)]
    tensors = OrderedDict()
    for dtype, shape in itertools.product(SAFETENSORS, shapes):
        if dtype == torch.bfloat16 and shape == ():
            continue  # torch 1.13 shows no bits of one
        n = int(np.prod(shape))
        width = torch.empty(0, dtype=dtype).element_size()
        data = bytearray(generator.integers(0, 2 if dtype == torch.bool else 256, max(n, 1) * width, dtype=np.uint8).tobytes())
        tensors[f"{str(dtype)[6:]}.{len(tensors)}"] = torch.frombuffer(data, dtype=dtype)[:n].view(shape)
    tensors["transposed"] = torch.randn(4, 6).t()
    tensors["strided"] = torch.randn(6, 8)[::2, 1::3]
    tensors["expanded"] = torch.randn(3, 1).expand(3, 4).contiguous()
    tensors["gr\u00f6\u00dfe \"x\""] = torch.arange(3)
    tensors["parameter"] = torch.nn.Parameter(torch.randn(2, 2))
    return tensors


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(1, 4, 3, padding=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.lstm = torch.nn.LSTM(8, 6, num_layers=2, bidirectional=True)
        self.embedding = torch.nn.Embedding(10, 6)
        self.attention = torch.nn.TransformerEncoderLayer(12, 3, 16)
        self.head = torch.nn.Sequential(torch.nn.Linear(12, 5), torch.nn.LayerNorm(5), torch.nn.Linear(5, 2))


def all_formats(tensors, mode="tensors"):
    for writer, reader in itertools.product(WRITERS, READERS):
        some = tensors
        if "npz" in writer + reader:
            some = OrderedDict((k, v) for k, v in tensors.items() if v.dtype != torch.bfloat16)
        WRITERS[writer](writer, some)
        run(mode, writer, reader)
        read = READERS[reader](reader)
        compare(some, read, f"{writer} to {reader}")
        if mode == "model":
            net = Net()
            net.load_state_dict(read)
            compare(some, net.state_dict(), f"{writer} to {reader} to a module")


def sharing():
    table = torch.randn(10, 4)
    torch.save({"table": table, "row": table[3], "columns": table.t(), "alone": torch.ones(2)}, "shared.pt")
    run("tensors", "shared.pt", "out.pt")
    read = torch.load("out.pt")
    compare({"table": table, "row": table[3], "columns": table.t(), "alone": torch.ones(2)}, read, "shared storages")
    storages = {read[k].storage().data_ptr() for k in ("table", "row", "columns")}
    assert len(storages) == 1 and read["columns"].stride() == (1, 4), "storages are no longer shared"
    model = torch.nn.ModuleDict({"a": torch.nn.Linear(3, 3), "b": torch.nn.Linear(3, 3)})
    model["b"].weight = model["a"].weight
    torch.save(model.state_dict(), "tied.pt")
    run("tensors", "tied.pt", "out.pt")
    read = torch.load("out.pt")
    assert read["a.weight"].data_ptr() == read["b.weight"].data_ptr(), "tied weights came apart"


def arrays():
    for kind, shape, order in itertools.product("?bBhilefdHI", [(), (3,), (2, 3), (2, 3, 4), (0, 2)], "CF"):
        size = np.dtype(kind).itemsize
        for endian in "<>" if size > 1 else "|":
            n = int(np.prod(shape))
            data = np.random.default_rng(1).integers(0, 2 if kind == "?" else 256, max(n, 1) * size, dtype=np.uint8).tobytes()
            dtype = np.dtype(kind).newbyteorder(endian) if size > 1 else np.dtype(kind)
            array = np.asarray(np.frombuffer(data, dtype)[:n].reshape(shape), order=order)
            np.save("in.npy", array)
            run("tensors", "in.npy", "out.npy")
            read = np.load("out.npy")
            wide = {"H": "<i4", "I": "<i8"}.get(kind)
            expected = array.astype(wide) if wide else array.astype(dtype.newbyteorder("<"))
            assert read.dtype == expected.dtype and read.shape == expected.shape, f"{array.dtype} {shape}: {read.dtype} {read.shape}"
            assert read.tobytes() == expected.tobytes(), f"{array.dtype} {shape} {order}: other bits"
            assert array.ndim < 2 or array.size == 0 or read.flags.f_contiguous == array.flags.f_contiguous, "another order"
            counts["tensors"] += 1
            counts["bits"] += 8 * len(expected.tobytes())
            counts["files"] += 1


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    torch.manual_seed(0)
    all_formats(every_dtype())
    net = Net()
    net.norm.running_mean.normal_()
    all_formats(net.state_dict(), "model")
    sharing()
    arrays()
print(f"{counts['files']} files, {counts['tensors']} tensors, {counts['bits']} bits, all equal")
