// One call of a collective, as its messages carry it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/autograd/core/dtype.h>
#include <xgrad/distributed/transport.h>

namespace torch { inline namespace xgrad { namespace distributed {

enum class CollectiveKind : uint8_t {
  AllReduce,
  Broadcast,
  AllGather,
  AllGatherRows,
  ReduceScatter,
  Barrier,
  Agreement,
  Gradients,
  Buffers,
  GradientOrder,
  Parameters,
  OptimizerState,
};

/// One rank's part in a collective of the ranks of `group`, which must outlive it. Each of them makes one of the same kind and dtype, with the same
/// `agreed` (shapes, a root: whatever else must not differ), after as many others of the group. Its messages carry a signature of all that,
/// so that a rank that gets a message of another call is told so; see Transport::exchange.
class XGRAD_API Collective {
 public:
  /// `operation`: its name in errors; null: the kind's.
  Collective(Transport& group, CollectiveKind kind, ScalarType dtype, std::initializer_list<IntArrayRef> agreed, const char* operation = nullptr);

  int rank() const { return group_.rank(); }
  int size() const { return group_.size(); }
  void exchange(const Outgoing& out, const Incoming& in) const { group_.exchange(call_, out, in); }
  void send(int to, const void* data, size_t bytes) const { exchange({to, data, bytes}, {}); }
  void receive(int from, void* data, size_t bytes) const { exchange({}, {from, data, bytes}); }

 private:
  Transport& group_;
  Call call_;
};

/// What is known of a call by the lowest Call::kToldBits bits of its signature, such as "all_reduce of Float".
std::string description_of_call(uint32_t signature);

}}}  // namespace torch::xgrad::distributed
