// Gradients in buckets, reduced over ranks as soon as they are complete.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/distributed/all_reduce.h>
#include <xgrad/distributed/data_parallel.h>
#include <xgrad/distributed/progress_thread.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// What DistributedDataParallel does while backward runs.
///
/// A pass begins with the first gradient of a sweep and ends when the sweep has given out all. Buckets hold parameters from the last to
/// the first, the order in which backward usually comes to them, and are reduced in this order on every rank, whatever the order in
/// which they are complete. Behind its gradients each bucket has one number for each parameter, 1 where the rank has a gradient:
/// their average tells whether any has.
class GradientReducer : public std::enable_shared_from_this<GradientReducer> {
 public:
  GradientReducer(std::vector<Tensor> parameters, std::vector<Tensor> buffers, double most_bytes, const Communicator& communicator);
  ~GradientReducer();

  /// Registers the hooks, which know this as long as it lives.
  void attach();
  void synchronise(bool on) { synchronises_ = on; }
  size_t buckets() const { return buckets_.size(); }
  DistributedDataParallel::Times times() const;

 private:
  class Pass;
  struct Bucket {
    Tensor flat;                     // gradients, then one number for each parameter
    std::vector<size_t> parameters;  // their indices
    std::vector<Tensor> gradients;   // views of flat
    size_t missing = 0;              // gradients that are not complete in this pass
  };
  struct Place {
    size_t bucket, index;
    bool arrived = false;
  };

  void fill_buckets(double most_bytes);
  void on_gradient(size_t parameter);
  void begin_pass();
  void end_pass();
  /// The gradient of a parameter is in its bucket, or the place there is zeros.
  void put(size_t parameter);
  void launch_complete();
  void launch(Bucket& bucket);
  void take_results();
  void send_buffers();
  void take_buffers();

  std::vector<Tensor> parameters_, buffers_;
  std::vector<Place> places_;
  std::vector<Bucket> buckets_;
  std::vector<char> buffer_bytes_;
  Communicator communicator_;
  Workspace workspace_;  // of the progress thread
  bool synchronises_ = true, in_pass_ = false, broken_ = false;
  size_t launched_ = 0;
  std::chrono::duration<double> waiting_{};
  std::unique_ptr<ProgressThread> progress_;
};

}}}  // namespace torch::xgrad::distributed
