"""Differences that are meant: by the entry of compat/DEVIATIONS.md that states the reason, or one stated here."""

import math
import re

from compare import difference
from sides import RESULTS, Crash, elements

EDIT = 1  # the effect of a call that edits

# The entry, the kinds of difference, an operation that the smallest program holds. Further words, CONDITIONS below, ask something of the
# program: "special" that it meets a NaN or an infinity, "empty" a tensor without elements.
MEANT = [
    ("sign-of-nan", "value special", r"sign"),
    ("sign-of-nan", "nan-here", r"pairwise_distance\(x, y, b\)"),
    ("softshrink-of-nan", "value special", r"softshrink"),
    ("maximum-of-nan", "value special", r"::(maximum|minimum|max|min)\(x, y\)"),
    ("amax-of-nan", "value special", r"amax|amin"),
    ("bessel-at-infinity", "value special", r"i0|i1"),
    ("trigamma-in-ten-digits", "value", r"polygamma\(1|digamma"),
    ("narrow-copy-derivative", "no-derivative-there", r"narrow_copy"),
    ("aminmax-derivative", "throws", r"aminmax"),
    ("variance-of-one", "throws value requires_grad", r"::(var|std)"),
    ("mean-of-infinity", "value special", r"var_mean|std_mean"),
    ("norm-range", "value special", r"norm"),
    ("atan2-range", "value special", r"atan2"),
    ("hypot-at-zero", "value special", r"hypot"),
    ("logaddexp-of-minus-infinity", "value special", r"logaddexp"),
    ("logsumexp-of-minus-infinity", "value special", r"logsumexp"),
    ("activations-at-infinity", "value special", r"gelu|silu|mish"),
    ("softsign-at-infinity", "value special", r"softsign"),
    ("hardsigmoid-slope", "value", r"hardsigmoid|hardswish"),
    ("second-derivatives-at-limits", "value special", r"erf|atan|asinh|acosh|sinc|pow"),
    ("singular-determinant", "value", r"linalg_det"),
    ("trace-of-a-tall-matrix", "value", r"trace"),
    ("ignored-row-of-nan", "zeros-here", r"softmax|cross_entropy"),
    ("logits-at-infinity", "value special", r"binary_cross_entropy_with_logits"),
    ("target-that-is-no-probability", "throws", r"binary_cross_entropy\("),
    ("short-cuts-in-graphs", "missing throws requires_grad", r"prod|linalg_det|slogdet|hardsigmoid|hardswish|floor_divide"),
    ("second-derivative-of-an-intermediate", "value missing", r"cumprod|prod|pow_"),
    ("order-of-results", "strides value requires_grad theirs-throws ours-throws",
     r"linalg_|inverse|cholesky|nonzero|argwhere|binary_cross_entropy_with_logits|x\.index\("),
    ("order-of-results", "dense-gradient", r""),
    ("views-without-grad-mode", "requires_grad", r"made without grad mode"),
    ("edits-of-unread-values", "throws", r"_\(|[-+*/]="),
    ("shape-of-a-leaf", "throws", r"transpose_|t_\(|squeeze_|swap(axes|dims)_"),
]

# What libtorch 1.13.1 does there is its own fault, a refusal of what nothing speaks against, or says nothing.
FAULTS = [
    ("a gradient of zeros is a constant or missing, whatever it went through", "missing-zeros", r""),
    ("an edit of a view of nothing gives its base zeros that are no part of the graph", "requires_grad empty", r"_\("),
    ("whether what rounding leaves of a cosine of 1 has a logarithm is the rounding's to say", "logical", r"cosine_similarity"),
    ("what a comparison in place wrote says that it requires a gradient", "requires_grad", r"x\.(eq|ne|lt|le|gt|ge|logical_not|logical_and)_\("),
    ("all gradients of a convolution or a grid are said to require one if one operand does", "gradient-without-graph", r"[cC]onv|grid_sample"),
    ("linear of three axes and more refuses a bias of another dtype as Python's does; C++'s adds it", "ours-throws", r"F::linear"),
    ("a hook of a part that got no gradient is called with an undefined tensor", "theirs-throws", r"register_hook"),
    ("a gradient is retained of a part that got none: an undefined tensor is cloned", "theirs-clones-nothing", r"retain_grad"),
    ("grad() through an edit of a view adds to leaves what it computes for them", "grad-there", r"x\.\w+_\(|as_strided"),
    ("masked_select's derivative fills the gradient in the order of the input's memory, not of the values", "moved permuted", r"masked_select"),
    ("baddbmm multiplies the memory that it finds by a beta of 0", "nan-there beta-of-0", r"baddbmm"),
    ("an edit with what it edits, or a part of it, reads what it has written", "value own-writes", r"x\.\w+_\("),
    ("equal elements are sorted stably in short rows only; their gradients go to others", "moved ties", r"sort|topk|kthvalue"),
    ("the 0-norm has no gradient, and what lies behind it is swept all the same", "theirs-throws", r"norm\(x, 0"),
    ("the mean of binary_cross_entropy divides a target's gradient by the number of targets before they were broadcast", "multiple",
     r"binary_cross_entropy\("),
    ("it has no such derivative there", "no-derivative-there", r"cdist|pdist|grid_sample|channel_shuffle"),
    ("topk that is not asked to sort leaves its results in the order of its selection", "value", r"topk\(x, j, i, true, false\)"),
    ("floor_divide has no derivative there, here that of div with rounding: zeros", "theirs-throws", r"floor_divide"),
    ("nll_loss refuses more than two axes, which nll_loss_nd takes", "theirs-throws", r"nll_loss"),
    ("logsumexp over no axis compares with the input's shape", "theirs-throws", r"logsumexp\(x, p"),
    ("mse_loss and its kin find no common dtype, which arithmetic does", "theirs-throws", r"(mse|l1|smooth_l1|huber)_loss"),
    ("logaddexp and slogdet subtract, or divide, by masks or undefined gradients in their derivative", "theirs-throws", r"logaddexp|slogdet"),
    ("scatter_add's derivative has the shape of the index, not of the source", "theirs-throws", r"scatter_add"),
    ("bilinear, index and view of an empty gradient infer a size that nothing tells", "theirs-throws empty", r"bilinear|index|reshape|view|embedding"),
    ("a gradient of a loss whose target is broadcast adds every copy's weight twice", "multiple", r"(mse|l1|smooth_l1|huber)_loss"),
    ("more is saved, or released, than a derivative reads, so that a second sweep is refused", "second-sweep", r""),
    ("a mean of nothing divides by zero in second derivatives, or gives none", "value missing empty", r"mse_loss|cross_entropy_loss|mean"),
    ("addmv of no column rounds beta to the dtype of self, and has its shape", "value shape empty", r"addmv"),
    ("products of integers without elements assert that they have derivatives", "theirs-throws empty", r"mv\(|matmul|inner"),
    ("argmax and argmin refuse masks, but not along an axis of one element", "ours-throws", r"arg(max|min)"),
    ("svdvals of one element that is not finite gives it", "ours-throws", r"linalg_svdvals"),
    ("as_strided reads what lies behind a storage", "ours-throws", r"as_strided"),
    ("rsub takes numbers only that its dtype holds", "theirs-throws", r"a - x|rsub"),
    ("linear of three axes gives a view, which without grad mode may not be edited", "theirs-throws", r"linear"),
    ("a gradient may be the seed itself, or a view of a detached base: what detach_ and edits of it do there shows elsewhere", "requires_grad",
     r"detach_"),
    ("the slope at a NaN depends on whether the element falls into a vector: 1 or NaN, 1 or 0", "value special", r"elu|hardshrink|softplus|hardtanh|clamp"),
    ("equal elements are sorted stably in short rows only; here always", "indices", r"sort|topk|kthvalue|msort"),
]


def special(lines):
    """True iff a result holds a NaN or an infinity."""
    return any(not math.isfinite(v) for line in lines if (" Double " in line or " Float " in line) and " error " not in line for v in elements(line))


def empty(lines):
    """True iff a result has no elements."""
    return any("0" in line.split(" ")[-4].split(",") for line in lines if " error " not in line and line.count(" ") >= 5)


def is_multiple(ours, theirs):
    """True iff theirs are ours times one whole number above 1."""
    ratios = {round(b / a, 6) for a, b in zip(elements(ours), elements(theirs)) if a}
    return len(ratios) == 1 and min(ratios) > 1 and min(ratios).is_integer()


def overlaps(line):
    """True iff an axis of the printed tensor repeats one element."""
    return "0" in line.split(" ")[-3].split(",")


def differing(found):
    """The pairs of elements, ours and libtorch's, that are not the same."""
    return [(a, b) for a, b in zip(elements(found.ours), elements(found.theirs)) if a != b and (a == a or b == b)]


OF_PAIRS = {
    "nan-here": lambda a, b: math.isnan(a) and math.isfinite(b),
    "nan-there": lambda a, b: math.isfinite(a) and math.isnan(b),
    "zeros-here": lambda a, b: a == 0 and math.isnan(b),
}


def is_moved(ours, theirs):
    """True iff both are finite and add up to the same."""
    a, b = elements(ours), elements(theirs)
    return all(map(math.isfinite, a + b)) and math.isclose(sum(a), sum(b), rel_tol=1e-5, abs_tol=1e-5 * sum(map(abs, a)))


def is_permuted(line):
    """True iff the axes of the printed tensor lie in memory in another order than row-major."""
    strides = [int(s) for s in line.split(" ")[-3].split(",") if s not in "-*0"]
    return any(a < b for a, b in zip(strides, strides[1:]))


def texts_of(small, calls):
    """The calls of the program, each with its text."""
    return [(step, calls[step.operation].text) for step in small.steps if step.operation > 0]


def ties(small, calls):
    """True iff a tensor that is sorted has equal elements."""
    lines = {line.split(" ", 1)[0]: line for line in reversed(small.theirs)}
    for step, text in texts_of(small, calls):
        if re.search(r"sort|topk|kthvalue", text):
            values = elements(lines[str(step.named[0])])
            if len(set(values)) < len(values):
                return True
    return False


def own_writes(small, calls):
    """True iff libtorch gives our result once edits get copies of what they read."""
    clone = next(n for n, call in enumerate(calls) if call.text == "x.clone()")
    steps, new = [], {}  # new: the place of each old one, which copies shift
    for n, step in enumerate(small.steps):
        named = [new.get(p, p) for p in step.named]
        if step.operation > 0 and calls[step.operation].effect == EDIT:
            for m in range(1, len(named)):
                if named[m] >= 0:
                    steps.append(step.copy(operation=clone, named=[named[m]], list=[], quiet=0))
                    named[m] = (len(steps) - 1) * RESULTS
        new.update({n * RESULTS + r: len(steps) * RESULTS + r for r in range(RESULTS)})
        steps.append(step.copy(named=named, list=[new.get(p, p) for p in step.list]))
    place = new[small.found.place]
    ours = small.found.ours.replace(f"{small.found.place} ", f"{place} ", 1)
    try:
        theirs = [line for line in small.sides[1].run(steps) if line.startswith(("final " if small.found.final else "") + f"{place} ")]
    except Crash:
        return False
    return theirs != [] and difference([ours], theirs) is None


def printed(small):
    return small.theirs + [line for line in (small.found.ours,) if line]


CONDITIONS = {
    "special": lambda small, calls: special(printed(small)),
    "empty": lambda small, calls: empty(printed(small)),
    "permuted": lambda small, calls: any(is_permuted(line) for line in small.theirs if " error " not in line and line.count(" ") >= 5),
    "beta-of-0": lambda small, calls: any("baddbmm" in text and float(step.a) == 0 for step, text in texts_of(small, calls)),
    "ties": ties,
    "own-writes": own_writes,
}


def kinds_of(found, of_gradient, texts, text):
    """The words for a difference that MEANT may list. `text`: the operation that gave what differs."""
    words = {found.kind, *found.kind.split()}
    if "throws" in words:
        words.add(found.kind.replace(" ", "-"))
    if found.kind == "theirs throws" and "derivative for" in found.theirs and "not implemented" in found.theirs:
        words.add("no-derivative-there")
    if found.kind == "theirs throws" and "a second time" in found.theirs:
        words.add("second-sweep")
    if found.kind == "requires_grad" and of_gradient and found.theirs.split(" ")[-2] == "1":
        words.add("gradient-without-graph")
    if found.kind == "strides" and of_gradient and (overlaps(found.theirs) or not overlaps(found.ours)):
        words.add("dense-gradient")
    if found.kind == "value" and " Long " in found.theirs:
        words.add("indices")
    if found.kind == "value" and " Bool " in found.theirs:
        words.add("logical")
    if found.kind == "value" and is_multiple(found.ours, found.theirs):
        words.add("multiple")
    if found.kind == "value":
        pairs = differing(found)
        words.update(word for word, holds in OF_PAIRS.items() if all(holds(a, b) for a, b in pairs))
        if of_gradient and is_moved(found.ours, found.theirs):
            words.add("moved")
    if found.kind == "theirs throws" and "Expected a proper Tensor but got None" in found.theirs:
        words.add("theirs-clones-nothing")
    if found.kind == "missing" and text == "x.grad()" and (found.ours or "").endswith(" undefined") and not any("backward(" in t for t in texts):
        words.add("grad-there")
    if found.kind == "missing" and not any(v for line in (found.ours, found.theirs) if line and " undefined" not in line for v in elements(line)):
        words.add("missing-zeros")
    return words


def meant_as(small, calls, of_gradient, texts):
    """The entry or the fault that a shrunk difference falls under, or None. `of_gradient`: a sweep gave what differs."""
    found = small.found
    words = kinds_of(found, of_gradient, texts, calls[small.steps[found.step].operation].text)
    for reason, kinds, pattern in MEANT + FAULTS:
        asked = kinds.split()
        if words.intersection(asked) and any(re.search(pattern, text) for text in texts):
            if all(CONDITIONS[word](small, calls) for word in asked if word in CONDITIONS):
                return reason
    return None
