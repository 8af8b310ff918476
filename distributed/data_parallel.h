// One model on every rank, each with its share of the batch.
#pragma once

#include <chrono>
#include <memory>

#include <xgrad/distributed/session.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace distributed {

class GradientReducer;

struct DistributedDataParallelOptions {
  /// Gradients are reduced in buckets of at most so many megabytes (2^20 bytes); a parameter that is larger has one of its own. A small
  /// one begins earlier and costs a latency more.
  XGRAD_ARG(double, bucket_cap_mb) = 1;
  /// Whether buffers, such as running statistics, become those of rank 0 at the end of each backward pass that reduces gradients.
  XGRAD_ARG(bool, broadcast_buffers) = true;
};

/// Makes the ranks' copies of a module one model: parameters and buffers become those of rank 0 now, and whenever backward() returns, the
/// gradients are the averages over all ranks, with the same bits everywhere. The module is used as before:
///
///     torch::distributed::init();
///     Net net;                                              // the same on every rank
///     torch::distributed::DistributedDataParallel parallel(net);
///     torch::optim::Adam optimizer(net->parameters());      // the same on every rank
///     for (...) {                                           // each rank has its share of the data
///       optimizer.zero_grad();
///       loss(net->forward(x), y).backward();
///       optimizer.step();
///     }
///
/// With a loss that is a mean, N ranks with batches of B/N examples do what one rank does with a batch of B, to rounding: sums are formed in
/// another order. Optimizers, clipping over the whole norm and all else that looks at gradients does the same on every rank, and
/// nobody sends parameters again.
///
/// Gradients lie in the buckets: grad() of each parameter is a view, which the next backward pass writes. The reduction of a bucket
/// begins when the last of its gradients is complete, on a thread of its own, while backward goes on. A parameter that one rank did not
/// use counts there as zeros (or with the gradient of passes before); one that none used keeps an undefined gradient. So that it counts,
/// every rank must make as many backward passes; one that is a pass short is waited for in vain, until it leaves or the time limit.
///
/// Throws where ranks disagree on names, shapes, dtypes or requires_grad of parameters and buffers, on all ranks and naming them.
/// While this lives, parameters must not be added, frozen, or get another dtype. One rank costs nothing: no hook, no thread.
/// Refused in backward: sparse gradients, and gradients that were recorded themselves (create_graph).
class XGRAD_API DistributedDataParallel {
 public:
  explicit DistributedDataParallel(std::shared_ptr<nn::Module> module, const DistributedDataParallelOptions& options = {});
  DistributedDataParallel(std::shared_ptr<nn::Module> module, const DistributedDataParallelOptions& options, const Communicator& communicator);
  template <class M>
  explicit DistributedDataParallel(const nn::ModuleHolder<M>& module, const DistributedDataParallelOptions& options = {})
      : DistributedDataParallel(module.ptr(), options) {}
  template <class M>
  DistributedDataParallel(const nn::ModuleHolder<M>& module, const DistributedDataParallelOptions& options, const Communicator& communicator)
      : DistributedDataParallel(module.ptr(), options, communicator) {}
  ~DistributedDataParallel();
  DistributedDataParallel(const DistributedDataParallel&) = delete;
  DistributedDataParallel& operator=(const DistributedDataParallel&) = delete;

  /// While one lives, backward() sums gradients on this rank alone; the next pass without it reduces the whole sum. For a step of several
  /// passes: all but the last run under it, on all ranks.
  class XGRAD_API NoSync {
   public:
    explicit NoSync(DistributedDataParallel& parallel);
    ~NoSync();
    NoSync(const NoSync&) = delete;
    NoSync& operator=(const NoSync&) = delete;

   private:
    DistributedDataParallel& parallel_;
    bool before_;
  };
  NoSync no_sync() { return NoSync(*this); }

  const std::shared_ptr<nn::Module>& module() const { return module_; }
  /// How many buckets there are; 0 with one rank.
  size_t buckets() const;

  /// Of all passes so far: how long reducing took, and how long backward() waited for it at its end. What was not waited for was hidden.
  struct Times {
    std::chrono::duration<double> reducing{}, waiting{};
  };
  Times times() const;

 private:
  std::shared_ptr<nn::Module> module_;
  bool synchronises_ = true;
  std::shared_ptr<GradientReducer> reducer_;  // null with one rank
};

}}}  // namespace torch::xgrad::distributed
