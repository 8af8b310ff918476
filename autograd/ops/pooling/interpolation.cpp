#include <xgrad/autograd/ops/pooling/interpolation.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/conversion.h>
#include <xgrad/autograd/ops/pooling/images.h>
#include <xgrad/autograd/ops/pooling/separable.h>
#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad {

namespace {

using Factor = std::optional<double>;

// One axis, in the arithmetic of T.
template <class T> struct Scaling {
  int64_t in, out;
  bool align_corners;
  T scale;

  Scaling(int64_t in_size, int64_t out_size, bool align, Factor factor) : in(in_size), out(out_size), align_corners(align) {
    if (align_corners) scale = out > 1 ? static_cast<T>(in - 1) / static_cast<T>(out - 1) : T(0);
    else scale = factor && *factor > 0 ? static_cast<T>(1.0 / *factor) : static_cast<T>(in) / static_cast<T>(out);
  }
  T source(int64_t o, bool beyond_edges) const {
    if (align_corners) return scale * static_cast<T>(o);
    const T at = scale * (static_cast<T>(o) + T(0.5)) - T(0.5);
    return !beyond_edges && at < 0 ? T(0) : at;
  }
  int64_t inside(int64_t at) const { return std::clamp<int64_t>(at, 0, in - 1); }
};

// The largest integers below are found in float, as PyTorch finds them.
template <class T> int64_t floor_of(T x) { return static_cast<int64_t>(std::floor(static_cast<float>(x))); }

struct Nearest {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    return AxisMap::picking(s.in, s.out, [&](int64_t o) { return s.inside(floor_of(s.scale * static_cast<T>(o))); });
  }
};

struct NearestExact {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    return AxisMap::picking(s.in, s.out, [&](int64_t o) { return s.inside(floor_of(s.source(o, false) + T(0.5))); });
  }
};

struct Linear {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    if (s.in == s.out) return AxisMap::picking(s.in, s.out, [](int64_t o) { return o; });
    AxisMap map = AxisMap::empty(s.in, s.out, 2, true);
    for (int64_t o = 0; o < s.out; ++o) {
      const T at = s.source(o, false);
      const int64_t first = s.inside(static_cast<int64_t>(at));
      const T part = std::clamp(at - static_cast<T>(first), T(0), T(1));
      map.set(o, 0, first, T(1) - part);
      map.set(o, 1, s.inside(first + 1), part);
    }
    return map;
  }
};

// Keys's cubic convolution kernel.
template <class T> T cubic(T x, T a) {
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : T(0);
}

struct Cubic {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    AxisMap map = AxisMap::empty(s.in, s.out, 4, true);
    for (int64_t o = 0; o < s.out; ++o) {
      const T at = s.source(o, true), first = std::floor(at), part = at - first;
      for (int64_t k = 0; k < 4; ++k) map.set(o, k, s.inside(static_cast<int64_t>(first) - 1 + k), cubic(part + T(1) - static_cast<T>(k), T(-0.75)));
    }
    return map;
  }
};

// A filter as wide as `reach` elements to each side, or, where images shrink, as many of the result.
template <class T, class Filter> AxisMap filtered(const Scaling<T>& s, int reach, Filter filter) {
  const T stretch = std::max(s.scale, T(1)), support = static_cast<T>(reach) * stretch;
  AxisMap map = AxisMap::empty(s.in, s.out, static_cast<int64_t>(std::ceil(support)) * 2 + 1, true);
  for (int64_t o = 0; o < s.out; ++o) {
    const T center = s.scale * (static_cast<T>(o) + T(0.5));
    const int64_t begin = std::max<int64_t>(static_cast<int64_t>(center - support + T(0.5)), 0);
    const int64_t n = std::clamp<int64_t>(std::min(static_cast<int64_t>(center + support + T(0.5)), s.in) - begin, 0, map.taps);
    const auto weight = [&](int64_t k) { return filter((static_cast<T>(begin + k) - center + T(0.5)) / stretch); };
    T sum = 0;
    for (int64_t k = 0; k < n; ++k) sum += weight(k);
    for (int64_t k = 0; k < n; ++k) map.set(o, k, begin + k, sum != 0 ? weight(k) / sum : T(0));
  }
  return map;
}

struct FilteredLinear {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    return filtered(s, 1, [](T x) { return std::max(T(1) - std::abs(x), T(0)); });
  }
};

struct FilteredCubic {
  template <class T> static AxisMap map(const Scaling<T>& s) {
    return filtered(s, 2, [](T x) { return cubic(x, T(-0.5)); });
  }
};

void check_sizes(const Operation& operation, const Tensor& x, int axes, IntArrayRef output_size) {
  XGRAD_CHECK(output_size.size() == static_cast<size_t>(axes), operation, "It is expected output_size equals to ", axes, ", but got size ",
              output_size.size());
  XGRAD_CHECK(x.dim() == axes + 2, operation, "It is expected input_size equals to ", axes + 2, ", but got size ", x.dim());
  const IntArrayRef in = x.sizes().slice(2);
  for (size_t i = 0; i < in.size(); ++i)
    XGRAD_CHECK(in[i] > 0 && output_size[i] > 0, operation, "Input and output sizes should be greater than 0, but got input ", in, " output ",
                output_size);
  XGRAD_CHECK(x.size(1) > 0, operation, "Non-empty ", x.dim(), "D data tensor expected but got a tensor with sizes ", x.sizes());
}

template <class Method>
Tensor interpolated(const Operation& operation, const Operation& backward, const Tensor& x, int axes, IntArrayRef output_size, bool align_corners,
                    std::initializer_list<Factor> factors) {
  check_sizes(operation, x, axes, output_size);
  constexpr bool kTakesBytes = std::is_same_v<Method, Nearest> || std::is_same_v<Method, NearestExact>;
  const bool in_float = x.dtype() == kFloat || (kTakesBytes && x.dtype() == kByte);
  if (!in_float) dispatch_floating(x.dtype(), operation.name(), [](auto) {});
  auto map = std::make_shared<SeparableMap>();
  for (int i = 0; i < axes; ++i) {
    const int64_t in = x.size(2 + i), out = output_size[static_cast<size_t>(i)];
    const Factor factor = factors.begin()[i];
    map->axes[3 - axes + i] =
        in_float ? Method::map(Scaling<float>(in, out, align_corners, factor)) : Method::map(Scaling<double>(in, out, align_corners, factor));
  }
  Tensor y = x.dtype() == kByte ? contiguous_as(mapped_value(operation, contiguous_as(x, kFloat), axes, *map), kByte)
                                : mapped_value(operation, x, axes, *map);
  if (axes >= 2 && !std::is_same_v<Method, Cubic> && !std::is_same_v<Method, FilteredCubic>) y = with_channels_as(x, axes, y);
  return record_mapped(operation, backward, with("output_size", output_size, "align_corners", align_corners), x, axes, std::move(y), map);
}

struct Sizes {
  Dims sizes;
  Factor factors[3];
};

// Of images of x by either.
Sizes sizes_by(const Operation& operation, const Tensor& x, int axes, const OptionalIntArrayRef& output_size,
               const std::optional<ArrayRef<double>>& factors) {
  XGRAD_CHECK(output_size.has_value() != factors.has_value(), operation, "Must specify exactly one of output_size and scale_factors");
  if (output_size) return {*output_size, {}};
  XGRAD_CHECK(factors->size() == static_cast<size_t>(axes) && x.dim() == axes + 2, operation, "Expected ", axes, " scale_factors for an input of ",
              axes + 2, " dimensions, but got ", factors->size(), " for shape ", x.sizes());
  Sizes all;
  for (int i = 0; i < axes; ++i) {
    const double factor = (*factors)[static_cast<size_t>(i)];
    all.sizes.push_back(static_cast<int64_t>(static_cast<double>(x.size(2 + i)) * factor));
    all.factors[i] = factor;
  }
  return all;
}

}  // namespace

#define XGRAD_LISTED(...) __VA_ARGS__
#define XGRAD_UPSAMPLE(axes, name, Method, with, align, by, given)                                                                     \
  Tensor name(const Tensor& self, IntArrayRef output_size XGRAD_LISTED with XGRAD_LISTED by) {                                         \
    return interpolated<Method>(operation<#name>, operation<#name "_backward">, self, axes, output_size, align, {XGRAD_LISTED given}); \
  }                                                                                                                                    \
  Tensor name(const Tensor& input, OptionalIntArrayRef output_size XGRAD_LISTED with, std::optional<ArrayRef<double>> scale_factors) { \
    const Sizes s = sizes_by(operation<#name>, input, axes, output_size, scale_factors);                                               \
    return interpolated<Method>(operation<#name, 1>, operation<#name "_backward", 1>, input, axes, s.sizes, align,                     \
                                {s.factors[0], s.factors[1], s.factors[2]});                                                           \
  }
#define XGRAD_UPSAMPLE_1(name, Method, parameters, align) XGRAD_UPSAMPLE(1, name, Method, parameters, align, (, Factor scales), (scales))
#define XGRAD_UPSAMPLE_2(name, Method, parameters, align) \
  XGRAD_UPSAMPLE(2, name, Method, parameters, align, (, Factor scales_h, Factor scales_w), (scales_h, scales_w))
#define XGRAD_UPSAMPLE_3(name, Method, parameters, align) \
  XGRAD_UPSAMPLE(3, name, Method, parameters, align, (, Factor scales_d, Factor scales_h, Factor scales_w), (scales_d, scales_h, scales_w))

XGRAD_UPSAMPLE_1(upsample_nearest1d, Nearest, (), false)
XGRAD_UPSAMPLE_2(upsample_nearest2d, Nearest, (), false)
XGRAD_UPSAMPLE_3(upsample_nearest3d, Nearest, (), false)
XGRAD_UPSAMPLE_1(_upsample_nearest_exact1d, NearestExact, (), false)
XGRAD_UPSAMPLE_2(_upsample_nearest_exact2d, NearestExact, (), false)
XGRAD_UPSAMPLE_3(_upsample_nearest_exact3d, NearestExact, (), false)
XGRAD_UPSAMPLE_1(upsample_linear1d, Linear, (, bool align_corners), align_corners)
XGRAD_UPSAMPLE_2(upsample_bilinear2d, Linear, (, bool align_corners), align_corners)
XGRAD_UPSAMPLE_3(upsample_trilinear3d, Linear, (, bool align_corners), align_corners)
XGRAD_UPSAMPLE_2(upsample_bicubic2d, Cubic, (, bool align_corners), align_corners)
XGRAD_UPSAMPLE_2(_upsample_bilinear2d_aa, FilteredLinear, (, bool align_corners), align_corners)
XGRAD_UPSAMPLE_2(_upsample_bicubic2d_aa, FilteredCubic, (, bool align_corners), align_corners)

#undef XGRAD_LISTED
#undef XGRAD_UPSAMPLE
#undef XGRAD_UPSAMPLE_1
#undef XGRAD_UPSAMPLE_2
#undef XGRAD_UPSAMPLE_3

}}  // namespace torch::xgrad
