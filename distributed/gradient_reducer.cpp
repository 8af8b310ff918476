#include <xgrad/distributed/gradient_reducer.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/engine/callback.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/reduction.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

constexpr const char* kOperation = "DistributedDataParallel";

void check_is_there(bool gradient, const std::string& parameter) {
  XGRAD_CHECK(gradient, "[", kOperation, "] the gradient of ", parameter,
              " was taken away before it was reduced: what a hook does with it is for register_post_reduce_grad_hook()");
}

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

/// Lives as long as the reducer, but for a call that is under way.
class GradientReducer::Receiver final : public GradientReceiver {
 public:
  Receiver(GradientReducer& reducer, size_t parameter) : reducer_(reducer), parameter_(parameter) {}
  bool prepare(Tensor& grad) override { return reducer_.prepare(parameter_, grad); }
  int64_t stretch_end(int64_t first) const override {
    const std::vector<Stretch>& stretches = reducer_.places_[parameter_].stretches;
    return std::find_if(stretches.begin(), stretches.end() - 1, [first](const Stretch& s) { return s.end > first; })->end;
  }
  void complete(int64_t last) override { reducer_.add_stretches(parameter_, last); }

 private:
  GradientReducer& reducer_;
  size_t parameter_;
};

GradientReducer::GradientReducer(std::vector<NamedParameter> parameters, std::vector<Tensor> buffers, double most_bytes,
                                 std::shared_ptr<NodeHooks> reduced, const Communicator& communicator)
    : parameters_(std::move(parameters)),
      buffers_(std::move(buffers)),
      most_bytes_(most_bytes),
      places_(parameters_.size()),
      reduced_(std::move(reduced)),
      communicator_(communicator.duplicate(true)) {
  std::vector<size_t> order;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    places_[i].sizes = parameters_[i].tensor.sizes();
    places_[i].numel = parameters_[i].tensor.numel();
  }
  for (size_t i = parameters_.size(); i-- > 0;) {
    check_reducible(kOperation, parameters_[i].tensor.dtype(), ReduceOp::Average);
    order.push_back(i);
  }
  lay_out(order);
  size_t bytes = 0;
  for (const Tensor& b : buffers_) bytes += bytes_of(b);
  buffer_bytes_.resize(bytes);
  progress_ = std::make_unique<ProgressThread>();
}

GradientReducer::~GradientReducer() {
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (!places_[i].receiver) continue;
    const Edge& edge = xgrad::detail::gradient_edge(parameters_[i].tensor);
    if (!edge || !edge.function->is_leaf()) continue;  // what is aside knows that this is gone
    edge.function->hooks().remove(places_[i].hook);
    edge.function->hooks().set_receiver({});
  }
  communicator_.transport().interrupt();
  progress_.reset();
}

void GradientReducer::attach() {
  for (const NamedParameter& p : parameters_) {
    XGRAD_CHECK(!xgrad::detail::gradient_edge(p.tensor).function->hooks().receiver(), "[", kOperation, "] parameter ", p.name,
                " is in another DistributedDataParallel, which must end before");
  }
  for (size_t i = 0; i < parameters_.size(); ++i) {
    NodeHooks& hooks = xgrad::detail::gradient_edge(parameters_[i].tensor).function->hooks();
    places_[i].receiver = std::make_shared<Receiver>(*this, i);
    hooks.set_receiver(places_[i].receiver);
    places_[i].hook = hooks.add_accumulated([weak = weak_from_this(), i](const Tensor&) {
      if (const auto self = weak.lock(); self && self->synchronises_) self->on_gradient(i);
    });
  }
}

// ---- where gradients lie

void GradientReducer::lay_out(const std::vector<size_t>& order) {
  constexpr int64_t kTogether = 16;  // each begins at a multiple of so many elements, so that it is aligned
  const auto room = [&](size_t i) { return (places_[i].numel + 1 + kTogether - 1) / kTogether * kTogether; };
  const auto dtype = [&](size_t i) { return parameters_[i].tensor.dtype(); };
  buckets_.clear();
  for (size_t first = 0, last = 0; first < order.size(); first = last) {
    int64_t elements = 0;
    for (last = first; last < order.size() && dtype(order[last]) == dtype(order[first]); ++last) elements += room(order[last]);
    const Tensor memory = zeros({elements}, dtype(order[first]));
    int64_t begin = 0;
    for (size_t k = first; k < last; ++k) {
      append(order[k], memory, begin, begin + room(order[k]), k == first);
      begin += room(order[k]);
    }
  }
}

// A gradient of more than a bucket is cut into parts as equal as its rows allow; others go together.
void GradientReducer::append(size_t parameter, const Tensor& memory, int64_t begin, int64_t end, bool begins_memory) {
  constexpr double kSlack = 1.0 / 16;        // so that a bias goes with its weight
  constexpr double kLeastBytes = 64 * 1024;  // of a part: below, latency is what counts
  Place& place = places_[parameter];
  const double element = static_cast<double>(elementSize(memory.dtype())), bytes = static_cast<double>(place.numel) * element;
  const double most = most_bytes_ * (1 + kSlack);
  const int64_t rows = place.sizes.empty() ? 1 : place.sizes[0];
  int64_t parts = 1;
  if (bytes > most) parts = std::clamp<int64_t>(static_cast<int64_t>(std::min(std::ceil(bytes / most_bytes_), bytes / kLeastBytes)), 1, rows);
  place.memory = memory;
  place.begin = begin;
  place.stretches.clear();
  for (int64_t part = 0; part < parts; ++part) {
    const int64_t row = rows * (part + 1) / parts, until = part + 1 == parts ? end : begin + place.numel / rows * row;
    const bool joins = !(begins_memory && part == 0) && static_cast<double>(until - buckets_.back().begin) * element <= most;
    if (!joins) {
      const int64_t from = begins_memory && part == 0 ? 0 : buckets_.back().end;
      buckets_.emplace_back();
      buckets_.back().memory = memory;
      buckets_.back().begin = from;
    }
    buckets_.back().end = until;
    ++buckets_.back().stretches;
    place.stretches.push_back({buckets_.size() - 1, row});
  }
  buckets_.back().ending.push_back(parameter);
}

char* GradientReducer::address_of(const Place& place, int64_t element) const {
  return static_cast<char*>(place.memory.data_ptr()) + (place.begin + element) * static_cast<int64_t>(elementSize(place.memory.dtype()));
}

// A tensor that seems to have its memory alone, so that a product may add to it.
Tensor GradientReducer::tensor_in(const Place& place) const {
  return from_blob(
      address_of(place), place.sizes, [memory = place.memory](void*) {}, place.memory.options());
}

bool GradientReducer::is_as_wrapped(size_t parameter) const {
  const Tensor& p = parameters_[parameter].tensor;
  return p.dtype() == places_[parameter].memory.dtype() && p.sizes() == places_[parameter].sizes;
}

void GradientReducer::note_used(const Place& place, bool used) {
  char* const number = address_of(place, place.numel);
  if (place.memory.dtype() == kDouble) *reinterpret_cast<double*>(number) = used;
  else *reinterpret_cast<float*>(number) = used;
}
bool GradientReducer::is_used_by_any(const Place& place) const {
  const char* const number = address_of(place, place.numel);
  return place.memory.dtype() == kDouble ? *reinterpret_cast<const double*>(number) > 0 : *reinterpret_cast<const float*>(number) > 0;
}

// ---- a pass

bool GradientReducer::prepare(size_t parameter, Tensor& grad) {
  if (synchronises_) expect(parameter);
  if (!is_as_wrapped(parameter)) return false;
  const Place& place = places_[parameter];
  if (!grad.defined()) {
    grad = tensor_in(place);
    std::memset(grad.data_ptr(), 0, bytes_of(grad));
  }
  const TensorImpl& impl = grad.impl();
  return impl.data == address_of(place) && impl.refs.value() == 1 && impl.storage.use_count() == 1 && !grad.requires_grad();
}

void GradientReducer::add_stretches(size_t parameter, int64_t rows) {
  if (!synchronises_) return;
  const Place& place = places_[parameter];
  if (rows >= place.stretches.back().end) {
    note_used(place, true);
    places_[parameter].was_added = true;
  }
  advance(parameter, rows);
}

void GradientReducer::on_gradient(size_t parameter) {
  Place& place = places_[parameter];
  check_is_there(parameters_[parameter].tensor.grad().defined(), parameters_[parameter].name);
  if (std::exchange(place.was_added, false)) return;
  expect(parameter);
  put(parameter);
  advance(parameter, place.stretches.back().end);
}

/// Throws where the gradient of a parameter can't be taken now.
void GradientReducer::expect(size_t parameter) {
  XGRAD_CHECK(!broken_, "[", kOperation, "] an earlier backward pass failed on rank ", communicator_.rank(),
              " in the middle of a reduction: the ranks are no longer in step");
  if (!in_pass_) begin_pass();
  const Place& place = places_[parameter];
  const NamedParameter& p = parameters_[parameter];
  XGRAD_CHECK(is_as_wrapped(parameter), "[", kOperation, "] parameter ", p.name, " is ", p.tensor, " now, and was ", place.memory.dtype(),
              place.sizes, " when the module was wrapped: wrap it after to()");
  XGRAD_CHECK(place.stretches.front().bucket >= launched_, "[", kOperation, "] a gradient of ", p.name,
              " came after its bucket was reduced: a backward pass within another must run under no_sync()");
}

/// Rows below `rows` are complete on this rank.
void GradientReducer::advance(size_t parameter, int64_t rows) {
  Place& place = places_[parameter];
  for (; !place.is_complete() && place.stretches[place.complete].end <= rows; ++place.complete)
    --buckets_[place.stretches[place.complete].bucket].missing;
  if (place.is_complete() && !std::exchange(place.came, true) && !knows_order_) order_.push_back(parameter);
  while (launched_ < buckets_.size() && buckets_[launched_].missing == 0) launch(launched_++);
}

void GradientReducer::begin_pass() {
  xgrad::detail::note_leaving_launches(kOperation);
  const auto pass = std::make_shared<Pass>(shared_from_this());
  autograd::queue_callback([pass] { pass->end(); });
  in_pass_ = true;
  launched_ = 0;
  for (Bucket& bucket : buckets_) bucket.missing = bucket.stretches;
  for (Place& place : places_) {
    place.complete = 0;
    place.came = place.was_added = false;
  }
  order_.clear();
  send_buffers();
}

/// The gradient of a parameter comes to its place, or the place gets zeros.
void GradientReducer::put(size_t parameter) {
  const Place& place = places_[parameter];
  Tensor& grad = parameters_[parameter].tensor.mutable_grad();
  note_used(place, grad.defined());
  if (!grad.defined()) {
    std::memset(address_of(place), 0, static_cast<size_t>(place.numel) * elementSize(place.memory.dtype()));
    return;
  }
  XGRAD_CHECK(!grad.is_sparse(), "[", kOperation, "] sparse gradients are not reduced, got one of ", parameters_[parameter].name, " ", place.sizes);
  XGRAD_CHECK(!grad.requires_grad(), "[", kOperation, "] gradients of gradients are not reduced: backward() was called with create_graph");
  XGRAD_CHECK(grad.sizes() == place.sizes && grad.dtype() == place.memory.dtype(), "[", kOperation, "] expected a gradient of ",
              parameters_[parameter].name, " like its parameter, ", place.memory.dtype(), place.sizes, ", got ", grad);
  if (grad.data_ptr() == address_of(place) && grad.is_contiguous()) return;
  const Tensor moved = tensor_in(place);
  moved.copy_(grad);
  grad = moved;
}

void GradientReducer::launch(size_t index) {
  Bucket& bucket = buckets_[index];
  const int64_t elements = bucket.end - bucket.begin, number = static_cast<int64_t>(index);
  char* const begin = static_cast<char*>(bucket.memory.data_ptr()) + bucket.begin * static_cast<int64_t>(elementSize(bucket.memory.dtype()));
  bucket.sent = progress_->submit([this, begin, elements, number, dtype = bucket.memory.dtype()] {
    const Collective call(communicator_.transport(), CollectiveKind::Gradients, dtype, {elements, number}, kOperation);
    all_reduce_flat(call, dtype, ReduceOp::Average, begin, elements, workspace_);
  });
}

void GradientReducer::end_pass() {
  const NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    if (places_[i].is_complete()) continue;
    put(i);
    for (const Stretch& s : places_[i].stretches) --buckets_[s.bucket].missing;
  }
  while (launched_ < buckets_.size()) launch(launched_++);
  for (const Bucket& bucket : buckets_) {
    const auto start = std::chrono::steady_clock::now();
    progress_->wait(bucket.sent);
    waiting_ += std::chrono::steady_clock::now() - start;
    take_results(bucket);
  }
  take_buffers();
  if (!std::exchange(knows_order_, true)) learn_order();
  in_pass_ = false;
}

void GradientReducer::take_results(const Bucket& bucket) {
  for (const size_t i : bucket.ending) {
    Tensor& grad = parameters_[i].tensor.mutable_grad();
    check_is_there(grad.defined() || !places_[i].came, parameters_[i].name);
    if (!grad.defined() && is_used_by_any(places_[i])) grad = tensor_in(places_[i]);
    if (grad.defined()) grad.impl().storage->bump_version();
  }
  if (!reduced_->has(NodeHooks::kAccumulated)) return;
  for (const size_t i : bucket.ending)
    if (parameters_[i].tensor.grad().defined()) reduced_->call_accumulated(parameters_[i].tensor);
}

// Those that no rank used come last.
void GradientReducer::learn_order() {
  std::vector<int64_t> order(order_.begin(), order_.end());
  std::vector<bool> came(parameters_.size());
  for (const size_t i : order_) came[i] = true;
  for (size_t i = parameters_.size(); i-- > 0;)
    if (!came[i]) order.push_back(static_cast<int64_t>(i));
  const Collective call(communicator_.transport(), CollectiveKind::GradientOrder, kLong, {static_cast<int64_t>(order.size())}, kOperation);
  broadcast_flat(call, order.data(), order.size() * sizeof(int64_t), 0);
  lay_out(std::vector<size_t>(order.begin(), order.end()));
  for (size_t i = 0; i < parameters_.size(); ++i)
    if (parameters_[i].tensor.grad().defined()) put(i);
}

void GradientReducer::send_buffers() {
  if (buffer_bytes_.empty()) return;
  char* to = buffer_bytes_.data();
  for (const Tensor& b : buffers_) {
    const Tensor flat = b.contiguous();
    std::memcpy(to, flat.data_ptr(), bytes_of(flat));
    to += bytes_of(flat);
  }
  progress_->submit([this] {
    const Collective call(communicator_.transport(), CollectiveKind::Buffers, kByte, {static_cast<int64_t>(buffer_bytes_.size())}, kOperation);
    broadcast_flat(call, buffer_bytes_.data(), buffer_bytes_.size(), 0);
  });
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
