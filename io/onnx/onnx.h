// Trained models for inference runtimes: ONNX files.
//
//   torch::onnx::save(net, {torch::zeros({1, 3, 32, 32})}, "net.onnx");
//
// docs/onnx.md says which operations have a counterpart.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace onnx {

struct Options {
  /// The version of ONNX's operators, 13 to 17.
  int64_t opset = 17;
  /// "input", or "input_0", "input_1", ... without; "output" likewise.
  std::vector<std::string> input_names{}, output_names{};
  /// The file's model takes batches of any size. The function is run with three sizes; what differs between them must follow from the size.
  bool dynamic_batch = true;
  /// The axis of each input along which the batch lies, -1 for an input without; 0 for all where the list is empty.
  std::vector<int64_t> batch_axes{};
  /// What the file calls the size of the batch, and the model.
  std::string batch_name = "batch", model_name = "model";
};

/// A tensor that the file should call by its name: a parameter, a buffer.
using NamedTensors = std::vector<std::pair<std::string, Tensor>>;
using Function = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

/// The file as bytes, and written to `path` as one step: what `f` computes of tensors like `inputs`. It is run, without gradients, and
/// what it does is followed; what doesn't depend on the inputs becomes a constant of the file. Tensors in `named` come under their names.
/// Throws, naming the operation and the module whose parameters it uses, where an operation has no counterpart, and a sentence where the
/// options don't fit or something can't be made for batches of every size; no file is written then. As in every trace, an `if` on elements
/// of tensors is decided by those of `inputs`.
XGRAD_API std::string bytes(const Function& f, const std::vector<Tensor>& inputs, const Options& options = {}, const NamedTensors& named = {});
XGRAD_API void save(const Function& f, const std::vector<Tensor>& inputs, const std::string& path, const Options& options = {},
                    const NamedTensors& named = {});

/// The parameters and buffers of a module by name, for a function that calls it.
template <class M> NamedTensors named_tensors(const M& module) {
  NamedTensors named;
  for (const auto& item : module.named_parameters()) named.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) named.emplace_back(item.key(), item.value());
  return named;
}

namespace detail {

inline void append(std::vector<Tensor>& all, const Tensor& t) { all.push_back(t); }
inline void append(std::vector<Tensor>& all, const std::vector<Tensor>& ts) { all.insert(all.end(), ts.begin(), ts.end()); }
template <class A, class B> void append(std::vector<Tensor>& all, const std::pair<A, B>& ts);
template <class... T> void append(std::vector<Tensor>& all, const std::tuple<T...>& ts);
template <class A, class B> void append(std::vector<Tensor>& all, const std::pair<A, B>& ts) {
  append(all, ts.first);
  append(all, ts.second);
}
template <class... T> void append(std::vector<Tensor>& all, const std::tuple<T...>& ts) {
  std::apply([&all](const auto&... t) { (append(all, t), ...); }, ts);
}

template <size_t> using Repeated = const Tensor&;
template <class F, class Places> struct TakesTensors;
template <class F, size_t... i> struct TakesTensors<F, std::index_sequence<i...>> : std::is_invocable<F&, Repeated<i>...> {};

[[noreturn]] XGRAD_API void refuse_count(size_t inputs);

template <class F, size_t... i> std::vector<Tensor> results_of(F& forward, const std::vector<Tensor>& inputs, std::index_sequence<i...>) {
  std::vector<Tensor> results;
  append(results, forward(inputs[i]...));
  return results;
}

/// forward(inputs[0], inputs[1], ...), for up to six inputs.
template <size_t n = 1, class F> std::vector<Tensor> call(F& forward, const std::vector<Tensor>& inputs) {
  if constexpr (TakesTensors<F, std::make_index_sequence<n>>::value) {
    if (inputs.size() == n) return results_of(forward, inputs, std::make_index_sequence<n>());
  }
  if constexpr (n < 6) return call<n + 1>(forward, inputs);
  else refuse_count(inputs.size());
}

/// module->forward(x...)
template <class M> struct Forward {
  M& module;
  template <class... T> auto operator()(const T&... x) const -> decltype(std::declval<M&>()->forward(x...)) { return module->forward(x...); }
};

template <class M> using Pointee = std::decay_t<decltype(*std::declval<M&>())>;
template <class M, class = void> struct IsModule : std::false_type {};
template <class M> struct IsModule<M, std::void_t<decltype(std::declval<Pointee<M>&>().named_parameters())>> : std::true_type {};

}  // namespace detail

/// The same of a module: a holder (torch::nn::Linear, torch::nn::Sequential) or a shared pointer. forward() takes as many tensors as there
/// are inputs, at most six, and gives a tensor or tensors, also in nested tuples, which become one result after the other. Call eval()
/// on it first: dropout and statistics of a batch are refused.
template <class M, std::enable_if_t<detail::IsModule<M>::value, int> = 0>
std::string bytes(M& module, const std::vector<Tensor>& inputs, const Options& options = {}) {
  const detail::Forward<M> forward{module};
  return onnx::bytes(Function([&](const std::vector<Tensor>& x) { return detail::call(forward, x); }), inputs, options, named_tensors(*module));
}
template <class M, std::enable_if_t<detail::IsModule<M>::value, int> = 0>
void save(M& module, const std::vector<Tensor>& inputs, const std::string& path, const Options& options = {}) {
  const detail::Forward<M> forward{module};
  onnx::save(Function([&](const std::vector<Tensor>& x) { return detail::call(forward, x); }), inputs, path, options, named_tensors(*module));
}

}}}  // namespace torch::xgrad::onnx
