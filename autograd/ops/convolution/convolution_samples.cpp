#include <xgrad/autograd/ops/convolution/convolution.h>

#include <cmath>
#include <string>

#include <xgrad/autograd/catalogue/pointwise_samples.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

using Convolution = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t);
using NamedConvolution = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, std::string_view, IntArrayRef, int64_t);

// A number for all axes, or one for each.
struct Numbers : Dims {
  Numbers(int64_t one) : Dims{one} {}
  Numbers(std::initializer_list<int64_t> all) : Dims(all) {}
};

// Shapes of input and weight, and a call's parameters.
struct Case {
  Dims input, weight;
  Numbers stride = 1, padding = 0, dilation = 1;
  int64_t groups = 1;
};

using catalogue::text;

void add(catalogue::Samples& s, const std::string& name, Convolution f, const Case& c) {
  const std::string with =
      ", stride=" + text(c.stride) + ", padding=" + text(c.padding) + ", dilation=" + text(c.dilation) + ", groups=" + std::to_string(c.groups) + ")";
  s.add("F." + name + "(x[0], x[1], None" + with, {s.normal(c.input), s.normal(c.weight)},
        [f, c](Inputs x) { return f(x[0], x[1], {}, c.stride, c.padding, c.dilation, c.groups); });
  s.add("F." + name + "(x[0], x[1], x[2]" + with, {s.normal(c.input), s.normal(c.weight), s.normal({c.weight[0]})},
        [f, c](Inputs x) { return f(x[0], x[1], x[2], c.stride, c.padding, c.dilation, c.groups); });
}

void add_named(catalogue::Samples& s, const std::string& name, NamedConvolution f, const Dims& input, const Dims& weight, int64_t dilation) {
  for (const char* padding : {"same", "valid"})
    s.add("F." + name + "(x[0], x[1], x[2], 1, '" + padding + "', " + std::to_string(dilation) + ")",
          {s.normal(input), s.normal(weight), s.normal({weight[0]})},
          [f, padding, dilation](Inputs x) { return f(x[0], x[1], x[2], 1, padding, dilation, 1); });
}

// What no number of axes changes: without a batch, empty batches, integers, infinities.
void add_everywhere(catalogue::Samples& s, const std::string& name, Convolution f, const Dims& image, const Dims& kernel) {
  const auto shape = [](std::initializer_list<int64_t> first, const Dims& rest) {
    Dims all = first;
    for (const int64_t n : rest) all.push_back(n);
    return all;
  };
  add(s, name, f, {shape({3}, image), shape({2, 3}, kernel)});
  add(s, name, f, {shape({0, 3}, image), shape({2, 3}, kernel)});
  const auto run = [f](Inputs x) { return f(x[0], x[1], x[2], 1, 1, 1, 1); };
  const std::string call = "F." + name + "(x[0], x[1], x[2], 1, 1)";
  s.flat(call, {s.integers(shape({2, 3}, image), -9, 9), s.integers(shape({4, 3}, kernel), -9, 9), s.integers({4}, -9, 9)}, run);
  s.flat(call, {s.integers(shape({1, 3}, image), -9, 9).to(kInt), s.integers(shape({2, 3}, kernel), -9, 9).to(kInt), s.integers({2}, -9, 9).to(kInt)},
         run);
}

const Convolution conv1d_of = conv1d, conv2d_of = conv2d, conv3d_of = conv3d;

const catalogue::Entry conv1d_entry("conv1d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Case& c :
       {Case{{2, 3, 7}, {4, 3, 3}}, Case{{2, 3, 7}, {4, 3, 3}, 2, 1}, Case{{2, 3, 9}, {4, 3, 3}, 3, 2, 2}, Case{{2, 4, 7}, {6, 2, 2}, 1, 1, 1, 2},
        Case{{2, 3, 6}, {3, 1, 3}, 1, 1, 1, 3}, Case{{1, 1, 1}, {1, 1, 1}}, Case{{1, 2, 40}, {20, 2, 5}, 1, 2}})
    add(s, "conv1d", conv1d_of, c);
  add_everywhere(s, "conv1d", conv1d_of, {5}, {3});
  add_named(s, "conv1d", conv1d, {2, 3, 6}, {2, 3, 4}, 1);
  s.rejects("an image for a signal", "Expected 2D (unbatched) or 3D (batched) input to conv1d, but got input of size: [2, 3, 4, 5]", [] {
    conv1d(ones({2, 3, 4, 5}), ones({2, 3, 3}));
  });
});

const catalogue::Entry conv2d_entry("conv2d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Case& c :
       {Case{{2, 3, 5, 6}, {4, 3, 3, 2}}, Case{{2, 3, 5, 6}, {4, 3, 3, 3}, {2, 1}, {1, 2}}, Case{{1, 2, 7, 8}, {3, 2, 2, 3}, 2, 1, {2, 1}},
        Case{{1, 3, 9, 7}, {2, 3, 3, 2}, 3, 2, 2}, Case{{2, 4, 5, 5}, {6, 2, 3, 3}, 1, 1, 1, 2}, Case{{1, 4, 5, 5}, {8, 1, 3, 3}, 2, 1, 1, 4},
        Case{{2, 3, 4, 4}, {5, 3, 1, 1}}, Case{{1, 1, 3, 3}, {1, 1, 3, 3}}, Case{{1, 2, 2, 3}, {2, 2, 1, 1}, 3, 0},
        Case{{1, 2, 3, 20}, {17, 2, 2, 3}, 1, 1}, Case{{1, 1, 2, 2}, {2, 1, 4, 4}, 1, 2}})
    add(s, "conv2d", conv2d_of, c);
  add_everywhere(s, "conv2d", conv2d_of, {4, 5}, {3, 2});
  add_named(s, "conv2d", conv2d, {2, 3, 5, 6}, {2, 3, 2, 3}, 2);
  s.add("F.conv2d(F.conv2d(x[0], x[1], padding=1), x[1], padding=1)", {s.normal({1, 2, 4, 4}), s.normal({2, 2, 3, 3})},
        [](Inputs x) { return conv2d(conv2d(x[0], x[1], {}, 1, 1), x[1], {}, 1, 1); });
  s.add("F.conv2d(x[0].transpose(0, 1), x[1].transpose(2, 3))", {s.normal({2, 3, 4, 4}), s.normal({2, 2, 3, 2})},
        [](Inputs x) { return conv2d(x[0].transpose(0, 1), x[1].transpose(2, 3)); });
  s.at("F.conv2d(x[0], x[1], x[2], padding=1)",
       {catalogue::vector_of({1, INFINITY, -2, 0.5, NAN, 1, 0, -INFINITY, 3}).view({1, 1, 3, 3}), s.normal({2, 1, 2, 2}), s.normal({2})},
       [](Inputs x) { return conv2d(x[0], x[1], x[2], 1, 1); });
  s.rejects("a batch of signals", "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [3, 4]", [] {
    conv2d(ones({3, 4}), ones({2, 3, 3, 3}));
  });
  s.rejects("other channels",
            "Given groups=1, weight of size [2, 3, 3, 3], expected input[1, 4, 4, 4] to have 3 channels, but got 4 channels instead", [] {
              conv2d(ones({1, 4, 4, 4}), ones({2, 3, 3, 3}));
            });
  s.rejects("groups that don't divide",
            "Given groups=2, expected weight to be divisible by 2 at dimension 0, but got weight of size [3, 2, 3, 3] instead", [] {
              conv2d_of(ones({1, 4, 4, 4}), ones({3, 2, 3, 3}), {}, 1, 0, 1, 2);
            });
  s.rejects("more groups than outputs",
            "Given groups=2, expected weight to be at least 2 at dimension 0, but got weight of size [1, 2, 3, 3] instead", [] {
              conv2d_of(ones({1, 4, 4, 4}), ones({1, 2, 3, 3}), {}, 1, 0, 1, 2);
            });
  s.rejects("no groups", "non-positive groups is not supported", [] { conv2d_of(ones({1, 4, 4, 4}), ones({1, 2, 3, 3}), {}, 1, 0, 1, 0); });
  s.rejects("a kernel larger than the image",
            "Calculated padded input size per channel: (2 x 2). Kernel size: (3 x 3). Kernel size can't be greater than", [] {
              conv2d(ones({1, 3, 2, 2}), ones({2, 3, 3, 3}));
            });
  s.rejects("a negative padding", "negative padding is not supported", [] { conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, 1, -1); });
  s.rejects("no stride", "non-positive stride is not supported", [] { conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, 0); });
  s.rejects("no dilation", "dilation should be greater than zero", [] { conv2d_of(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, 1, 0, 0, 1); });
  s.rejects("a kernel without elements", "kernel size should be greater than zero", [] { conv2d(ones({1, 3, 4, 4}), ones({2, 3, 0, 3})); });
  s.rejects("three strides",
            "expected stride to be a single integer value or a list of 2 values to match the convolution dimensions, but got stride=[1, 1, 1]", [] {
              conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, Dims{1, 1, 1});
            });
  s.rejects("a bias of another size",
            "Given weight of size [2, 3, 3, 3], expected bias to be 1-dimensional with 2 elements, but got bias of size [3] instead", [] {
              conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), ones({3}));
            });
  s.rejects("a weight of another dtype", "expected scalar type Float but found Double", [] {
    conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}, kDouble));
  });
  s.rejects("a bias of another dtype", "should be the same", [] { conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), ones({2}, kDouble)); });
  s.rejects("bool", "\"slow_conv2d_cpu\" not implemented for 'Bool'", [] { conv2d(ones({1, 3, 4, 4}, kBool), ones({2, 3, 3, 3}, kBool)); });
  s.rejects("an image without elements", "Only zero batch or zero channel inputs are supported, but got input shape: [1, 3, 0, 4]", [] {
    conv2d(ones({1, 3, 0, 4}), ones({2, 3, 3, 3}), {}, 1, 2);
  });
  s.rejects("the same lengths with a stride", "padding='same' is not supported for strided convolutions", [] {
    conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, 2, "same");
  });
  s.rejects("another word", "Invalid padding string: 'full'", [] { conv2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}), {}, 1, "full"); });
});

const catalogue::Entry conv3d_entry("conv3d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Case& c : {Case{{2, 2, 3, 4, 3}, {3, 2, 2, 3, 2}}, Case{{1, 2, 4, 3, 4}, {2, 2, 2, 2, 3}, {2, 1, 3}, {1, 0, 2}, {1, 2, 1}},
                        Case{{1, 4, 2, 3, 2}, {4, 2, 2, 2, 2}, 1, 1, 1, 2}})
    add(s, "conv3d", conv3d_of, c);
  add_everywhere(s, "conv3d", conv3d_of, {2, 3, 2}, {2, 2, 1});
  add_named(s, "conv3d", conv3d, {1, 2, 3, 3, 3}, {2, 2, 2, 3, 2}, 1);
});

using TransposedConvolution = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t,
                                         IntArrayRef);

void add_transposed(catalogue::Samples& s, const std::string& name, TransposedConvolution f, const Case& c, const Numbers& output_padding) {
  const std::string with = ", stride=" + text(c.stride) + ", padding=" + text(c.padding) + ", output_padding=" + text(output_padding) +
                           ", groups=" + std::to_string(c.groups) + ", dilation=" + text(c.dilation) + ")";
  s.add("F." + name + "(x[0], x[1], None" + with, {s.normal(c.input), s.normal(c.weight)},
        [=](Inputs x) { return f(x[0], x[1], {}, c.stride, c.padding, output_padding, c.groups, c.dilation); });
  s.add("F." + name + "(x[0], x[1], x[2]" + with, {s.normal(c.input), s.normal(c.weight), s.normal({c.weight[1] * c.groups})},
        [=](Inputs x) { return f(x[0], x[1], x[2], c.stride, c.padding, output_padding, c.groups, c.dilation); });
}

const catalogue::Entry conv_transpose1d_entry("conv_transpose1d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  add_transposed(s, "conv_transpose1d", conv_transpose1d, {{2, 3, 5}, {3, 4, 3}}, 0);
  add_transposed(s, "conv_transpose1d", conv_transpose1d, {{2, 4, 5}, {4, 3, 2}, 3, 1, 2, 2}, 2);
  add_transposed(s, "conv_transpose1d", conv_transpose1d, {{3, 5}, {3, 4, 2}, 3, 0}, 1);
});

const catalogue::Entry conv_transpose2d_entry("conv_transpose2d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  add_transposed(s, "conv_transpose2d", conv_transpose2d, {{2, 3, 3, 4}, {3, 4, 3, 2}}, 0);
  add_transposed(s, "conv_transpose2d", conv_transpose2d, {{1, 4, 3, 4}, {4, 3, 4, 4}, 2, 1, 1, 2}, 1);
  add_transposed(s, "conv_transpose2d", conv_transpose2d, {{0, 3, 3, 4}, {3, 4, 3, 2}}, 0);
  add_transposed(s, "conv_transpose2d", conv_transpose2d, {{2, 2, 3, 2}, {2, 2, 1, 1}, {3, 2}, {1, 0}}, {0, 1});
  s.flat("F.conv_transpose2d(x[0], x[1])", {s.integers({1, 2, 3, 3}, -9, 9), s.integers({2, 3, 2, 2}, -9, 9)},
         [](Inputs x) { return conv_transpose2d(x[0], x[1]); });
  s.rejects("other channels",
            "Given transposed=1, weight of size [2, 3, 3, 3], expected input[1, 3, 4, 4] to have 2 channels, but got 3 channels instead", [] {
              conv_transpose2d(ones({1, 3, 4, 4}), ones({2, 3, 3, 3}));
            });
  s.rejects("an output padding as large as the stride",
            "output padding must be smaller than either stride or dilation, but got output_padding: ", [] {
              conv_transpose2d(ones({1, 3, 4, 4}), ones({3, 2, 3, 3}), {}, 1, 0, 1);
            });
  s.rejects("a negative output padding", "negative output_padding is not supported", [] {
    conv_transpose2d(ones({1, 3, 4, 4}), ones({3, 2, 3, 3}), {}, 2, 0, -1);
  });
  s.rejects("a bias of another size",
            "Given transposed=1, weight of size [3, 2, 3, 3], expected bias to be 1-dimensional with 2 elements, but got bias of size", [] {
              conv_transpose2d(ones({1, 3, 4, 4}), ones({3, 2, 3, 3}), ones({3}));
            });
  s.rejects("nothing left", "Given input size per channel: (1 x 1). Calculated output size per channel: (-1 x -1). Output size is too small", [] {
    conv_transpose2d(ones({1, 3, 1, 1}), ones({3, 2, 3, 3}), {}, 1, 2);
  });
});

const catalogue::Entry conv_transpose3d_entry("conv_transpose3d", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  add_transposed(s, "conv_transpose3d", conv_transpose3d, {{1, 2, 2, 3, 2}, {2, 2, 2, 1, 3}, {2, 1, 2}, {0, 0, 1}}, {1, 0, 1});
});

const catalogue::Entry convolution_entry("convolution", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.convolution(x[0], x[1], x[2], [1, 2], [1], [1], False, [0], 1)", {s.normal({2, 3, 4, 5}), s.normal({2, 3, 3, 2}), s.normal({2})},
        [](Inputs x) {
          return convolution(x[0], x[1], x[2], Dims{1, 2}, 1, 1, false, 0, 1);
        });
  s.add("torch.convolution(x[0], x[1], None, [2], [1], [1], True, [1], 1)", {s.normal({2, 3, 4}), s.normal({3, 2, 3})},
        [](Inputs x) { return convolution(x[0], x[1], {}, 2, 1, 1, true, 1, 1); });
  s.rejects("no batch", "Expected 4-dimensional input for 4-dimensional weight [2, 3, 3, 3], but got 3-dimensional input of size [3, 4, 4] instead",
            [] {
              convolution(ones({3, 4, 4}), ones({2, 3, 3, 3}), {}, 1, 0, 1, false, 0, 1);
            });
});

const catalogue::Entry conv_tbc_entry("conv_tbc", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const int64_t pad : {0, 1, 3})
    for (const int64_t time : {5, 2})
      s.add("torch.conv_tbc(x[0], x[1], x[2], " + std::to_string(pad) + ")", {s.normal({time, 2, 3}), s.normal({2, 3, 4}), s.normal({4})},
            [pad](Inputs x) { return conv_tbc(x[0], x[1], x[2], pad); });
  s.add("torch.conv_tbc(x[0], x[1], x[2])", {s.normal({1, 2, 3}), s.normal({2, 3, 4}), s.normal({4})},
        [](Inputs x) { return conv_tbc(x[0], x[1], x[2]); });
  s.rejects("a matrix", "Input must have 3 dims: time, batch, in_channel", [] { conv_tbc(ones({5, 3}), ones({2, 3, 4}), ones({4})); });
  s.rejects("a matrix as weight", "Weight tensor must have 3 dims", [] { conv_tbc(ones({5, 2, 3}), ones({3, 4}), ones({4})); });
  s.rejects("a matrix as bias", "Bias must be 1-D", [] { conv_tbc(ones({5, 2, 3}), ones({2, 3, 4}), ones({2, 2})); });
  s.rejects("a bias of another size", "Bias size must equal dim 2 in the weight tensor", [] {
    conv_tbc(ones({5, 2, 3}), ones({2, 3, 4}), ones({2}));
  });
  s.rejects("other channels", "is not == dim 1 in the weight tensor", [] { conv_tbc(ones({5, 2, 3}), ones({2, 2, 4}), ones({4})); });
  s.rejects("a kernel too long", "Trying to create tensor with negative dimension -1", [] { conv_tbc(ones({1, 2, 3}), ones({3, 3, 4}), ones({4})); });
});

}  // namespace

}}  // namespace torch::xgrad
