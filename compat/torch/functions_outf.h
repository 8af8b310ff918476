// Operations that write their result into tensors given behind their other arguments, which all have to be given: torch::add_outf(a, b, 1, out).
// Not a header of libtorch.
#pragma once

#include <tuple>

#include <xgrad/autograd/ops/out_forms.h>
#include <xgrad/autograd/ops/pointwise/out_forms.h>

namespace torch { inline namespace xgrad {
#define XGRAD_OR(...)
#define XGRAD_OUTF_OF_SELF(name) \
  inline Tensor& name##_outf(const Tensor& self, Tensor& out) { return name##_out(out, self); }
#define XGRAD_OUTF_OF_SELF_AND(name, parameters, arguments) \
  inline Tensor& name##_outf(const Tensor& self, XGRAD_UNPACK parameters, Tensor& out) { return name##_out(out, self, XGRAD_UNPACK arguments); }
#define XGRAD_OUTF_INTO(name, parameters, arguments, tensors) XGRAD_OUTF_OF_SELF_AND(name, parameters, arguments)
#define XGRAD_OUTF_ALIAS(name, operation) XGRAD_OUTF_OF_SELF(name)
#define XGRAD_OUTF_ALIAS_AND(name, operation, parameters, arguments) XGRAD_OUTF_OF_SELF_AND(name, parameters, arguments)
#define XGRAD_ONE_OUTF(name, parameters, arguments) \
  inline Tensor& name##_outf(XGRAD_UNPACK parameters, Tensor& out) { return name##_out(out, XGRAD_UNPACK arguments); }
#define XGRAD_TWO_OUTF(name, parameters, arguments)                                                         \
  inline std::tuple<Tensor&, Tensor&> name##_outf(XGRAD_UNPACK parameters, Tensor& first, Tensor& second) { \
    return name##_out(first, second, XGRAD_UNPACK arguments);                                               \
  }
#define XGRAD_THREE_OUTF(name, parameters, arguments)                                                                               \
  inline std::tuple<Tensor&, Tensor&, Tensor&> name##_outf(XGRAD_UNPACK parameters, Tensor& first, Tensor& second, Tensor& third) { \
    return name##_out(first, second, third, XGRAD_UNPACK arguments);                                                                \
  }
#define XGRAD_LINALG_ONE_OUTF(name, parameters, arguments) XGRAD_ONE_OUTF(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_TWO_OUTF(name, parameters, arguments) XGRAD_TWO_OUTF(linalg_##name, parameters, arguments)
#define XGRAD_LINALG_THREE_OUTF(name, parameters, arguments) XGRAD_THREE_OUTF(linalg_##name, parameters, arguments)
XGRAD_EACH_INTO(XGRAD_OUTF_OF_SELF, XGRAD_OUTF_INTO)
XGRAD_EACH_OUT_FORM(XGRAD_OUTF_OF_SELF, XGRAD_OUTF_OF_SELF_AND)
XGRAD_EACH_ALIAS(XGRAD_OUTF_ALIAS, XGRAD_OUTF_ALIAS_AND)
XGRAD_EACH_RESULT_OUT(XGRAD_ONE_OUTF, XGRAD_TWO_OUTF, XGRAD_THREE_OUTF, XGRAD_ONE_OUTF, XGRAD_ONE_OUTF)
XGRAD_EACH_LINALG_OUT(XGRAD_LINALG_ONE_OUTF, XGRAD_LINALG_TWO_OUTF, XGRAD_LINALG_THREE_OUTF)
#undef XGRAD_OR
#undef XGRAD_OUTF_OF_SELF
#undef XGRAD_OUTF_OF_SELF_AND
#undef XGRAD_OUTF_INTO
#undef XGRAD_OUTF_ALIAS
#undef XGRAD_OUTF_ALIAS_AND
#undef XGRAD_ONE_OUTF
#undef XGRAD_TWO_OUTF
#undef XGRAD_THREE_OUTF
#undef XGRAD_LINALG_ONE_OUTF
#undef XGRAD_LINALG_TWO_OUTF
#undef XGRAD_LINALG_THREE_OUTF
}}  // namespace torch::xgrad
