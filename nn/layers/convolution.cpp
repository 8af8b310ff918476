#include <xgrad/nn/layers/convolution.h>

#include <cmath>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/if_defined.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/padding.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

template <size_t D, class Derived> ConvNdImpl<D, Derived>::ConvNdImpl(detail::ConvNdOptions<D> options_) : options(std::move(options_)) { reset(); }

template <size_t D, class Derived> void ConvNdImpl<D, Derived>::reset() {
  const int64_t in = options.in_channels(), out = options.out_channels(), groups = options.groups();
  XGRAD_CHECK(groups > 0, "[Conv] groups must be positive, got ", groups);
  XGRAD_CHECK(in % groups == 0, "[Conv] in_channels must be divisible by groups, got ", in, " and ", groups);
  XGRAD_CHECK(out % groups == 0, "[Conv] out_channels must be divisible by groups, got ", out, " and ", groups);
  if (std::holds_alternative<enumtype::kSame>(options.padding()))
    for (const int64_t stride : *options.stride())
      XGRAD_CHECK(stride == 1, "[Conv] padding='same' is not supported for strided convolutions, got stride=", stride);
  std::vector<int64_t> sizes = {options.transposed() ? in : out, (options.transposed() ? out : in) / groups};
  sizes.insert(sizes.end(), options.kernel_size()->begin(), options.kernel_size()->end());
  weight = this->register_parameter("weight", xgrad::empty(sizes));
  bias = options.bias() ? this->register_parameter("bias", empty({out})) : this->register_parameter("bias", Tensor(), false);
  reset_parameters();
}

template <size_t D, class Derived> void ConvNdImpl<D, Derived>::reset_parameters() {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const auto [fan_in, fan_out] = init::_calculate_fan_in_and_fan_out(weight);
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

template <size_t D, class Derived> void ConvNdImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  const std::string name = (options.transposed() ? "ConvTranspose" : "Conv") + std::to_string(D) + "d";
  print_layer(stream, name.c_str(), options);
}

template <size_t D, class Derived>
ConvTransposeNdImpl<D, Derived>::ConvTransposeNdImpl(detail::ConvNdOptions<D> options_) : ConvNdImpl<D, Derived>(std::move(options_)) {
  XGRAD_CHECK(std::holds_alternative<ExpandingArray<D>>(this->options.padding()), "[ConvTranspose] padding cannot be a string");
}

namespace {

template <size_t D> detail::ConvNdOptions<D> both_kinds(const ConvOptions<D>& o) {
  return detail::ConvNdOptions<D>(o.in_channels(), o.out_channels(), o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .dilation(o.dilation())
      .groups(o.groups())
      .bias(o.bias())
      .padding_mode(o.padding_mode());
}
template <size_t D> detail::ConvNdOptions<D> both_kinds(const ConvTransposeOptions<D>& o) {
  return detail::ConvNdOptions<D>(o.in_channels(), o.out_channels(), o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .output_padding(o.output_padding())
      .dilation(o.dilation())
      .transposed(true)
      .groups(o.groups())
      .bias(o.bias())
      .padding_mode(o.padding_mode());
}

using ByLengths = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t);
using ByName = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, std::string_view, IntArrayRef, int64_t);
struct Function {
  ByLengths by_lengths;
  ByName by_name;
};

template <size_t D> Tensor convolved(const Function& f, const Tensor& input, const Tensor& weight, const functional::ConvFuncOptions<D>& o) {
  const std::optional<Tensor> bias = if_defined(o.bias());
  if (const auto* sizes = std::get_if<ExpandingArray<D>>(&o.padding()))
    return f.by_lengths(input, weight, bias, o.stride(), *sizes, o.dilation(), o.groups());
  return f.by_name(input, weight, bias, o.stride(), std::holds_alternative<enumtype::kSame>(o.padding()) ? "same" : "valid", o.dilation(),
                   o.groups());
}

// What pad() takes: before and after each axis, from the last axis on.
template <size_t D> std::vector<int64_t> both_sides(const detail::ConvNdOptions<D>& o) {
  std::vector<int64_t> sides;
  for (size_t i = D; i-- > 0;) {
    const int64_t reach = (*o.dilation())[i] * ((*o.kernel_size())[i] - 1);
    const auto* sizes = std::get_if<ExpandingArray<D>>(&o.padding());
    const bool same = std::holds_alternative<enumtype::kSame>(o.padding());
    sides.push_back(sizes ? (**sizes)[i] : same ? reach / 2 : 0);
    sides.push_back(sizes ? (**sizes)[i] : same ? reach - reach / 2 : 0);
  }
  return sides;
}

functional::PadFuncOptions::mode_t pad_mode(const detail::conv_padding_mode_t& mode) {
  if (std::holds_alternative<enumtype::kReflect>(mode)) return kReflect;
  if (std::holds_alternative<enumtype::kReplicate>(mode)) return kReplicate;
  return kCircular;
}

template <size_t D, class Module> Tensor module_result(const Function& f, const Module& m, const Tensor& input) {
  const auto options =
      functional::ConvFuncOptions<D>().bias(m.bias).stride(m.options.stride()).dilation(m.options.dilation()).groups(m.options.groups());
  if (std::holds_alternative<enumtype::kZeros>(m.options.padding_mode()))
    return convolved<D>(f, input, m.weight, functional::ConvFuncOptions<D>(options).padding(m.options.padding()));
  const auto around = functional::PadFuncOptions(both_sides<D>(m.options)).mode(pad_mode(m.options.padding_mode()));
  return convolved<D>(f, functional::pad(input, around), m.weight, options);
}

using Transposed = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t,
                              IntArrayRef);

// What the result has to be longer than the shortest one.
template <size_t D>
std::vector<int64_t> output_padding(const detail::ConvNdOptions<D>& o, const Tensor& input, const std::optional<IntArrayRef>& output_size) {
  if (!output_size) return {o.output_padding()->begin(), o.output_padding()->end()};
  IntArrayRef wanted = *output_size;
  if (wanted.size() == D + 2) wanted = wanted.slice(2);
  XGRAD_CHECK(wanted.size() == D, "[ConvTranspose] output_size must have ", D, " or ", D + 2, " elements (got ", output_size->size(), ")");
  const auto& padding = *std::get<ExpandingArray<D>>(o.padding());
  std::vector<int64_t> rest;
  for (size_t i = 0; i < D; ++i) {
    const int64_t length = input.size(input.dim() - static_cast<int64_t>(D - i)), stride = (*o.stride())[i];
    const int64_t least = (length - 1) * stride - 2 * padding[i] + (*o.dilation())[i] * ((*o.kernel_size())[i] - 1) + 1;
    XGRAD_CHECK(wanted[i] >= least && wanted[i] < least + stride, "[ConvTranspose] requested an output size of ", *output_size,
                ", but valid sizes along axis ", i, " range from ", least, " to ", least + stride - 1, " (for an input of ", input.sizes(), ")");
    rest.push_back(wanted[i] - least);
  }
  return rest;
}

template <size_t D, class Module>
Tensor transposed_result(Transposed f, const Module& m, const Tensor& input, const std::optional<IntArrayRef>& output_size) {
  XGRAD_CHECK(std::holds_alternative<enumtype::kZeros>(m.options.padding_mode()),
              "[ConvTranspose] Only `zeros` padding mode is supported for ConvTranspose", D, "d, got ",
              enumtype::get_enum_name(m.options.padding_mode()));
  return f(input, m.weight, if_defined(m.bias), m.options.stride(), std::get<ExpandingArray<D>>(m.options.padding()),
           output_padding<D>(m.options, input, output_size), m.options.groups(), m.options.dilation());
}

}  // namespace

#define XGRAD_DEFINE_CONVOLUTIONS(D, Name, function, TransposedName, transposed_function)                                                          \
  template class ConvNdImpl<D, Name##Impl>;                                                                                                        \
  template class ConvNdImpl<D, TransposedName##Impl>;                                                                                              \
  template class ConvTransposeNdImpl<D, TransposedName##Impl>;                                                                                     \
  Name##Impl::Name##Impl(Name##Options options_) : ConvNdImpl(both_kinds(options_)) {}                                                             \
  Tensor Name##Impl::forward(const Tensor& input) {                                                                                                \
    internal::prepare_forward(*this);                                                                                                              \
    return module_result<D>({xgrad::function, xgrad::function}, *this, input);                                                                     \
  }                                                                                                                                                \
  Tensor functional::function(const Tensor& input, const Tensor& weight, const Name##FuncOptions& options) {                                       \
    return convolved<D>({xgrad::function, xgrad::function}, input, weight, options);                                                               \
  }                                                                                                                                                \
  TransposedName##Impl::TransposedName##Impl(TransposedName##Options options_) : ConvTransposeNdImpl(both_kinds(options_)) {}                      \
  Tensor TransposedName##Impl::forward(const Tensor& input, const std::optional<IntArrayRef>& output_size) {                                       \
    internal::prepare_forward(*this);                                                                                                              \
    return transposed_result<D>(xgrad::transposed_function, *this, input, output_size);                                                            \
  }                                                                                                                                                \
  Tensor functional::transposed_function(const Tensor& input, const Tensor& weight, const TransposedName##FuncOptions& o) {                        \
    return xgrad::transposed_function(input, weight, if_defined(o.bias()), o.stride(), o.padding(), o.output_padding(), o.groups(), o.dilation()); \
  }
XGRAD_DEFINE_CONVOLUTIONS(1, Conv1d, conv1d, ConvTranspose1d, conv_transpose1d)
XGRAD_DEFINE_CONVOLUTIONS(2, Conv2d, conv2d, ConvTranspose2d, conv_transpose2d)
XGRAD_DEFINE_CONVOLUTIONS(3, Conv3d, conv3d, ConvTranspose3d, conv_transpose3d)
#undef XGRAD_DEFINE_CONVOLUTIONS

}}}  // namespace torch::xgrad::nn
