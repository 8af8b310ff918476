// Lists and dictionaries of values of one type, as custom functions and archives keep them.
#pragma once

#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/autograd/ops/index/indexing.h>

namespace torch { inline namespace xgrad {

namespace detail {

/// An element of a container out of an IValue.
template <class T> T element_of(const IValue& value) {
  if constexpr (std::is_same_v<T, std::optional<Tensor>>) return value.toOptional<Tensor>();
  else return value.to<T>();
}

}  // namespace detail

/// A list as libtorch's c10::List: copies share their elements, copy() does not. An IValue takes a copy of them, as the elements are then.
template <class T> class List {
 public:
  using value_type = T;
  using size_type = size_t;
  using iterator = typename std::vector<T>::iterator;

  List() : elements_(std::make_shared<std::vector<T>>()) {}
  List(std::initializer_list<T> elements) : elements_(std::make_shared<std::vector<T>>(elements)) {}
  explicit List(ArrayRef<T> elements) : elements_(std::make_shared<std::vector<T>>(elements.begin(), elements.end())) {}
  explicit List(std::vector<T> elements) : elements_(std::make_shared<std::vector<T>>(std::move(elements))) {}
  /// The elements of any list; throws TypeError for one of another type, and what is no list.
  explicit List(const IValue& list) : List() {
    for (const IValue& value : list.toListRef()) push_back(detail::element_of<T>(value));
  }
  operator IValue() const {
    if constexpr (std::is_constructible_v<IValue, std::vector<T>>) return IValue(*elements_);
    else return IValue(std::vector<IValue>(elements_->begin(), elements_->end()));
  }

  size_t size() const { return elements_->size(); }
  bool empty() const { return elements_->empty(); }
  /// These throw IndexError outside the list.
  T get(size_t i) const { return (*elements_)[checked(i)]; }
  typename std::vector<T>::reference operator[](size_t i) const { return (*elements_)[checked(i)]; }
  void set(size_t i, T value) const { (*elements_)[checked(i)] = std::move(value); }
  /// An element, in place of which there is T() afterwards.
  T extract(size_t i) const { return std::exchange((*elements_)[checked(i)], T()); }

  void push_back(T value) const { elements_->push_back(std::move(value)); }
  template <class... Arguments> void emplace_back(Arguments&&... arguments) const { elements_->emplace_back(std::forward<Arguments>(arguments)...); }
  /// At the end.
  void append(const List& other) const {
    const std::vector<T> more = other.vec();  // it may be this one
    elements_->insert(elements_->end(), more.begin(), more.end());
  }
  void pop_back() const {
    checked(0);
    elements_->pop_back();
  }
  void reserve(size_t n) const { elements_->reserve(n); }
  void resize(size_t n) const { elements_->resize(n); }
  void resize(size_t n, const T& value) const { elements_->resize(n, value); }
  void clear() const { elements_->clear(); }
  iterator insert(iterator place, T value) const { return elements_->insert(place, std::move(value)); }
  iterator erase(iterator place) const { return elements_->erase(place); }
  iterator begin() const { return elements_->begin(); }
  iterator end() const { return elements_->end(); }

  List copy() const { return List(*elements_); }
  const std::vector<T>& vec() const { return *elements_; }
  /// True iff both are the same list, changes of one being changes of the other.
  bool is(const List& other) const { return elements_ == other.elements_; }
  friend bool operator==(const List& a, const List& b) { return *a.elements_ == *b.elements_; }
  friend bool operator!=(const List& a, const List& b) { return !(a == b); }

 private:
  size_t checked(size_t i) const {
    XGRAD_CHECK_AS(IndexError, i < size(), "[List] index ", i, " is outside a list of ", size());
    return i;
  }

  std::shared_ptr<std::vector<T>> elements_;
};

/// A dictionary as libtorch's c10::Dict, in the order of insertion: copies share their items, copy() does not. Keys are strings, int64_t,
/// doubles, bools or IValues of these. An IValue takes a copy of the items, as they are then.
template <class Key, class Value> class Dict {
 public:
  using key_type = Key;
  using mapped_type = Value;
  using size_type = size_t;

  class Item {
   public:
    explicit Item(const GenericDict::Item& item) : item_(&item) {}
    Key key() const { return detail::element_of<Key>(item_->key()); }
    Value value() const { return detail::element_of<Value>(item_->value()); }

   private:
    const GenericDict::Item* item_;
  };

  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = Item;
    using reference = const Item&;
    using pointer = const Item*;
    using iterator_category = std::input_iterator_tag;

    explicit Iterator(std::vector<GenericDict::Item>::const_iterator place) : place_(place) {}
    reference operator*() const { return item_.emplace(*place_); }
    pointer operator->() const { return &**this; }
    Iterator& operator++() {
      ++place_;
      return *this;
    }
    bool operator==(const Iterator& other) const { return place_ == other.place_; }
    bool operator!=(const Iterator& other) const { return place_ != other.place_; }

   private:
    std::vector<GenericDict::Item>::const_iterator place_;
    mutable std::optional<Item> item_;
  };
  using iterator = Iterator;

  Dict() : items_(std::make_shared<GenericDict>()) {}
  Dict(const GenericDict& items) : items_(std::make_shared<GenericDict>(items)) {}
  /// Throws TypeError for what is no dictionary.
  explicit Dict(const IValue& value) : Dict(value.toGenericDict()) {}
  operator IValue() const { return IValue(*items_); }

  size_t size() const { return items_->size(); }
  bool empty() const { return items_->empty(); }
  /// Throws IndexError when there is no such key, and TypeError when its value is of another type.
  Value at(const Key& key) const { return detail::element_of<Value>(items_->at(IValue(key))); }
  bool contains(const Key& key) const { return items_->contains(IValue(key)); }
  Iterator find(const Key& key) const { return Iterator(items_->find(IValue(key))); }
  Iterator begin() const { return Iterator(items_->begin()); }
  Iterator end() const { return Iterator(items_->end()); }

  /// What it is at, and whether it was put there: a key that is there keeps its value.
  std::pair<Iterator, bool> insert(const Key& key, const Value& value) const {
    const bool added = items_->insert(IValue(key), IValue(value));
    return {find(key), added};
  }
  std::pair<Iterator, bool> insert_or_assign(const Key& key, const Value& value) const {
    const bool added = !contains(key);
    items_->insert_or_assign(IValue(key), IValue(value));
    return {find(key), added};
  }
  size_t erase(const Key& key) const { return items_->erase(IValue(key)); }
  void clear() const { items_->clear(); }
  void reserve(size_t) const {}

  Dict copy() const { return Dict(*items_); }
  /// True iff both are the same dictionary, changes of one being changes of the other.
  bool is(const Dict& other) const { return items_ == other.items_; }

 private:
  std::shared_ptr<GenericDict> items_;
};

// ---- indexing by a list, which leaves axes whole where it has no tensor

using IndexList = List<std::optional<Tensor>>;

inline Tensor index(const Tensor& self, const IndexList& indices) { return index(self, detail::tensors_of(indices)); }
inline Tensor index_put(const Tensor& self, const IndexList& indices, const Tensor& values, bool accumulate = false) {
  return index_put(self, detail::tensors_of(indices), values, accumulate);
}
inline Tensor& index_put_(const Tensor& self, const IndexList& indices, const Tensor& values, bool accumulate = false) {
  return index_put_(self, detail::tensors_of(indices), values, accumulate);
}
inline Tensor Tensor::index(const IndexList& indices) const { return xgrad::index(*this, indices); }
inline Tensor Tensor::index_put(const IndexList& indices, const Tensor& values, bool accumulate) const {
  return xgrad::index_put(*this, indices, values, accumulate);
}
inline Tensor& Tensor::index_put_(const IndexList& indices, const Tensor& values, bool accumulate) const {
  return xgrad::index_put_(*this, indices, values, accumulate);
}

// libtorch's names for those of values of any kind.
namespace impl {
using GenericList = List<IValue>;
using GenericDict = Dict<IValue, IValue>;
}  // namespace impl

}}  // namespace torch::xgrad
