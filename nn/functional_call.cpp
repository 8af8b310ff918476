#include <xgrad/nn/functional_call.h>

#include <algorithm>

#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/saved_tensor.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

// Makes `t` show the memory of `from`, and be where it is in the graph. Every handle on `t` sees it.
void become(const Tensor& t, const Tensor& from, const Edge& edge) {
  TensorImpl& to = t.impl();
  const TensorImpl& shown = from.impl();
  to.set_storage(shown.storage);
  to.data = shown.data;
  to.contiguous = shown.contiguous;
  to.strides = shown.strides;
  to.edge = edge;
  to.leaf_edge = shown.leaf_edge;
  to.requires_grad = shown.requires_grad;
}

// What become() takes over, in a tensor that is nobody's leaf.
Tensor remembered(const Tensor& t) {
  Tensor copy = xgrad::detail::alias(t);
  copy.impl().edge = t.impl().edge;
  copy.impl().leaf_edge = t.impl().leaf_edge;
  copy.impl().requires_grad = t.impl().requires_grad;
  return copy;
}

}  // namespace

void OtherParameters::add(const std::string& name, const Tensor& parameter, const Tensor& other) {
  XGRAD_CHECK(other.defined() && !other.is_sparse(), "[functional_call] the tensor for ", name, " is undefined or sparse");
  XGRAD_CHECK(other.sizes() == parameter.sizes() && other.dtype() == parameter.dtype(), "[functional_call] ", name, " is of shape ",
              parameter.sizes(), " and dtype ", parameter.dtype(), ", got ", other.sizes(), " and ", other.dtype());
  for (const Swap& s : swaps_) {
    if (!s.parameter.is_same(parameter)) continue;
    XGRAD_CHECK(s.other.is_same(other), "[functional_call] ", name, " is one tensor with another parameter, got two for it");
    return;
  }
  swaps_.push_back({parameter, other, {}});
}

void OtherParameters::swap_in() {
  for (Swap& s : swaps_) s.before = remembered(s.parameter);
  // All before any: a tensor given may be another parameter.
  std::vector<Tensor> others;
  for (const Swap& s : swaps_) {
    const Edge edge = xgrad::detail::gradient_edge(s.other);
    others.push_back(remembered(s.other));
    others.back().impl().edge = edge;
  }
  for (size_t i = 0; i < swaps_.size(); ++i) become(swaps_[i].parameter, others[i], others[i].impl().edge);
}

OtherParameters::OtherParameters(Module& module, const std::vector<Tensor>& parameters) {
  const auto own = module.named_parameters();
  XGRAD_CHECK(own.size() == parameters.size(), "[functional_call] ", module.name(), " has ", own.size(), " parameters, got ", parameters.size());
  for (size_t i = 0; i < parameters.size(); ++i) add(own[i].key(), own[i].value(), parameters[i]);
  swap_in();
}

OtherParameters::OtherParameters(Module& module, const std::map<std::string, Tensor>& parameters) {
  const auto own = module.named_parameters(), buffers = module.named_buffers();
  for (const auto& [name, other] : parameters) {
    const Tensor* found = own.find(name) ? own.find(name) : buffers.find(name);
    XGRAD_CHECK(found, "[functional_call] ", module.name(), " has no parameter or buffer ", name);
    add(name, *found, other);
  }
  swap_in();
}

OtherParameters::~OtherParameters() {
  for (const Swap& s : swaps_) become(s.parameter, s.before, s.before.impl().edge);
}

Tensor OtherParameters::own(Tensor result) const {
  for (const Swap& s : swaps_)
    if (result.is_same(s.parameter)) return s.other;
  return result;
}

}}}  // namespace torch::xgrad::nn
