#include <xgrad/autograd/core/step_observer.h>

#include <atomic>

namespace torch { inline namespace xgrad { namespace detail {

__thread StepObserver* step_observer = nullptr;

namespace {
std::atomic<uint64_t> epoch{0};
}

uint64_t kept_launches_epoch() noexcept { return epoch.load(std::memory_order_relaxed); }
void outdate_kept_launches() noexcept { epoch.fetch_add(1, std::memory_order_relaxed); }

}}}  // namespace torch::xgrad::detail
