// What Tensor::dtype() gives: an element type that prints as C++ spells it.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad {

/// A ScalarType for all purposes but printing: ScalarType prints "Float" and "Long", this "float" and "long int".
class TypeMeta {
 public:
  constexpr TypeMeta() = default;
  static constexpr TypeMeta fromScalarType(ScalarType type) { return TypeMeta(type); }
  template <class T> static constexpr TypeMeta Make() { return TypeMeta(CppTypeToScalarType<T>::value); }

  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr bool isScalarType() const { return type_ != ScalarType::Undefined; }
  constexpr bool isScalarType(ScalarType type) const { return type_ == type; }
  template <class T> constexpr bool Match() const { return type_ == CppTypeToScalarType<T>::value; }
  /// Bytes of one element.
  constexpr size_t itemsize() const { return elementSize(type_); }
  /// "float", "long int", "unsigned char", ...
  XGRAD_API std::string_view name() const;

 private:
  constexpr explicit TypeMeta(ScalarType type) : type_(type) {}
  ScalarType type_ = ScalarType::Undefined;
};

constexpr ScalarType typeMetaToScalarType(TypeMeta type) { return type; }
constexpr TypeMeta scalarTypeToTypeMeta(ScalarType type) { return TypeMeta::fromScalarType(type); }

/// The default element type of factories given no dtype: float32 until set.
XGRAD_API TypeMeta get_default_dtype();
inline ScalarType get_default_dtype_as_scalartype() { return get_default_dtype(); }
/// Throws unless `t` is a supported floating type.
XGRAD_API void set_default_dtype(ScalarType t);

XGRAD_API std::ostream& operator<<(std::ostream& stream, TypeMeta type);
/// Error texts name types as ScalarType does.
inline void append(std::string& text, TypeMeta type) { append(text, type.toScalarType()); }

}}  // namespace torch::xgrad
