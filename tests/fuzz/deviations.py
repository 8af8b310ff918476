"""Differences that are meant: by the entry of compat/DEVIATIONS.md that states the reason, or one stated here."""

import math
import re

from sides import elements

# The entry, the kinds of difference, an operation that the smallest program holds. Two further words ask something of the program:
# "special" that it meets a NaN or an infinity, "empty" a tensor without elements.
MEANT = [
    ("sign-of-nan", "value special", r"sign"),
    ("softshrink-of-nan", "value special", r"softshrink"),
    ("maximum-of-nan", "value special", r"::(maximum|minimum|max|min)\(x, y\)"),
    ("amax-of-nan", "value special", r"amax|amin"),
    ("aminmax-derivative", "throws", r"aminmax"),
    ("variance-of-one", "throws value", r"::(var|std)"),
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
    ("logits-at-infinity", "value special", r"binary_cross_entropy_with_logits"),
    ("target-that-is-no-probability", "throws", r"binary_cross_entropy\("),
    ("short-cuts-in-graphs", "missing throws", r"prod|linalg_det|slogdet|hardsigmoid|hardswish|floor_divide"),
    ("second-derivative-of-an-intermediate", "value missing", r"cumprod|prod|pow_"),
    ("order-of-results", "strides value theirs-throws", r"linalg_|inverse|cholesky|nonzero|binary_cross_entropy_with_logits|x\.index\("),
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
    ("integers that a comparison in place wrote say that they require a gradient", "requires_grad", r"x\.(eq|ne|lt|le|gt|ge)_\("),
    ("linear of three axes and more refuses a bias of another dtype as Python's does; C++'s adds it", "ours-throws", r"F::linear"),
    ("a hook of a part that got no gradient is called with an undefined tensor", "theirs-throws", r"register_hook"),
    ("the 0-norm has no gradient, and what lies behind it is swept all the same", "theirs-throws", r"norm\(x, 0"),
    ("the mean of binary_cross_entropy divides a target's gradient by the number of targets before they were broadcast", "multiple",
     r"binary_cross_entropy\("),
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
    ("mv of integers without elements asserts that they have derivatives", "theirs-throws empty", r"mv\("),
    ("argmax and argmin refuse masks, but not along an axis of one element", "ours-throws", r"arg(max|min)"),
    ("svdvals of one element that is not finite gives it", "ours-throws", r"linalg_svdvals"),
    ("as_strided reads what lies behind a storage", "ours-throws", r"as_strided"),
    ("rsub takes numbers only that its dtype holds", "theirs-throws", r"a - x|rsub"),
    ("linear of three axes gives a view, which without grad mode may not be edited", "theirs-throws", r"linear"),
    ("a gradient may be the seed itself, or a view of a detached base: what detach_ and edits of it do there shows elsewhere", "requires_grad",
     r"detach_"),
    ("addmm_ with itself reads what it has written", "value", r"addmm_"),
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


def kinds_of(found, of_gradient):
    """The words for a difference that MEANT may list."""
    words = {found.kind, *found.kind.split()}
    if "throws" in words:
        words.add(found.kind.replace(" ", "-"))
    if found.kind == "theirs throws" and "a second time" in found.theirs:
        words.add("second-sweep")
    if found.kind == "strides" and of_gradient and (overlaps(found.theirs) or not overlaps(found.ours)):
        words.add("dense-gradient")
    if found.kind == "value" and " Long " in found.theirs:
        words.add("indices")
    if found.kind == "value" and " Bool " in found.theirs:
        words.add("logical")
    if found.kind == "value" and is_multiple(found.ours, found.theirs):
        words.add("multiple")
    if found.kind == "missing" and not any(v for line in (found.ours, found.theirs) if line and " undefined" not in line for v in elements(line)):
        words.add("missing-zeros")
    return words


def meant_as(found, of_gradient, texts, lines):
    """The entry or the fault that a shrunk difference falls under, or None. `of_gradient`: a sweep gave what differs; `lines` are what was
    printed."""
    words = kinds_of(found, of_gradient)
    for reason, kinds, pattern in MEANT + FAULTS:
        asked = kinds.split()
        met = ("special" not in asked or special(lines)) and ("empty" not in asked or empty(lines))
        if met and words.intersection(asked) and any(re.search(pattern, text) for text in texts):
            return reason
    return None
