#include <xgrad/autograd/ops/convolution/convolution.h>

#include <algorithm>
#include <string>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/convolution/convolution.h>
#include <xgrad/autograd/kernels/convolution/winograd.h>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/autograd/ops/creation/conversion.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pooling/padding.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

namespace torch { inline namespace xgrad {

namespace {

// Of the convolution whose image is x and whose result is y; a transposed one goes from y to x.
struct Geometry : kernels::ConvolutionSizes {
  int axes;

  IntArrayRef spatial(const int64_t (&of)[3]) const { return {of + 3 - axes, static_cast<size_t>(axes)}; }
  Dims sizes(int64_t first, int64_t second, const int64_t (&rest)[3]) const {
    Dims all = {first, second};
    for (const int64_t n : spatial(rest)) all.push_back(n);
    return all;
  }
  Dims x() const { return sizes(batch, groups * in_channels, in); }
  Dims y() const { return sizes(batch, groups * out_channels, out); }
  Dims w() const { return sizes(groups * out_channels, in_channels, kernel); }
};

// Integers are multiplied as int64 that wrap around, of which all keep the last bits.
Tensor factor(const Tensor& t) { return contiguous_as(t, t.is_floating_point() ? t.dtype() : kLong); }

// kernel<T>(geometry, a, b, c or null, result) on row-major copies where tensors aren't.
template <class Run> Tensor computed(const Tensor& a, const Tensor& b, const Dims& sizes, Run run) {
  const Tensor left = factor(a), right = factor(b);
  Tensor result = allocate_tensor(sizes, left.dtype());
  if (result.numel() > 0) run(left, right, result);
  return a.is_floating_point() ? result : contiguous_as(result, a.dtype());
}

template <class F> void dispatch_factors(const Tensor& t, const Operation& operation, F&& f) {
  if (t.dtype() == kLong) f(uint64_t{});
  else dispatch_floating(t.dtype(), operation.name(), f);
}

template <class T> const T* elements(const Tensor& t) { return t.defined() ? static_cast<const T*>(t.data_ptr()) : nullptr; }

// From the image of a convolution to its result, or back.
enum class Direction { kForward, kBackward };

Tensor value(const Operation& operation, Direction direction, const Tensor& image, const Tensor& w, const Tensor& bias, const Geometry& g) {
  const Tensor b = bias.defined() ? factor(contiguous_as(bias, image.dtype())) : Tensor();
  return computed(image, w, direction == Direction::kForward ? g.y() : g.x(), [&](const Tensor& x, const Tensor& factors, const Tensor& result) {
    dispatch_factors(x, operation, [&](auto zero) {
      using T = decltype(zero);
      const auto kernel = direction == Direction::kForward ? kernels::convolution<T> : kernels::convolution_input_gradient<T>;
      const auto run = [&](auto... operands) {
        launch(operation, kernel, kernels::reads(operands...), kernels::writes(result), static_cast<const kernels::ConvolutionSizes&>(g),
               elements<T>(x), elements<T>(factors), elements<T>(b), static_cast<T*>(result.data_ptr()));
      };
      if (b.defined()) run(x, factors, b);
      else run(x, factors);
    });
  });
}

// True iff several channels lie side by side; images along one axis count as of height 1.
bool channels_lie_together(const Tensor& t) {
  const Tensor images = t.dim() == 3 ? untraced([&] { return t.detach().unsqueeze(2); }) : t;
  return images.dim() == 4 && images.size(1) > 1 && has_channels_innermost(images);
}

// The result in the order of its channels if those of the weight lie side by side, or those of an image along two axes.
Tensor in_order_of(const Tensor& image, const Tensor& w, const Geometry& g, Direction direction, const Tensor& y) {
  if (g.axes == 3 || direction == Direction::kBackward || y.numel() == 0) return y;
  return (g.axes == 2 && channels_lie_together(image)) || channels_lie_together(w) ? with_channels_innermost(y) : y;
}

template <class... W> Tensor recorded(const Operation& operation, Tensor value, const Geometry& g, bool transposed, W... gradients) {
  return record(Forward(operation, std::move(value)),
                with("stride", g.spatial(g.stride), "padding", g.spatial(g.padding), "dilation", g.spatial(g.dilation), "transposed", transposed,
                     "groups", g.groups),
                std::move(gradients)...);
}

Tensor convolved(const Operation& operation, Direction direction, const Tensor& image, const Tensor& w, const Tensor& bias, const Geometry& g);

constexpr const Operation& kInputGradient = operation_recorded_as<"convolution_input_gradient", "ConvolutionBackwardBackward0">;
constexpr const Operation& kWeightGradient = operation_recorded_as<"convolution_weight_gradient", "ConvolutionBackwardBackward0">;

Direction other(Direction d) { return d == Direction::kForward ? Direction::kBackward : Direction::kForward; }

// Bilinear like the convolution itself: its derivatives are convolutions.
Tensor weight_gradient(const Tensor& y, const Tensor& x, const Geometry& g) {
  Tensor value = computed(y, x, g.w(), [&](const Tensor& left, const Tensor& right, const Tensor& result) {
    dispatch_factors(left, kWeightGradient, [&](auto zero) {
      using T = decltype(zero);
      launch(kWeightGradient, kernels::convolution_weight_gradient<T>, kernels::reads(left, right), kernels::writes(result),
             static_cast<const kernels::ConvolutionSizes&>(g), elements<T>(left), elements<T>(right), static_cast<T*>(result.data_ptr()));
    });
  });
  return recorded(kWeightGradient, std::move(value), g, false,
                  wrt(y, [x = save(x), g](const Gradients& s) { return convolved(kInputGradient, Direction::kForward, x, s.gy(), {}, g); }),
                  wrt(x, [y = save(y), g](const Gradients& s) { return convolved(kInputGradient, Direction::kBackward, y, s.gy(), {}, g); }));
}

// PyTorch computes the three gradients together: the bias's is part of the graph by way of image and weight, on which it does not depend.
Tensor bias_gradient(const Tensor& gy, const Tensor& image, const Tensor& w) {
  Dims axes = {0};
  for (int i = 2; i < gy.dim(); ++i) axes.push_back(i);
  const auto independent = [](const Tensor& t) {
    return [sizes = Dims(t.sizes()), options = t.options()](const Tensor&) { return zeros(sizes, options); };
  };
  return record(Forward(operation_recorded_as<"convolution_bias_gradient", "ConvolutionBackwardBackward0">,
                        untraced([&] { return gy.detach().sum(OptionalIntArrayRef(axes)); })),
                wrt(gy,
                    [sizes = Dims(gy.sizes())](const Tensor& gb) {
                      Dims channels(sizes.size(), 1);
                      channels[1] = sizes[1];
                      return gb.view(channels).expand(sizes);
                    }),
                wrt(image, independent(image)), wrt(w, independent(w)));
}

Tensor convolved(const Operation& operation, Direction direction, const Tensor& image, const Tensor& w, const Tensor& bias, const Geometry& g) {
  return recorded(
      operation, in_order_of(image, w, g, direction, value(operation, direction, image, w, bias, g)), g, direction == Direction::kBackward,
      wrt(image, [w = save(w), g, direction](const Gradients& s) { return convolved(kInputGradient, other(direction), s.gy(), w, {}, g); }),
      wrt(w,
          [image = save(image), g, direction](const Gradients& s) {
            return direction == Direction::kForward ? weight_gradient(s.gy(), image, g) : weight_gradient(image, s.gy(), g);
          }),
      wrt(bias, [image = save(image), w = save(w)](const Gradients& s) { return bias_gradient(s.gy(), image, w); }));
}

// ---- checks

struct Parameters {
  Dims stride, padding, dilation, output_padding;
  int64_t groups;
  bool transposed;
  bool converts_bias;  // to the input's dtype; PyTorch refuses another one in some forms
};

Dims expanded(const Operation& operation, const char* name, IntArrayRef values, int axes) {
  if (values.size() == 1) return Dims(axes, values[0]);
  XGRAD_CHECK(values.size() == static_cast<size_t>(axes), operation, "expected ", name, " to be a single integer value or a list of ", axes,
              " values to match the convolution dimensions, but got ", name, "=", values);
  return values;
}

bool any_below(const Dims& values, int64_t least) {
  return std::any_of(values.begin(), values.end(), [least](int64_t v) { return v < least; });
}

bool any_above(const Dims& values, int64_t most) {
  return std::any_of(values.begin(), values.end(), [most](int64_t v) { return v > most; });
}

// "(3 x 4)"
std::string product_text(const Dims& sizes) {
  std::string text = "(";
  for (const int64_t n : sizes) text += (text.size() > 1 ? " x " : "") + std::to_string(n);
  return text + ")";
}

Parameters checked(const Operation& operation, const Tensor& weight, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                   IntArrayRef output_padding, int64_t groups) {
  const int axes = static_cast<int>(weight.dim()) - 2;
  XGRAD_CHECK(axes >= 1 && axes <= 3, operation, "weight should have 3 to 5 dimensions, but got shape ", weight.sizes());
  Parameters p{expanded(operation, "stride", stride, axes),
               expanded(operation, "padding", padding, axes),
               expanded(operation, "dilation", dilation, axes),
               expanded(operation, "output_padding", output_padding, axes),
               groups,
               transposed,
               !transposed};
  XGRAD_CHECK(!any_below(p.padding, 0), operation, "negative padding is not supported, got ", padding);
  XGRAD_CHECK(!any_below(p.output_padding, 0), operation, "negative output_padding is not supported, got ", output_padding);
  XGRAD_CHECK(!any_below(p.stride, 1), operation, "non-positive stride is not supported, got ", stride);
  XGRAD_CHECK(!any_below(p.dilation, 1), operation, "dilation should be greater than zero, but got ", dilation);
  XGRAD_CHECK(groups > 0, operation, "non-positive groups is not supported, got ", groups);
  for (int i = 0; transposed && i < axes; ++i)
    XGRAD_CHECK(p.output_padding[i] < std::max(p.stride[i], p.dilation[i]), operation,
                "output padding must be smaller than either stride or dilation, but got output_padding: ", output_padding, " stride: ", stride,
                " dilation: ", dilation);
  return p;
}

void check_shapes(const Operation& operation, const Tensor& input, const Tensor& weight, const Tensor& bias, const Parameters& p) {
  const int64_t out_channels = p.transposed ? weight.size(1) * p.groups : weight.size(0);
  const int64_t in_channels = p.transposed ? weight.size(0) : weight.size(1) * p.groups;
  const std::string given = p.transposed ? "Given transposed=1" : "Given groups=" + std::to_string(p.groups);
  XGRAD_CHECK(input.dim() == weight.dim(), operation, "Expected ", weight.dim(), "-dimensional input for ", weight.dim(), "-dimensional weight ",
              weight.sizes(), ", but got ", input.dim(), "-dimensional input of size ", input.sizes(), " instead");
  XGRAD_CHECK(weight.size(0) >= p.groups, operation, "Given groups=", p.groups, ", expected weight to be at least ", p.groups,
              " at dimension 0, but got weight of size ", weight.sizes(), " instead");
  XGRAD_CHECK(weight.size(0) % p.groups == 0, operation, "Given groups=", p.groups, ", expected weight to be divisible by ", p.groups,
              " at dimension 0, but got weight of size ", weight.sizes(), " instead");
  XGRAD_CHECK(input.size(1) == in_channels, operation, given, ", weight of size ", weight.sizes(), ", expected input", input.sizes(), " to have ",
              in_channels, " channels, but got ", input.size(1), " channels instead");
  XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out_channels), operation,
              p.transposed ? "Given transposed=1, weight of size " : "Given weight of size ", weight.sizes(),
              ", expected bias to be 1-dimensional with ", out_channels, " elements, but got bias of size ",
              bias.defined() ? bias.sizes() : IntArrayRef(), " instead");
  for (int64_t i = 2; i < weight.dim(); ++i)
    XGRAD_CHECK(weight.size(i) > 0, operation, "kernel size should be greater than zero, but got weight of size ", weight.sizes());
  XGRAD_CHECK(input.dtype() == weight.dtype(), operation, "expected scalar type ", input.dtype(), " but found ", weight.dtype());
  XGRAD_CHECK(!bias.defined() || p.converts_bias || bias.dtype() == input.dtype(), operation, "Input type (", input.dtype(), ") and bias type (",
              bias.dtype(), ") should be the same");
  if (!input.is_floating_point() && input.dtype() != kLong && (p.transposed || any_above(p.dilation, 1)))
    detail::raise<NotImplementedError>(operation, p.transposed ? "\"slow_conv_transpose2d_out_cpu\"" : "\"slow_conv_dilated<>\"",
                                       " not implemented for '", input.dtype(), "'");
  if (input.dtype() == kBool) detail::raise<NotImplementedError>(operation, "\"slow_conv2d_cpu\" not implemented for 'Bool'");
}

Geometry geometry_of(const Tensor& input, const Tensor& weight, const Parameters& p) {
  Geometry g{};
  g.axes = static_cast<int>(weight.dim()) - 2;
  g.batch = input.size(0);
  g.groups = p.groups;
  g.in_channels = weight.size(1);
  g.out_channels = weight.size(0) / p.groups;
  for (int i = 0; i < 3; ++i) g.in[i] = g.out[i] = g.kernel[i] = g.stride[i] = g.dilation[i] = 1;
  for (int i = 0; i < g.axes; ++i) {
    const int to = 3 - g.axes + i;
    g.kernel[to] = weight.size(2 + i);
    g.stride[to] = p.stride[i];
    g.padding[to] = p.padding[i];
    g.dilation[to] = p.dilation[i];
    (p.transposed ? g.out : g.in)[to] = input.size(2 + i);
  }
  return g;
}

// Positions that a kernel covers beyond the first, along axis i.
int64_t reach(const Geometry& g, int i) { return g.dilation[i] * (g.kernel[i] - 1); }

void check_covers(const Operation& operation, const Dims& padded, const Dims& kernel) {
  for (int i = 0; i < padded.size(); ++i)
    XGRAD_CHECK(padded[i] >= kernel[i], operation, "Calculated padded input size per channel: ", product_text(padded),
                ". Kernel size: ", product_text(kernel), ". Kernel size can't be greater than actual input size");
}

void find_result(const Operation& operation, const Tensor& input, const Parameters& p, Geometry& g) {
  Dims padded, kernel, result;
  for (int i = 3 - g.axes; i < 3; ++i) {
    if (p.transposed) {
      g.in[i] = (g.out[i] - 1) * g.stride[i] - 2 * g.padding[i] + reach(g, i) + p.output_padding[i - 3 + g.axes] + 1;
    } else {
      padded.push_back(g.in[i] + 2 * g.padding[i]);
      kernel.push_back(reach(g, i) + 1);
      g.out[i] = (padded.back() - kernel.back()) / g.stride[i] + 1;
    }
    result.push_back(p.transposed ? g.in[i] : g.out[i]);
  }
  check_covers(operation, padded, kernel);
  const IntArrayRef given = input.sizes().slice(2);
  XGRAD_CHECK(!p.transposed || !any_below(result, 1), operation, "Given input size per channel: ", product_text(given),
              ". Calculated output size per channel: ", product_text(result), ". Output size is too small");
  XGRAD_CHECK(input.numel() > 0 || input.size(0) == 0 || input.size(1) == 0, operation,
              "Only zero batch or zero channel inputs are supported, but got input shape: ", input.sizes());
}

Tensor of_batch(const Operation& operation, const Tensor& input, const Tensor& weight, const Tensor& bias, const Parameters& p) {
  check_shapes(operation, input, weight, bias, p);
  Geometry g = geometry_of(input, weight, p);
  find_result(operation, input, p, g);
  return convolved(operation, p.transposed ? Direction::kBackward : Direction::kForward, input, weight, bias, g);
}

template <class F> Tensor batched(const Operation& operation, const Tensor& input, int axes, F f) {
  XGRAD_CHECK(input.dim() == axes + 1 || input.dim() == axes + 2, operation, "Expected ", axes + 1, "D (unbatched) or ", axes + 2,
              "D (batched) input to ", operation.name(), ", but got input of size: ", input.sizes());
  return input.dim() == axes + 2 ? f(input) : f(input.unsqueeze(0)).squeeze(0);
}

Tensor by_lengths(const Operation& operation, int axes, const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias,
                  IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, int64_t groups, bool transposed = false,
                  IntArrayRef output_padding = 0) {
  return batched(operation, input, axes, [&](const Tensor& x) {
    Parameters p = checked(operation, weight, stride, padding, dilation, transposed, output_padding, groups);
    p.converts_bias = !transposed && axes != 2;
    return of_batch(operation, x, weight, bias.value_or(Tensor()), p);
  });
}

// What the lengths need on both sides, with the odd one at the end.
Tensor by_name(const Operation& operation, int axes, const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride,
               std::string_view padding, IntArrayRef dilation, int64_t groups) {
  XGRAD_CHECK(padding == "same" || padding == "valid", operation, "Invalid padding string: '", padding, "'");
  return batched(operation, input, axes, [&](const Tensor& x) {
    const Parameters p = checked(operation, weight, stride, 0, dilation, false, 0, groups);
    if (padding == "valid")
      return of_batch(operation, x, weight, bias.value_or(Tensor()), checked(operation, weight, stride, 0, dilation, false, 0, groups));
    for (const int64_t s : p.stride) XGRAD_CHECK(s == 1, operation, "padding='same' is not supported for strided convolutions, got stride=", stride);
    const Tensor b = bias.value_or(Tensor());
    check_shapes(operation, x, weight, b, p);
    Geometry g = geometry_of(x, weight, p);
    bool odd = false;
    Dims padded, kernel;
    for (int i = 3 - axes; i < 3; ++i) {
      padded.push_back(g.in[i] + reach(g, i));
      kernel.push_back(reach(g, i) + 1);
      odd = odd || reach(g, i) % 2 != 0;
      g.padding[i] = reach(g, i) / 2;
      g.out[i] = g.in[i];
    }
    check_covers(operation, padded, kernel);
    // PyTorch pads a copy then, which edits of the input don't reach.
    return convolved(operation, Direction::kForward, odd ? x.clone() : x, weight, b, g);
  });
}

}  // namespace

Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,
                   IntArrayRef dilation, bool transposed, IntArrayRef output_padding, int64_t groups) {
  const Operation& op = operation<"convolution">;
  return of_batch(op, input, weight, bias.value_or(Tensor()), checked(op, weight, stride, padding, dilation, transposed, output_padding, groups));
}

#define XGRAD_CONVOLUTION(axes, name, transposed_name)                                                                                               \
  Tensor name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,                 \
              IntArrayRef dilation, int64_t groups) {                                                                                                \
    return by_lengths(operation_recorded_as<#name, "ConvolutionBackward0">, axes, input, weight, bias, stride, padding, dilation, groups);           \
  }                                                                                                                                                  \
  Tensor name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, std::string_view padding,            \
              IntArrayRef dilation, int64_t groups) {                                                                                                \
    return by_name(operation_recorded_as<#name, "ConvolutionBackward0">, axes, input, weight, bias, stride, padding, dilation, groups);              \
  }                                                                                                                                                  \
  Tensor transposed_name(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, IntArrayRef stride, IntArrayRef padding,      \
                         IntArrayRef output_padding, int64_t groups, IntArrayRef dilation) {                                                         \
    return by_lengths(operation_recorded_as<#transposed_name, "ConvolutionBackward0">, axes, input, weight, bias, stride, padding, dilation, groups, \
                      true, output_padding);                                                                                                         \
  }
XGRAD_CONVOLUTION(1, conv1d, conv_transpose1d)
XGRAD_CONVOLUTION(2, conv2d, conv_transpose2d)
XGRAD_CONVOLUTION(3, conv3d, conv_transpose3d)
#undef XGRAD_CONVOLUTION

void set_winograd_enabled(bool enabled) { kernels::set_winograd(enabled); }
bool winograd_enabled() { return kernels::winograd(); }

// ---- along time

Tensor conv_tbc(const Tensor& self, const Tensor& weight, const Tensor& bias, int64_t pad) {
  const Operation& op = operation<"conv_tbc">;
  XGRAD_CHECK(self.dim() == 3, op, "Input must have 3 dims: time, batch, in_channel, got shape ", self.sizes());
  XGRAD_CHECK(weight.dim() == 3, op, "Weight tensor must have 3 dims: kernel_width, in_channels, out_channels, got shape ", weight.sizes());
  XGRAD_CHECK(bias.dim() == 1, op, "Bias must be 1-D, got shape ", bias.sizes());
  XGRAD_CHECK(self.size(2) == weight.size(1), op, "Input dim 2 (input channels) is not == dim 1 in the weight tensor, got ", self.sizes(), " and ",
              weight.sizes());
  XGRAD_CHECK(weight.size(2) == bias.size(0), op, "Bias size must equal dim 2 in the weight tensor (output channels), got ", bias.sizes(), " and ",
              weight.sizes());
  const int64_t length = self.size(0) + 2 * pad - weight.size(0) + 1;
  XGRAD_CHECK(length >= 0, op, "Trying to create tensor with negative dimension ", length, ": the kernel is longer than the padded input");
  const Tensor x = constant_pad_nd(self, {0, 0, 0, 0, pad, pad});
  Tensor y = bias.to(self.dtype()).expand({length, self.size(1), bias.size(0)});
  for (int64_t k = 0; k < weight.size(0); ++k) y = y + matmul(x.narrow(0, k, length), weight[k]);
  return y.contiguous();
}

}}  // namespace torch::xgrad
