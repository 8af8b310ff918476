// A dictionary that keeps the order in which keys were inserted.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

/// Iterates over items in the order of insertion; each has key() and value(), and `*item` and `item->` mean the value.
/// Inserting may invalidate iterators and references. Keys that are missing or already there throw, and then nothing is
/// changed.
template <class Key, class Value> class OrderedDict {
 public:
  class Item {
   public:
    Item(Key key, Value value) : pair_(std::move(key), std::move(value)) {}
    Value& operator*() { return pair_.second; }
    const Value& operator*() const { return pair_.second; }
    Value* operator->() { return &pair_.second; }
    const Value* operator->() const { return &pair_.second; }
    const Key& key() const noexcept { return pair_.first; }
    Value& value() noexcept { return pair_.second; }
    const Value& value() const noexcept { return pair_.second; }
    const std::pair<Key, Value>& pair() const noexcept { return pair_; }

   private:
    std::pair<Key, Value> pair_;
  };

  using Iterator = typename std::vector<Item>::iterator;
  using ConstIterator = typename std::vector<Item>::const_iterator;

  /// `key_description`: what error texts call a key, such as "Parameter".
  explicit OrderedDict(std::string key_description = "Key") : key_description_(std::move(key_description)) {}
  OrderedDict(std::initializer_list<Item> items) : OrderedDict() {
    reserve(items.size());
    for (const Item& item : items) insert(item.key(), item.value());
  }

  const std::string& key_description() const noexcept { return key_description_; }

  Item& front() { return items_[checked_not_empty("front", 0)]; }
  const Item& front() const { return items_[checked_not_empty("front", 0)]; }
  Item& back() { return items_[checked_not_empty("back", size() - 1)]; }
  const Item& back() const { return items_[checked_not_empty("back", size() - 1)]; }
  /// The item at a position of the order.
  Item& operator[](size_t index) { return items_[checked(index)]; }
  const Item& operator[](size_t index) const { return items_[checked(index)]; }
  /// The value of a key.
  Value& operator[](const Key& key) { return items_[position(key)].value(); }
  const Value& operator[](const Key& key) const { return items_[position(key)].value(); }

  /// Null when there is no such key.
  Value* find(const Key& key) noexcept {
    const auto found = index_.find(key);
    return found == index_.end() ? nullptr : &items_[found->second].value();
  }
  const Value* find(const Key& key) const noexcept { return const_cast<OrderedDict*>(this)->find(key); }
  bool contains(const Key& key) const noexcept { return index_.count(key) != 0; }

  Iterator begin() { return items_.begin(); }
  ConstIterator begin() const { return items_.begin(); }
  Iterator end() { return items_.end(); }
  ConstIterator end() const { return items_.end(); }

  size_t size() const noexcept { return items_.size(); }
  bool is_empty() const noexcept { return items_.empty(); }
  void reserve(size_t capacity) {
    index_.reserve(capacity);
    items_.reserve(capacity);
  }

  /// Adds an item at the end.
  Value& insert(Key key, Value value) {
    XGRAD_CHECK(!contains(key), "[OrderedDict] ", key_description_, " '", key, "' already defined");
    items_.emplace_back(key, std::move(value));
    try {
      index_.emplace(std::move(key), items_.size() - 1);
    } catch (...) {
      items_.pop_back();
      throw;
    }
    return items_.back().value();
  }
  /// Adds all items of `other`, none of whose keys may be here already.
  void update(const OrderedDict& other) {
    for (const Item& item : other.items_)
      XGRAD_CHECK(!contains(item.key()), "[OrderedDict] ", key_description_, " '", item.key(), "' already defined");
    for (const Item& item : other.items_) insert(item.key(), item.value());
  }
  void erase(const Key& key) {
    const auto found = index_.find(key);
    XGRAD_CHECK(found != index_.end(), "[OrderedDict] ", key_description_, " '", key, "' doesn't exist");
    const size_t at = found->second;
    index_.erase(found);
    items_.erase(items_.begin() + static_cast<std::ptrdiff_t>(at));
    for (size_t i = at; i < items_.size(); ++i) index_.find(items_[i].key())->second = i;
  }
  void clear() {
    index_.clear();
    items_.clear();
  }

  const std::vector<Item>& items() const noexcept { return items_; }
  std::vector<Key> keys() const {
    std::vector<Key> keys;
    keys.reserve(size());
    for (const Item& item : items_) keys.push_back(item.key());
    return keys;
  }
  std::vector<Value> values() const {
    std::vector<Value> values;
    values.reserve(size());
    for (const Item& item : items_) values.push_back(item.value());
    return values;
  }
  std::vector<std::pair<Key, Value>> pairs() const {
    std::vector<std::pair<Key, Value>> pairs;
    pairs.reserve(size());
    for (const Item& item : items_) pairs.push_back(item.pair());
    return pairs;
  }

  /// True iff both hold the same keys and values in the same order.
  friend bool operator==(const OrderedDict& a, const OrderedDict& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](const Item& x, const Item& y) { return x.key() == y.key() && x.value() == y.value(); });
  }

 private:
  size_t checked(size_t index) const {
    XGRAD_CHECK_AS(IndexError, index < size(), "[OrderedDict] Index ", index, " is out of bounds for ", size(), " items");
    return index;
  }
  size_t checked_not_empty(const char* what, size_t index) const {
    XGRAD_CHECK(!items_.empty(), "[OrderedDict] Called ", what, "() on an empty OrderedDict");
    return index;
  }
  size_t position(const Key& key) const {
    const auto found = index_.find(key);
    XGRAD_CHECK(found != index_.end(), "[OrderedDict] ", key_description_, " '", key, "' is not defined");
    return found->second;
  }

  std::unordered_map<Key, size_t> index_;
  std::vector<Item> items_;
  std::string key_description_;
};

}}  // namespace torch::xgrad
