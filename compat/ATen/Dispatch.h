// Runs a lambda with `scalar_t` standing for the C++ type of a dtype: AT_DISPATCH_FLOATING_TYPES(t.scalar_type(), "name", [&] { ... }).
// A dtype that is not named gets NotImplementedError, which is an Error.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/core/type_meta.h>
#include <xgrad/autograd/tensor/deprecated_type.h>

namespace torch { inline namespace xgrad {

namespace impl {
/// The C++ element type of a ScalarType: CppTypeToScalarType backwards.
template <ScalarType> struct ScalarTypeToCPPType;
#define XGRAD_TORCH_CPP_TYPE(name, cpp) \
  template <> struct ScalarTypeToCPPType<ScalarType::name> { using type = cpp; }
XGRAD_TORCH_CPP_TYPE(Byte, uint8_t);
XGRAD_TORCH_CPP_TYPE(Char, int8_t);
XGRAD_TORCH_CPP_TYPE(Short, int16_t);
XGRAD_TORCH_CPP_TYPE(Int, int);
XGRAD_TORCH_CPP_TYPE(Long, int64_t);
XGRAD_TORCH_CPP_TYPE(Half, Half);
XGRAD_TORCH_CPP_TYPE(BFloat16, BFloat16);
XGRAD_TORCH_CPP_TYPE(Float, float);
XGRAD_TORCH_CPP_TYPE(Double, double);
XGRAD_TORCH_CPP_TYPE(Bool, bool);
#undef XGRAD_TORCH_CPP_TYPE
template <ScalarType type> using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<type>::type;
}  // namespace impl

namespace detail {
/// What a dispatch may be given.
inline ScalarType scalar_type(ScalarType type) { return type; }
inline ScalarType scalar_type(TypeMeta type) { return type; }
inline ScalarType scalar_type(const DeprecatedTypeProperties& type) { return type.scalarType(); }
[[noreturn]] inline void refuse_dispatch(const char* name, ScalarType type) {
  raise<NotImplementedError>("\"", name, "\" not implemented for '", type, "'");
}
}  // namespace detail

}}  // namespace torch::xgrad

#define AT_PRIVATE_CASE_TYPE_USING_HINT(enum_type, hint, ...)                            \
  case enum_type: {                                                                      \
    using hint [[maybe_unused]] = ::torch::xgrad::impl::ScalarTypeToCPPTypeT<enum_type>; \
    return __VA_ARGS__();                                                                \
  }
#define AT_DISPATCH_CASE(enum_type, ...) AT_PRIVATE_CASE_TYPE_USING_HINT(enum_type, scalar_t, __VA_ARGS__)
#define AT_DISPATCH_SWITCH(TYPE, NAME, ...)                                     \
  [&] {                                                                         \
    const auto xgrad_dispatched = ::torch::xgrad::detail::scalar_type(TYPE);    \
    switch (xgrad_dispatched) {                                                 \
      __VA_ARGS__                                                               \
      default: ::torch::xgrad::detail::refuse_dispatch(NAME, xgrad_dispatched); \
    }                                                                           \
  }()

#define XGRAD_TORCH_CASE(name, ...) AT_DISPATCH_CASE(::torch::xgrad::ScalarType::name, __VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES(...) XGRAD_TORCH_CASE(Double, __VA_ARGS__) XGRAD_TORCH_CASE(Float, __VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND_HALF(...) AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) XGRAD_TORCH_CASE(Half, __VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND(T1, ...) AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(T1, __VA_ARGS__)
#define AT_DISPATCH_CASE_FLOATING_TYPES_AND2(T1, T2, ...) AT_DISPATCH_CASE_FLOATING_TYPES_AND(T1, __VA_ARGS__) AT_DISPATCH_CASE(T2, __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES(...) \
  XGRAD_TORCH_CASE(Byte, __VA_ARGS__)        \
  XGRAD_TORCH_CASE(Char, __VA_ARGS__)        \
  XGRAD_TORCH_CASE(Int, __VA_ARGS__) XGRAD_TORCH_CASE(Long, __VA_ARGS__) XGRAD_TORCH_CASE(Short, __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES_AND(T1, ...) AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(T1, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES(...) AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND(T1, ...) AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(T1, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, ...) AT_DISPATCH_CASE_ALL_TYPES_AND(T1, __VA_ARGS__) AT_DISPATCH_CASE(T2, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES_AND3(T1, T2, T3, ...) AT_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, __VA_ARGS__) AT_DISPATCH_CASE(T3, __VA_ARGS__)

#define AT_DISPATCH_FLOATING_TYPES(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES_AND_HALF(__VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND(T1, TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES_AND(T1, __VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND2(T1, T2, TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_FLOATING_TYPES_AND2(T1, T2, __VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES_AND(T1, TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_INTEGRAL_TYPES_AND(T1, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES(TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND(T1, TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES_AND(T1, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND2(T1, T2, TYPE, NAME, ...) AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES_AND2(T1, T2, __VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND3(T1, T2, T3, TYPE, NAME, ...) \
  AT_DISPATCH_SWITCH(TYPE, NAME, AT_DISPATCH_CASE_ALL_TYPES_AND3(T1, T2, T3, __VA_ARGS__))
#define AT_DISPATCH_INDEX_TYPES(TYPE, NAME, ...)                                                            \
  AT_DISPATCH_SWITCH(TYPE, NAME,                                                                            \
                     AT_PRIVATE_CASE_TYPE_USING_HINT(::torch::xgrad::ScalarType::Int, index_t, __VA_ARGS__) \
                         AT_PRIVATE_CASE_TYPE_USING_HINT(::torch::xgrad::ScalarType::Long, index_t, __VA_ARGS__))
