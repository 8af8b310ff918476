"""Trains modules under torch.nn.utils.weight_norm and spectral_norm, and records what they are made of.

The argument names the file to write. A line is a case, a step and a name, then numbers: what tests/nn/reparametrisation.cpp prints of the
same modules, which begin with the same numbers for the same seed.
"""

import sys

import torch
from torch import nn
from torch.nn.utils import remove_spectral_norm, remove_weight_norm, spectral_norm, weight_norm

from recording import recording

STEPS = 3


def cases():
    yield "linear", lambda: weight_norm(nn.Linear(4, 3)), (2, 4)
    yield "linear all", lambda: weight_norm(nn.Linear(4, 3), dim=None), (2, 4)
    yield "linear columns", lambda: weight_norm(nn.Linear(4, 3), dim=1), (2, 4)
    yield "conv", lambda: weight_norm(nn.Conv2d(2, 3, (2, 3))), (2, 2, 4, 4)
    yield "conv channels", lambda: weight_norm(nn.Conv2d(2, 3, 2), dim=1), (2, 2, 4, 4)
    yield "transposed", lambda: weight_norm(nn.ConvTranspose1d(2, 3, 2)), (2, 2, 4)
    yield "bias", lambda: weight_norm(nn.Linear(4, 3), "bias"), (2, 4)
    yield "spectral linear", lambda: spectral_norm(nn.Linear(4, 3)), (2, 4)
    yield "spectral three", lambda: spectral_norm(nn.Linear(4, 3), n_power_iterations=3), (2, 4)
    yield "spectral columns", lambda: spectral_norm(nn.Linear(4, 3), dim=1, eps=0.5), (2, 4)
    yield "spectral conv", lambda: spectral_norm(nn.Conv2d(2, 3, (2, 3))), (2, 2, 4, 4)
    yield "spectral transposed", lambda: spectral_norm(nn.ConvTranspose2d(2, 3, 2)), (2, 2, 3, 3)
    yield "spectral transposed first", lambda: spectral_norm(nn.ConvTranspose1d(2, 3, 2), dim=0), (2, 2, 4)


def main():
    torch.set_default_dtype(torch.float64)
    with recording(sys.argv[1]) as out:
        def write(case, step, name, tensor):
            print(f"{case}/{step}/{name}", *(f"{v:.9g}" for v in tensor.detach().flatten().tolist()), file=out)

        for number, (case, make, shape) in enumerate(cases()):
            torch.manual_seed(number)
            module = make()
            x = torch.randn(shape)
            write(case, "begin", "weight", module.weight)
            optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.5)
            for step in range(STEPS):
                optimizer.zero_grad()
                y = module(x)
                write(case, step, "y", y)
                (y * y).sum().backward()
                for name, p in module.named_parameters():
                    write(case, step, name + ".grad", p.grad)
                optimizer.step()
                for name, t in module.state_dict().items():
                    write(case, step, name, t)
            module.eval()
            write(case, "eval", "y", module(x))
            for name, t in module.state_dict().items():
                write(case, "eval", name, t)
            name = "bias" if case == "bias" else "weight"
            (remove_spectral_norm if "spectral" in case else remove_weight_norm)(module, name)
            for name, t in module.state_dict().items():
                write(case, "removed", name, t)


main()
