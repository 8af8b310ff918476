#include <xgrad/distributed/collective.h>

#include <iterator>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/step_observer.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

struct NamedKind {
  const char* name;
  bool tells_dtype;
};
constexpr NamedKind kKinds[] = {
    {"all_reduce", true},
    {"broadcast", true},
    {"all_gather", true},
    {"all_gather_rows", true},
    {"reduce_scatter", true},
    {"barrier", false},
    {"an agreement on texts", false},
    {"DistributedDataParallel's reduction of gradients", true},
    {"DistributedDataParallel's broadcast of buffers", false},
    {"DistributedDataParallel's agreement on an order", false},
    {"ZeroRedundancyOptimizer's exchange of parameters", false},
    {"consolidate_state", false},
};
static_assert(std::size(kKinds) <= 16, "the kind has four bits of a signature, and so has the dtype");

// The last step of splitmix64 (Steele et al. 2014).
uint64_t mixed(uint64_t hash, uint64_t value) {
  uint64_t z = (hash ^ value) + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

Collective::Collective(Transport& group, CollectiveKind kind, ScalarType dtype, std::initializer_list<IntArrayRef> agreed, const char* operation)
    : group_(group) {
  xgrad::detail::note_leaving_launches("distributed");
  uint64_t hash = group.count_call();
  for (const IntArrayRef numbers : agreed) {
    hash = mixed(hash, numbers.size());
    for (const int64_t number : numbers) hash = mixed(hash, static_cast<uint64_t>(number));
  }
  const auto index = static_cast<uint32_t>(kind);
  call_.operation = operation ? operation : kKinds[index].name;
  call_.signature = index | static_cast<uint32_t>(dtype) << 4 | static_cast<uint32_t>(mixed(hash, 0) >> 40) << Call::kToldBits;
}

std::string description_of_call(uint32_t signature) {
  const uint32_t kind = signature & 15;
  if (kind >= std::size(kKinds)) return "an unknown operation";
  std::string text = kKinds[kind].name;
  if (kKinds[kind].tells_dtype) text += xgrad::detail::concatenate(" of ", static_cast<ScalarType>(signature >> 4 & 15));
  return text;
}

}}}  // namespace torch::xgrad::distributed
