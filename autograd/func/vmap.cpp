#include <xgrad/autograd/func/vmap.h>

#include <utility>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/func/batched_run.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

// The examples of a batch: how many, and each by its number.
class Examples {
 public:
  Examples(const variable_list& inputs, const VmapOptions& options) : inputs_(inputs), axes_(options.in_axes) {
    if (axes_.empty()) axes_.assign(inputs.size(), 0);
    XGRAD_CHECK(axes_.size() == inputs.size(), "[vmap] in_axes must name an axis for each of ", inputs.size(), " inputs, got ", axes_.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      XGRAD_CHECK(inputs[i].defined(), "[vmap] input ", i, " is undefined");
      if (axes_[i] == VmapOptions::kNotMapped) continue;
      XGRAD_CHECK(inputs[i].dim() > 0, "[vmap] input ", i, " has no axes to map over");
      axes_[i] = wrap_axis("vmap", axes_[i], inputs[i].dim());
      const int64_t here = inputs[i].size(axes_[i]);
      XGRAD_CHECK(count_ < 0 || count_ == here, "[vmap] all mapped axes must be of one length, got ", count_, " and ", here, " for input ", i);
      count_ = here;
    }
    XGRAD_CHECK(count_ >= 0, "[vmap] at least one input must be mapped");
  }
  int64_t count() const { return count_; }
  /// The inputs with the examples along axis 0, and which those are.
  variable_list batch() const {
    variable_list all;
    for (size_t i = 0; i < inputs_.size(); ++i) all.push_back(is_mapped(i) ? inputs_[i].movedim(axes_[i], 0) : inputs_[i]);
    return all;
  }
  std::vector<bool> mapped() const {
    std::vector<bool> all;
    for (size_t i = 0; i < inputs_.size(); ++i) all.push_back(is_mapped(i));
    return all;
  }
  variable_list example(int64_t n) const {
    variable_list one;
    for (size_t i = 0; i < inputs_.size(); ++i) one.push_back(is_mapped(i) ? inputs_[i].select(axes_[i], n) : inputs_[i]);
    return one;
  }
  /// The first, with a history only where all examples share it.
  variable_list traced() const {
    variable_list one = example(0);
    for (size_t i = 0; i < one.size(); ++i)
      if (is_mapped(i)) one[i] = one[i].detach();
    return one;
  }
  /// One of zeros, for the shapes of the results of none.
  variable_list blank() const {
    variable_list one;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (!is_mapped(i)) one.push_back(inputs_[i].detach());
      else one.push_back(zeros(reduced_shape(inputs_[i].sizes(), uint64_t{1} << axes_[i], false), inputs_[i].dtype()));
    }
    return one;
  }

 private:
  bool is_mapped(size_t i) const { return axes_[i] != VmapOptions::kNotMapped; }
  const variable_list& inputs_;
  std::vector<int64_t> axes_;
  int64_t count_ = -1;
};

// A trace, and one more call of the function that shows it to be right, pay for more than these.
constexpr int64_t kFewExamples = 3;

// How far a result may be from one whose sums were added up in another order.
double rounding_of(const Tensor& x) {
  const double scale = x.numel() == 0 ? 0 : x.nan_to_num(0, 0, 0).abs().max().item<double>();
  return scale * (x.dtype() == kDouble ? 1e-9 : x.dtype() == kFloat ? 1e-3 : 1e-1);
}

variable_list map_none(const ListMap& f, const Examples& examples) {
  NoGradGuard no_grad;
  variable_list outputs = f(examples.blank());
  for (Tensor& y : outputs) y = y.unsqueeze(0).slice(0, 0, 0).clone();
  return outputs;
}

variable_list map_each(const ListMap& f, const Examples& examples) {
  std::vector<variable_list> columns;
  for (int64_t n = 0; n < examples.count(); ++n) {
    const variable_list outputs = f(examples.example(n));
    if (n == 0) columns.resize(outputs.size());
    XGRAD_CHECK(outputs.size() == columns.size(), "[vmap] the function must give as many outputs for each example, got ", columns.size(), " and ",
                outputs.size());
    for (size_t o = 0; o < outputs.size(); ++o) columns[o].push_back(outputs[o]);
  }
  variable_list results;
  for (const variable_list& column : columns) results.push_back(stack(column));
  return results;
}

// True iff the outputs of the last example are f's own up to rounding: f may have asked an element which way to go.
bool agrees(const ListMap& f, const Examples& examples, const variable_list& outputs) {
  NoGradGuard no_grad;
  const variable_list expected = f(examples.example(examples.count() - 1));
  if (expected.size() != outputs.size()) return false;
  for (size_t o = 0; o < outputs.size(); ++o) {
    const Tensor &x = expected[o], y = outputs[o].select(0, examples.count() - 1);
    if (!x.defined() || x.sizes() != y.sizes() || x.dtype() != y.dtype()) return false;
    if (!x.is_floating_point() ? !x.equal(y) : !allclose(x, y, 0, rounding_of(x), true)) return false;
  }
  return true;
}

variable_list map_all(const ListMap& f, const Examples& examples, const VmapOptions& options) {
  if (examples.count() <= kFewExamples) return map_each(f, examples);
  std::string why;
  const variable_list outputs = run_batched(f, examples.traced(), examples.batch(), examples.mapped(), examples.count(), why);
  if (why.empty() && agrees(f, examples, outputs)) return outputs;
  if (options.on_loop) options.on_loop(why.empty() ? "the function does other things for other examples" : why);
  return map_each(f, examples);
}

}  // namespace

ListMap vmap(ListMap f, VmapOptions options) {
  return [f = std::move(f), options = std::move(options)](const variable_list& inputs) {
    const Examples examples(inputs, options);
    variable_list outputs = examples.count() == 0 ? map_none(f, examples) : map_all(f, examples, options);
    XGRAD_CHECK(options.out_axes.empty() || options.out_axes.size() == outputs.size(), "[vmap] out_axes must name an axis for each of ",
                outputs.size(), " outputs, got ", options.out_axes.size());
    for (size_t o = 0; o < outputs.size() && !options.out_axes.empty(); ++o) outputs[o] = outputs[o].movedim(0, options.out_axes[o]);
    return outputs;
  };
}

TensorMap vmap(TensorMap f, int64_t in_axis, int64_t out_axis) {
  VmapOptions options;
  options.in_axes = {in_axis};
  options.out_axes = {out_axis};
  return [mapped = vmap(ListMap([f = std::move(f)](const variable_list& x) { return variable_list{f(x[0])}; }), std::move(options))](
             const Tensor& x) { return mapped({x})[0]; };
}

}}}  // namespace torch::xgrad::func
