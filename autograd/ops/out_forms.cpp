#include <xgrad/autograd/ops/out_forms.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/write_out.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

#define XGRAD_OR(...)
#define XGRAD_ONE_OUT(name, parameters, arguments)                           \
  Tensor& name##_out(Tensor& out, XGRAD_UNPACK parameters) {                 \
    const auto f = [&](Out) { return xgrad::name(XGRAD_UNPACK arguments); }; \
    return write_out(#name "_out", out, f, XGRAD_UNPACK arguments);          \
  }
#define XGRAD_FACTORY_OUT(name, parameters, arguments)                                                         \
  Tensor& name##_out(Tensor& out, XGRAD_UNPACK parameters) {                                                   \
    const auto f = [&](Out) { return xgrad::name(XGRAD_UNPACK arguments, TensorOptions(out.scalar_type())); }; \
    return write_out(#name "_out", out, f);                                                                    \
  }
#define XGRAD_SEQUENCE_OUT(name, parameters, arguments)                                       \
  Tensor& name##_out(Tensor& out, XGRAD_UNPACK parameters) {                                  \
    const auto f = [&](Out) {                                                                 \
      const Tensor y = xgrad::name(XGRAD_UNPACK arguments, TensorOptions(out.scalar_type())); \
      return y.numel() == out.numel() ? y.view(out.sizes()) : y;                              \
    };                                                                                        \
    return write_out(#name "_out", out, f);                                                   \
  }
#define XGRAD_TWO_OUT(name, parameters, arguments)                                                       \
  std::tuple<Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, XGRAD_UNPACK parameters) {      \
    const auto f = [&] { return xgrad::name(XGRAD_UNPACK arguments); };                                  \
    write_several_out(#name "_out", std::array<Tensor*, 2>{&first, &second}, f, XGRAD_UNPACK arguments); \
    return {first, second};                                                                              \
  }
#define XGRAD_THREE_OUT(name, parameters, arguments)                                                                        \
  std::tuple<Tensor&, Tensor&, Tensor&> name##_out(Tensor& first, Tensor& second, Tensor& third, XGRAD_UNPACK parameters) { \
    const auto f = [&] { return xgrad::name(XGRAD_UNPACK arguments); };                                                     \
    write_several_out(#name "_out", std::array<Tensor*, 3>{&first, &second, &third}, f, XGRAD_UNPACK arguments);            \
    return {first, second, third};                                                                                          \
  }
XGRAD_EACH_RESULT_OUT(XGRAD_ONE_OUT, XGRAD_TWO_OUT, XGRAD_THREE_OUT, XGRAD_FACTORY_OUT, XGRAD_SEQUENCE_OUT)
#define XGRAD_LINALG_ONE_OUT(name, parameters, arguments) XGRAD_ONE_OUT(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_TWO_OUT(name, parameters, arguments) XGRAD_TWO_OUT(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_THREE_OUT(name, parameters, arguments) XGRAD_THREE_OUT(linalg_##name, parameters, arguments)
XGRAD_EACH_LINALG_OUT(XGRAD_LINALG_ONE_OUT, XGRAD_LINALG_TWO_OUT, XGRAD_LINALG_THREE_OUT)
#undef XGRAD_OR
#undef XGRAD_ONE_OUT
#undef XGRAD_FACTORY_OUT
#undef XGRAD_SEQUENCE_OUT
#undef XGRAD_TWO_OUT
#undef XGRAD_THREE_OUT
#undef XGRAD_LINALG_ONE_OUT
#undef XGRAD_LINALG_TWO_OUT
#undef XGRAD_LINALG_THREE_OUT

}}  // namespace torch::xgrad

#endif
