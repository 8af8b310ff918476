"""A shrunk program as C++."""

import re

from sides import RESULTS, elements

DTYPES = {"Double": "torch::kDouble", "Float": "torch::kFloat", "Long": "torch::kLong", "Int": "torch::kInt", "Byte": "torch::kByte",
          "Bool": "torch::kBool"}


def number(value):
    if isinstance(value, bool) or value != value or value in (float("inf"), float("-inf")):
        return {True: "true", False: "false"}.get(value, "NAN" if value != value else "INFINITY" if value > 0 else "-INFINITY")
    return repr(value)


def braces(values):
    return "{" + ", ".join(values) + "}"


DRAWS = re.compile(r"called\(|packed_call|dropout|rrelu|rand|normal|bernoulli|multinomial|poisson|binomial|gumbel|uniform|fractional|"
                   r"exponential|cauchy|geometric|random|_scaled_dot|lstm|gru|rnn")


class Reproducer:
    def __init__(self, steps, answer, calls):
        self.steps, self.calls = steps, calls
        self.lines = {}
        for line in answer:
            self.lines.setdefault(line.split(" ", 1)[0], line)
        kept = [n for n, s in enumerate(steps) if s.operation >= 0]
        self.names = {n: f"t{place}" for place, n in enumerate(kept)}

    def name(self, place):
        if place < 0:
            return "Tensor()"
        step = place // RESULTS
        name = self.names.get(step, f"missing{step}")
        kind = self.calls[self.steps[step].operation].kind
        return f"std::get<{place % RESULTS}>({name})" if kind == "t" else f"{name}[{place % RESULTS}]" if kind in "vm" else name

    def leaf(self, n, step):
        line = self.lines.get(str(n * RESULTS))
        if line is None or " error " in line:
            return f"a leaf {step.line()}"
        fields = line.split(" ")
        dtype, sizes = fields[1], [] if fields[2] == "-" else fields[2].split(",")
        values = [number(bool(v) if dtype == "Bool" else round(v, 6) if isinstance(v, float) else v) for v in elements(line)]
        if not sizes:
            text = f"torch::tensor({values[0]}, {DTYPES[dtype]})"
        elif not values:
            text = f"torch::zeros({braces(sizes)}, {DTYPES[dtype]})"
        else:
            text = f"torch::tensor({braces(values)}, {DTYPES[dtype]})" + (f".view({braces(sizes)})" if len(sizes) > 1 else "")
        return text + (".requires_grad_()" if step.flag else "")

    def call(self, step):
        i, j, k, l = step.integers
        names = dict(zip("xyzw", [self.name(p) for p in step.named] + ["Tensor()"] * 4), xs=braces(self.name(p) for p in step.list), i=i, j=j, k=k, l=l,
                     p=braces(map(str, step.p)), q=braces(map(str, step.q)), a=step.a, b=step.b, flag="true" if step.flag else "false")
        text = re.sub(r'"[^"]*"|\b(xs|flag|[xyzwijklpqab])\b', lambda m: str(names[m[1]]) if m[1] else m[0], self.calls[step.operation].text)
        return text.replace("--", "-(-") + (")" if "--" in text else "")

    def text(self):
        lines = []
        for n, step in enumerate(self.steps):
            if step.operation < 0:
                continue
            if step.operation == 0:
                text = self.leaf(n, step)
            else:
                text = self.call(step)
            if step.operation > 0 and DRAWS.search(self.calls[step.operation].text):
                lines.append(f"torch::manual_seed({step.seed});")
            kind = self.calls[step.operation].kind
            line = text + ";" if kind == "-" else f"auto {self.names[n]} = {text};"
            lines.append(f"{{ torch::NoGradGuard guard; {line} }}" if step.quiet else line)
        return lines
