#include <xgrad/autograd/engine/ivalue.h>

#include <iterator>
#include <unordered_map>
#include <utility>
#include <variant>

namespace torch { inline namespace xgrad {

struct IValue::Value {
  std::variant<Tensor, bool, int64_t, double, std::string, std::vector<int64_t>, std::vector<double>, std::vector<bool>, std::vector<Tensor>,
               std::vector<IValue>, std::shared_ptr<ivalue::Tuple>, GenericDict>
      held;
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
IValue::IValue(std::vector<IValue> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(std::shared_ptr<ivalue::Tuple> v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}
IValue::IValue(GenericDict v) : value_(std::make_shared<Value>(Value{std::move(v)})) {}

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

bool IValue::isList() const { return value_ && value_->held.index() >= 5 && value_->held.index() <= 9; }
bool IValue::isTuple() const { return value_ && std::holds_alternative<std::shared_ptr<ivalue::Tuple>>(value_->held); }
bool IValue::isGenericDict() const { return value_ && std::holds_alternative<GenericDict>(value_->held); }

std::vector<IValue> IValue::toListRef() const {
  if (!isList()) refuse("List");
  return std::visit(
      [](const auto& held) -> std::vector<IValue> {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::vector<IValue>>) return held;
        else if constexpr (std::is_same_v<Held, std::vector<bool>> || std::is_same_v<Held, std::vector<int64_t>> ||
                           std::is_same_v<Held, std::vector<double>> || std::is_same_v<Held, std::vector<Tensor>>) {
          std::vector<IValue> values;
          for (const auto& element : held) values.emplace_back(typename Held::value_type(element));
          return values;
        } else return {};
      },
      value_->held);
}

List<IValue> IValue::toList() const { return List<IValue>(*this); }
List<int64_t> IValue::toIntList() const { return List<int64_t>(toIntVector()); }
List<double> IValue::toDoubleList() const { return List<double>(toDoubleVector()); }
List<bool> IValue::toBoolList() const { return List<bool>(toBoolVector()); }
List<Tensor> IValue::toTensorList() const { return List<Tensor>(toTensorVector()); }

const ivalue::Tuple& IValue::toTupleRef() const {
  if (!isTuple()) refuse("Tuple");
  return *std::get<std::shared_ptr<ivalue::Tuple>>(value_->held);
}

const GenericDict& IValue::toGenericDict() const {
  if (!isGenericDict()) refuse("GenericDict");
  return std::get<GenericDict>(value_->held);
}

Scalar IValue::toScalar() const {
  if (isDouble()) return toDouble();
  if (isBool()) return toBool();
  return get<int64_t>("Scalar");
}

const char* IValue::tagKind() const {
  static constexpr const char* kNames[] = {"Tensor",     "Bool",     "Int",        "Double",      "String", "IntList",
                                           "DoubleList", "BoolList", "TensorList", "GenericList", "Tuple",  "GenericDict"};
  static_assert(std::size(kNames) == std::variant_size_v<decltype(Value::held)>);
  return value_ ? kNames[value_->held.index()] : "None";
}

void IValue::refuse(const char* wanted) const { detail::raise<TypeError>("[IValue] Expected ", wanted, " but got ", tagKind()); }

namespace ivalue {
Tuple::Tuple(std::vector<IValue> elements) : elements_(std::move(elements)) {}
Tuple::~Tuple() = default;
std::shared_ptr<Tuple> Tuple::create(std::vector<IValue> elements) { return std::make_shared<Tuple>(std::move(elements)); }
const std::vector<IValue>& Tuple::elements() const { return elements_; }
}  // namespace ivalue

namespace {

// Keys that are equal have equal texts, and others have others.
std::string key_text(const IValue& key) {
  if (key.isString()) return "s" + key.toStringRef();
  if (key.isInt()) return "i" + std::to_string(key.toInt());
  if (key.isBool()) return key.toBool() ? "b1" : "b0";
  if (key.isDouble()) {
    const double value = key.toDouble() + 0.0;  // -0 is 0
    return "d" + std::string(reinterpret_cast<const char*>(&value), sizeof value);
  }
  detail::raise<TypeError>("[GenericDict] a key must be a string, an integer, a double or a bool, got ", key.tagKind());
}

}  // namespace

struct GenericDict::Index {
  std::unordered_map<std::string, size_t> places;
};

GenericDict::Item::Item(IValue key, IValue value) : key_(std::move(key)), value_(std::move(value)) {}
const IValue& GenericDict::Item::key() const { return key_; }
const IValue& GenericDict::Item::value() const { return value_; }

GenericDict::GenericDict() : index_(std::make_unique<Index>()) {}
GenericDict::GenericDict(const GenericDict& other)
    : items_(other.items_), index_(other.index_ ? std::make_unique<Index>(*other.index_) : std::make_unique<Index>()) {}
GenericDict::GenericDict(GenericDict&&) noexcept = default;
GenericDict& GenericDict::operator=(const GenericDict& other) { return *this = GenericDict(other); }
GenericDict& GenericDict::operator=(GenericDict&&) noexcept = default;
GenericDict::~GenericDict() = default;

bool GenericDict::insert(IValue key, IValue value) {
  std::string text = key_text(key);
  if (!index_) index_ = std::make_unique<Index>();  // moved from
  if (index_->places.count(text)) return false;
  items_.emplace_back(std::move(key), std::move(value));
  try {
    index_->places.emplace(std::move(text), items_.size() - 1);
  } catch (...) {
    items_.pop_back();
    throw;
  }
  return true;
}

void GenericDict::insert_or_assign(IValue key, IValue value) {
  if (contains(key)) items_[index_->places.at(key_text(key))].value_ = std::move(value);
  else insert(std::move(key), std::move(value));
}

const IValue& GenericDict::at(const IValue& key) const {
  XGRAD_CHECK_AS(IndexError, contains(key), "[GenericDict] Argument passed to at() was not in the map");
  return items_[index_->places.at(key_text(key))].value();
}

bool GenericDict::contains(const IValue& key) const {
  const std::string text = key_text(key);
  return index_ && index_->places.count(text) > 0;
}
std::vector<GenericDict::Item>::const_iterator GenericDict::find(const IValue& key) const {
  return contains(key) ? items_.begin() + static_cast<std::ptrdiff_t>(index_->places.at(key_text(key))) : items_.end();
}
size_t GenericDict::erase(const IValue& key) {
  if (!contains(key)) return 0;
  const auto found = index_->places.find(key_text(key));
  const size_t place = found->second;
  index_->places.erase(found);
  items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(place));
  for (auto& [text, other] : index_->places) other -= other > place;
  return 1;
}
void GenericDict::clear() { *this = GenericDict(); }
size_t GenericDict::size() const { return items_.size(); }
bool GenericDict::empty() const { return items_.empty(); }
std::vector<GenericDict::Item>::const_iterator GenericDict::begin() const { return items_.begin(); }
std::vector<GenericDict::Item>::const_iterator GenericDict::end() const { return items_.end(); }

}}  // namespace torch::xgrad
