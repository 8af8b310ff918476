// A step recorded once and run again without the work of recording it: no nodes, no allocation, no reference counts.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/compile/compiled_step.h>

namespace torch { inline namespace xgrad {

namespace compiled {

/// A function's value as a list of tensors, and back.
template <class R> struct Results {
  static_assert(std::is_same_v<R, Tensor>, "a compiled function returns nothing, a Tensor, a std::vector, tuple, pair or array of Tensors");
  static void put(std::vector<Tensor>& to, Tensor y) { to.push_back(std::move(y)); }
  static Tensor get(const std::vector<Tensor>& from) { return from[0]; }
};
template <> struct Results<std::vector<Tensor>> {
  static void put(std::vector<Tensor>& to, std::vector<Tensor> ys) { to = std::move(ys); }
  static std::vector<Tensor> get(const std::vector<Tensor>& from) { return from; }
};
template <class Tuple> struct TupleResults {
  static constexpr size_t kSize = std::tuple_size<Tuple>::value;
  static void put(std::vector<Tensor>& to, Tuple ys) { put(to, ys, std::make_index_sequence<kSize>()); }
  static Tuple get(const std::vector<Tensor>& from) { return get(from, std::make_index_sequence<kSize>()); }

 private:
  template <size_t... i> static void put(std::vector<Tensor>& to, Tuple& ys, std::index_sequence<i...>) {
    (to.push_back(std::move(std::get<i>(ys))), ...);
  }
  template <size_t... i> static Tuple get(const std::vector<Tensor>& from, std::index_sequence<i...>) { return Tuple{from[i]...}; }
};
template <class... T> struct Results<std::tuple<T...>> : TupleResults<std::tuple<T...>> {};
template <class A, class B> struct Results<std::pair<A, B>> : TupleResults<std::pair<A, B>> {};
template <size_t n> struct Results<std::array<Tensor, n>> : TupleResults<std::array<Tensor, n>> {};

}  // namespace compiled

/// What compile() makes of a function F. To be called by one thread at a time. The objects that the function refers to must outlive it.
template <class F> class Compiled {
 public:
  Compiled(F f, const CompileOptions& options) : f_(std::move(f)), options_(options) {}

  /// The value of the function for these tensors. Results are the caller's own, as those of the function are.
  template <class... T> auto operator()(const T&... inputs) {
    static_assert((std::is_convertible_v<const T&, const Tensor&> && ...), "a compiled function takes tensors");
    using R = std::decay_t<decltype(std::declval<F&>()(static_cast<const Tensor&>(inputs)...))>;
    if (compiled::CompiledStep::is_part_of_recording()) return static_cast<R>(f_(static_cast<const Tensor&>(inputs)...));
    if (!step_) step_ = std::make_unique<compiled::CompiledStep>(call<R, sizeof...(T)>, options_);
    const std::array<Tensor, sizeof...(T)> all{inputs...};
    const std::vector<Tensor>& results = step_->run(&f_, all.data(), all.size());
    if constexpr (!std::is_void_v<R>) return compiled::Results<R>::get(results);
  }

  CompileStatistics statistics() const { return step_ ? step_->statistics() : CompileStatistics(); }
  /// Why the last call's kind of inputs runs as written; empty where it is replayed, or will be.
  std::string why_not() const { return step_ ? step_->why_not() : std::string(); }
  /// Forgets all recordings, and with them the tensors that they keep.
  void reset() {
    if (step_) step_->reset();
  }

 private:
  template <class R, size_t n> static void call(void* f, const Tensor* inputs, std::vector<Tensor>& results) {
    call_with<R>(*static_cast<F*>(f), inputs, results, std::make_index_sequence<n>());
  }
  template <class R, size_t... i> static void call_with(F& f, const Tensor* inputs, std::vector<Tensor>& results, std::index_sequence<i...>) {
    if constexpr (std::is_void_v<R>) f(inputs[i]...);
    else compiled::Results<R>::put(results, f(inputs[i]...));
  }

  F f_;
  CompileOptions options_;
  std::unique_ptr<compiled::CompiledStep> step_;
};

/// A function of tensors, made to run from a recording:
///
///     auto step = xgrad::compile([&](Tensor x, Tensor y) {
///       optimizer.zero_grad();
///       Tensor loss = F::mse_loss(net(x), y);
///       loss.backward();
///       optimizer.step();
///       return loss;
///     });
///     for (...) loss = step(x, y);
///
/// For each kind of inputs (shapes, strides, dtypes, requires_grad; grad mode; modules in training or not) the first call runs the function
/// as it is written. The second records the kernels that it launches and the memory that they work on. The third runs them, puts the memory
/// back, runs the function, and compares all bits that either left. From the fourth on the kernels run, and the function itself is not called.
///
/// A replay does what the function would have done: results, gradients in grad(), parameters, buffers, the optimizer's state, version
/// counters, draws of generators, learning rates that changed meanwhile and errors of values (an index out of range), bit for bit. Results do
/// not require grad. What the function does besides with tensors (printing, counting, a learning-rate schedule's step) happens only where it
/// runs. Numbers that it reads from variables of C++ are those of the recording: make what changes a tensor, an input or an optimizer's rate.
///
/// Where a step is not its kernels (item() or a shape that follows from values; a schedule or a count inside; a tensor that is left in
/// a variable), it goes on running as written, and why_not() says the reason. It also runs as written inside another recording, in anomaly
/// mode, and where a gradient is not where the recording left it.
///
/// Memory: a recording keeps what the step has in use at its peak. `options`: see CompileOptions.
template <class F> Compiled<std::decay_t<F>> compile(F&& f, const CompileOptions& options = {}) { return {std::forward<F>(f), options}; }

}}  // namespace torch::xgrad
