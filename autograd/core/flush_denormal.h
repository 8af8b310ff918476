// Denormal numbers: what lies between zero and the smallest normal number of a type.
#pragma once

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

/// With `on`, arithmetic of the calling thread takes denormal numbers for zeros, and gives zeros where a result would be denormal; many
/// processors compute with denormal numbers tens of times slower. As in PyTorch it is a setting of the thread, off in the beginning.
/// Threads that compute for the calling one follow it, so that results don't depend on their number; on Linux, threads that it starts
/// begin with it. False, and nothing changed, where the processor cannot: x86-64 and aarch64 can.
XGRAD_API bool set_flush_denormal(bool on);
XGRAD_API bool get_flush_denormal();

/// Sets it for a scope.
class FlushDenormal {
 public:
  explicit FlushDenormal(bool on) : before_(get_flush_denormal()), changed_(on != before_) {
    if (changed_) set_flush_denormal(on);
  }
  ~FlushDenormal() {
    if (changed_) set_flush_denormal(before_);
  }
  FlushDenormal(const FlushDenormal&) = delete;
  FlushDenormal& operator=(const FlushDenormal&) = delete;

 private:
  const bool before_, changed_;
};

}}  // namespace torch::xgrad
