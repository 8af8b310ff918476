#include <xgrad/autograd/func/checkpoint.h>

#include <unordered_set>

#include <xgrad/autograd/func/subgraph.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/graph/saved_tensor.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

// The edges that lead out of what was recorded from `since` on, in the order in which a walk from the outputs meets them.
std::vector<Edge> boundary_of(const std::vector<Edge>& outputs, uint64_t since) {
  std::vector<Edge> boundary, waiting(outputs.rbegin(), outputs.rend());
  std::unordered_set<const Node*> seen;
  while (!waiting.empty()) {
    const Edge edge = std::move(waiting.back());
    waiting.pop_back();
    if (!edge) continue;
    if (edge.function->is_leaf() || edge.function->sequence_nr() < since) {
      if (std::find(boundary.begin(), boundary.end(), edge) == boundary.end()) boundary.push_back(edge);
    } else if (seen.insert(edge.function.get()).second) {
      for (size_t i = edge.function->num_outputs(); i-- > 0;) waiting.push_back(edge.function->next_edge(i));
    }
  }
  return boundary;
}

// The states of generators, and a scope in which they are current.
class RandomStates {
 public:
  explicit RandomStates(const CheckpointOptions& options) {
    if (!options.preserve_rng_state) return;
    generators_ = options.generators;
    generators_.push_back(detail::getDefaultCPUGenerator());
    states_ = current();
  }

  class Scope {
   public:
    explicit Scope(RandomStates& states) : states_(states), outside_(states.current()) { states.set(states.states_); }
    ~Scope() { states_.set(outside_); }

   private:
    RandomStates& states_;
    variable_list outside_;
  };

 private:
  variable_list current() const {
    variable_list states;
    for (const Generator& g : generators_) states.push_back(g.get_state());
    return states;
  }
  void set(const variable_list& states) {
    for (size_t i = 0; i < states.size(); ++i) generators_[i].set_state(states[i]);
  }
  std::vector<Generator> generators_;
  variable_list states_;
};

class CheckpointNode final : public Node {
 public:
  CheckpointNode(ListMap f, const variable_list& inputs, const CheckpointOptions& options) : Node(nullptr, 0), f_(std::move(f)), states_(options) {
    inputs_.reserve(inputs.size());
    for (const Tensor& x : inputs) inputs_.emplace_back(SavedTensor(x));
  }

  std::string name() const override { return "CheckpointBackward0"; }

  /// The first call: its outputs, as those of this node where they are part of a graph.
  variable_list run(const variable_list& inputs) {
    variable_list outputs = f_(inputs);
    edges_ = boundary_of(edges_of(outputs), sequence_nr() + 1);
    set_edges(edges_.data(), static_cast<uint32_t>(edges_.size()));
    for (size_t i = 0; i < outputs.size(); ++i) {
      Tensor& y = outputs[i];
      if (!y.defined() || !y.requires_grad()) continue;
      y = xgrad::detail::alias(y);
      Recording::attach(y, this);
      positions_.push_back(i);
    }
    return outputs;
  }

  void backward(Gradients& g) override {
    if (!f_) Recording::refuse_second_sweep(name().c_str());
    const uint64_t since = next_sequence();
    const variable_list outputs = run_again();
    variable_list gy(outputs.size());
    for (size_t o = 0; o < positions_.size(); ++o) gy[positions_[o]] = g.gy(static_cast<int>(o));
    const std::vector<Edge> roots = edges_of(outputs);
    XGRAD_CHECK(boundary_of(roots, since) == edges_, "[checkpoint] the function used other tensors when it was called again");
    const variable_list gx = pull(Subgraph(roots, edges_, since), gy);
    for (size_t i = 0; i < gx.size(); ++i)
      if (g.needs(static_cast<int>(i))) g.gx(static_cast<int>(i)) = gx[i];
  }

  void release_saved() override {
    f_ = nullptr;
    inputs_.clear();
  }

 private:
  variable_list run_again() {
    variable_list inputs;
    for (const SavedTensor& x : inputs_) inputs.push_back(x.get());
    EnableGradGuard recording;
    const RandomStates::Scope scope(states_);
    variable_list outputs = f_(inputs);
    XGRAD_CHECK(positions_.empty() || positions_.back() < outputs.size(), "[checkpoint] the function gave fewer outputs when it was called again");
    return outputs;
  }

  ListMap f_;
  std::vector<SavedTensor> inputs_;
  RandomStates states_;
  std::vector<Edge> edges_;
  std::vector<size_t> positions_;  // of this node's outputs among the function's
};

}  // namespace

variable_list checkpoint(ListMap f, const variable_list& inputs, const CheckpointOptions& options) {
  if (!GradMode::is_enabled()) return f(inputs);
  return IntrusivePtr<CheckpointNode>::adopt(new CheckpointNode(std::move(f), inputs, options))->run(inputs);
}

Tensor checkpoint(TensorMap f, const Tensor& input, const CheckpointOptions& options) {
  return checkpoint([f = std::move(f)](const variable_list& x) { return variable_list{f(x[0])}; }, variable_list{input}, options)[0];
}

Tensor checkpoint_sequential(const std::vector<TensorMap>& functions, int64_t segments, const Tensor& input, const CheckpointOptions& options) {
  const auto count = static_cast<int64_t>(functions.size());
  XGRAD_CHECK_AS(ValueError, segments > 0 && segments <= count, "[checkpoint_sequential] segments must be between 1 and the number of functions, ",
                 count, ", got ", segments);
  Tensor x = input;
  for (int64_t s = 0; s < segments; ++s) {
    const auto run = [part = std::vector<TensorMap>(functions.begin() + s * count / segments, functions.begin() + (s + 1) * count / segments)](
                         const Tensor& start) {
      Tensor y = start;
      for (const TensorMap& f : part) y = f(y);
      return y;
    };
    x = s + 1 < segments ? checkpoint(TensorMap(run), x, options) : run(x);
  }
  return x;
}

}}}  // namespace torch::xgrad::func
