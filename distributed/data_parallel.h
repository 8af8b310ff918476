// One model on every rank, each with its share of the batch.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/autograd/graph/node.h>
#include <xgrad/distributed/session.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace distributed {

class GradientReducer;

struct DistributedDataParallelOptions {
  /// Gradients are reduced in buckets of about so many megabytes (2^20 bytes, a sixteenth more at most); one that is larger is cut by its
  /// rows. Small buckets begin earlier and cost more latencies.
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
/// Gradients lie in the buckets: grad() of each parameter is memory of theirs, which the next backward pass writes. The reduction of a
/// bucket begins when the last of its gradients is complete, on a thread of its own, while backward goes on; that of a large weight
/// of a linear layer begins with its first rows. After the first pass buckets are put in the order in which gradients came on rank 0. A
/// parameter that one rank did not
/// use counts there as zeros (or with the gradient of passes before); one that none used keeps an undefined gradient. So that it counts,
/// every rank must make as many backward passes; one that is a pass short is waited for in vain, until it leaves or the time limit.
///
/// Throws where ranks disagree on options, or on names, shapes, dtypes or requires_grad of parameters and buffers, on all ranks and naming
/// them; and where a parameter is in another DistributedDataParallel that lives. Parameters that are added to the module later are not
/// reduced; frozen ones count as unused; after a change of dtype or shape backward() throws. One rank costs nothing: no hook, no thread.
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

  /// Calls `hook` with each parameter when the average of its gradients is in its grad(), on the thread of backward() and before that
  /// returns, while others are still on their way: it may take a step of an optimizer for this parameter, and drop the gradient. Called
  /// for all parameters that have a gradient, in the same order on every rank and with the same bits; on one rank, as soon as each gradient is
  /// complete. Not under no_sync(). What needs all gradients, such as clipping over the whole norm, must wait for backward() instead. Returns a
  /// position for remove_hook.
  unsigned register_post_reduce_grad_hook(std::function<void(const Tensor& parameter)> hook);
  /// Throws IndexError where no hook has the position.
  void remove_hook(unsigned position);

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
  std::shared_ptr<NodeHooks> reduced_;
  bool synchronises_ = true;
  std::vector<std::pair<Tensor, unsigned>> of_one_rank_;  // their hooks, which call those of reduced_
  std::shared_ptr<GradientReducer> reducer_;              // null with one rank
};

}}}  // namespace torch::xgrad::distributed
