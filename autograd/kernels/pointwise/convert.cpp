#include <xgrad/autograd/kernels/pointwise/convert.h>

#include <cmath>
#include <limits>
#include <type_traits>

#include <xgrad/autograd/kernels/index/row_copy.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

template <class To, class From> inline To convert(From v) {
  if constexpr (is_narrow_float<From>) {
    return convert<To>(static_cast<float>(v));
  } else if constexpr (std::is_same_v<To, bool>) {
    return v != From(0);
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    // As PyTorch does on x86: into uint8 through int64, into int8 and int16 through int32, and what that cannot hold becomes its least.
    constexpr double limit = 9223372036854775808.0;
    const double d = static_cast<double>(v);
    const int64_t i = d >= -limit && d < limit ? static_cast<int64_t>(d) : std::numeric_limits<int64_t>::min();
    if constexpr (std::is_signed_v<To> && sizeof(To) < sizeof(int64_t)) {
      return static_cast<To>(d > -2147483649.0 && d < 2147483648.0 ? static_cast<int32_t>(i) : std::numeric_limits<int32_t>::min());
    } else {
      return static_cast<To>(i);
    }
  } else {
    return static_cast<To>(v);
  }
}

template <class To, class From> void loop(char* const* p, const int64_t* s, int64_t n, const void*) {
  char* out = p[0];
  const char* in = p[1];
  if constexpr (std::is_same_v<To, From>) {
    copy_row(sizeof(To), out, s[0], in, s[1], n);
  } else if (s[0] == sizeof(To) && s[1] == sizeof(From)) {
    auto* o = reinterpret_cast<To*>(out);
    auto* i = reinterpret_cast<const From*>(in);
    for (int64_t k = 0; k < n; ++k) o[k] = convert<To>(i[k]);
  } else {
    for (int64_t k = 0; k < n; ++k) *reinterpret_cast<To*>(out + k * s[0]) = convert<To>(*reinterpret_cast<const From*>(in + k * s[1]));
  }
}

}  // namespace

Loop convert_loop(ScalarType to, ScalarType from) {
  return dispatch_stored(to, "copy", [from](auto t) {
    using To = decltype(t);
    return dispatch_stored(from, "copy", [](auto f) -> Loop { return &loop<To, decltype(f)>; });
  });
}

}}}  // namespace torch::xgrad::kernels
