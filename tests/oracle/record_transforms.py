"""Records what torch.autograd.functional and functorch give for the functions of tests/autograd/func/oracle.cpp.

record_transforms.py OUTPUT, as a text: a line for each result, its name and its numbers in row-major order.
"""
import sys

import functorch
import torch
import torch.autograd.functional as F

from recording import recording

torch.set_default_dtype(torch.float64)


def ramp(*shape, start=-0.4, step=0.13):
    n = 1
    for s in shape:
        n *= s
    return (start + step * torch.arange(n)).reshape(shape)


def one(x):
    return torch.sin(x) * x.sum() + x.flip(0) ** 2


def several(a, b):
    return (b.t() @ a).exp(), (a * a).sum() * b


def scalar(a, b):
    return torch.sin(a).prod() * b.pow(3).sum() + (b.t() @ a).tanh().sum()


def net(x, w, v):
    return torch.tanh(x @ w) @ v


def loss(w, v, x, y):
    return ((net(x, w, v) - y) ** 2).mean()


x, a, b = ramp(3), ramp(2, start=0.3), ramp(2, 3)
w, v = ramp(3, 4, step=0.07), ramp(4, 2, start=0.2)
points, targets = ramp(5, 3, step=0.05), ramp(5, 2, step=0.11)
results = {
    "jacobian one": F.jacobian(one, x),
    "jacobian one forward": F.jacobian(one, x, strategy="forward-mode", vectorize=True),
    "jacobian several": F.jacobian(several, (a, b)),
    "hessian": F.hessian(scalar, (a, b)),
    "hvp": F.hvp(scalar, (a, b), (ramp(2), ramp(2, 3, start=0.1))),
    "vhp": F.vhp(scalar, (a, b), (ramp(2), ramp(2, 3, start=0.1))),
    "vjp": F.vjp(several, (a, b), (ramp(3), ramp(2, 3, start=0.1))),
    "jvp": F.jvp(several, (a, b), (ramp(2), ramp(2, 3, start=0.1))),
    "batch jacobian": functorch.vmap(functorch.jacrev(net), in_dims=(0, None, None))(points, w, v),
    "laplacian": functorch.vmap(functorch.hessian(net), in_dims=(0, None, None))(points, w, v).diagonal(dim1=-2, dim2=-1).sum(-1),
    "per sample": functorch.vmap(functorch.grad(loss, argnums=(0, 1)), in_dims=(None, None, 0, 0))(w, v, points, targets),
    "vmap": functorch.vmap(several, in_dims=(1, 0), out_dims=(1, 0))(ramp(2, 4), ramp(4, 2, 3)),
    "functorch jvp": functorch.jvp(lambda p: net(p, w, v), (points,), (ramp(5, 3, start=0.2),)),
}


def flat(value):
    if isinstance(value, torch.Tensor):
        return value.detach().reshape(-1).tolist()
    return [number for part in value for number in flat(part)]


with recording(sys.argv[1]) as out:
    for name, value in results.items():
        print(name + ":", " ".join(f"{number:.17g}" for number in flat(value)), file=out)
