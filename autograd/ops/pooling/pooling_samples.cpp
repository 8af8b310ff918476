#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using Pair = std::tuple<Tensor, Tensor>;

using catalogue::text;

Dims joined(std::initializer_list<int64_t> first, IntArrayRef rest) {
  Dims all = first;
  for (const int64_t n : rest) all.push_back(n);
  return all;
}

// ---- the largest

struct MaxCase {
  Dims input, kernel, stride, padding, dilation;
  bool ceil_mode = false;
};

std::string call_of(const std::string& function, const MaxCase& c, const char* more) {
  return "F." + function + "(x[0], " + text(c.kernel) + ", " + text(c.stride) + ", " + text(c.padding) + ", " + text(c.dilation) + ", " +
         text(c.ceil_mode) + more + ")";
}

// Ties, NaNs and infinities.
Tensor special_points() {
  using catalogue::kInf, catalogue::kNaN;
  return tensor({1.0, 1.0, kNaN, 2.0, kNaN, kNaN, -kInf, -kInf, kInf, 0.0, -0.0, 0.0, 3.0, 3.0, 3.0, -1.0}, kDouble);
}

// function: "max_pool2d"; f gives values, or values and indices.
template <class F> void max_samples(catalogue::Samples& s, const std::string& function, const char* more, F f, int axes, std::vector<MaxCase> cases) {
  const Dims twos(axes, 2), once(axes, 1), none(axes, 0);
  for (const Dims& input : {joined({3}, Dims(axes, 4)), joined({0, 2}, Dims(axes, 4)), joined({1, 1}, twos)})
    cases.push_back({input, twos, twos, none, once});
  for (const MaxCase& c : cases)
    s.add(call_of(function, c, more), {s.distinct(c.input)},
          [f, c](Inputs x) { return f(x[0], c.kernel, c.stride, c.padding, c.dilation, c.ceil_mode); });
  Dims points = joined({1, 1}, once), kernel = once;
  points[points.size() - 1] = 16;
  for (const int64_t width : {1, 2, 3, 5}) {
    kernel[axes - 1] = width;
    const MaxCase c{{}, kernel, once, none, once};
    s.at(call_of(function, c, more), {special_points().view(points)},
         [f, c](Inputs x) { return f(x[0], c.kernel, c.stride, c.padding, c.dilation, false); });
  }
}

const MaxCase kMaxLines[] = {{{2, 3, 7}, {2}, {2}, {0}, {1}},       {{1, 2, 9}, {3}, {2}, {1}, {1}}, {{1, 2, 9}, {3}, {2}, {1}, {2}},
                             {{1, 1, 7}, {2}, {3}, {1}, {1}, true}, {{1, 1, 5}, {5}, {1}, {2}, {1}}, {{1, 1, 70}, {4}, {1}, {2}, {1}},
                             {{1, 1, 40}, {3}, {3}, {0}, {1}}};
const MaxCase kMaxPictures[] = {{{2, 3, 4, 6}, {2, 2}, {2, 2}, {0, 0}, {1, 1}},       {{1, 2, 5, 6}, {3, 2}, {1, 2}, {1, 0}, {1, 1}},
                                {{1, 2, 7, 8}, {3, 3}, {2, 2}, {1, 1}, {1, 1}},       {{1, 1, 7, 6}, {2, 2}, {3, 1}, {1, 1}, {2, 3}},
                                {{1, 2, 5, 5}, {2, 2}, {2, 2}, {0, 0}, {1, 1}, true}, {{1, 1, 3, 40}, {2, 2}, {2, 2}, {0, 0}, {1, 1}},
                                {{1, 1, 3, 41}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, true}};
const MaxCase kMaxVolumes[] = {{{2, 2, 4, 4, 4}, {2, 2, 2}, {2, 2, 2}, {0, 0, 0}, {1, 1, 1}},
                               {{1, 2, 3, 5, 4}, {2, 3, 2}, {1, 2, 2}, {1, 0, 1}, {1, 2, 1}},
                               {{1, 1, 3, 3, 5}, {2, 2, 2}, {2, 2, 2}, {0, 0, 0}, {1, 1, 1}, true}};

template <size_t n> std::vector<MaxCase> list(const MaxCase (&cases)[n]) { return {cases, cases + n}; }

template <class F> void max_rejections(catalogue::Samples& s, F f) {
  static const F run = f;
  s.rejects("integers", "not implemented for 'Long'", [] { run(ones({1, 1, 4, 4}, kLong), 2, {}, 0, 1, false); });
  s.rejects("a matrix", "Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:[4, 4]", [] {
    run(ones({4, 4}), 2, {}, 0, 1, false);
  });
  s.rejects("no channels", "tensor with optional 0 dim batch size for input, but got:[1, 0, 4, 4]", [] {
    run(ones({1, 0, 4, 4}), 2, {}, 0, 1, false);
  });
  s.rejects("three kernel sizes", "kernel_size must either be a single int, or a tuple of two ints", [] {
    run(ones({1, 1, 4, 4}), {2, 2, 2}, {}, 0, 1, false);
  });
  s.rejects("three strides", "stride must either be", [] { run(ones({1, 1, 4, 4}), 2, {1, 2, 3}, 0, 1, false); });
  s.rejects("too much padding", "pad should be at most half of kernel size, but got pad=2 and kernel_size=2", [] {
    run(ones({1, 1, 4, 4}), 2, 1, 2, 1, false);
  });
  s.rejects("a negative padding", "pad must be non-negative, but got pad: -1", [] { run(ones({1, 1, 4, 4}), 2, 1, -1, 1, false); });
  s.rejects("no stride", "stride should not be zero", [] { run(ones({1, 1, 4, 4}), 2, 0, 0, 1, false); });
  s.rejects("no dilation", "dilation should be greater than zero", [] { run(ones({1, 1, 4, 4}), 2, 1, 0, 0, false); });
  s.rejects("a kernel larger than the image", "Given input size: (1x4x4). Calculated output size: (1x0x0). Output size is too small", [] {
    run(ones({1, 1, 4, 4}), 5, {}, 0, 1, false);
  });
}

#define XGRAD_MAX_ENTRIES(axes, cases)                                                                                       \
  const catalogue::Entry max_pool##axes##d_entry("max_pool" #axes "d", [](catalogue::Samples& s) {                           \
    max_samples(s, "max_pool" #axes "d", "", max_pool##axes##d, axes, list(cases));                                          \
    if (axes == 2) max_rejections(s, max_pool2d);                                                                            \
  });                                                                                                                        \
  const catalogue::Entry max_pool##axes##d_with_indices_entry("max_pool" #axes "d_with_indices", [](catalogue::Samples& s) { \
    max_samples(s, "max_pool" #axes "d", ", return_indices=True", max_pool##axes##d_with_indices, axes, list(cases));        \
    if (axes == 2) max_rejections(s, max_pool2d_with_indices);                                                               \
  });
XGRAD_MAX_ENTRIES(1, kMaxLines)
XGRAD_MAX_ENTRIES(2, kMaxPictures)
XGRAD_MAX_ENTRIES(3, kMaxVolumes)

// ---- averages

struct AverageCase {
  Dims input, kernel, stride, padding;
  bool ceil_mode = false, count_include_pad = true;
  std::optional<int64_t> divisor_override = std::nullopt;
};

std::string call_of(const std::string& function, const AverageCase& c) {
  return "F." + function + "(x[0], " + text(c.kernel) + ", " + text(c.stride) + ", " + text(c.padding) + ", " + text(c.ceil_mode) + ", " +
         text(c.count_include_pad) + (c.divisor_override ? ", " + std::to_string(*c.divisor_override) : "") + ")";
}

const catalogue::Entry avg_pool1d_entry("avg_pool1d", [](catalogue::Samples& s) {
  for (const AverageCase& c :
       {AverageCase{{2, 3, 7}, {2}, {2}, {0}}, AverageCase{{1, 2, 9}, {3}, {2}, {1}}, AverageCase{{1, 2, 9}, {3}, {2}, {1}, false, false},
        AverageCase{{3, 8}, {3}, {2}, {1}, true}, AverageCase{{3, 8}, {4}, {3}, {2}, true, false}, AverageCase{{0, 3, 8}, {3}, {2}, {1}},
        AverageCase{{1, 1, 1}, {1}, {1}, {0}}, AverageCase{{1, 1, 50}, {5}, {1}, {2}}})
    s.add(call_of("avg_pool1d", c), {s.normal(c.input)},
          [c](Inputs x) { return avg_pool1d(x[0], c.kernel, c.stride, c.padding, c.ceil_mode, c.count_include_pad); });
  s.flat("F.avg_pool1d(x[0], 2)", {s.integers({2, 3, 6}, -9, 9)}, [](Inputs x) { return avg_pool1d(x[0], 2); });
  s.at("F.avg_pool1d(x[0], 2, 1)", {special_points().view({1, 16})}, [](Inputs x) { return avg_pool1d(x[0], 2, 1); });
  s.rejects("two kernel sizes", "kernel_size must be an int, list of ints or tuple of ints of size 1, but got [2, 2]", [] {
    avg_pool1d(ones({1, 4}), {2, 2});
  });
  s.rejects("nothing left", "Calculated output size: (1x0). Output size is too small", [] { avg_pool1d(ones({1, 4}), 5); });
});

template <class F> void average_samples(catalogue::Samples& s, F f, std::initializer_list<AverageCase> cases, const Dims& whole) {
  for (const AverageCase& c : cases)
    s.add(call_of(s.operation(), c), {s.normal(c.input)},
          [c, f](Inputs x) { return f(x[0], c.kernel, c.stride, c.padding, c.ceil_mode, c.count_include_pad, c.divisor_override); });
  s.flat("F." + s.operation() + "(x[0], 2, 1, 1)", {s.integers(whole, -9, 9)}, [f](Inputs x) { return f(x[0], 2, 1, 1, false, true, std::nullopt); });
  s.flat("F." + s.operation() + "(x[0], 2, 1, 1, False, False)", {s.integers(whole, -9, 9)},
         [f](Inputs x) { return f(x[0], 2, 1, 1, false, false, std::nullopt); });
}

const catalogue::Entry avg_pool2d_entry("avg_pool2d", [](catalogue::Samples& s) {
  average_samples(s, avg_pool2d,
                  {{{2, 3, 4, 6}, {2, 2}, {2, 2}, {0, 0}},
                   {{1, 2, 5, 6}, {3, 2}, {1, 2}, {1, 0}},
                   {{1, 2, 7, 8}, {3, 3}, {2, 2}, {1, 1}, false, false},
                   {{1, 2, 7, 8}, {3, 3}, {2, 2}, {1, 1}, true, true},
                   {{1, 2, 7, 8}, {3, 3}, {2, 2}, {1, 1}, true, false},
                   {{2, 5, 5}, {2, 2}, {2, 1}, {1, 1}, false, true, 3},
                   {{2, 5, 5}, {2, 2}, {2, 1}, {1, 1}, true, true, -2},
                   {{0, 2, 5, 5}, {2, 2}, {2, 2}, {0, 0}},
                   {{1, 1, 1, 1}, {1, 1}, {1, 1}, {0, 0}},
                   {{1, 1, 3, 40}, {3, 3}, {1, 1}, {1, 1}}},
                  {1, 2, 4, 4});
  s.rejects("booleans", "not implemented for 'Bool'", [] { avg_pool2d(ones({1, 1, 4, 4}, kBool), 2); });
  s.rejects("int32", "not implemented for 'Int'", [] { avg_pool2d(ones({1, 1, 4, 4}, kInt), 2); });
  s.rejects("no divisor", "divisor must be not zero", [] { avg_pool2d(ones({1, 1, 4, 4}), 2, {}, 0, false, true, 0); });
  s.rejects("too much padding", "pad should be at most half of kernel size", [] { avg_pool2d(ones({1, 1, 4, 4}), 2, 1, 2); });
  s.rejects("three paddings", "padding must either be a single int, or a tuple of two ints", [] { avg_pool2d(ones({1, 1, 4, 4}), 2, 1, {1, 1, 1}); });
  s.rejects("nothing left", "Given input size: (1x4x4). Calculated output size: (1x0x0). Output size is too small", [] {
    avg_pool2d(ones({1, 1, 4, 4}), 5);
  });
});

const catalogue::Entry avg_pool3d_entry("avg_pool3d", [](catalogue::Samples& s) {
  average_samples(s, avg_pool3d,
                  {{{2, 2, 4, 4, 4}, {2, 2, 2}, {2, 2, 2}, {0, 0, 0}},
                   {{1, 2, 3, 5, 4}, {2, 3, 2}, {1, 2, 2}, {1, 0, 1}, false, false},
                   {{2, 3, 3, 5}, {2, 2, 2}, {2, 2, 2}, {0, 1, 0}, true, true},
                   {{2, 3, 3, 5}, {2, 2, 2}, {2, 2, 2}, {0, 1, 0}, true, false, 5}},
                  {1, 2, 3, 4, 4});
  s.rejects("a matrix", "Expected 4D or 5D (batch mode) tensor with optional 0 dim batch size for input, but got:[4, 4]", [] {
    avg_pool3d(ones({4, 4}), 2);
  });
});

// ---- adaptive windows

struct AdaptiveCase {
  Dims input, output;
};
const AdaptiveCase kAdaptiveLines[] = {{{2, 3, 7}, {3}}, {{3, 4}, {7}}, {{2, 3, 5}, {5}}, {{1, 2, 6}, {1}}, {{0, 2, 6}, {2}}, {{1, 2, 60}, {20}}};
const AdaptiveCase kAdaptivePictures[] = {{{2, 3, 7, 6}, {3, 2}}, {{1, 2, 4, 3}, {7, 5}}, {{3, 5, 5}, {1, 1}},
                                          {{2, 2, 4, 4}, {2, 2}}, {{0, 2, 4, 4}, {2, 2}}, {{1, 1, 3, 7}, {5, 2}}};
const AdaptiveCase kAdaptiveVolumes[] = {{{2, 2, 3, 4, 5}, {2, 3, 2}}, {{2, 3, 4, 2}, {1, 1, 1}}, {{1, 2, 2, 2, 3}, {3, 2, 5}}};

#define XGRAD_ADAPTIVE_ENTRIES(axes, cases)                                                                                                      \
  const catalogue::Entry adaptive_avg_pool##axes##d_entry("adaptive_avg_pool" #axes "d", [](catalogue::Samples& s) {                             \
    for (const AdaptiveCase& c : cases)                                                                                                          \
      s.add("F.adaptive_avg_pool" #axes "d(x[0], " + text(c.output) + ")", {s.normal(c.input)},                                                  \
            [c](Inputs x) { return adaptive_avg_pool##axes##d(x[0], c.output); });                                                               \
    s.rejects("a vector", "but got [4]", [] { adaptive_avg_pool##axes##d(ones({4}), Dims(axes, 2)); });                                          \
    s.rejects("integers", "not implemented for 'Long'", [] { adaptive_avg_pool##axes##d(ones(Dims(axes + 1, 2), kLong), Dims(axes, 2)); });      \
    s.rejects("a negative size", "elements of output_size must be greater than or equal to 0 but received",                                      \
              [] { adaptive_avg_pool##axes##d(ones(Dims(axes + 1, 2)), Dims(axes, -2)); });                                                      \
  });                                                                                                                                            \
  const catalogue::Entry adaptive_max_pool##axes##d_entry("adaptive_max_pool" #axes "d", [](catalogue::Samples& s) {                             \
    for (const AdaptiveCase& c : cases)                                                                                                          \
      s.add("F.adaptive_max_pool" #axes "d(x[0], " + text(c.output) + ", return_indices=True)", {s.distinct(c.input)},                           \
            [c](Inputs x) { return adaptive_max_pool##axes##d(x[0], c.output); });                                                               \
    Dims points(axes + 1, 1), sizes(axes, 1);                                                                                                    \
    points[axes] = 16;                                                                                                                           \
    sizes[axes - 1] = 5;                                                                                                                         \
    s.at("F.adaptive_max_pool" #axes "d(x[0], " + text(sizes) + ", return_indices=True)", {special_points().view(points)},                       \
         [sizes](Inputs x) { return adaptive_max_pool##axes##d(x[0], sizes); });                                                                 \
    s.rejects("another number of sizes", "output_size must be", [] { adaptive_max_pool##axes##d(ones(Dims(axes + 1, 2)), Dims(axes + 1, 2)); }); \
    s.rejects("an empty image", "Expected input to have non-zero size for non-batch dimensions",                                                 \
              [] { adaptive_max_pool##axes##d(zeros(Dims(axes + 2, 0)), Dims(axes, 2)); });                                                      \
  });
XGRAD_ADAPTIVE_ENTRIES(1, kAdaptiveLines)
XGRAD_ADAPTIVE_ENTRIES(2, kAdaptivePictures)
XGRAD_ADAPTIVE_ENTRIES(3, kAdaptiveVolumes)

// ---- random windows, and the way back

const catalogue::Entry fractional_max_pool2d_entry("fractional_max_pool2d", [](catalogue::Samples& s) {
  for (const auto& [input, kernel, output] : {std::tuple<Dims, Dims, Dims>{{2, 3, 7, 8}, {2, 3}, {4, 3}}, {{1, 2, 6, 6}, {2, 2}, {1, 5}}})
    s.add("torch._C._nn.fractional_max_pool2d(x[0], " + text(kernel) + ", " + text(output) + ", x[1])",
          {s.distinct(input), constant(s.uniform({input[0], input[1], 2}, 0, 1))},
          [kernel = kernel, output = output](Inputs x) { return fractional_max_pool2d(x[0], kernel, output, x[1]); });
  s.add("torch._C._nn.fractional_max_pool2d(x[0], (2, 2), (3, 2), x[1])", {s.distinct({2, 5, 6}), constant(s.uniform({1, 2, 2}, 0, 1))},
        [](Inputs x) {
          return fractional_max_pool2d(x[0], {2, 2}, {3, 2}, x[1]);
        });
  s.rejects("too large a window", "pool height 4 too large relative to input height 4", [] {
    fractional_max_pool2d(ones({1, 1, 4, 4}), {4, 4}, {2, 2}, ones({1, 1, 2}));
  });
  s.rejects("another dtype", "expected scalar type Float but found Double", [] {
    fractional_max_pool2d(ones({1, 1, 4, 4}), {2, 2}, {2, 2}, ones({1, 1, 2}, kDouble));
  });
  s.rejects("too few numbers", "Expect _random_samples", [] { fractional_max_pool2d(ones({1, 2, 4, 4}), {2, 2}, {2, 2}, ones({1, 1, 2})); });
});

const catalogue::Entry fractional_max_pool3d_entry("fractional_max_pool3d", [](catalogue::Samples& s) {
  s.add("torch._C._nn.fractional_max_pool3d(x[0], (2, 3, 2), (3, 2, 4), x[1])", {s.distinct({2, 2, 5, 6, 7}), constant(s.uniform({2, 2, 3}, 0, 1))},
        [](Inputs x) {
          return fractional_max_pool3d(x[0], {2, 3, 2}, {3, 2, 4}, x[1]);
        });
  s.rejects("a window that just fits", "pool time 2 too large relative to input time 2", [] {
    fractional_max_pool3d(ones({1, 2, 4, 4}), {2, 2, 2}, {1, 2, 2}, ones({1, 1, 3}));
  });
  s.rejects("two sizes", "output_size must either be", [] { fractional_max_pool3d(ones({1, 4, 4, 4}), {2, 2, 2}, {2, 2}, ones({1, 1, 3})); });
});

const catalogue::Entry max_unpool2d_entry("max_unpool2d", [](catalogue::Samples& s) {
  const auto run = [](Inputs x) { return max_unpool2d(x[0], x[1], {4, 4}); };
  const Tensor at = tensor({0, 6, 9, 15, 5, 2, 8, 11}).view({1, 2, 2, 2});
  s.add("torch._C._nn.max_unpool2d(x[0], x[1], (4, 4))", {s.normal({1, 2, 2, 2}), at}, run);
  s.add("torch._C._nn.max_unpool2d(x[0], x[1], (4, 4))", {s.normal({2, 2, 2}), at[0]}, run);
  s.at("torch._C._nn.max_unpool2d(x[0], x[1], (4, 4))", {s.normal({1, 1, 2}), tensor({3, 3}).view({1, 1, 2})}, run);
  s.rejects("an index outside", "Found an invalid max index: 16", [] { max_unpool2d(ones({1, 1, 1}), full({1, 1, 1}, 16, kLong), {4, 4}); });
  s.rejects("int32", "elements in indices should be type int64 but got: Int", [] { max_unpool2d(ones({1, 1, 1}), ones({1, 1, 1}, kInt), {4, 4}); });
  s.rejects("other indices", "Expected shape of indices to be same as that of the input tensor ([1, 1, 1])", [] {
    max_unpool2d(ones({1, 1, 1}), ones({1, 1, 2}, kLong), {4, 4});
  });
  s.rejects("one size", "There should be exactly two elements (height, width) in output_size, but got 1 elements.", [] {
    max_unpool2d(ones({1, 1, 1}), ones({1, 1, 1}, kLong), {4});
  });
  s.rejects("a matrix", "Input to max_unpooling2d should be a 3d or 4d Tensor, but got a tensor with 2 dimensions.", [] {
    max_unpool2d(ones({1, 1}), ones({1, 1}, kLong), {4, 4});
  });
});

const catalogue::Entry max_unpool3d_entry("max_unpool3d", [](catalogue::Samples& s) {
  s.add("torch._C._nn.max_unpool3d(x[0], x[1], (2, 3, 4), (2, 2, 2), (0, 0, 0))",
        {s.normal({2, 1, 1, 1, 2}), tensor({23, 0, 7, 12}).view({2, 1, 1, 1, 2})}, [](Inputs x) {
          return max_unpool3d(x[0], x[1], {2, 3, 4}, {2, 2, 2}, {0, 0, 0});
        });
  s.rejects("no stride", "strides should be greater than zero, but got stride: [2, 2, 0]", [] {
    max_unpool3d(ones({1, 1, 1, 1}), ones({1, 1, 1, 1}, kLong), {4, 4, 4}, {2, 2, 0}, {0, 0, 0});
  });
});

}  // namespace

}}  // namespace torch::xgrad
