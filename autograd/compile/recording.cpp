#include <xgrad/autograd/compile/recording.h>

#include <algorithm>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

namespace torch { inline namespace xgrad { namespace compiled {

namespace {

// A tensor of the same shape, dtype and order of elements, uninitialised.
Tensor room_like(const Tensor& t) {
  const TensorImpl& impl = t.impl();
  return impl.contiguous ? allocate_tensor(impl.sizes, impl.dtype) : allocate_in_order_of(t, impl.dtype);
}

// `from` has the shape and dtype of `to`.
void copy_bits(const Tensor& to, const Tensor& from) {
  const TensorImpl &t = to.impl(), &f = from.impl();
  if (t.contiguous && f.contiguous) std::memcpy(t.data, f.data, static_cast<size_t>(f.numel) * elementSize(f.dtype));
  else copy_elements(to, from);
}

bool same_bits(const Tensor& a, const Tensor& b) {
  if (!a.defined() || !b.defined()) return a.defined() == b.defined();
  if (a.dtype() != b.dtype() || a.sizes() != b.sizes()) return false;
  const Tensor x = contiguous_as(a, a.dtype()), y = contiguous_as(b, b.dtype());
  return std::memcmp(x.data_ptr(), y.data_ptr(), static_cast<size_t>(x.numel()) * elementSize(x.dtype())) == 0;
}

bool is_same_memory(const Tensor& a, const Tensor& b) { return a.is_alias_of(b) && a.data_ptr() == b.data_ptr(); }

// Its elements in memory of the step's own become its owner's; a tensor that nobody else sees serves again.
void give_copy(Tensor& to, const Tensor& from) {
  const bool serves = to.defined() && has_memory(to.unsafeGetTensorImpl()) && is_private(to.impl()) && !to.requires_grad() &&
                      to.dtype() == from.dtype() && to.sizes() == from.sizes() && to.strides() == from.strides();
  if (!serves) to = room_like(from);
  copy_bits(to, from);
}

std::string edits_input(size_t i) { return detail::concatenate("the step edits its input ", i, " in place"); }

}  // namespace

struct StepRecording::Look {
  uint32_t version = 0;
  Dims sizes, strides;

  explicit Look(const Tensor& t) {
    if (!t.defined()) return;
    version = t.impl().storage->version();
    sizes = t.impl().sizes;
    strides = t.impl().strides;
  }
  bool has_same_shape(const Look& o) const { return sizes == o.sizes && strides == o.strides; }
  bool operator==(const Look& o) const { return version == o.version && has_same_shape(o); }
};

StepRecording::StepRecording(const Tensor* inputs, size_t n) : grad_mode_(GradMode::is_enabled()), inference_mode_(InferenceMode::is_enabled()) {
  for (size_t i = 0; i < n; ++i) {
    Input& input = inputs_.emplace_back();
    input.given = inputs[i];
    input.defined = inputs[i].defined();
    if (!input.defined) continue;
    XGRAD_CHECK(!inputs[i].is_sparse(), "[compile] sparse tensors cannot be inputs, got ", inputs[i].toString(), " as input ", i);
    const TensorImpl& t = inputs[i].impl();
    input.dtype = t.dtype;
    input.sizes = t.sizes;
    input.strides = t.strides;
    input.requires_grad = inputs[i].requires_grad();
    input.is_leaf = inputs[i].is_leaf();
    if (!input.is_leaf)
      refuse(
          detail::concatenate("input ", i, " was computed from tensors that require gradients, which the step would reach through it; detach() it"));
  }
}

bool StepRecording::is_for(const Tensor* inputs, size_t n) const {
  if (n != inputs_.size() || grad_mode_ != GradMode::is_enabled() || inference_mode_ != InferenceMode::is_enabled()) return false;
  for (size_t i = 0; i < n; ++i) {
    const Input& known = inputs_[i];
    if (known.defined != inputs[i].defined()) return false;
    if (!known.defined) continue;
    if (inputs[i].is_sparse()) return false;
    const TensorImpl& t = inputs[i].impl();
    if (t.dtype != known.dtype || t.sizes != known.sizes || t.strides != known.strides || inputs[i].requires_grad() != known.requires_grad ||
        inputs[i].is_leaf() != known.is_leaf)
      return false;
  }
  if (epoch_ == detail::kept_launches_epoch())  // the flags are still there
    for (const auto& [flag, value] : flags_)
      if (*flag != value) return false;
  return true;
}

bool StepRecording::call(const Body& body, const Tensor* inputs, std::vector<Tensor>& results) {
  if (AnomalyMode::is_enabled() || stage_ == kEager) {
    results.clear();
    body(inputs, results);
    return false;
  }
  if (stage_ > kRecord && epoch_ != detail::kept_launches_epoch()) start_over(kWarmUp);
  if (stage_ > kRecord && !finds_inputs(inputs)) start_over(kRecord);
  if (stage_ > kRecord && !finds_gradients(inputs)) start_over(kWarmUp);
  if (stage_ > kRecord && writes_to_copied_input(inputs)) {
    results.clear();
    body(inputs, results);
    return false;
  }
  switch (stage_) {
    case kWarmUp: warm_up(body, inputs, results); break;
    case kRecord: record(body, inputs, results); break;
    case kVerify: verify(body, inputs, results); break;
    default: replay(inputs, results); return true;
  }
  return false;
}

// False, and those inputs are copies from now on, if some are not the tensors that they were.
bool StepRecording::finds_inputs(const Tensor* inputs) {
  bool all = true;
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].defined && inputs_[i].bound && !is_same_memory(inputs[i], inputs_[i].tensor)) all = inputs_[i].bound = false;
  return all;
}

void StepRecording::refuse(std::string reason) {
  start_over(kEager);
  refusal_ = std::move(reason);
}

void StepRecording::start_over(Stage stage) {
  stage_ = stage;
  calls_ = {};
  gradients_.clear();
  results_.clear();
  versions_.clear();
  held_.clear();
  flags_.clear();
  list_.reset();
}

// As written. Says whose gradients the step uses, which a recording has to know before.
void StepRecording::warm_up(const Body& body, const Tensor* inputs, std::vector<Tensor>& results) {
  GradientWatch watch;
  results.clear();
  const std::vector<Look> before(inputs, inputs + inputs_.size());
  body(inputs, results);
  for (size_t i = 0; i < inputs_.size(); ++i) inputs_[i].is_edited = !(Look(inputs[i]) == before[i]);
  leaves_.clear();
  for (const GradientWatch::Use& use : watch.uses) leaves_.push_back(use.leaf);
  start_over(kRecord);
}

void StepRecording::keep_inputs(const Tensor* inputs) {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    Input& input = inputs_[i];
    const Tensor given = input.given.defined() ? std::exchange(input.given, Tensor()) : input.tensor;
    if (!input.defined) continue;
    input.bound = input.bound && given.defined() && is_same_memory(given, inputs[i]);
    if (input.bound) {
      input.tensor = inputs[i];
      continue;
    }
    input.tensor = room_like(inputs[i]);
    if (input.requires_grad) input.tensor.set_requires_grad(true);
  }
}

std::optional<size_t> StepRecording::edited_copy(const Tensor* inputs) const {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Input& input = inputs_[i];
    const Tensor& before = input.given.defined() ? input.given : input.tensor;
    if (input.is_edited && !(input.bound && before.defined() && is_same_memory(before, inputs[i]))) return i;
  }
  return std::nullopt;
}

bool StepRecording::has_other_name(const Tensor* inputs, size_t i) const {
  if (inputs[i].storage().use_count() > 1) return true;
  for (size_t k = 0; k < inputs_.size(); ++k)
    if (k != i && inputs_[k].defined && inputs[k].is_alias_of(inputs[i])) return true;
  return false;
}

void StepRecording::fill_inputs(const Tensor* inputs) const {
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].defined && !inputs_[i].bound) copy_bits(inputs_[i].tensor, inputs[i]);
}

void StepRecording::record(const Body& body, const Tensor* inputs, std::vector<Tensor>& results) {
  for (size_t i = 0; i < inputs_.size(); ++i)  // to be added to, and the recording would give a new one
    if (inputs_[i].requires_grad && inputs[i].grad().defined()) return warm_up(body, inputs, results);
  if (const std::optional<size_t> i = edited_copy(inputs)) {
    const bool is_seen_elsewhere = has_other_name(inputs, *i);
    warm_up(body, inputs, results);
    if (!is_seen_elsewhere) refuse(edits_input(*i));
    return;
  }
  start_over(kRecord);
  keep_inputs(inputs);
  fill_inputs(inputs);
  std::vector<Tensor> own;
  for (const Input& input : inputs_) own.push_back(input.tensor);
  const std::vector<Look> looks(own.begin(), own.end());
  std::vector<GradientBefore> before;
  for (const Tensor& leaf : leaves_)
    before.push_back({leaf.grad().unsafeGetTensorImpl(), leaf.grad().defined() ? leaf.grad().storage().get() : nullptr});

  list_ = std::make_unique<kernels::LaunchList>();
  epoch_ = detail::kept_launches_epoch();
  const auto return_gradients = [&] {
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (inputs_[i].requires_grad && !inputs_[i].bound) inputs[i].mutable_grad() = std::exchange(inputs_[i].tensor.mutable_grad(), Tensor());
  };
  MetMemory met;
  GradientWatch watch;
  results.clear();
  try {
    const StepRecorder recorder(*list_, met);
    body(own.data(), results);
  } catch (...) {
    return_edits(inputs, looks);
    return_gradients();
    start_over(kRecord);
    throw;
  }

  const std::string edits = return_edits(inputs, looks);
  std::string reason;
  const auto first_of = [&](auto... checks) { static_cast<void>(((reason = checks()).empty() && ...)); };
  first_of(
      [&] {
        return watch.left_by.empty() ? "" : detail::concatenate("[", watch.left_by, "] looks at values, or keeps a count, while the step runs");
      },
      [&] { return edits; }, [&] { return take_gradients(watch, before, met); }, [&] { return take_memory(met); },
      [&] { return take_results(results); });
  const bool again = reason.empty() && !list_;  // to be recorded again
  if (!reason.empty() || again) {
    return_gradients();
    if (!again) refuse(std::move(reason));
    return;
  }
  for (size_t k = 0; k < results.size(); ++k)
    if (results_[k].is_new) give_copy(results[k] = Tensor(), results_[k].tensor);
  give_gradients(inputs);
  if (leaves_tensors()) return refuse("the step leaves a tensor behind that is neither its result nor a gradient; make it a result");
  flags_ = watch.flags;
  calls_ = FusedCalls(*list_);
  stage_ = kVerify;
}

// What the step did to copies of its inputs is done to the inputs. An input that the call before edited is no copy: what comes back here, it
// edits for the first time.
std::string StepRecording::return_edits(const Tensor* inputs, const std::vector<Look>& looks) const {
  std::string reason;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const Look look(inputs_[i].tensor);
    if (!inputs_[i].defined || inputs_[i].bound || look == looks[i]) continue;
    if (look.has_same_shape(looks[i])) copy_bits(inputs[i], inputs_[i].tensor);
    else inputs[i].set_data(inputs_[i].tensor);
    inputs[i].impl().storage->bump_version();
    reason = edits_input(i);
  }
  return reason;
}

// True iff memory of the recording is in use for something else than results and gradients, which a replay would not make anew.
bool StepRecording::leaves_tensors() const {
  bool any = false;
  list_->freed().for_each_out([&](const void* block) {
    const auto lies_there = [block](const Tensor& t) { return t.defined() && t.storage().get() == block; };
    any = any || (std::none_of(results_.begin(), results_.end(), [&](const Result& r) { return lies_there(r.tensor); }) &&
                  std::none_of(gradients_.begin(), gradients_.end(), [&](const Gradient& g) { return lies_there(g.result); }));
  });
  return any;
}

std::string StepRecording::take_gradients(const GradientWatch& watch, const std::vector<GradientBefore>& before, const MetMemory& met) {
  bool all_known = true;
  for (const GradientWatch::Use& use : watch.uses) {
    Gradient g{use.leaf, -1, use.is_used, false, nullptr, nullptr, false, {}};
    StorageImpl* memory = nullptr;  // of what was found
    for (size_t i = 0; i < inputs_.size(); ++i)
      if (inputs_[i].defined && !inputs_[i].bound && inputs_[i].tensor.is_same(use.leaf)) g.input = static_cast<int>(i);
    if (g.input < 0) {
      size_t k = 0;
      while (k < leaves_.size() && !leaves_[k].is_same(use.leaf)) ++k;
      if (k == leaves_.size()) {
        leaves_.push_back(use.leaf);
        all_known = false;
        continue;
      }
      g.found = before[k].gradient;
      memory = before[k].memory;
    }
    const Tensor& now = use.leaf.grad();
    if (now.is_sparse()) return "a gradient is sparse";
    g.is_dropped = g.found && (use.is_used ? !use.found : now.unsafeGetTensorImpl() != g.found);
    if (const auto read = met.storages.find(memory); g.is_dropped && read != met.storages.end() && read->second.read_first)
      return reads_what_it_drops(*read->second.operation);
    // Another tensor may have come to lie where the one that was found did.
    g.in_place = g.found && now.unsafeGetTensorImpl() == g.found && list_->freed().times_given(now.storage().get()) == 0;
    if (!g.is_dropped && use.found != g.found) return "the step replaces a gradient before it adds to it";
    if (g.in_place) g.data = now.data_ptr();
    else if (now.defined()) g.result = now.detach();
    gradients_.push_back(std::move(g));
  }
  if (!all_known) start_over(kRecord);
  return "";
}

std::string StepRecording::take_memory(const MetMemory& met) {
  if (!list_) return "";
  if (!met.fault.empty()) return met.fault;
  const memory::Withheld& freed = list_->freed();
  const auto is_of_gradient = [this](const StorageImpl* storage) {
    for (const Gradient& g : gradients_)
      if (g.in_place && g.leaf.grad().storage().get() == storage) return true;
    return false;
  };
  for (const auto& [storage, meeting] : met.storages) {
    const bool is_gone = freed.keeps(storage) || freed.times_given(storage) != meeting.life;
    if (is_gone && meeting.life == 0 && meeting.read_first) return reads_what_it_drops(*meeting.operation);
    if (is_gone || meeting.life > 0 || is_of_gradient(storage)) continue;  // another owner would change how gradients are added
    held_.push_back(Storage(IntrusivePtr<StorageImpl>(storage)));
    storage->note_kept_launches();
    if (const uint32_t advance = std::max<uint32_t>(storage->version() - meeting.version, meeting.written))
      versions_.push_back({held_.back(), advance});
  }
  // Whatever lives on in memory that launches write to, or wrote to in an earlier life of it, begins with its StorageImpl.
  freed.for_each_out(
      [&](const void* block) { held_.push_back(Storage(IntrusivePtr<StorageImpl>(static_cast<StorageImpl*>(const_cast<void*>(block))))); });
  return "";
}

std::string StepRecording::take_results(const std::vector<Tensor>& results) {
  if (!list_) return "";
  const bool goes_back = std::any_of(gradients_.begin(), gradients_.end(), [](const Gradient& g) { return g.is_used; });
  for (const Tensor& y : results) {
    Result r{y, false};
    if (y.is_sparse()) return "a result is sparse";
    if (y.defined()) {
      if (y.requires_grad() && !y.is_leaf() && !goes_back)
        return "its result has a graph to go back through; call backward() inside, or compile it under NoGradGuard";
      r.is_new = list_->freed().times_given(y.storage().get()) > 0;
      for (const Input& input : inputs_) r.is_new = r.is_new || (input.defined && !input.bound && y.is_alias_of(input.tensor));
      if (r.is_new) r.tensor = y.detach();
    }
    results_.push_back(std::move(r));
  }
  return "";
}

bool StepRecording::writes_to_copied_input(const Tensor* inputs) const {
  for (size_t i = 0; i < inputs_.size(); ++i) {
    if (!inputs_[i].defined || inputs_[i].bound || !inputs[i].impl().storage->is_in_kept_launches()) continue;
    for (const Version& v : versions_)
      if (v.storage.is_alias_of(inputs[i].impl().storage)) return true;
  }
  return false;
}

bool StepRecording::finds_gradients(const Tensor* inputs) const {
  for (const Gradient& g : gradients_) {
    if (g.is_dropped) continue;
    const Tensor& found = owner(g, inputs).grad();
    if (found.unsafeGetTensorImpl() != g.found || (g.in_place && found.data_ptr() != g.data)) return false;
  }
  return true;
}

void StepRecording::give_gradients(const Tensor* inputs) const {
  for (const Gradient& g : gradients_) {
    if (g.in_place) continue;
    Tensor& grad = owner(g, inputs).mutable_grad();
    if (g.result.defined()) give_copy(grad, g.result);
    else grad = Tensor();
    if (g.input >= 0) g.leaf.mutable_grad() = Tensor();
  }
}

void StepRecording::give_results(std::vector<Tensor>& results) const {
  results.resize(results_.size());
  for (size_t k = 0; k < results_.size(); ++k) {
    if (results_[k].is_new) give_copy(results[k], results_[k].tensor);
    else results[k] = results_[k].tensor;
  }
}

void StepRecording::replay(const Tensor* inputs, std::vector<Tensor>& results) {
  fill_inputs(inputs);
  calls_();
  give_gradients(inputs);
  for (const Version& v : versions_)
    for (uint32_t i = 0; i < v.advance; ++i) v.storage->bump_version();
  give_results(results);
}

void StepRecording::verify(const Body& body, const Tensor* inputs, std::vector<Tensor>& results) {
  const WrittenMemory written(*list_);
  const WrittenMemory::Image before = written.read();
  fill_inputs(inputs);
  bool ran = true;
  try {
    calls_();
  } catch (const std::exception&) {
    ran = false;  // as the step itself will do
  }
  const WrittenMemory::Image after = written.read();
  std::vector<Tensor> values, gradients;
  if (ran) {
    for (const Result& r : results_) values.push_back(r.is_new ? contiguous_as(r.tensor.clone(), r.tensor.dtype()) : r.tensor);
    for (const Gradient& g : gradients_) gradients.push_back(g.result.defined() ? g.result.clone() : Tensor());
  }
  written.write(before);

  results.clear();
  body(inputs, results);
  if (!ran) return;
  const auto differ = [](const std::string& what) {
    return detail::concatenate("run again, its kernels leave other bits in ", what, ": something that changes from call to call is no tensor");
  };
  if (const Operation* const writer = written.difference(after)) return refuse(differ(detail::concatenate("what [", writer->name(), "] writes")));
  bool same = results.size() == values.size();
  for (size_t k = 0; same && k < values.size(); ++k) same = same_bits(values[k], results[k]);
  if (!same) return refuse(differ("its results"));
  for (size_t k = 0; k < gradients.size(); ++k)
    if (!gradients_[k].in_place && !same_bits(gradients[k], owner(gradients_[k], inputs).grad())) return refuse(differ("gradients"));
  if (epoch_ == detail::kept_launches_epoch()) stage_ = kReplay;
}

}}}  // namespace torch::xgrad::compiled
