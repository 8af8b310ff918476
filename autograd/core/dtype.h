// Element types, their names, sizes and promotion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/narrow_floats.h>

namespace torch { inline namespace xgrad {

// An enumerator has the name of the type that it stands for.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
/// Element type, numbered as PyTorch numbers them. Tensors exist of Byte, Char, Short, Int, Long, Half, BFloat16, Float, Double and Bool;
/// the others are names only, and creating a tensor of one throws.
enum class ScalarType : int8_t {
  Byte,
  Char,
  Short,
  Int,
  Long,
  Half,
  Float,
  Double,
  ComplexHalf,
  ComplexFloat,
  ComplexDouble,
  Bool,
  QInt8,
  QUInt8,
  QInt32,
  BFloat16,
  Undefined
};
#pragma GCC diagnostic pop
using Dtype = ScalarType;

constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = kByte, kU8 = kByte;
constexpr ScalarType kChar = ScalarType::Char, kInt8 = kChar, kI8 = kChar;
constexpr ScalarType kShort = ScalarType::Short, kInt16 = kShort, kI16 = kShort;
constexpr ScalarType kInt = ScalarType::Int, kInt32 = kInt, kI32 = kInt;
constexpr ScalarType kLong = ScalarType::Long, kInt64 = kLong, kI64 = kLong;
constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = kHalf, kF16 = kHalf;
constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = kFloat, kF32 = kFloat;
constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = kDouble, kF64 = kDouble;
constexpr ScalarType kBool = ScalarType::Bool;
constexpr ScalarType kBFloat16 = ScalarType::BFloat16;
constexpr ScalarType kComplexFloat = ScalarType::ComplexFloat;
constexpr ScalarType kComplexDouble = ScalarType::ComplexDouble;

/// The type that elements are computed in: int32 for int8 and int16, float32 for float16 and bfloat16, which are stored only; or itself.
constexpr ScalarType computed_in(ScalarType t) { return t == kChar || t == kShort ? kInt : t == kHalf || t == kBFloat16 ? kFloat : t; }
/// True iff another type computes for this one, and each operation rounds to it.
constexpr bool is_narrow(ScalarType t) { return computed_in(t) != t; }
/// True iff tensors of this type exist.
constexpr bool is_supported(ScalarType t) {
  return is_narrow(t) || t == kByte || t == kInt || t == kLong || t == kFloat || t == kDouble || t == kBool;
}

constexpr bool isFloatingType(ScalarType t) { return t == kFloat || t == kDouble || t == kHalf || t == kBFloat16; }
constexpr bool isComplexType(ScalarType t) { return t == ScalarType::ComplexHalf || t == kComplexFloat || t == kComplexDouble; }
/// `includeBool`: whether Bool counts as integral, as it does for promotion.
constexpr bool isIntegralType(ScalarType t, bool includeBool) {
  return t == kByte || t == kChar || t == kShort || t == kInt || t == kLong || (includeBool && t == kBool);
}

/// Bytes of one element.
constexpr size_t elementSize(ScalarType t) {
  switch (t) {
    case ScalarType::ComplexDouble: return 16;
    case ScalarType::Long:
    case ScalarType::Double:
    case ScalarType::ComplexFloat: return 8;
    case ScalarType::Int:
    case ScalarType::Float:
    case ScalarType::ComplexHalf:
    case ScalarType::QInt32: return 4;
    case ScalarType::Short:
    case ScalarType::Half:
    case ScalarType::BFloat16: return 2;
    default: return 1;
  }
}

/// PyTorch's C++ name: "Float", "Long", ...
XGRAD_API const char* toString(ScalarType t);
/// PyTorch's Python name: "float32", "int64", ...
XGRAD_API const char* dtype_name(ScalarType t);
inline void append(std::string& text, ScalarType t) { text.append(toString(t)); }
XGRAD_API std::ostream& operator<<(std::ostream& stream, ScalarType t);

/// The smallest type that both convert to: bool < uint8, int8 < int16 < int32 < int64 < float16, bfloat16 < float32 < float64; of a pair that
/// neither holds, the next: int16 of uint8 and int8, float32 of float16 and bfloat16.
XGRAD_API ScalarType promote_types(ScalarType a, ScalarType b);
inline ScalarType promoteTypes(ScalarType a, ScalarType b) { return promote_types(a, b); }
/// True iff a result computed as `from` may be stored in a tensor of `to` by an in-place operation.
XGRAD_API bool can_cast(ScalarType from, ScalarType to);
inline bool canCast(ScalarType from, ScalarType to) { return can_cast(from, to); }

/// The ScalarType of a C++ element type.
template <class T> struct CppTypeToScalarType;
template <> struct CppTypeToScalarType<uint8_t> { static constexpr ScalarType value = kByte; };
template <> struct CppTypeToScalarType<int8_t> { static constexpr ScalarType value = kChar; };
template <> struct CppTypeToScalarType<int16_t> { static constexpr ScalarType value = kShort; };
template <> struct CppTypeToScalarType<int> { static constexpr ScalarType value = kInt; };
template <> struct CppTypeToScalarType<long> { static constexpr ScalarType value = kLong; };
template <> struct CppTypeToScalarType<long long> { static constexpr ScalarType value = kLong; };
template <> struct CppTypeToScalarType<float> { static constexpr ScalarType value = kFloat; };
template <> struct CppTypeToScalarType<double> { static constexpr ScalarType value = kDouble; };
template <> struct CppTypeToScalarType<Half> { static constexpr ScalarType value = kHalf; };
template <> struct CppTypeToScalarType<BFloat16> { static constexpr ScalarType value = kBFloat16; };
template <> struct CppTypeToScalarType<bool> { static constexpr ScalarType value = kBool; };

/// Calls `f` with a value of the C++ type of `t` (its value means nothing), a type that is computed in. `operation` names the caller in the
/// error that any other gets.
template <class F> decltype(auto) dispatch_all(ScalarType t, const char* operation, F&& f) {
  switch (t) {
    case ScalarType::Float: return f(float{});
    case ScalarType::Double: return f(double{});
    case ScalarType::Long: return f(int64_t{});
    case ScalarType::Int: return f(int32_t{});
    case ScalarType::Byte: return f(uint8_t{});
    case ScalarType::Bool: return f(bool{});
    default: detail::raise<NotImplementedError>("\"", operation, "\" not implemented for '", t, "'");
  }
}

/// The same for all types of which tensors exist.
template <class F> decltype(auto) dispatch_stored(ScalarType t, const char* operation, F&& f) {
  switch (t) {
    case ScalarType::Char: return f(int8_t{});
    case ScalarType::Short: return f(int16_t{});
    case ScalarType::Half: return f(Half{});
    case ScalarType::BFloat16: return f(BFloat16{});
    default: return dispatch_all(t, operation, f);
  }
}

/// The same for the floating types that are computed in.
template <class F> decltype(auto) dispatch_floating(ScalarType t, const char* operation, F&& f) {
  switch (t) {
    case ScalarType::Float: return f(float{});
    case ScalarType::Double: return f(double{});
    default: detail::raise<NotImplementedError>("\"", operation, "\" not implemented for '", t, "'");
  }
}

/// The same for all floating types of which tensors exist.
template <class F> decltype(auto) dispatch_stored_floating(ScalarType t, const char* operation, F&& f) {
  switch (t) {
    case ScalarType::Half: return f(Half{});
    case ScalarType::BFloat16: return f(BFloat16{});
    default: return dispatch_floating(t, operation, f);
  }
}

}}  // namespace torch::xgrad
