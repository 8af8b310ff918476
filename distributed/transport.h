// Bytes between the ranks of a group, on which every collective stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// Nobody to send to or to receive from.
inline constexpr int kNobody = -1;

struct Outgoing {
  int to = kNobody;
  const void* data = nullptr;
  size_t bytes = 0;
};
struct Incoming {
  int from = kNobody;
  void* data = nullptr;
  size_t bytes = 0;
};

/// What messages are part of.
struct Call {
  /// The lowest bits of a signature say what the call is; the others are a hash of all that it has to agree in.
  static constexpr int kToldBits = 8;

  const char* operation = nullptr;  ///< in errors
  uint32_t signature = 0;           ///< of 32 bits, of which a transport carries as many as it can, the lowest first
};

/// One group of ranks as one thread at a time uses it. Messages between two ranks of a group arrive in the order they were sent; groups
/// don't see each other's.
class XGRAD_API Transport {
 public:
  virtual ~Transport();
  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// Sends one message and receives another, at once; returns when the memory of both is free. Throws errors that name the
  /// other rank: it has left, it failed, its message is of another call or of another number of bytes than `in` has, or nothing came for
  /// the time limit. After one of them the group is of no use.
  virtual void exchange(const Call& call, const Outgoing& out, const Incoming& in) = 0;
  /// The same ranks as a group of its own, for another thread. All ranks must call it, in the same order. In the background, waiting
  /// sleeps sooner: what computes has the processor.
  virtual std::shared_ptr<Transport> duplicate(bool background) = 0;
  /// From another thread: the exchange that is under way throws soon, and so do all later ones.
  virtual void interrupt() = 0;

  /// How often it was called before: see Collective.
  uint64_t count_call() { return calls_++; }

 private:
  uint64_t calls_ = 0;
};

}}}  // namespace torch::xgrad::distributed
