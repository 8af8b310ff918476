#include <xgrad/nn/layers/pooling.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

using Pair = std::tuple<Tensor, Tensor>;

template <size_t D> Dims sizes_for(const ExpandingArrayWithOptionalElem<D>& sizes, const Tensor& input) {
  XGRAD_CHECK(input.dim() > static_cast<int64_t>(D), "[adaptive_pool] Input dimension should be at least ", D + 1, ", got shape ", input.sizes());
  Dims all;
  for (size_t i = 0; i < D; ++i) all.push_back(sizes->at(i).value_or(input.size(static_cast<int64_t>(i) - static_cast<int64_t>(D))));
  return all;
}
Dims sizes_for(const ExpandingArray<1>& sizes, const Tensor&) { return IntArrayRef(sizes); }

Tensor lp_norm(const Tensor& average, int64_t elements, double p) { return (average.sign() * average.abs().relu()).mul(elements).pow(1. / p); }

template <size_t D> Dims unpooled_sizes(const Tensor& input, const functional::MaxUnpoolFuncOptions<D>& options) {
  constexpr auto kAxes = static_cast<int64_t>(D);
  XGRAD_CHECK(input.dim() > kAxes, "[max_unpool] expected an input of ", D + 1, " or ", D + 2, " dimensions, got shape ", input.sizes());
  Dims least;
  for (int64_t i = 0; i < kAxes; ++i) {
    const auto at = static_cast<size_t>(i);
    least.push_back((input.size(i - kAxes) - 1) * options.stride()->at(at) + options.kernel_size()->at(at) - 2 * options.padding()->at(at));
  }
  if (!options.output_size()) return least;
  const IntArrayRef given = *options.output_size();
  XGRAD_CHECK(given.size() == D || given.size() == D + 2, "[max_unpool] output_size should be a sequence containing ", D, " or ", D + 2,
              " elements, but it has a length of '", given.size(), "'");
  const Dims sizes = given.slice(given.size() - D);
  for (int i = 0; i < least.size(); ++i) {
    const int64_t stride = options.stride()->at(static_cast<size_t>(i));
    XGRAD_CHECK(least[i] - stride <= sizes[i] && sizes[i] <= least[i] + stride, "[max_unpool] invalid output_size ", sizes, " (dim ", i,
                " must be between ", least[i] - stride, " and ", least[i] + stride, ")");
  }
  return sizes;
}

template <size_t D> Dims fractional_sizes(const char* name, const Tensor& input, const FractionalMaxPoolOptions<D>& options) {
  XGRAD_CHECK(options.output_size() || options.output_ratio(), "[", name, "] ", name,
              " requires specifying either an output_size or an output_ratio");
  if (options.output_size()) return IntArrayRef(*options.output_size());
  Dims sizes;
  for (size_t i = 0; i < D; ++i) {
    const int64_t in = input.size(static_cast<int64_t>(i) - static_cast<int64_t>(D));
    sizes.push_back(static_cast<int64_t>(static_cast<double>(in) * (*options.output_ratio())->at(i)));
  }
  return sizes;
}

template <size_t D> Tensor random_samples(const Tensor& input, const FractionalMaxPoolOptions<D>& options) {
  if (options._random_samples().defined()) return options._random_samples();
  constexpr auto kAxes = static_cast<int64_t>(D);
  return rand({input.dim() == kAxes + 1 ? 1 : input.size(0), input.size(-1 - kAxes), kAxes}, input.options());
}

template <size_t D> void check_ratio(const char* name, const FractionalMaxPoolOptions<D>& options) {
  XGRAD_CHECK(options.output_size() || options.output_ratio(), "[", name, "] ", name,
              " requires specifying either an output size, or a pooling ratio");
  XGRAD_CHECK(!options.output_size() || !options.output_ratio(), "[", name, "] only one of output_size and output_ratio may be specified");
  if (!options.output_ratio()) return;
  for (const double ratio : **options.output_ratio())
    XGRAD_CHECK(ratio > 0 && ratio < 1, "[", name, "] output_ratio must be between 0 and 1 (got ", ratio, ")");
}

}  // namespace

// Defines a module, and stands before the body of its function.
#define XGRAD_POOL(Name, function)                                                    \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, options), const Tensor& input) \
  Tensor functional::function(const Tensor& input, const Name##Options& options)
// The same with indices: the body is that of the function that gives them.
#define XGRAD_MAX_POOL(Name, function)                                                                                       \
  XGRAD_DEFINE_LAYER(Name, functional::function(input, options), const Tensor& input)                                        \
  Pair Name##Impl::forward_with_indices(const Tensor& input) { return functional::function##_with_indices(input, options); } \
  Pair functional::function##_with_indices(const Tensor& input, const Name##Options& options)

#define XGRAD_WINDOWED_MAX_POOL(Name, function)                                                                                         \
  Tensor functional::function(const Tensor& input, const Name##Options& options) {                                                      \
    return xgrad::function(input, options.kernel_size(), options.stride(), options.padding(), options.dilation(), options.ceil_mode()); \
  }                                                                                                                                     \
  XGRAD_MAX_POOL(Name, function) {                                                                                                      \
    return xgrad::function##_with_indices(input, options.kernel_size(), options.stride(), options.padding(), options.dilation(),        \
                                          options.ceil_mode());                                                                         \
  }
XGRAD_WINDOWED_MAX_POOL(MaxPool1d, max_pool1d)
XGRAD_WINDOWED_MAX_POOL(MaxPool2d, max_pool2d)
XGRAD_WINDOWED_MAX_POOL(MaxPool3d, max_pool3d)

XGRAD_POOL(AvgPool1d, avg_pool1d) {
  return xgrad::avg_pool1d(input, options.kernel_size(), options.stride(), options.padding(), options.ceil_mode(), options.count_include_pad());
}
XGRAD_POOL(AvgPool2d, avg_pool2d) {
  return xgrad::avg_pool2d(input, options.kernel_size(), options.stride(), options.padding(), options.ceil_mode(), options.count_include_pad(),
                           options.divisor_override());
}
XGRAD_POOL(AvgPool3d, avg_pool3d) {
  return xgrad::avg_pool3d(input, options.kernel_size(), options.stride(), options.padding(), options.ceil_mode(), options.count_include_pad(),
                           options.divisor_override());
}

#define XGRAD_ADAPTIVE_POOL(MaxName, max_function, AvgName, avg_function)                                               \
  Tensor functional::max_function(const Tensor& input, const MaxName##Options& options) {                               \
    return std::get<0>(max_function##_with_indices(input, options));                                                    \
  }                                                                                                                     \
  XGRAD_MAX_POOL(MaxName, max_function) { return xgrad::max_function(input, sizes_for(options.output_size(), input)); } \
  XGRAD_POOL(AvgName, avg_function) { return xgrad::avg_function(input, sizes_for(options.output_size(), input)); }
XGRAD_ADAPTIVE_POOL(AdaptiveMaxPool1d, adaptive_max_pool1d, AdaptiveAvgPool1d, adaptive_avg_pool1d)
XGRAD_ADAPTIVE_POOL(AdaptiveMaxPool2d, adaptive_max_pool2d, AdaptiveAvgPool2d, adaptive_avg_pool2d)
XGRAD_ADAPTIVE_POOL(AdaptiveMaxPool3d, adaptive_max_pool3d, AdaptiveAvgPool3d, adaptive_avg_pool3d)

XGRAD_POOL(LPPool1d, lp_pool1d) {
  const Tensor average = xgrad::avg_pool1d(input.pow(options.norm_type()), options.kernel_size(), options.stride(), 0, options.ceil_mode());
  return lp_norm(average, options.kernel_size()->at(0), options.norm_type());
}
XGRAD_POOL(LPPool2d, lp_pool2d) {
  const Tensor average = xgrad::avg_pool2d(input.pow(options.norm_type()), options.kernel_size(), options.stride(), 0, options.ceil_mode());
  return lp_norm(average, options.kernel_size()->at(0) * options.kernel_size()->at(1), options.norm_type());
}

#define XGRAD_MAX_UNPOOL(Name, function)                                                                                           \
  void Name##Impl::pretty_print(std::ostream& stream) const { print_layer(stream, #Name, options); }                               \
  Tensor Name##Impl::forward(const Tensor& input, const Tensor& indices, const std::optional<std::vector<int64_t>>& output_size) { \
    functional::Name##FuncOptions all(options.kernel_size());                                                                      \
    return functional::function(input, indices, all.stride(options.stride()).padding(options.padding()).output_size(output_size)); \
  }                                                                                                                                \
  Tensor functional::function(const Tensor& input, const Tensor& indices, const Name##FuncOptions& options)

XGRAD_MAX_UNPOOL(MaxUnpool1d, max_unpool1d) {
  Dims sizes = unpooled_sizes(input, options);
  sizes.push_back(1);
  return xgrad::max_unpool2d(input.unsqueeze(-1), indices.unsqueeze(-1), sizes).squeeze(-1);
}
XGRAD_MAX_UNPOOL(MaxUnpool2d, max_unpool2d) { return xgrad::max_unpool2d(input, indices, unpooled_sizes(input, options)); }
XGRAD_MAX_UNPOOL(MaxUnpool3d, max_unpool3d) {
  return xgrad::max_unpool3d(input, indices, unpooled_sizes(input, options), options.stride(), options.padding());
}

#define XGRAD_FRACTIONAL_MAX_POOL(Name, function)                                                                                                 \
  Name##Impl::Name##Impl(const Name##Options& options_) : options(options_) { reset(); }                                                          \
  void Name##Impl::reset() {                                                                                                                      \
    _random_samples = register_buffer("_random_samples", options._random_samples());                                                              \
    check_ratio(#Name, options);                                                                                                                  \
  }                                                                                                                                               \
  void Name##Impl::pretty_print(std::ostream& stream) const { print_layer(stream, #Name); }                                                       \
  Tensor Name##Impl::forward(const Tensor& input) { return std::get<0>(forward_with_indices(input)); }                                            \
  Pair Name##Impl::forward_with_indices(const Tensor& input) {                                                                                    \
    return functional::function##_with_indices(input, Name##Options(options)._random_samples(_random_samples));                                   \
  }                                                                                                                                               \
  Tensor functional::function(const Tensor& input, const Name##Options& options) { return std::get<0>(function##_with_indices(input, options)); } \
  Pair functional::function##_with_indices(const Tensor& input, const Name##Options& options) {                                                   \
    return xgrad::function(input, options.kernel_size(), fractional_sizes(#function, input, options), random_samples(input, options));            \
  }
XGRAD_FRACTIONAL_MAX_POOL(FractionalMaxPool2d, fractional_max_pool2d)
XGRAD_FRACTIONAL_MAX_POOL(FractionalMaxPool3d, fractional_max_pool3d)

}}}  // namespace torch::xgrad::nn
