#pragma once

#include <cstdint>
#include <type_traits>

#include <torch/namespaces.h>

namespace torch { inline namespace xgrad {

/// The integers from first to last - 1, to loop over.
template <class T> class IntegerRange {
 public:
  class iterator {
   public:
    explicit iterator(T value) : value_(value) {}
    T operator*() const { return value_; }
    iterator& operator++() {
      ++value_;
      return *this;
    }
    bool operator==(const iterator& other) const { return value_ == other.value_; }
    bool operator!=(const iterator& other) const { return value_ != other.value_; }

   private:
    T value_;
  };
  IntegerRange(T first, T last) : first_(first), last_(last < first ? first : last) {}
  iterator begin() const { return iterator(first_); }
  iterator end() const { return iterator(last_); }

 private:
  T first_, last_;
};

template <class A, class B> IntegerRange<B> irange(A first, B last) { return {static_cast<B>(first), last}; }
template <class T> IntegerRange<T> irange(T last) { return {T(0), last}; }

}}  // namespace torch::xgrad
