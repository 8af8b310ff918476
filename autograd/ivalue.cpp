#include <xgrad/autograd/ivalue.h>

namespace xgrad {

IValue::IValue(const Scalar& v) {
  if (v.isFloatingPoint()) value_ = v.toDouble();
  else if (v.isBoolean()) value_ = v.toBool();
  else value_ = v.toLong();
}

Scalar IValue::toScalar() const {
  if (isDouble()) return toDouble();
  if (isBool()) return toBool();
  return get<int64_t>("Scalar");
}

const char* IValue::tagKind() const {
  static constexpr const char* kNames[] = {"None", "Tensor", "Bool", "Int", "Double", "String", "IntList", "DoubleList", "BoolList", "TensorList"};
  static_assert(std::size(kNames) == std::variant_size_v<decltype(value_)>);
  return kNames[value_.index()];
}

void IValue::refuse(const char* wanted) const { detail::raise<TypeError>("[IValue] Expected ", wanted, " but got ", tagKind()); }

}  // namespace xgrad
