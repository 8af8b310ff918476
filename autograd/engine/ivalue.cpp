#include <xgrad/autograd/engine/ivalue.h>

#include <iterator>
#include <utility>
#include <variant>

namespace torch { inline namespace xgrad {

struct IValue::Value {
  std::variant<Tensor, bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<double>, std::vector<bool>, std::vector<Tensor>> held;
};

std::shared_ptr<const IValue::Value> IValue::of_integer(int64_t v) { return std::make_shared<Value>(Value{v}); }
std::shared_ptr<const IValue::Value> IValue::of_double(double v) { return std::make_shared<Value>(Value{v}); }

IValue::IValue(Tensor v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(bool v) : value_(std::make_shared<Value>(Value{v})) {}
IValue::IValue(const Scalar& v)
    : value_(v.isFloatingPoint() ? of_double(v.toDouble())
             : v.isBoolean()     ? IValue(v.toBool()).value_
                                 : of_integer(v.toLong())) {}
IValue::IValue(std::string v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(const char* v) : IValue(std::string(v)) {}
IValue::IValue(std::vector<int64_t> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(IntArrayRef v) : IValue(v.vec()) {}
IValue::IValue(std::vector<double> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(std::vector<bool> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(std::vector<Tensor> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(TensorList v) : IValue(v.vec()) {}

template <class T> const T* IValue::find() const { return value_ ? std::get_if<T>(&value_->held) : nullptr; }
template const Tensor* IValue::find() const;
template const bool* IValue::find() const;
template const int64_t* IValue::find() const;
template const double* IValue::find() const;
template const std::string* IValue::find() const;
template const std::vector<int64_t>* IValue::find() const;
template const std::vector<double>* IValue::find() const;
template const std::vector<bool>* IValue::find() const;
template const std::vector<Tensor>* IValue::find() const;

Scalar IValue::toScalar() const {
  if (isDouble()) return toDouble();
  if (isBool()) return toBool();
  return get<int64_t>("Scalar");
}

const char* IValue::tagKind() const {
  static constexpr const char* kNames[] = {"Tensor", "Bool", "Int", "Double", "String", "IntList", "DoubleList", "BoolList", "TensorList"};
  static_assert(std::size(kNames) == std::variant_size_v<decltype(Value::held)>);
  return value_ ? kNames[value_->held.index()] : "None";
}

void IValue::refuse(const char* wanted) const { detail::raise<TypeError>("[IValue] Expected ", wanted, " but got ", tagKind()); }

}}  // namespace torch::xgrad
