#include <xgrad/data/batch_number.h>

namespace torch { inline namespace xgrad { namespace data {

namespace {
thread_local std::optional<uint64_t> number_here;
}

std::optional<uint64_t> current_batch_number() { return number_here; }

BatchNumberGuard::BatchNumberGuard(uint64_t number) : before_(number_here) { number_here = number; }
BatchNumberGuard::~BatchNumberGuard() { number_here = before_; }

}}}  // namespace torch::xgrad::data
