// Where an elementwise operation writes its result.
#pragma once

#include <cstdint>

namespace torch { inline namespace xgrad {

class Tensor;

/// Where a pointwise result goes: to memory of its own, or to that of a tensor that the caller has checked: nothing else needs
/// what it holds. A result of another shape or dtype goes to its own memory all the same.
class Out {
 public:
  enum Mode {
    kNew,        ///< memory of its own
    kOverwrite,  ///< the tensor's, whose version advances
    kAdd,        ///< is added to the tensor, whose version advances; the value is undefined then
    kFinish,     ///< the tensor's, which the operation itself has just made
    kGive,       ///< the tensor's, whose version advances and which the caller takes; the value is undefined then
  };
  Out() = default;
  explicit Out(const Tensor& self, Mode mode = kOverwrite) : self_and_mode_(reinterpret_cast<uintptr_t>(&self) | mode) {}
  const Tensor* self() const { return reinterpret_cast<const Tensor*>(self_and_mode_ & ~uintptr_t{7}); }
  Mode mode() const { return static_cast<Mode>(self_and_mode_ & 7); }

 private:
  uintptr_t self_and_mode_ = kNew;  // one word: every elementwise operation is handed one
};

}}  // namespace torch::xgrad
