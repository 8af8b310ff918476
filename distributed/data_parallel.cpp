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
    : module_(std::move(module)), reduced_(std::make_shared<NodeHooks>()) {
  XGRAD_CHECK(module_, "[DistributedDataParallel] expected a module, got a null pointer");
  XGRAD_CHECK_AS(ValueError, options.bucket_cap_mb() > 0, "[DistributedDataParallel] bucket_cap_mb must be above 0, got ", options.bucket_cap_mb());
  if (communicator.size() == 1) return;
  const std::string cap = xgrad::detail::concatenate("bucket_cap_mb ", options.bucket_cap_mb()),
                    buffers = xgrad::detail::concatenate("broadcast_buffers ", options.broadcast_buffers());
  check_same_lines("DistributedDataParallel", "option", {cap, buffers}, communicator);
  check_same_lines("DistributedDataParallel", "parameter", described(module_->named_parameters()), communicator);
  check_same_lines("DistributedDataParallel", "buffer", described(module_->named_buffers()), communicator);
  start_as_rank_0(module_->parameters(), communicator);
  start_as_rank_0(module_->buffers(), communicator);

  std::vector<NamedParameter> trained;
  for (const auto& item : module_->named_parameters())
    if (item.value().requires_grad()) trained.push_back({item.key(), item.value()});
  reducer_ = std::make_shared<GradientReducer>(std::move(trained), options.broadcast_buffers() ? module_->buffers() : std::vector<Tensor>(),
                                               options.bucket_cap_mb() * (1 << 20), reduced_, communicator);
  reducer_->attach();
}

DistributedDataParallel::~DistributedDataParallel() {
  for (const auto& [parameter, hook] : of_one_rank_) {
    const Edge& edge = xgrad::detail::gradient_edge(parameter);
    if (edge && edge.function->is_leaf()) edge.function->hooks().remove(hook);
  }
}

unsigned DistributedDataParallel::register_post_reduce_grad_hook(std::function<void(const Tensor&)> hook) {
  XGRAD_CHECK(hook, "[register_post_reduce_grad_hook] expected a function, got an empty one");
  if (!reducer_ && of_one_rank_.empty()) {
    for (const Tensor& p : module_->parameters()) {
      if (!p.requires_grad()) continue;
      of_one_rank_.emplace_back(p, p.register_post_accumulate_grad_hook([this, reduced = std::weak_ptr(reduced_)](const Tensor& leaf) {
        if (const auto hooks = reduced.lock(); hooks && synchronises_) hooks->call_accumulated(leaf);
      }));
    }
  }
  return reduced_->add_accumulated(std::move(hook));
}

void DistributedDataParallel::remove_hook(unsigned position) {
  XGRAD_CHECK_AS(IndexError, reduced_->remove(position), "[remove_hook] no hook has the position ", position);
}

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
