// Gradients in buckets, reduced over ranks as soon as they are complete.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/autograd/graph/node.h>
#include <xgrad/distributed/all_reduce.h>
#include <xgrad/distributed/data_parallel.h>
#include <xgrad/distributed/progress_thread.h>

namespace torch { inline namespace xgrad { namespace distributed {

struct NamedParameter {
  std::string name;
  Tensor tensor;
};

/// What DistributedDataParallel does while backward runs.
///
/// Gradients lie one behind the other in flat memory, behind each a number: 1 where the rank has a gradient; the numbers' average tells whether
/// any has. Buckets are stretches of that memory, and are reduced one after the other, in an order that is the same on every rank, each
/// when all that it holds is complete. A gradient that is larger than a bucket is cut by rows, and a product of matrices that it comes from
/// is told to compute the rows of one bucket after those of another (GradientReceiver). The first pass takes parameters from the last to the first;
/// then they lie in the order in which rank 0 got their gradients.
///
/// A pass begins with the first gradient of a sweep and ends when the sweep has given out all.
class GradientReducer : public std::enable_shared_from_this<GradientReducer> {
 public:
  /// `reduced`: its hooks get each parameter when its average is there.
  GradientReducer(std::vector<NamedParameter> parameters, std::vector<Tensor> buffers, double most_bytes, std::shared_ptr<NodeHooks> reduced,
                  const Communicator& communicator);
  ~GradientReducer();

  /// Registers the hooks, which know this as long as it lives.
  void attach();
  void synchronise(bool on) { synchronises_ = on; }
  size_t buckets() const { return buckets_.size(); }
  DistributedDataParallel::Times times() const;

 private:
  class Pass;
  class Receiver;
  struct Bucket {
    Tensor memory;                    // that it is a part of
    int64_t begin = 0, end = 0;       // elements of that
    size_t stretches = 0;             // of gradients
    std::vector<size_t> ending;       // parameters whose last stretch it holds
    size_t missing = 0;               // stretches that are not complete in this pass
    ProgressThread::Ticket sent = 0;  // in this pass
  };
  /// Rows of a gradient that are in one bucket, up to row `end`.
  struct Stretch {
    size_t bucket;
    int64_t end;
  };
  struct Place {
    Dims sizes;
    Tensor memory;
    int64_t begin = 0, numel = 0;  // its elements there
    std::vector<Stretch> stretches;
    size_t complete = 0;     // so many of them are, in this pass
    bool came = false;       // in this pass, on this rank
    bool was_added = false;  // in place, and the sweep has not come to the leaf yet
    std::shared_ptr<Receiver> receiver;
    unsigned hook = 0;

    bool is_complete() const { return complete == stretches.size(); }
  };

  void lay_out(const std::vector<size_t>& order);
  void append(size_t parameter, const Tensor& memory, int64_t begin, int64_t end, bool begins_memory);
  char* address_of(const Place& place, int64_t element = 0) const;
  Tensor tensor_in(const Place& place) const;
  bool is_as_wrapped(size_t parameter) const;
  void note_used(const Place& place, bool used);
  bool is_used_by_any(const Place& place) const;

  bool prepare(size_t parameter, Tensor& grad);
  void add_stretches(size_t parameter, int64_t rows);
  void on_gradient(size_t parameter);
  void advance(size_t parameter, int64_t rows);
  void expect(size_t parameter);
  void begin_pass();
  void end_pass();
  void put(size_t parameter);
  void launch_complete();
  void launch(size_t bucket);
  void take_results(const Bucket& bucket);
  void learn_order();
  void send_buffers();
  void take_buffers();

  std::vector<NamedParameter> parameters_;
  std::vector<Tensor> buffers_;
  double most_bytes_;
  std::vector<Place> places_;
  std::vector<Bucket> buckets_;
  std::vector<char> buffer_bytes_;
  std::shared_ptr<NodeHooks> reduced_;
  Communicator communicator_;
  Workspace workspace_;  // of the progress thread
  bool synchronises_ = true, in_pass_ = false, broken_ = false;
  size_t launched_ = 0;
  std::vector<size_t> order_;  // in which gradients came in the first pass
  bool knows_order_ = false;
  std::chrono::duration<double> waiting_{};
  std::unique_ptr<ProgressThread> progress_;
};

}}}  // namespace torch::xgrad::distributed
