#!/usr/bin/env python3
"""The Python of docs/from-pytorch.md runs with PyTorch, with the names that the page declares in C++: python_column.py PAGE. 77 without PyTorch."""
import re
import sys
import tempfile
import os

try:
    import torch
    import torch.nn.functional as F
    from torch import nn, optim
except ImportError:
    print("no PyTorch")
    sys.exit(77)

page = sys.argv[1]
lines = open(page, encoding="utf-8").read().splitlines()
torch.manual_seed(0)
names = dict(torch=torch, nn=nn, F=F, optim=optim, x=torch.rand(4, 3), y=torch.rand(4, 3), w=torch.rand(3, 2), labels=torch.tensor([0, 2, 1, 0]),
             leaf=torch.rand(3, requires_grad=True), images=torch.rand(2, 3, 8, 8), net=nn.Sequential(nn.Linear(3, 3)),
             a=torch.zeros(2, 3).numpy(), print=lambda *_: None)
names["mask"] = names["x"] > 0.5
os.chdir(tempfile.mkdtemp())
ran = failed = 0
in_table = False
for number, line in enumerate(lines, 1):
    if line == "<!-- snippet: table -->":
        in_table, row = True, 0
    elif in_table and line.startswith("|"):
        row += 1
        if "(PyTorch 2)" in line and torch.__version__.startswith("1."):
            continue
        for code in re.findall(r"`([^`]*)`", line.split("|")[1]) if row > 2 else []:
            ran += 1
            try:
                exec(code, names)
            except Exception as error:
                failed += 1
                print(f"{page}:{number}: {code}: {error}")
    else:
        in_table = False
print(f"{ran} lines of Python, {failed} failed")
sys.exit(1 if failed or not ran else 0)
