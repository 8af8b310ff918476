// Walking through the batches of one epoch.
#pragma once

#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace data {

/// An input iterator; copies share their place. A batch is asked for when the iterator is first looked at. Incrementing drops the
/// batch before the next is made, whose memory it can then be; where that throws, the next look asks for the batch after it.
template <class Batch> class Iterator {
 public:
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;
  using iterator_category = std::input_iterator_tag;

  /// Past the end.
  Iterator() = default;
  explicit Iterator(std::function<std::optional<Batch>()> next) : state_(std::make_shared<State>(State{std::move(next), std::nullopt, false})) {}

  Iterator& operator++() {
    XGRAD_CHECK(state_, "[DataLoader] Incrementing the DataLoader's past-the-end iterator is not allowed");
    XGRAD_CHECK(!at_end(), "[DataLoader] Attempted to increment iterator past the end");
    state_->batch.reset();
    state_->looked = false;
    look();
    return *this;
  }
  Batch& operator*() {
    XGRAD_CHECK(state_, "[DataLoader] Dereferencing the DataLoader's past-the-end iterator is not allowed");
    XGRAD_CHECK(!at_end(), "[DataLoader] Attempted to dereference iterator that was past the end");
    return *state_->batch;
  }
  Batch* operator->() { return &**this; }

  friend bool operator==(const Iterator& a, const Iterator& b) {
    if (a.state_ == b.state_) return true;
    return a.at_end() && b.at_end();
  }
  friend bool operator!=(const Iterator& a, const Iterator& b) { return !(a == b); }

 private:
  struct State {
    std::function<std::optional<Batch>()> next;
    std::optional<Batch> batch;
    bool looked;
  };

  void look() const {
    if (state_->looked) return;
    state_->batch = state_->next();
    state_->looked = true;
  }

  bool at_end() const {
    if (!state_) return true;
    look();
    return !state_->batch;
  }

  std::shared_ptr<State> state_;
};

}}}  // namespace torch::xgrad::data
