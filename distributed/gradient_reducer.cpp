#include <xgrad/distributed/gradient_reducer.h>

#include <cstring>
#include <utility>

#include <xgrad/autograd/engine/callback.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/reduction.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

constexpr const char* kOperation = "DistributedDataParallel";

size_t bytes_of(const Tensor& t) { return static_cast<size_t>(t.numel()) * elementSize(t.dtype()); }

}  // namespace

/// What a sweep does at its end; dropped without that, the sweep has thrown.
class GradientReducer::Pass {
 public:
  explicit Pass(std::shared_ptr<GradientReducer> reducer) : reducer_(std::move(reducer)) {}
  ~Pass() {
    if (!ended_) reducer_->broken_ = true;
  }
  void end() {
    reducer_->end_pass();
    ended_ = true;
  }

 private:
  std::shared_ptr<GradientReducer> reducer_;
  bool ended_ = false;
};

GradientReducer::GradientReducer(std::vector<Tensor> parameters, std::vector<Tensor> buffers, double most_bytes, const Communicator& communicator)
    : parameters_(std::move(parameters)), buffers_(std::move(buffers)), places_(parameters_.size()), communicator_(communicator.duplicate(true)) {
  fill_buckets(most_bytes);
  size_t bytes = 0;
  for (const Tensor& b : buffers_) bytes += bytes_of(b);
  buffer_bytes_.resize(bytes);
  progress_ = std::make_unique<ProgressThread>();
}

GradientReducer::~GradientReducer() {
  communicator_.transport().interrupt();
  progress_.reset();
}

void GradientReducer::fill_buckets(double most_bytes) {
  double bytes = 0;
  for (size_t i = parameters_.size(); i-- > 0;) {
    const Tensor& p = parameters_[i];
    check_reducible(kOperation, p.dtype(), ReduceOp::Average);
    const double more = static_cast<double>(bytes_of(p));
    if (buckets_.empty() || bytes + more > most_bytes || parameters_[buckets_.back().parameters.front()].dtype() != p.dtype()) {
      buckets_.emplace_back();
      bytes = 0;
    }
    places_[i] = {buckets_.size() - 1, buckets_.back().parameters.size(), false};
    buckets_.back().parameters.push_back(i);
    bytes += more;
  }
  for (Bucket& bucket : buckets_) {
    int64_t numel = static_cast<int64_t>(bucket.parameters.size());
    for (const size_t i : bucket.parameters) numel += parameters_[i].numel();
    bucket.flat = zeros({numel}, parameters_[bucket.parameters.front()].dtype());
    int64_t at = 0;
    for (const size_t i : bucket.parameters) {
      bucket.gradients.push_back(bucket.flat.narrow(0, at, parameters_[i].numel()).view(parameters_[i].sizes()));
      at += parameters_[i].numel();
    }
  }
}

void GradientReducer::attach() {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    xgrad::detail::gradient_edge(parameters_[i])
        .function->add_post_hook([weak = weak_from_this(), i](const std::vector<Tensor>& gx, const std::vector<Tensor>&) {
          if (const auto self = weak.lock(); self && self->synchronises_) self->on_gradient(i);
          return gx;
        });
  }
}

void GradientReducer::on_gradient(size_t parameter) {
  XGRAD_CHECK(!broken_, "[", kOperation, "] an earlier backward pass failed on rank ", communicator_.rank(),
              " in the middle of a reduction: the ranks are no longer in step");
  if (!in_pass_) begin_pass();
  Place& place = places_[parameter];
  Bucket& bucket = buckets_[place.bucket];
  XGRAD_CHECK(place.bucket >= launched_, "[", kOperation,
              "] a gradient came after its bucket was reduced: a backward pass within another must run under no_sync()");
  put(parameter);
  if (std::exchange(place.arrived, true)) return;
  --bucket.missing;
  launch_complete();
}

void GradientReducer::begin_pass() {
  const auto pass = std::make_shared<Pass>(shared_from_this());
  autograd::queue_callback([pass] { pass->end(); });
  in_pass_ = true;
  launched_ = 0;
  for (Bucket& bucket : buckets_) bucket.missing = bucket.parameters.size();
  for (Place& place : places_) place.arrived = false;
  send_buffers();
}

void GradientReducer::put(size_t parameter) {
  const Place& place = places_[parameter];
  Bucket& bucket = buckets_[place.bucket];
  const Tensor& view = bucket.gradients[place.index];
  Tensor& grad = parameters_[parameter].mutable_grad();
  if (grad.defined()) {
    XGRAD_CHECK(!grad.is_sparse(), "[", kOperation, "] sparse gradients are not reduced, got one of ", parameters_[parameter].sizes());
    XGRAD_CHECK(!grad.requires_grad(), "[", kOperation, "] gradients of gradients are not reduced: backward() was called with create_graph");
    XGRAD_CHECK(grad.sizes() == view.sizes() && grad.dtype() == view.dtype(), "[", kOperation, "] expected a gradient like its parameter, ", view,
                ", got ", grad);
    if (grad.data_ptr() != view.data_ptr()) {
      view.copy_(grad);
      grad = view;
    }
  } else {
    view.zero_();
  }
  bucket.flat[bucket.flat.numel() - static_cast<int64_t>(bucket.parameters.size() - place.index)].fill_(grad.defined() ? 1 : 0);
}

void GradientReducer::launch_complete() {
  while (launched_ < buckets_.size() && buckets_[launched_].missing == 0) launch(buckets_[launched_++]);
}

void GradientReducer::launch(Bucket& bucket) {
  progress_->submit([this, flat = bucket.flat] {
    all_reduce_flat(communicator_.transport(), kOperation, flat.dtype(), ReduceOp::Average, flat.data_ptr(), flat.numel(), workspace_);
  });
}

void GradientReducer::end_pass() {
  const NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i)
    if (!places_[i].arrived) put(i);
  while (launched_ < buckets_.size()) launch(buckets_[launched_++]);
  const auto start = std::chrono::steady_clock::now();
  progress_->wait();
  waiting_ += std::chrono::steady_clock::now() - start;
  take_results();
  take_buffers();
  in_pass_ = false;
}

void GradientReducer::take_results() {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const Place& place = places_[i];
    const Bucket& bucket = buckets_[place.bucket];
    if (parameters_[i].grad().defined()) continue;
    const int64_t used = bucket.flat.numel() - static_cast<int64_t>(bucket.parameters.size() - place.index);
    if (bucket.flat[used].item<double>() > 0) parameters_[i].mutable_grad() = bucket.gradients[place.index];
  }
  for (const Bucket& bucket : buckets_) bucket.flat.impl().storage->bump_version();
}

void GradientReducer::send_buffers() {
  if (buffer_bytes_.empty()) return;
  char* to = buffer_bytes_.data();
  for (const Tensor& b : buffers_) {
    const Tensor flat = b.contiguous();
    std::memcpy(to, flat.data_ptr(), bytes_of(flat));
    to += bytes_of(flat);
  }
  progress_->submit([this] { broadcast_flat(communicator_.transport(), kOperation, buffer_bytes_.data(), buffer_bytes_.size(), 0); });
}

// Equal ones stay untouched: derivatives that saved them are still good.
void GradientReducer::take_buffers() {
  const char* from = buffer_bytes_.data();
  for (const Tensor& b : buffers_) {
    const Tensor mine = b.contiguous(), theirs = empty(b.sizes(), b.dtype());
    if (bytes_of(b) && std::memcmp(mine.data_ptr(), from, bytes_of(b)) != 0) {
      std::memcpy(theirs.data_ptr(), from, bytes_of(b));
      b.copy_(theirs);
    }
    from += bytes_of(b);
  }
}

DistributedDataParallel::Times GradientReducer::times() const { return {progress_->busy(), waiting_}; }

}}}  // namespace torch::xgrad::distributed
