#!/usr/bin/python3
"""Records where PyTorch's optimizers take a small net: `record_optimizers.py FILE`.

A line is an optimizer, a dtype, options as name=value (bias.name=value: of the group of biases), and after a colon the parameters after 3
and after 100 steps. tests/optim/trajectories.cpp takes the same steps.
"""
import random
import sys

import torch

from recording import recording

STEPS = (3, 100)


def net(dtype):
    """The parameters and data of a net of 2, 4 and 1 units."""
    shapes = [(4, 2), (4,), (1, 4), (1,)]
    parameters, k = [], 0
    for shape in shapes:
        n = torch.Size(shape).numel()
        values = [0.7 * torch.sin(torch.tensor(1.3 * (k + i) + 0.5, dtype=torch.float64)).item() for i in range(n)]
        parameters.append(torch.tensor(values, dtype=dtype).reshape(shape).requires_grad_())
        k += n
    x = torch.sin(torch.arange(10, dtype=torch.float64) * 3 + 1).reshape(5, 2).to(dtype)
    y = torch.cos(torch.arange(5, dtype=torch.float64) * 2).reshape(5, 1).to(dtype)
    return parameters, x, y


def options_of(name, r):
    """Options drawn at random, those of biases apart."""
    def betas():
        return r.choice([(0.9, 0.999), (0.8, 0.95), (0.5, 0.99), (0.95, 0.99)])
    def some(**values):
        return {k: r.choice(v) for k, v in values.items() if r.random() < 0.6}
    decay = some(weight_decay=[0.01, 0.1])
    up = some(maximize=[True]) if r.random() < 0.3 and name not in ("NAdam", "RAdam", "LBFGS") else {}
    lr = {"lr": r.choice([0.0005, 0.001, 0.002])}
    own = {
        "SGD": lambda: some(momentum=[0.5, 0.9], dampening=[0.1, 0.5]),
        "Adam": lambda: {"betas": betas(), **some(amsgrad=[True], eps=[1e-8, 1e-3])},
        "AdamW": lambda: {"betas": betas(), **some(amsgrad=[True], eps=[1e-8, 1e-3])},
        "Adagrad": lambda: some(lr_decay=[0.01, 0.1], initial_accumulator_value=[0.1, 1.0], eps=[1e-10, 1e-3]),
        "RMSprop": lambda: some(alpha=[0.9, 0.5], momentum=[0.5, 0.9], centered=[True], eps=[1e-8, 1e-3]),
        "Adadelta": lambda: some(rho=[0.5, 0.95], eps=[1e-6, 1e-3]),
        "Adamax": lambda: {"betas": betas(), **some(eps=[1e-8, 1e-3])},
        "NAdam": lambda: {"betas": betas(), **some(momentum_decay=[0.0, 0.1], eps=[1e-8, 1e-3])},
        "RAdam": lambda: {"betas": r.choice([(0.9, 0.999), (0.8, 0.95), (0.5, 0.9)]), **some(eps=[1e-8, 1e-3])},
        "ASGD": lambda: some(lambd=[0.01, 0.1], alpha=[0.5, 1.0], t0=[0.0, 20.0]),
        "Rprop": lambda: some(etas=[(0.3, 1.5), (0.6, 1.1)], step_sizes=[(1e-4, 0.1), (1e-6, 1.0)]),
        "LBFGS": lambda: {"max_iter": r.choice([1, 4, 20]), **some(history_size=[2, 10], tolerance_grad=[1e-5], max_eval=[3, 9],
                                                                 line_search_fn=["strong_wolfe"])},
    }[name]()
    if name == "LBFGS":
        if "line_search_fn" not in own:
            own = {"max_iter": 1, "history_size": r.choice([10, 20]), "tolerance_grad": 1e-5}
        return {"lr": r.choice([1, 0.5]) if "line_search_fn" in own else 0.1, **own}, {}
    if name == "SGD" and own.get("momentum") and r.random() < 0.5:
        own.pop("dampening", None)
        own["nesterov"] = True
    if name == "Rprop":
        decay = {}
    if name == "Adadelta":
        lr = {"lr": r.choice([0.05, 0.1])}
    bias = {"lr": r.choice([0.0005, 0.003])} if r.random() < 0.3 else {}
    return {**lr, **own, **decay, **up}, bias


def train(name, dtype, options, bias):
    """The parameters after each of STEPS. What is to be maximized is minus the loss: steps that part from each other tell nothing."""
    parameters, x, y = net(dtype)
    w1, b1, w2, b2 = parameters
    groups = [{"params": [w1, w2]}, {"params": [b1, b2], **bias}] if bias else parameters
    # Only that form of NAdam has the product of its paper.
    form = {"foreach": True} if name == "NAdam" else {}
    optimizer = getattr(torch.optim, name)(groups, **options, **form)

    def closure():
        optimizer.zero_grad()
        out = torch.tanh(x @ w1.t() + b1) @ w2.t() + b2
        loss = ((out - y) ** 2).mean() * (-1 if options.get("maximize") else 1)
        loss.backward()
        return loss

    found = []
    for step in range(1, max(STEPS) + 1):
        optimizer.step(closure)
        if step in STEPS:
            found += [v for p in parameters for v in p.detach().reshape(-1).tolist()]
    return found


def text(value):
    if isinstance(value, tuple):
        return ",".join(repr(v) for v in value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def main():
    torch.set_num_threads(1)
    r = random.Random(20)
    with recording(sys.argv[1]) as out:
        for name in ("SGD", "Adam", "AdamW", "Adagrad", "RMSprop", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "Rprop", "LBFGS"):
            for k in range(14):
                dtype = torch.float32 if k % 4 == 3 and name != "LBFGS" else torch.float64
                options, bias = options_of(name, r)
                words = [f"{k}={text(v)}" for k, v in options.items()] + [f"bias.{k}={text(v)}" for k, v in bias.items()]
                values = train(name, dtype, options, bias)
                digits = 9 if dtype == torch.float32 else 14
                out.write(f"{name} {str(dtype)[6:]} {' '.join(words)} : {' '.join(f'{v:.{digits}g}' for v in values)}\n")


main()
