// An argument that may differ from one parameter group to the next.
#pragma once

#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace optim {

/// One value for all parameter groups, or a list with one for each: `0.1`, `{0.1, 0.2}`.
template <class T> class PerGroup {
 public:
  template <class U, std::enable_if_t<std::is_convertible_v<U&&, T> && !std::is_same_v<std::decay_t<U>, PerGroup>, int> = 0>
  PerGroup(U&& value) : list_{T(std::forward<U>(value))}, same_(true) {}
  PerGroup(std::initializer_list<T> list) : list_(list) {}
  template <class U> PerGroup(const std::vector<U>& list) : list_(list.begin(), list.end()) {}

  /// The values of `groups` groups; throws ValueError, naming both, when a list has another length.
  std::vector<T> list(size_t groups, const char* operation, const char* name) const {
    if (same_) return std::vector<T>(groups, list_[0]);
    XGRAD_CHECK_AS(ValueError, list_.size() == groups, "[", operation, "] expected ", groups, " values for ", name, ", got ", list_.size());
    return list_;
  }
  /// True iff there is one value for all.
  bool same() const { return same_; }
  /// What was given: one value, or the list.
  const std::vector<T>& given() const { return list_; }

 private:
  std::vector<T> list_;
  bool same_ = false;
};

}}}  // namespace torch::xgrad::optim
