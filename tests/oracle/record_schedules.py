"""Runs learning-rate schedulers with random options, alone and together, and records the rates and momenta.

The argument names the file to write, which is compressed. It says of each case how to make it, in the words that
tests/optim/lr_schedulers.cpp understands, and then one line for each sequence of each group; "0.1*5" stands for five times 0.1:

    case sgd 0.1 0.02           an optimizer with two groups and their rates
    initial 0.1 0.02            their initial_lr, when schedulers go on with a last_epoch
    make StepLR gamma=0.5 step_size=3
    run 0                       the schedulers that step, by number
    lr0 ...  lr1 ...  momentum0 ...
"""

import random
import sys
import warnings

import torch
from torch.optim import lr_scheduler, swa_utils

from recording import recording

STEPS = 200
rng = random.Random(7)


def number(low, high):
    return round(rng.uniform(low, high), 4)


def some(low, high):
    """A number for both groups, or one for each."""
    return number(low, high) if rng.random() < 0.5 else [number(low, high), number(low, high)]


# Functions by name and number, as the test has them too.
FUNCTIONS = {"power": lambda a: lambda e: a**e, "inverse": lambda a: lambda e: 1 / (1 + a * e)}


def function(name):
    kind, a = name.split(":")
    return FUNCTIONS[kind](float(a))


def random_function():
    return f"power:{number(0.9, 1.01)}" if rng.random() < 0.5 else f"inverse:{number(0.0, 0.1)}"


def random_functions():
    return random_function() if rng.random() < 0.5 else [random_function(), random_function()]


def one_cycle():
    options = {"max_lr": some(0.1, 1), "pct_start": number(0.05, 0.95), "anneal_strategy": rng.choice(["cos", "linear"]),
               "cycle_momentum": rng.random() < 0.8, "base_momentum": some(0.7, 0.85), "max_momentum": some(0.85, 0.99),
               "div_factor": number(2, 30), "final_div_factor": number(10, 1000), "three_phase": rng.random() < 0.5}
    if rng.random() < 0.5:
        return options | {"total_steps": rng.randint(STEPS + 1, 300)}
    return options | {"epochs": rng.randint(21, 30), "steps_per_epoch": 10}


def cyclic():
    options = {"base_lr": some(0.001, 0.1), "max_lr": some(0.1, 1), "step_size_up": rng.randint(1, 50), "gamma": number(0.95, 1),
               "mode": rng.choice(["triangular", "triangular2", "exp_range"]), "cycle_momentum": rng.random() < 0.8,
               "base_momentum": some(0.7, 0.85), "max_momentum": some(0.85, 0.99)}
    if rng.random() < 0.5:
        options["step_size_down"] = rng.randint(0, 50)
    if rng.random() < 0.3:
        options |= {"scale_fn": random_function(), "scale_mode": rng.choice(["cycle", "iterations"])}
    return options


MAKERS = {
    "LambdaLR": lambda: {"lr_lambda": random_functions()},
    "MultiplicativeLR": lambda: {"lr_lambda": random_functions()},
    "StepLR": lambda: {"step_size": rng.randint(1, 40), "gamma": number(0.3, 1.1)},
    "MultiStepLR": lambda: {"milestones": [rng.randint(0, STEPS) for _ in range(rng.randint(1, 8))], "gamma": number(0.3, 1.1)},
    "ConstantLR": lambda: {"factor": number(0.05, 1), "total_iters": rng.randint(1, 100)},
    "LinearLR": lambda: {"start_factor": number(0.01, 1), "end_factor": number(0, 1), "total_iters": rng.randint(1, 250)},
    "ExponentialLR": lambda: {"gamma": number(0.9, 1.01)},
    "PolynomialLR": lambda: {"total_iters": rng.randint(1, 250), "power": number(0, 3)},
    "CosineAnnealingLR": lambda: {"T_max": rng.randint(1, 120), "eta_min": number(0, 0.01)},
    "CosineAnnealingWarmRestarts": lambda: {"T_0": rng.randint(1, 50), "T_mult": rng.randint(1, 3), "eta_min": number(0, 0.01)},
    "CyclicLR": cyclic,
    "OneCycleLR": one_cycle,
    "SWALR": lambda: {"swa_lr": some(0.001, 0.5), "anneal_epochs": rng.choice([0, 1, rng.randint(2, 150)]),
                      "anneal_strategy": rng.choice(["cos", "linear"])},
}
PLATEAU = "ReduceLROnPlateau"


def plateau():
    return {"mode": rng.choice(["min", "max"]), "factor": number(0.2, 0.95), "patience": rng.randint(0, 12),
            "threshold": number(0, 0.1), "threshold_mode": rng.choice(["rel", "abs"]), "cooldown": rng.randint(0, 8),
            "min_lr": rng.choice([0.0, number(0, 0.01), [number(0, 0.01), number(0, 0.01)]]), "eps": rng.choice([0.0, 1e-8, 1e-3])}


def text(value):
    if isinstance(value, list):
        return ",".join(text(v) for v in value)
    return {True: "1", False: "0"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def python_value(key, value):
    if key == "lr_lambda":
        return [function(v) for v in value] if isinstance(value, list) else function(value)
    return function(value) if key == "scale_fn" else value


class Case:
    def __init__(self, out, adam=False, initial=False):
        self.out = out
        rates = [number(0.01, 1), number(0.01, 1)]
        groups = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in rates]
        self.optimizer = torch.optim.Adam(groups) if adam else torch.optim.SGD(groups, lr=0.1, momentum=0.5)
        self.schedulers, self.cycles = [], False
        print("case", "adam" if adam else "sgd", *rates, file=out)
        if initial:
            begin = [number(0.01, 1), number(0.01, 1)]
            for group, lr in zip(self.optimizer.param_groups, begin):
                group["initial_lr"] = lr
            print("initial", *begin, file=out)

    def make(self, name, options):
        print("make", name, *(f"{k}={text(v)}" for k, v in options.items()), file=self.out)
        arguments = {k: python_value(k, v) for k, v in options.items()}
        of = [self.schedulers[i] for i in arguments.pop("of", [])]
        if name == "ChainedScheduler":
            made = lr_scheduler.ChainedScheduler(of)
        elif name == "SequentialLR":
            made = lr_scheduler.SequentialLR(self.optimizer, of, **arguments)
        else:
            made = getattr(swa_utils if name == "SWALR" else lr_scheduler, name)(self.optimizer, **arguments)
        self.schedulers.append(made)
        self.cycles |= name in ("CyclicLR", "OneCycleLR")
        return len(self.schedulers) - 1

    def random(self, names, **more):
        return self.make(name := rng.choice(names), MAKERS[name]() | more)

    def run(self, which, metrics=None, stride=None):
        print("run", *which, file=self.out)
        if metrics:
            print("metrics", *metrics, file=self.out)
        if stride:
            print("stride", stride, file=self.out)
        sequences = {}

        def record():
            for i, group in enumerate(self.optimizer.param_groups):
                sequences.setdefault(f"lr{i}", []).append(group["lr"])
                if self.cycles:
                    sequences.setdefault(f"momentum{i}", []).append(group["betas"][0] if "betas" in group else group["momentum"])

        record()
        for step in range(STEPS):
            for i in which:
                if isinstance(self.schedulers[i], lr_scheduler.ReduceLROnPlateau):
                    self.schedulers[i].step(metrics[step])
                elif stride:
                    self.schedulers[i].step(step * stride)
                else:
                    self.schedulers[i].step()
            record()
        for name, values in sequences.items():
            runs = []
            for v in values:
                if runs and runs[-1][0] == v:
                    runs[-1][1] += 1
                else:
                    runs.append([v, 1])
            print(name, *(repr(float(v)) if n == 1 else f"{float(v)!r}*{n}" for v, n in runs), file=self.out)


def random_metrics():
    value, metrics = number(1, 3), []
    for _ in range(STEPS):
        value += rng.gauss(0, 0.1) - 0.01
        metrics.append(rng.choices([round(value, 3), "nan", "inf", "-inf"], [95, 3, 1, 0.3])[0])
    return [float(m) for m in metrics]


def milestones(n):
    return sorted(rng.randint(1, 150) for _ in range(n))


def record(out):
    everything = list(MAKERS)
    at_most_once = [name for name in everything if name not in ("OneCycleLR", "SWALR")]  # two of them share what they keep in the groups
    for name in everything:
        for i in range(8):
            case = Case(out, adam=name == "OneCycleLR" and i % 2 == 0)
            case.run([case.random([name])])
    for name in everything:
        if name not in ("CyclicLR", "OneCycleLR"):  # the one takes the momentum it finds for the lower bound, the other its own first rate
            for _ in range(2):
                case = Case(out, initial=True)
                # WarmRestarts finds its place in the first two periods only
                last = rng.randint(0, 3) if name == "CosineAnnealingWarmRestarts" else rng.randint(0, 50)
                more = {"T_0": rng.randint(4, 20)} if name == "CosineAnnealingWarmRestarts" else {}
                case.run([case.random([name], **more, last_epoch=last)])
    for _ in range(6):
        case = Case(out)
        case.run([case.make("CosineAnnealingWarmRestarts", {"T_0": rng.randint(3, 9), "T_mult": rng.choice([1, 2, 4])})],
                 stride=number(0.1, 3))
    for _ in range(24):
        case = Case(out)
        case.run([case.make(PLATEAU, plateau())], metrics=random_metrics())
    for _ in range(60):  # stepped one after the other
        case = Case(out)
        case.run([case.random(everything), case.random(at_most_once)])
    for _ in range(8):
        case = Case(out)
        case.run([case.random(everything), case.make(PLATEAU, plateau())], metrics=random_metrics())
    for _ in range(16):
        case = Case(out)
        of = [case.random(at_most_once) for _ in range(rng.randint(1, 3))] + [case.random(everything)]
        case.run([case.make("ChainedScheduler", {"of": of})])
    for _ in range(48):
        case = Case(out)
        of = [case.random(everything)] + [case.random(at_most_once) for _ in range(rng.randint(1, 3))]
        rng.shuffle(of)
        case.run([case.make("SequentialLR", {"of": of, "milestones": milestones(len(of) - 1)})])
    for _ in range(16):
        case = Case(out)
        of = [case.random(everything), case.random(at_most_once)]
        sequence = case.make("SequentialLR", {"of": of, "milestones": milestones(1)})
        case.run([case.make("ChainedScheduler", {"of": [sequence, case.random(at_most_once)]})])


def main():
    warnings.simplefilter("ignore")
    with recording(sys.argv[1]) as out:
        record(out)


main()
