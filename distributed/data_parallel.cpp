#include <xgrad/distributed/data_parallel.h>

#include <string>
#include <vector>

#include <xgrad/distributed/agreement.h>
#include <xgrad/distributed/gradient_reducer.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

std::vector<std::string> described(const OrderedDict<std::string, Tensor>& tensors) {
  std::vector<std::string> lines;
  for (const auto& item : tensors) {
    const Tensor& t = item.value();
    lines.push_back(xgrad::detail::concatenate(item.key(), " ", t.sizes(), " ", t.dtype(), t.requires_grad() ? "" : " that is not trained"));
  }
  return lines;
}

void start_as_rank_0(const std::vector<Tensor>& tensors, const Communicator& communicator) {
  const NoGradGuard no_grad;
  for (const Tensor& t : tensors) broadcast(t, 0, communicator);
}

}  // namespace

DistributedDataParallel::DistributedDataParallel(std::shared_ptr<nn::Module> module, const DistributedDataParallelOptions& options)
    : DistributedDataParallel(std::move(module), options, world()) {}

DistributedDataParallel::DistributedDataParallel(std::shared_ptr<nn::Module> module, const DistributedDataParallelOptions& options,
                                                 const Communicator& communicator)
    : module_(std::move(module)) {
  XGRAD_CHECK(module_, "[DistributedDataParallel] expected a module, got a null pointer");
  XGRAD_CHECK_AS(ValueError, options.bucket_cap_mb() > 0, "[DistributedDataParallel] bucket_cap_mb must be above 0, got ", options.bucket_cap_mb());
  if (communicator.size() == 1) return;
  check_same_lines("DistributedDataParallel", "parameter", described(module_->named_parameters()), communicator);
  check_same_lines("DistributedDataParallel", "buffer", described(module_->named_buffers()), communicator);
  start_as_rank_0(module_->parameters(), communicator);
  start_as_rank_0(module_->buffers(), communicator);

  std::vector<Tensor> trained;
  for (const Tensor& p : module_->parameters())
    if (p.requires_grad()) trained.push_back(p);
  reducer_ = std::make_shared<GradientReducer>(std::move(trained), options.broadcast_buffers() ? module_->buffers() : std::vector<Tensor>(),
                                               options.bucket_cap_mb() * (1 << 20), communicator);
  reducer_->attach();
}

DistributedDataParallel::~DistributedDataParallel() = default;

size_t DistributedDataParallel::buckets() const { return reducer_ ? reducer_->buckets() : 0; }
DistributedDataParallel::Times DistributedDataParallel::times() const { return reducer_ ? reducer_->times() : Times(); }

DistributedDataParallel::NoSync::NoSync(DistributedDataParallel& parallel)
    : parallel_(parallel), before_(std::exchange(parallel.synchronises_, false)) {
  if (parallel_.reducer_) parallel_.reducer_->synchronise(false);
}
DistributedDataParallel::NoSync::~NoSync() {
  parallel_.synchronises_ = before_;
  if (parallel_.reducer_) parallel_.reducer_->synchronise(before_);
}

}}}  // namespace torch::xgrad::distributed
