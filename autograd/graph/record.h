// How an operation states its derivative.
//
// An operation computes its value with a kernel, which gives a Forward, and turns it into a Tensor by saying one of:
//
//   return record(y, wrt(x, [](const Tensor& gy, const Tensor& y) { return gy * y; }));
//   return record(y, with("dim", dim), wrt(x, ...), given(index));
//   return not_differentiable(y, x);
//
// A Forward converts to nothing else, so leaving the derivative out does not compile. Every wrt() names one input and
// the function that gives its gradient; it runs only when that gradient is asked for. Inputs it needs are captured
// with save(). Gradients are written with differentiable operations and may ignore broadcasting: the engine sums each
// to its input's shape. Operands without gradient are named by given(), so that a trace (trace.h) shows all, in the order of PyTorch's
// function; further results without gradient by also().
#pragma once

#include <array>
#include <optional>
#include <tuple>
#include <type_traits>

#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/graph/attributes.h>
#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/graph/operand_log.h>
#include <xgrad/autograd/graph/saved_tensor.h>
#include <xgrad/autograd/graph/trace.h>
#include <xgrad/autograd/tensor/forward.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/out.h>

namespace torch { inline namespace xgrad {

/// The gradient of one input: f(gy), f(gy, y) or f(const Gradients&). Refers to its arguments, so that what f captured is
/// moved, and really saved, only if the operation is recorded.
template <class F> struct Wrt {
  const Tensor& input;
  F&& f;
};
template <class F> Wrt<F> wrt(const Tensor& input, F&& f) { return {input, std::forward<F>(f)}; }

/// An operand that has no gradient: an index, a mask, running statistics; an optional one may be undefined.
struct Undifferentiated {
  const Tensor* inputs;
  size_t count;
};
inline Undifferentiated given(const Tensor& input) { return {&input, 1}; }
inline Undifferentiated given(const std::vector<Tensor>& inputs) { return {inputs.data(), inputs.size()}; }

/// A further result, which has no gradient.
struct FurtherOutput {
  const Tensor& output;
};
inline FurtherOutput also(const Tensor& output) { return {output}; }

/// What runs while it lives is a step of an operation that the caller states: neither recorded nor traced.
struct StepsOfOne : detail::OperationMode {
  StepsOfOne() : OperationMode(0) {}
};
template <class F> auto steps_of_one(F f) {
  const StepsOfOne steps;
  return f();
}
/// f(), whose operations are steps of one that the caller states. They are recorded as ever, but not traced.
template <class F> auto untraced(F f) {
  const detail::OperationMode mode(detail::operation_mode & detail::kRecords);
  return f();
}

/// The gradient of an input that is passed on as it comes: wrt(x, passed_on).
struct PassedOn {
  Tensor operator()(const Tensor& gy) const { return gy; }
};
constexpr PassedOn passed_on;

namespace detail {
template <class F> constexpr bool takes_output_and_out = std::is_invocable_v<const F&, const Tensor&, const Tensor&, Out>;
template <class F> constexpr bool takes_out = std::is_invocable_v<const F&, const Tensor&, Out> || takes_output_and_out<F>;
}  // namespace detail

/// The same for f(gy, out) or f(gy, y, out), which passes `out` to the one pointwise() that it ends in: its gradient is added to earlier
/// ones, or takes the memory of gy, without a tensor of its own where nobody can tell.
template <class F> Wrt<F> wrt_in_place(const Tensor& input, F&& f) {
  static_assert(detail::takes_out<std::decay_t<F>>, "the function takes an Out as its last argument");
  return {input, std::forward<F>(f)};
}

/// The last step of an operation, an elementwise function whose derivative follows from its value: the wrt() functions see
/// slope(gy, y, out) as gy. It has differentiated the value first.
struct Through {
  Tensor (*slope)(const Tensor& gy, const Tensor& y, Out out);
};

/// Gradients of several inputs that share work: f(Gradients&), or f(Gradients&, const std::vector<Tensor>& outputs),
/// fills gx(i) for every i with needs(i).
template <class F> struct WrtAll {
  std::vector<Tensor> inputs;
  F&& f;
};
template <class F> WrtAll<F> wrt_all(std::vector<Tensor> inputs, F&& f) { return {std::move(inputs), std::forward<F>(f)}; }

/// Recording itself, apart from the templates that carry the closures.
class XGRAD_API Recording {
 public:
  /// True iff grad mode is on and `t` is part of a graph.
  static bool needs(const Tensor& t) { return GradMode::is_enabled() && detail::is_in_graph(t); }
  /// Makes `y` an output of `node`, which it holds from now on.
  static void attach(const Tensor& y, IntrusivePtr<Node> node);
  static void attach(const Tensor& y, Node* node) { attach(y, IntrusivePtr<Node>(node)); }
  /// Sets the edge of an input, if anybody can ask for its gradient.
  static void link(Edge& edge, const Tensor& input);
  static Tensor take(Forward& y) { return std::move(y.value_); }
  /// True iff somebody wants to know what operations were given.
  static bool notes_inputs() { return AnomalyMode::is_enabled() || OperandLog::is_active(); }
  static void note_forward(Node* node, ArrayRef<const Tensor*> inputs);
  static void note_inputs(Node* node, const std::vector<Tensor>& inputs);
  /// Calls compute(f, out), which ends in one pointwise() to `out`, for the gradient of input `i`; `last`: nothing will read gy after it.
  static void differentiate_in_place(Gradients& g, int i, bool last, Tensor (*compute)(const void* f, Out out), const void* f);
  /// Passes gy on to input `i`; `last`: nothing will read it after that.
  static void pass_on(Gradients& g, int i, bool last);
  /// slope(gy, y, out), in the memory of gy where nobody can tell.
  static Tensor differentiate_through(const Gradients& g, const Tensor& y, const Through& last_step);
  [[noreturn]] static void refuse_second_sweep(const char* node);
};

namespace detail {

template <class A> struct KeptAttributesOf;
template <class... T> struct KeptAttributesOf<With<T...>> { using type = Attributes<T...>; };

template <class F> constexpr bool takes_output = std::is_invocable_v<const F&, const Tensor&, const Tensor&> || takes_output_and_out<F>;
template <class F> constexpr bool takes_gradients = std::is_invocable_v<const F&, const Gradients&>;
template <class F> constexpr bool takes_all_outputs = std::is_invocable_v<const F&, Gradients&, const std::vector<Tensor>&>;

// Note: what a second sweep may use
//
// As in PyTorch, a sweep that need not keep the graph releases the tensors that nodes saved, and nothing else: a node whose functions
// hold shapes alone can be swept again. Types don't tell which functions hold tensors, but SavedTensor counts its moves: a node saves if there
// were any while its functions moved in.

/// Puts a function where it stays. True iff it holds a saved tensor.
template <class F, class G> bool keep(std::optional<F>& place, G&& f) {
  const uint64_t before = std::is_trivially_destructible_v<F> ? 0 : SavedTensor::moves();
  place.emplace(std::forward<G>(f));
  return !std::is_trivially_destructible_v<F> && SavedTensor::moves() != before;
}

/// The node of an operation with attributes A, which With<...> hands over.
template <class A> class RecordedNode : public Node {
 public:
  RecordedNode(const Operation& operation, const A& attributes, Edge* edges, uint32_t n)
      : Node(edges, n), operation_(operation), attributes_(attributes.given) {}
  const Operation* operation() const final { return &operation_; }
  std::string name() const final { return operation_.node(); }
  std::vector<Attribute> attributes() const final { return attributes_.list(); }

 private:
  const Operation& operation_;
  typename KeptAttributesOf<A>::type attributes_;
};
template <> class RecordedNode<With<>> : public Node {
 public:
  RecordedNode(const Operation& operation, With<>, Edge* edges, uint32_t n) : Node(edges, n), operation_(operation) {}
  const Operation* operation() const final { return &operation_; }
  std::string name() const final { return operation_.node(); }

 private:
  const Operation& operation_;
};

/// A node made of one function per input.
template <class A, class... F> class ClosureNode : public RecordedNode<A> {
  static constexpr bool kSavesOutput = (takes_output<F> || ...);
  struct Nothing {};

 public:
  explicit ClosureNode(const Operation& operation, const A& attributes = {}) : RecordedNode<A>(operation, attributes, edges_, sizeof...(F)) {
    this->set_saves(kSavesOutput);
  }

  void backward(Gradients& g) override {
    if (released_) Recording::refuse_second_sweep(this->operation()->node());
    Tensor y;
    if constexpr (kSavesOutput) y = saved_output_.get(*this);
    apply(g, y, std::index_sequence_for<F...>());
  }

  void release_saved() override {
    std::apply([](auto&... f) { (f.reset(), ...); }, f_);
    if constexpr (kSavesOutput) saved_output_ = SavedOutput();
    released_ = true;
  }

  void save_output(const Tensor& y) {
    if constexpr (kSavesOutput) saved_output_ = SavedOutput(y);
  }

  /// States how the gradient of input I is computed. One that nobody can ask for is not kept, nor what it saved.
  template <size_t I, class G> void connect(const Tensor& input, G&& f) {
    Recording::link(edges_[I], input);
    keep_function<I>(std::forward<G>(f));
  }
  template <size_t... I, class... W> void connect_all(std::index_sequence<I...>, W&... w) {
    (Recording::link(edges_[I], w.input), ...);
    const SavedTensor::WithEdges known(edges_, sizeof...(F));
    (keep_function<I>(std::forward<decltype(w.f)>(w.f)), ...);
  }

 protected:
  bool released_ = false;

 private:
  template <size_t I, class G> void keep_function(G&& f) {
    if (edges_[I] && keep(std::get<I>(f_), std::forward<G>(f))) this->set_saves(true);
  }

  // The last input first: what a chain of operations works on is mostly the first one, and may then take the memory of gy.
  template <size_t... I> void apply(Gradients& g, const Tensor& y, std::index_sequence<I...>) { (apply_one<sizeof...(I) - 1 - I>(g, y), ...); }
  template <size_t I> void apply_one(Gradients& g, const Tensor& y) {
    constexpr int i = static_cast<int>(I);
    if (!g.needs(i)) return;
    const auto& f = *std::get<I>(f_);
    using G = std::decay_t<decltype(f)>;
    bool last = true;
    for (int k = 0; k < i; ++k) last = last && !g.needs(k);
    if constexpr (std::is_same_v<G, PassedOn>) {
      Recording::pass_on(g, i, last);
    } else if constexpr (takes_out<G>) {
      const auto compute = [&](Out out) {
        if constexpr (takes_output_and_out<G>) return f(g.gy(), y, out);
        else return f(g.gy(), out);
      };
      Recording::differentiate_in_place(
          g, i, last, [](const void* f, Out out) { return (*static_cast<const decltype(compute)*>(f))(out); }, &compute);
    } else if constexpr (takes_output<G>) {
      g.gx(i) = f(g.gy(), y);
    } else if constexpr (takes_gradients<G>) {
      g.gx(i) = f(std::as_const(g));
    } else {
      g.gx(i) = f(g.gy());
    }
  }

  Edge edges_[sizeof...(F)];
  std::tuple<std::optional<F>...> f_;
  [[no_unique_address]] std::conditional_t<kSavesOutput, SavedOutput, Nothing> saved_output_;
};

/// The same for an operation that ends in a Through.
template <class... F> class ThroughNode final : public ClosureNode<With<>, F...> {
  using Closures = ClosureNode<With<>, F...>;

  static_assert(!(takes_output<F> || ...), "the wrt() functions cannot see the value that the last step got");

 public:
  ThroughNode(const Operation& operation, const Through& last_step) : Closures(operation), last_step_(last_step) { this->set_saves(true); }

  void backward(Gradients& g) override {
    if (this->released_) Recording::refuse_second_sweep(this->operation()->node());
    Tensor gy = Recording::differentiate_through(g, y_.get(*this), last_step_);
    Gradients inner = g.with_gy(gy);
    Closures::backward(inner);
  }
  void release_saved() override {
    Closures::release_saved();
    y_ = SavedOutput();
  }
  void save_output(const Tensor& y) { y_ = SavedOutput(y); }

 private:
  Through last_step_;
  SavedOutput y_;
};

/// A node whose inputs' gradients one function computes together.
template <class A, class F> class JointNode final : public RecordedNode<A> {
 public:
  template <class G>
  JointNode(const Operation& operation, const A& attributes, const std::vector<Tensor>& inputs, G&& f)
      : RecordedNode<A>(operation, attributes, nullptr, 0) {
    edges_.reserve(inputs.size());
    for (const Tensor& x : inputs) edges_.push_back(x.defined() ? gradient_edge(x) : Edge());
    this->set_edges(edges_.data(), static_cast<uint32_t>(edges_.size()));
    this->set_saves(keep(f_, std::forward<G>(f)) || takes_all_outputs<F>);
  }
  void backward(Gradients& g) override {
    if (!f_) Recording::refuse_second_sweep(this->operation()->node());
    if constexpr (takes_all_outputs<F>) {
      std::vector<Tensor> ys;
      for (uint32_t i = 0; i < saved_outputs_.size(); ++i) ys.push_back(saved_outputs_[i].get(*this, i));
      (*f_)(g, ys);
    } else {
      (*f_)(g);
    }
  }
  void release_saved() override {
    f_.reset();
    saved_outputs_.clear();
  }
  void save_outputs(const std::vector<Tensor>& ys) {
    if constexpr (takes_all_outputs<F>)
      for (const Tensor& y : ys) saved_outputs_.emplace_back(y);
  }

 private:
  std::vector<Edge> edges_;
  std::optional<F> f_;
  std::vector<SavedOutput> saved_outputs_;
};

}  // namespace detail

namespace detail {
template <class N, class... W> void attach_closures(const Tensor& out, N* made, W&... w) {
  auto node = IntrusivePtr<N>::adopt(made);
  node->connect_all(std::index_sequence_for<W...>(), w...);
  if (__builtin_expect(Recording::notes_inputs(), 0)) Recording::note_forward(node.get(), {&w.input...});
  node->save_output(out);
  Recording::attach(out, std::move(node));
}
}  // namespace detail

namespace detail {

// What stands beside the value in record(): the operand or result it names, whether that needs the operation to be recorded, and the
// functions that the node keeps.
template <class W> struct Part;
template <class F> struct Part<Wrt<F>> {
  using Functions = std::tuple<std::decay_t<F>>;
  static TracedPart traced(const Wrt<F>& w) { return {&w.input, false}; }
  static bool needs(const Wrt<F>& w) { return is_in_graph(w.input); }
  static std::tuple<Wrt<F>&> differentiated(Wrt<F>& w) { return {w}; }
};
template <> struct Part<Undifferentiated> {
  using Functions = std::tuple<>;
  static TracedPart traced(const Undifferentiated& w) { return {w.inputs, false, w.count}; }
  static bool needs(const Undifferentiated&) { return false; }
  static std::tuple<> differentiated(Undifferentiated&) { return {}; }
};
template <> struct Part<FurtherOutput> {
  using Functions = std::tuple<>;
  static TracedPart traced(const FurtherOutput& w) { return {&w.output, true}; }
  static bool needs(const FurtherOutput&) { return false; }
  static std::tuple<> differentiated(FurtherOutput&) { return {}; }
};
template <class W>
concept IsPart = requires {
  typename Part<W>::Functions;
};

// What not_differentiable() is given: tensors; an operand that turned out to be a number is null.
inline TracedPart traced_part(const Tensor& input) { return {&input, false}; }
inline TracedPart traced_part(const Tensor* input) { return {input, false}; }
inline TracedPart traced_part(const FurtherOutput& w) { return {&w.output, true}; }
inline TracedPart traced_part(const TensorList& inputs) { return {inputs.data(), false, inputs.size()}; }

template <template <class...> class N, class A, class Functions> struct NodeOf;
template <template <class...> class N, class A, class... F> struct NodeOf<N, A, std::tuple<F...>> { using type = N<A, F...>; };
template <template <class...> class N, class A, class... W>
using NodeOfParts = typename NodeOf<N, A, decltype(std::tuple_cat(std::declval<typename Part<W>::Functions>()...))>::type;

template <class N, class... W> void attach_parts(const Tensor& out, N* made, W&... w) {
  std::apply([&](auto&... differentiated) { attach_closures(out, made, differentiated...); }, std::tuple_cat(Part<W>::differentiated(w)...));
}

}  // namespace detail

/// The Tensor of `y` with its derivative; records nothing when no input asks for a gradient. `attributes`: what the operation was asked
/// for besides its tensors, as with("dim", dim). `w`: wrt(), given() and also(), in the order of PyTorch's function.
template <class... T, detail::IsPart... W> Tensor record(Forward y, const With<T...>& attributes, W... w) {
  const Operation& operation = y.operation();
  Tensor out = Recording::take(y);
  const int8_t mode = detail::operation_mode;
  if (mode == 0) return out;
  if (__builtin_expect(mode < 0, 0) && !detail::trace(operation, attributes, {{&out, true}, detail::Part<W>::traced(w)...})) return out;
  if (!(detail::Part<W>::needs(w) || ...)) return out;
  detail::attach_parts(out, new detail::NodeOfParts<detail::ClosureNode, With<T...>, W...>(operation, attributes), w...);
  return out;
}
template <detail::IsPart... W> Tensor record(Forward y, W... w) { return record(std::move(y), With<>(), std::move(w)...); }

/// The same for an operation that ends in an elementwise function.
template <class... F> Tensor record(Forward y, const Through& last_step, Wrt<F>... w) {
  const Operation& operation = y.operation();
  Tensor out = Recording::take(y);
  const int8_t mode = detail::operation_mode;
  if (mode == 0) return out;
  if (__builtin_expect(mode < 0, 0) && !detail::trace(operation, With<>(), {{&out, true}, {&w.input, false}...})) return out;
  if (!(detail::is_in_graph(w.input) || ...)) return out;
  using N = detail::ThroughNode<std::decay_t<F>...>;
  detail::attach_closures(out, new N(operation, last_step), w...);
  return out;
}

/// The same for several outputs. An integer or boolean output takes no gradient: its gy is always undefined. `others`: given() and also().
template <class... T, class F, class... W>
std::vector<Tensor> record_all(std::vector<Forward> ys, const With<T...>& attributes, WrtAll<F> w, W... others) {
  std::vector<Tensor> outs;
  if (ys.empty()) return outs;
  outs.reserve(ys.size());
  const Operation& operation = ys.front().operation();
  for (Forward& y : ys) outs.push_back(Recording::take(y));
  if (__builtin_expect(detail::operation_mode < 0, 0)) detail::trace(operation, attributes, outs, w.inputs, {detail::Part<W>::traced(others)...});
  bool any = false;
  for (const Tensor& x : w.inputs) any = any || Recording::needs(x);
  if (!any) return outs;
  using N = detail::JointNode<With<T...>, std::decay_t<F>>;
  auto node = IntrusivePtr<N>::adopt(new N(operation, attributes, w.inputs, std::forward<F>(w.f)));
  Recording::note_inputs(node.get(), w.inputs);
  node->save_outputs(outs);
  for (const Tensor& y : outs) Recording::attach(y, node.get());
  return outs;
}
template <class F, class... W> std::vector<Tensor> record_all(std::vector<Forward> ys, WrtAll<F> w, W... others) {
  return record_all(std::move(ys), With<>(), std::move(w), others...);
}

template <class... T, class F, class... W> Tensor record(Forward y, const With<T...>& attributes, WrtAll<F> w, W... others) {
  std::vector<Forward> ys;
  ys.push_back(std::move(y));
  return record_all(std::move(ys), attributes, std::move(w), others...)[0];
}
template <class F, class... W> Tensor record(Forward y, WrtAll<F> w, W... others) { return record(std::move(y), With<>(), std::move(w), others...); }

/// Declares that no gradient passes this operation. `inputs`: the tensors it reads (a null pointer: none), and also().
template <class... T, class... X> Tensor not_differentiable(Forward y, const With<T...>& attributes, const X&... inputs) {
  const Operation& operation = y.operation();
  Tensor out = Recording::take(y);
  if (__builtin_expect(detail::operation_mode < 0, 0)) detail::trace(operation, attributes, {{&out, true}, detail::traced_part(inputs)...});
  return out;
}
template <class... X> Tensor not_differentiable(Forward y, const X&... inputs) { return not_differentiable(std::move(y), With<>(), inputs...); }

}}  // namespace torch::xgrad
