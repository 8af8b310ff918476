"""Differences that are meant, by the entry of compat/DEVIATIONS.md that states the reason."""

import math
import re

from sides import elements

# The entry, the kinds of difference, an operation that the smallest program holds. A third kind of word, "special", asks that
# the program meets a NaN or an infinity.
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
    ("order-of-results", "strides", r"linalg_|inverse|cholesky|nonzero"),
    ("views-without-grad-mode", "requires_grad", r"NoGradGuard"),
    ("edits-of-unread-values", "throws", r"_\("),
    ("shape-of-a-leaf", "throws", r"transpose_|t_\(|squeeze_|swap(axes|dims)_"),
]


def special(lines):
    """True iff a result holds a NaN or an infinity."""
    return any(not math.isfinite(v) for line in lines if (" Double " in line or " Float " in line) and " error " not in line for v in elements(line))


def meant_as(kind, texts, lines):
    """The entry that a shrunk difference falls under, or None. `lines` are what was printed."""
    for entry, kinds, pattern in MEANT:
        words = kinds.split()
        if any(word in kind for word in words) and any(re.search(pattern, text) for text in texts):
            if "special" not in words or special(lines):
                return entry
    return None
