"""What Python's torch.save writes, for tests/io/pickle.cpp: record_pickles.py FOLDER, with PyTorch 1.13."""
import collections
import os
import sys

import torch

os.chdir(sys.argv[1])
values = {
    "none": None, "yes": True, "no": False, "small": 7, "word": 70000, "negative": -5, "large": -(2**40), "largest": 2**63 - 1, "pi": 3.25,
    "text": "gr\u00fc\u00df", "list": [1, "two", [3.5]], "tuple": (1, (2, 3, 4)), "empty": [(), [], {}], 5: "five", "size": torch.Size([2, 3]),
}
shared = torch.arange(12.0).view(3, 4)
tensors = {
    "transposed": shared.t(), "row": shared[1], "scalar": torch.tensor(2.5, dtype=torch.float64), "nothing": torch.empty(0, 3),
    "half": torch.tensor([1.5], dtype=torch.float16), "bfloat16": torch.tensor([1.5], dtype=torch.bfloat16),
    "long": torch.tensor([2**40]), "int": torch.tensor([3], dtype=torch.int32), "short": torch.tensor([4], dtype=torch.int16),
    "char": torch.tensor([-1], dtype=torch.int8), "byte": torch.tensor([255], dtype=torch.uint8), "bool": torch.tensor([True, False]),
    "parameter": torch.nn.Parameter(torch.ones(2)),
}
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.Linear(3, 1))
torch.save(values, "values.pt")
torch.save(tensors, "tensors.pt")
torch.save(net.state_dict(), "state_dict.pt")
torch.save({"model": net.state_dict(), "epoch": 3, "losses": [0.5, 0.25]}, "training.pt")
torch.save(torch.arange(3), "tensor.pt")
torch.save(net, "module.pt")
torch.save(collections.Counter("aab"), "counter.pt")
torch.save(values, "legacy.pt", _use_new_zipfile_serialization=False)
torch.save(tensors, "legacy_tensors.pt", _use_new_zipfile_serialization=False)
torch.save(net.state_dict(), "legacy_state_dict.pt", _use_new_zipfile_serialization=False, pickle_protocol=4)
torch.save(torch.nn.ReLU().state_dict(), "no_state.pt")
torch.save({"bytes": b"ab"}, "bytes.pt", pickle_protocol=4)
torch.save({"set": {1, 2}}, "set.pt", pickle_protocol=4)
