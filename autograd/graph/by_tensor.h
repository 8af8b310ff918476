// What few tensors have, and so takes no room in the others. Internal to this folder.
#pragma once

#include <mutex>
#include <unordered_map>
#include <utility>

#include <xgrad/autograd/tensor/tensor_impl.h>

namespace torch { inline namespace xgrad {

/// One Handle for each of a few tensors; any number of threads may use it at once.
template <class Handle> class ByTensor {
 public:
  /// That of the process.
  static ByTensor& all() {
    static ByTensor* const handles = new ByTensor;  // never destroyed: static tensors may outlive it
    return *handles;
  }

  void put(const TensorImpl* tensor, Handle handle) {
    std::lock_guard lock(mutex_);
    of_[tensor] = std::move(handle);
  }
  /// A null handle if there is none.
  Handle take(const TensorImpl* tensor) {
    std::lock_guard lock(mutex_);
    const auto found = of_.extract(tensor);
    return found ? std::move(found.mapped()) : Handle();
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const TensorImpl*, Handle> of_;
};

}}  // namespace torch::xgrad
