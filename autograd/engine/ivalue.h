// A value of one of a few kinds, for data that a custom function keeps between its two halves.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

class GenericDict;
template <class T> class List;
namespace ivalue {
class Tuple;
}

/// Holds nothing, a tensor, a number, a string, a list of these, or a list, a tuple or a dictionary of values of any kind. The to... members
/// throw a TypeError, naming both kinds, when it holds something else; an integer is not turned into a double.
class XGRAD_API IValue {
 public:
  IValue() = default;
  IValue(std::nullopt_t) {}
  IValue(Tensor v);
  IValue(bool v);
  template <class T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>, int> = 0>
  IValue(T v) : value_(of_integer(static_cast<int64_t>(v))) {}
  template <class T, std::enable_if_t<std::is_floating_point_v<T>, int> = 0> IValue(T v) : value_(of_double(static_cast<double>(v))) {}
  IValue(const Scalar& v);
  IValue(std::string v);
  IValue(const char* v);
  IValue(std::vector<int64_t> v);
  IValue(IntArrayRef v);
  IValue(std::vector<double> v);
  IValue(std::vector<bool> v);
  IValue(std::vector<Tensor> v);
  IValue(TensorList v);
  IValue(std::vector<IValue> v);
  IValue(std::shared_ptr<ivalue::Tuple> v);
  IValue(GenericDict v);
  template <class T> IValue(const std::optional<T>& v) {
    if (v) *this = IValue(*v);
  }

  bool isNone() const { return value_ == nullptr; }
  bool isTensor() const { return holds<Tensor>(); }
  bool isBool() const { return holds<bool>(); }
  bool isInt() const { return holds<int64_t>(); }
  bool isDouble() const { return holds<double>(); }
  bool isScalar() const { return isInt() || isDouble() || isBool(); }
  bool isString() const { return holds<std::string>(); }
  bool isIntList() const { return holds<std::vector<int64_t>>(); }
  bool isDoubleList() const { return holds<std::vector<double>>(); }
  bool isBoolList() const { return holds<std::vector<bool>>(); }
  bool isTensorList() const { return holds<std::vector<Tensor>>(); }
  bool isList() const;
  bool isTuple() const;
  bool isGenericDict() const;

  const Tensor& toTensor() const { return get<Tensor>("Tensor"); }
  bool toBool() const { return get<bool>("Bool"); }
  int64_t toInt() const { return get<int64_t>("Int"); }
  double toDouble() const { return get<double>("Double"); }
  Scalar toScalar() const;
  const std::string& toStringRef() const { return get<std::string>("String"); }
  const std::vector<int64_t>& toIntVector() const { return get<std::vector<int64_t>>("IntList"); }
  const std::vector<double>& toDoubleVector() const { return get<std::vector<double>>("DoubleList"); }
  const std::vector<bool>& toBoolVector() const { return get<std::vector<bool>>("BoolList"); }
  const std::vector<Tensor>& toTensorVector() const { return get<std::vector<Tensor>>("TensorList"); }
  /// The elements of any list.
  std::vector<IValue> toListRef() const;
  // Copies: autograd/engine/typed_containers.h.
  List<IValue> toList() const;
  List<int64_t> toIntList() const;
  List<double> toDoubleList() const;
  List<bool> toBoolList() const;
  List<Tensor> toTensorList() const;
  const ivalue::Tuple& toTupleRef() const;
  const GenericDict& toGenericDict() const;

  /// The value as T: Tensor, bool, an integer or floating type, std::string, a std::vector of int64_t, double, bool or Tensor, or what can be
  /// made of an IValue, as a List or Dict can.
  template <class T> T to() const {
    if constexpr (std::is_same_v<T, bool>) return toBool();
    else if constexpr (std::is_integral_v<T>) return static_cast<T>(toInt());
    else if constexpr (std::is_floating_point_v<T>) return static_cast<T>(toDouble());
    else if constexpr (std::is_same_v<T, Scalar>) return toScalar();
    else if constexpr (std::is_constructible_v<T, const IValue&>) return T(*this);
    else return get<T>("the type asked for");
  }
  template <class T> std::optional<T> toOptional() const { return isNone() ? std::optional<T>() : std::optional<T>(to<T>()); }
  /// "None", "Tensor", "Int", "DoubleList", ...
  const char* tagKind() const;

 private:
  struct Value;
  static std::shared_ptr<const Value> of_integer(int64_t v);
  static std::shared_ptr<const Value> of_double(double v);
  /// The value if it is a T, else null. T is one of the kinds.
  template <class T> const T* find() const;
  template <class T> bool holds() const { return find<T>() != nullptr; }
  template <class T> const T& get(const char* wanted) const {
    static_assert((std::is_same_v<T, Tensor> || std::is_same_v<T, bool> || std::is_same_v<T, int64_t> || std::is_same_v<T, double> ||
                   std::is_same_v<T, std::string> || std::is_same_v<T, std::vector<int64_t>> || std::is_same_v<T, std::vector<double>> ||
                   std::is_same_v<T, std::vector<bool>> || std::is_same_v<T, std::vector<Tensor>>),
                  "IValue holds no such type");
    if (const T* v = find<T>()) return *v;
    refuse(wanted);
  }
  [[noreturn]] void refuse(const char* wanted) const;

  std::shared_ptr<const Value> value_;  // null: None
};

namespace ivalue {
/// A fixed number of values.
class XGRAD_API Tuple {
 public:
  explicit Tuple(std::vector<IValue> elements);
  ~Tuple();
  static std::shared_ptr<Tuple> create(std::vector<IValue> elements);
  const std::vector<IValue>& elements() const;

 private:
  std::vector<IValue> elements_;
};
}  // namespace ivalue

/// Values by keys, which are strings, integers, doubles or bools, in the order of their insertion.
class XGRAD_API GenericDict {
 public:
  class XGRAD_API Item {
   public:
    Item(IValue key, IValue value);
    const IValue& key() const;
    const IValue& value() const;

   private:
    friend class GenericDict;
    IValue key_, value_;
  };

  GenericDict();
  GenericDict(const GenericDict&);
  GenericDict(GenericDict&&) noexcept;
  GenericDict& operator=(const GenericDict&);
  GenericDict& operator=(GenericDict&&) noexcept;
  ~GenericDict();

  /// False, and nothing changed, when there is such a key already. Throws TypeError for a key of another kind.
  bool insert(IValue key, IValue value);
  void insert_or_assign(IValue key, IValue value);
  /// Throws IndexError when there is no such key.
  const IValue& at(const IValue& key) const;
  bool contains(const IValue& key) const;
  /// end() when there is no such key.
  std::vector<Item>::const_iterator find(const IValue& key) const;
  /// How many items there were of this key, 0 or 1. Takes a time proportional to those behind it.
  size_t erase(const IValue& key);
  void clear();
  size_t size() const;
  bool empty() const;
  std::vector<Item>::const_iterator begin() const;
  std::vector<Item>::const_iterator end() const;

 private:
  struct Index;
  std::vector<Item> items_;
  std::unique_ptr<Index> index_;
};

}}  // namespace torch::xgrad

#include <xgrad/autograd/engine/typed_containers.h>
