#include <xgrad/train/metrics/metric.h>

#include <algorithm>

#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/io/archive.h>
#include <xgrad/train/metrics/values.h>

namespace torch { inline namespace xgrad { namespace train {

Metric::Metric(const char* name, size_t size, bool grows) : name_(name), state_(grows ? 0 : size), size_(size), grows_(grows) {}
Metric::~Metric() = default;

void Metric::reset() {
  if (grows_) state_.clear();
  else std::fill(state_.begin(), state_.end(), 0.0);
}

void Metric::save(serialize::OutputArchive& archive) const {
  archive.write("metric", IValue(name_));
  archive.write("state", tensor(state_, kDouble), /*is_buffer=*/true);
}

void Metric::load(serialize::InputArchive& archive) {
  IValue name;
  Tensor state;
  archive.read("metric", name);
  archive.read("state", state, /*is_buffer=*/true);
  XGRAD_CHECK(name.toStringRef() == name_, "[load] expected the state of a metric ", name_, ", got one of ", name.toStringRef());
  const size_t n = static_cast<size_t>(state.numel());
  XGRAD_CHECK(state.dim() == 1 && state.dtype() == kDouble && (grows_ ? n % size_ == 0 : n == size_), "[load] expected the state of ", name_, ", ",
              size_, " float64", grows_ ? " an example" : "", ", got ", state);
  const Values values = values_of(name_, "state", state);
  state_.assign(values.begin(), values.end());
}

}}}  // namespace torch::xgrad::train
