// libtorch's short vectors, whose first N elements need no block there. Here they do: these are std::vectors with its methods.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <utility>
#include <vector>

#include <torch/namespaces.h>
#include <xgrad/autograd/core/array_ref.h>

namespace torch { inline namespace xgrad {

/// A SmallVector of any N, for parameters.
template <class T> class SmallVectorImpl : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  template <class Iterator> void append(Iterator first, Iterator last) { this->insert(this->end(), first, last); }
  void append(size_t n, const T& value) { this->insert(this->end(), n, value); }
  void append(std::initializer_list<T> values) { append(values.begin(), values.end()); }
  T pop_back_val() {
    T last = std::move(this->back());
    this->pop_back();
    return last;
  }
};

template <class T, unsigned N = 4> class SmallVector : public SmallVectorImpl<T> {
 public:
  using SmallVectorImpl<T>::SmallVectorImpl;
  explicit SmallVector(ArrayRef<T> values) : SmallVectorImpl<T>(values.begin(), values.end()) {}
};

}}  // namespace torch::xgrad
