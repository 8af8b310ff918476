"""Differences that are meant: by the entry of compat/DEVIATIONS.md that states the reason, or one stated here."""

import math
import re
import struct

from compare import difference
from sides import RESULTS, Crash, elements

EDIT = 1  # the effect of a call that edits
SWEEP = "torch::autograd::grad("

COMPARISON = r"x\.(eq|ne|lt|le|gt|ge|logical_not|logical_and)_\("

# The entry, the kinds of difference, an operation that the smallest program holds, and what an error says. Further words, CONDITIONS
# below, ask something of the program: "special" that it meets a NaN or an infinity, "empty" a tensor without elements. Of
# "no-derivative-of-it" the error has to name what the pattern says. Where requires_grad differs values do not: they are compared before.
MEANT = [
    ("sign-of-nan", "value special", r"sign"),
    ("sign-of-nan", "nan-here", r"pairwise_distance\(x, y, b\)"),
    ("softshrink-of-nan", "value special", r"softshrink"),
    ("maximum-of-nan", "value special", r"::(maximum|minimum|max|min)\(x, y\)"),
    ("amax-of-nan", "value special", r"amax|amin"),
    ("bessel-at-infinity", "value special", r"i0|i1"),
    ("histogram-of-nan", "value special", r"histc"),
    ("heaviside-of-nan", "value special", r"heaviside"),
    ("boolean-attention-mask", "value with-a-boolean-mask", r"called\(nn::MultiheadAttention"),
    ("trigamma-in-ten-digits", "value", r"polygamma\(1|digamma"),
    ("narrow-copy-derivative", "no-derivative-of-it", r"narrow_copy"),
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
    ("nearest-by-a-factor", "value sized-alike", r"scale_factor\(.*kNearest\)"),
    ("infinite-gradients-of-grids", "value infinite-seed", r"grid_sample"),
    ("sequences-without-a-batch", "theirs-throws without-batch", r"called\(nn::(RNN|LSTM|GRU)"),
    ("arguments-of-nothing", "ours-throws empty two-dtypes", r"cdist|_cell\(|(batch|instance)_norm\("),
    ("order-of-results", "strides value requires_grad theirs-throws ours-throws",
     r"linalg_|inverse|cholesky|nonzero|argwhere|binary_cross_entropy_with_logits|x\.index\("),
    ("order-of-results", "strides", r"triangular_solve|geqrf|einsum"),
    ("order-of-results", "dense-gradient", r""),
    ("bags-of-each", "shape second-result", r"torch::embedding_bag"),
    ("bag-frequencies", "value by-frequency", r"scale_grad_by_freq\(flag\)|embedding_bag\(x, y, torch::tensor\(p\), flag"),
    ("extremes-of-self-left-out", "value shared", r"(index|scatter)_reduce\(.*(amin|amax)"),
    ("poisson-nll-of-small-targets", "nan-there", r"poisson_nll_loss\(.*(full\(true\)|flag)"),
    ("vander-derivative", "theirs-throws", r"vander", "modified by an inplace operation"),
    ("second-derivative-of-weight-norm", "value second-order", r"_weight_norm"),
    ("views-without-grad-mode", "requires_grad", r"made without grad mode"),
    ("edits-of-unread-values", "throws", r"_\(|[-+*/]="),
    ("shape-of-a-leaf", "throws", r"transpose_|t_\(|squeeze_|swap(axes|dims)_"),
]

# What libtorch 1.13.1 does there is its own fault, a refusal of what nothing speaks against, or says nothing.
FAULTS = [
    ("a gradient of zeros is a constant or missing, whatever it went through", "missing-zeros", r""),
    ("an edit of a view of nothing gives its base zeros that are no part of the graph", "requires_grad empty", r"_\("),
    ("whether what rounding leaves of a cosine of 1 has a logarithm is the rounding's to say", "logical", r"cosine_similarity"),
    ("what a comparison in place wrote says that it requires a gradient", "requires_grad of-comparison", COMPARISON),
    ("logical_not of a view in place leaves the gradient as if it had not been called", "value none-here",
     r"x\.logical_not_\("),
    ("gradients of no elements may be constants", "requires_grad empty", r"InstanceNorm"),
    ("all gradients of a convolution, a layer norm or a grid are said to require one if one operand does", "gradient-without-graph constant",
     r"[cC]onv|layer_norm|grid_sample"),
    ("gradients of the places of a grid's nearest elements, which are zeros, are said to require one", "gradient-without-graph zeros",
     r"grid_sampler\(x, y, 1|grid_sample\(.*kNearest"),
    ("a derivative by the result of the call itself depends on which of its values the formula is written in", "value of-the-result",
     r"copysign"),
    ("linear of three axes and more refuses a bias of another dtype as Python's does; C++'s adds it", "ours-throws two-dtypes",
     r"F::linear|::(lstm|gru|rnn_(tanh|relu))\("),
    ("a hook of a part that got no gradient is called with an undefined tensor", "theirs-throws", r"register_hook"),
    ("a gradient is retained of a part that got none: an undefined tensor is cloned", "theirs-clones-nothing", r"retain_grad"),
    ("grad() through an edit of a view adds to leaves what it computes for them", "grad-there", r"x\.\w+_\(|as_strided|pad_sequence"),
    ("masked_select's derivative fills the gradient in the order of the input's memory, not of the values", "moved permuted", r"masked_select"),
    ("the largest difference forgets a NaN", "nan-here", r"cdist\(x, y, INFINITY"),
    ("what is rounded lies halfway but for rounding errors", "value halfway", r"x\.round\(i\)"),
    ("narrow_copy copies elements in the order of the input's memory", "value permuted same-elements", r"narrow_copy"),
    ("baddbmm multiplies the memory that it finds by a beta of 0", "nan-there beta-of-0", r"baddbmm"),
    ("an edit with what it edits, or a part of it, reads what it has written", "value own-writes", r"x\.\w+_\("),
    ("equal elements are sorted stably in short rows only; their gradients go to others", "moved ties", r"sort|topk|kthvalue"),
    ("the 0-norm has no gradient, and what lies behind it is swept all the same", "theirs-throws", r"norm\(x, 0"),
    ("the mean of binary_cross_entropy divides a target's gradient by the number of targets before they were broadcast", "multiple",
     r"binary_cross_entropy\("),
    ("it has no such derivative there", "no-derivative-of-it second-order",
     r"_cdist_backward|_pdist_backward|grid_sampler_[23]d_backward|_embedding_bag_dense_backward|multilabel_margin_loss_backward"
     r"|multi_margin_loss_backward|_embedding_bag_per_sample_weights_backward"),
    ("embedding_bag with a last offset before the end puts the indices behind it into no bag, or into one more", "value shape ours-throws short-bags",
     r"include_last_offset\(flag\)"),
    ("LBFGS sees parameters as vectors, and takes the maximum of their elements", "theirs-throws", r"LBFGS",
     "view size is not compatible|Expected reduction dim"),
    ("LBFGS makes one vector of parameters of two dtypes, and rounds them all", "ours-throws", r"LBFGS", "must share one dtype"),
    ("kron views a factor as a matrix that its memory isn't", "theirs-throws", r"kron", "view size is not compatible"),
    ("avg_pool3d compares kernels with the image without its padding", "theirs-throws", r"avg_pool3d", "smaller than kernel size"),
    ("padding calls a size of 0 negative", "theirs-throws empty", r"pad\(|constant_pad_nd", "negative output size"),
    ("a layer of no input draws its weights from an infinite range", "theirs-throws empty", r"nn::Linear", "from is out of bounds"),
    ("embedding_bag asserts that the bags of weighted indices have a derivative", "theirs-throws", r"embedding_bag", "isDifferentiableType"),
    ("gather gives a sparse gradient, which edits and other operations refuse", "theirs-throws", r"gather\(x, i, y, true\)",
     "doesn't have storage|[sS]parse"),
    ("the gradients of a normalisation are one operation's, and require one if weight or input do; in group_norm the bias's does not",
     "requires_grad of-bias", r"group_norm|GroupNorm"),
    ("a bias without a weight has no gradient in group_norm", "theirs-throws", r"group_norm",
     "does not have a device|shape '\\[#\\]' is invalid"),
    ("batch_norm without channels or images reads weights, or statistics, that are not there", "theirs-throws empty",
     r"(batch|instance)_norm\(|(Batch|Instance)Norm", "select.*out of range"),
    ("gradients of activations in orders of axes that its library does not know are refused", "theirs-throws", r"gelu|matmul|linear",
     "construct a memory descriptor"),
    ("the third derivative of a normalisation changes with a constant that is added to its input", "value second-order uneven",
     r"(layer|batch|group|instance)_norm|(Layer|Batch|Group|Instance)Norm"),
    ("the third derivative of a normalisation changes with a constant that is added to its input", "value second-order", r"nn::Transformer"),
    ("the second derivative of prelu by its weight, zeros, is said to require one", "gradient-without-graph second-order zeros", r"PReLU|prelu"),
    ("recurrent functions cut weights into gates of several sizes, and repeat single rows", "ours-throws", r"::(lstm|gru|rnn_(tanh|relu))\(",
     "gates of one size"),
    ("it has no derivative there", "no-derivative-of-it", r"^channel_shuffle$|^scatter$"),
    ("median along an axis reads what lies behind elements that are repeated", "value repeats", r"median\(x, i"),
    ("the mean of a margin loss of nothing is memory that nobody wrote", "nan-here empty", r"margin_loss"),
    ("unique counts no NaN", "value special", r"unique"),
    ("the second derivative of embedding forgets that gradients were divided by frequencies", "multiple",
     r"embedding\(x, y, 0, flag|nn::Embedding\(.*scale_grad_by_freq"),
    ("one average of each image is a mean there, whose gradient is a constant", "requires_grad", r"kArea|adaptive_avg_pool|AdaptiveAvgPool"),
    ("topk that is not asked to sort leaves its results in the order of its selection", "value rearranged", r"topk\(x, j, i, true, false\)"),
    ("topk that is not asked to sort leaves its results in the order of its selection", "moved", r"topk\(x, j, i, true, false\)"),
    ("floor_divide has no derivative there, here that of div with rounding: zeros", "theirs-throws", r"floor_divide"),
    ("nll_loss refuses more than two axes, which nll_loss_nd takes", "theirs-throws", r"nll_loss"),
    ("logsumexp over no axis compares with the input's shape", "theirs-throws", r"logsumexp\(x, p"),
    ("mse_loss and its kin find no common dtype, which arithmetic does", "theirs-throws", r"(mse|l1|smooth_l1|huber)_loss"),
    ("logaddexp and slogdet subtract, or divide, by masks or undefined gradients in their derivative", "theirs-throws", r"logaddexp|slogdet"),
    ("scatter_add's derivative has the shape of the index, not of the source", "theirs-throws", r"scatter(_add|_reduce)?\("),
    ("the matrix that triangular_solve gives beside the solution requires a gradient if the right side does", "requires_grad", r"triangular_solve"),
    ("bilinear, index and view of an empty gradient infer a size that nothing tells", "theirs-throws empty",
     r"bilinear|index|reshape|view|embedding|local_response_norm"),
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
    ("the slope at a NaN depends on whether the element falls into a vector: 1 or NaN, 1 or 0", "value special",
     r"elu|hardshrink|softplus|hardtanh|clamp"),
    ("equal elements are sorted stably in short rows only; here always", "indices equally-large", r"sort|topk|kthvalue|msort"),
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
    return [(a, b) for a, b in zip(elements(found.ours), elements(found.theirs)) if not math.isclose(a, b, rel_tol=1e-9) and (a == a or b == b)]


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


def line_of(small, place):
    """What libtorch's answer says of a place at first, or None."""
    return next((line for line in small.theirs if line.split(" ", 1)[0] == str(place)), None)


def requires_grad(small, place):
    line = line_of(small, place)
    return line is None or line.split(" ")[-2] == "1"


def of_comparison(small, calls):
    """True iff libtorch alone says so, of what a comparison wrote or of what shares its memory."""
    says = [line.split(" ")[-2] for line in (small.found.ours, small.found.theirs)]
    return says == ["0", "1"] and (small.found.final or re.search(COMPARISON, calls[small.steps[small.found.step].operation].text) is not None)


def text_at(small, calls, place):
    """The call that gave what is at a place, "" for a leaf."""
    operation = small.steps[place // RESULTS].operation
    return calls[operation].text if operation > 0 else ""


def swept_call(small, calls):
    """The step that made what the differing sweep begins with, or None."""
    step = small.steps[small.found.step]
    is_sweep = step.operation > 0 and calls[step.operation].text.startswith(SWEEP)
    return small.steps[step.named[0] // RESULTS] if is_sweep else None


def source(small):
    """The place by which the differing gradient was asked for."""
    return small.steps[small.found.step].list[small.found.place % RESULTS]


def constant(small, calls):
    """True iff the gradient comes straight from a convolution, a layer norm or a grid and nothing that it is made of requires one: the seed and
    the other operand, for grids are linear in their image, convolutions in their weight too. A bias has the seed's sum."""
    call = swept_call(small, calls)
    text = calls[call.operation].text if call is not None and call.operation > 0 else ""
    seed, of = small.steps[small.found.step].named[1], source(small)
    if of in call.named[2:3] and "grid_sample" not in text:
        others = []  # the bias is added
    elif re.search(r"[cC]onv", text):
        others = [p for p in call.named[:2] if p != of]
    elif "grid_sample" in text and of == call.named[0]:
        others = call.named[1:2]
    else:
        return False
    return not any(requires_grad(small, place) for place in [seed, *others])


def of_bias(small, calls):
    """True iff our gradient by the third operand of a call, or the last parameter of a layer, alone is said to require one."""
    call = swept_call(small, calls)
    of_layer = call is not None and "called(" in calls[call.operation].text and source(small) % RESULTS > 4
    return call is not None and (source(small) in call.named[2:3] or of_layer) and small.found.ours.split(" ")[-2] == "1"


def infinite_seed(small, calls):
    return swept_call(small, calls) is not None and special([line_of(small, small.steps[small.found.step].named[1]) or ""])


def second_order(small, calls):
    """True iff what a sweep gave is used by a later step."""
    given = {n for n in range(len(small.steps)) if re.match(r"torch::autograd::grad\(|x\.grad\(\)", text_at(small, calls, n * RESULTS))}
    return any(p // RESULTS in given for step, text in texts_of(small, calls) for p in step.named + step.list)


def of_the_result(small, calls):
    """True iff the second derivative of a copysign is one by its result, and 0 here."""
    is_second = second_order(small, calls) and swept_call(small, calls) is not None
    return is_second and "copysign" in text_at(small, calls, source(small)) and not any(elements(small.found.ours))


def lines_along(values, sizes, axis):
    """The elements along an axis, for each place of the others."""
    axis %= len(sizes)
    inner = math.prod(sizes[axis + 1:])
    return [values[o * sizes[axis] * inner + i::inner][:sizes[axis]] for o in range(math.prod(sizes[:axis])) for i in range(inner)]


def sizes_of(line):
    text = line.split(" ")[-4]
    return [] if text == "-" else [int(n) for n in text.split(",")]


def rearranged(small, calls):
    """True iff a topk's results are libtorch's in another order along its axis."""
    step, found = small.steps[small.found.step], small.found
    if "topk" not in calls[step.operation].text:
        return False
    sizes = sizes_of(found.theirs)
    if not sizes:
        return False
    both = (lines_along(elements(line), sizes, step.integers[0]) for line in (found.ours, found.theirs))
    return all(sorted(a) == sorted(b) for a, b in zip(*both))


def equally_large(small, calls):
    """True iff the indices that differ name elements of the sorted tensor that are equal but for rounding."""
    step, found = small.steps[small.found.step], small.found
    line = line_of(small, step.named[0]) if step.operation > 0 and step.named else None
    if line is None or not re.search(r"sort|topk|kthvalue", calls[step.operation].text):
        return False
    values, whole, sizes, unit = elements(line), sizes_of(line), sizes_of(found.theirs), 1e-6 if " Float " in line else 1e-14
    for axis in range(len(whole)):
        shape = sizes if len(sizes) == len(whole) else sizes[:axis] + [1] + sizes[axis:]
        if shape[:axis] + shape[axis + 1:] == whole[:axis] + whole[axis + 1:]:
            named = [lines_along(elements(side), shape, axis) for side in (found.ours, found.theirs)]
            rows = zip(lines_along(values, whole, axis), *named)
            if all(0 <= n < whole[axis] for lines in named for row in lines for n in row) and all(
                    same(row[a], row[b]) or math.isclose(row[a], row[b], rel_tol=unit) for row, ours, theirs in rows for a, b in zip(ours, theirs)):
                return True
    return False


def same(a, b):
    return a == b or (a != a and b != b)


def nearest_places(step, line, before, after):
    """For each element of an image made by nearest interpolation by a factor, the place of what it is in the image that it was made from."""
    rounded = (lambda x: struct.unpack("f", struct.pack("f", x))[0]) if " Float " in line else float
    scale = rounded(1 / (float(step.b) + 0.25))
    places = [0]
    for d, (size, count) in enumerate(zip(before, after)):
        along = [o if d < 2 else min(int(rounded(scale * o)), size - 1) for o in range(count)]
        places = [p * size + q for p in places for q in along]
    return places


def sized_alike(small, calls):
    """True iff a factor leaves a size as it is or doubles it, and our image, or its gradient, is that of the elements before o / factor."""
    found, step, call = small.found, small.steps[small.found.step], swept_call(small, calls)
    made = call or step
    if made.operation <= 0 or not re.search(r"\(\d, b \+ 0.25\)\)\.mode\(torch::kNearest\)", calls[made.operation].text):
        return False
    image = line_of(small, made.named[0])
    result = line_of(small, step.named[0] if call else found.place)
    before, after = sizes_of(image), sizes_of(result)
    places, expected = nearest_places(made, image, before, after), [0.0] * math.prod(before)
    if not call:
        expected = [elements(image)[p] for p in places]
    elif source(small) == made.named[0]:
        for p, g in zip(places, elements(line_of(small, step.named[1]))):
            expected[p] += g
    return any(b in (a, 2 * a) for a, b in zip(before[2:], after[2:])) and all(
        math.isclose(x, y, rel_tol=1e-4, abs_tol=1e-4) for x, y in zip(expected, elements(found.ours)))


def without_batch(small, calls):
    """True iff the layer that is refused has an input of one axis less than a batch."""
    step = small.steps[small.found.step]
    line = line_of(small, step.named[0]) if step.operation > 0 and step.named else None
    return line is not None and len(sizes_of(line)) == 2 and "imension" in small.found.theirs and "called(nn::" in calls[step.operation].text


def two_dtypes(small, calls):
    """True iff what is refused has operands of two dtypes, and the error says so."""
    step = small.steps[small.found.step]
    lines = [line_of(small, p) or "" for p in step.named + step.list if p >= 0]
    dtypes = {line.split(" ")[1] for line in lines if line.count(" ") >= 5}
    return len(dtypes) > 1 and re.search(r"same dtype|expected scalar type", small.found.ours) is not None


def short_bags(small, calls):
    """True iff the last offset of bags that has to be the number of indices is less."""
    step = small.steps[small.found.step]
    line = line_of(small, step.named[1]) if step.operation > 0 and len(step.named) > 1 else None
    return bool(line and step.flag and step.p and step.p[-1] < math.prod(sizes_of(line)))


def by_frequency(small, calls):
    """True iff a gradient of bags is libtorch's divided by another number of times that an index may occur."""
    bags = [step for step, text in texts_of(small, calls) if "embedding_bag" in text and step.flag]
    most = max((math.prod(sizes_of(line_of(small, p))) for step in bags for p in step.named if p >= 0 and " Long " in line_of(small, p)), default=0)
    counts = range(1, most + 1)
    return swept_call(small, calls) is not None and all(
        any(math.isclose(a * n, b * m, rel_tol=1e-5) for n in counts for m in counts) for a, b in differing(small.found))


def with_a_boolean_mask(small, calls):
    """True iff the last tensor that attention is given, its mask, is boolean."""
    masks = [step.named[-1] for step, text in texts_of(small, calls) if "MultiheadAttention" in text]
    return any(" Bool " in (line_of(small, mask) or "") for mask in masks)


def halfway(small, calls):
    """True iff a number rounded to one side here, and to the other there, is as near to both."""
    step, found = small.steps[small.found.step], small.found
    line = line_of(small, step.named[0]) if step.operation > 0 and step.named else None
    if line is None or not calls[step.operation].text.startswith("x.round("):
        return False
    near = 1e-9 if " Double " in line else 1e-4
    return all(a == b or (abs(abs(a - b) * 10**step.integers[0] - 1) < near and abs(2 * x - a - b) * 10**step.integers[0] < near)
               for x, a, b in zip(elements(line), elements(found.ours), elements(found.theirs)))


def adds_up_to_zero(line):
    values = elements(line)
    return all(map(math.isfinite, values)) and abs(sum(values)) <= 1e-6 * sum(map(abs, values))


def printed(small):
    return small.theirs + [line for line in (small.found.ours,) if line]


def tensors_printed(small):
    """Those lines of libtorch's answer that show a tensor."""
    return (line for line in small.theirs if " error " not in line and line.count(" ") >= 5)


CONDITIONS = {
    "special": lambda small, calls: special(printed(small)),
    "empty": lambda small, calls: empty(printed(small)),
    "permuted": lambda small, calls: any(map(is_permuted, tensors_printed(small))),
    "beta-of-0": lambda small, calls: any("baddbmm" in text and float(step.a) == 0 for step, text in texts_of(small, calls)),
    "ties": ties,
    "own-writes": own_writes,
    "of-comparison": of_comparison,
    "constant": constant,
    "zeros": lambda small, calls: not any(elements(small.found.ours)) and not any(elements(small.found.theirs)),
    "infinite-seed": infinite_seed,
    "second-order": second_order,
    "of-the-result": of_the_result,
    "rearranged": rearranged,
    "equally-large": equally_large,
    "sized-alike": sized_alike,
    "without-batch": without_batch,
    "two-dtypes": two_dtypes,
    "of-bias": of_bias,
    "same-elements": lambda small, calls: sorted(elements(small.found.ours)) == sorted(elements(small.found.theirs)),
    "none-here": lambda small, calls: all(a == 0 for a, b in differing(small.found)),
    "shared": lambda small, calls: all(a == 0 or 0 < b / a < 1 for a, b in differing(small.found)),
    "by-frequency": by_frequency,
    "halfway": halfway,
    "second-result": lambda small, calls: small.found.place % RESULTS == 1,
    "short-bags": short_bags,
    "repeats": lambda small, calls: any(map(overlaps, tensors_printed(small))),
    "with-a-boolean-mask": with_a_boolean_mask,
    "uneven": lambda small, calls: adds_up_to_zero(small.found.ours) and not adds_up_to_zero(small.found.theirs),
}


def missing_derivative(found):
    """What libtorch says that it has no derivative of, or None."""
    said = re.search(r"derivative for '?(?:aten::)?(\w+)'? is not implemented", found.theirs) if found.kind == "theirs throws" else None
    return said and said[1]


def kinds_of(found, of_gradient, texts, text):
    """The words for a difference that MEANT may list. `text`: the operation that gave what differs."""
    words = {found.kind, *found.kind.split()}
    if "throws" in words:
        words.add(found.kind.replace(" ", "-"))
    if missing_derivative(found):
        words.add("no-derivative-of-it")
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
    for reason, kinds, pattern, *said in MEANT + FAULTS:
        asked = kinds.split()
        if said and not re.search(said[0], found.said()):
            continue
        named = [missing_derivative(found)] if "no-derivative-of-it" in asked else texts
        if words.intersection(asked) and any(re.search(pattern, text) for text in named if text):
            if all(CONDITIONS[word](small, calls) for word in asked if word in CONDITIONS):
                return reason
    return None
