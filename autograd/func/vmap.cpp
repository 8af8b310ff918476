#include <xgrad/autograd/func/vmap.h>

#include <utility>

#include <xgrad/autograd/core/shape.h>
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
  variable_list example(int64_t n) const {
    variable_list one;
    for (size_t i = 0; i < inputs_.size(); ++i) one.push_back(axes_[i] == VmapOptions::kNotMapped ? inputs_[i] : inputs_[i].select(axes_[i], n));
    return one;
  }
  /// One of zeros, for the shapes of the results of none.
  variable_list blank() const {
    variable_list one;
    for (size_t i = 0; i < inputs_.size(); ++i) {
      if (axes_[i] == VmapOptions::kNotMapped) one.push_back(inputs_[i].detach());
      else one.push_back(zeros(reduced_shape(inputs_[i].sizes(), uint64_t{1} << axes_[i], false), inputs_[i].dtype()));
    }
    return one;
  }

 private:
  const variable_list& inputs_;
  std::vector<int64_t> axes_;
  int64_t count_ = -1;
};

int64_t out_axis(const VmapOptions& options, size_t output) { return options.out_axes.empty() ? 0 : options.out_axes[output]; }

variable_list map_none(const ListMap& f, const Examples& examples, const VmapOptions& options) {
  NoGradGuard no_grad;
  variable_list outputs = f(examples.blank());
  for (size_t o = 0; o < outputs.size(); ++o) outputs[o] = stack({outputs[o]}, out_axis(options, o)).slice(out_axis(options, o), 0, 0);
  return outputs;
}

variable_list map_each(const ListMap& f, const Examples& examples, const VmapOptions& options) {
  std::vector<variable_list> columns;
  for (int64_t n = 0; n < examples.count(); ++n) {
    const variable_list outputs = f(examples.example(n));
    if (n == 0) columns.resize(outputs.size());
    XGRAD_CHECK(outputs.size() == columns.size(), "[vmap] the function must give as many outputs for each example, got ", columns.size(), " and ",
                outputs.size());
    for (size_t o = 0; o < outputs.size(); ++o) columns[o].push_back(outputs[o]);
  }
  variable_list results;
  XGRAD_CHECK(options.out_axes.empty() || options.out_axes.size() == columns.size(), "[vmap] out_axes must name an axis for each of ", columns.size(),
              " outputs, got ", options.out_axes.size());
  for (size_t o = 0; o < columns.size(); ++o) results.push_back(stack(columns[o], out_axis(options, o)));
  return results;
}

}  // namespace

ListMap vmap(ListMap f, VmapOptions options) {
  return [f = std::move(f), options = std::move(options)](const variable_list& inputs) {
    const Examples examples(inputs, options);
    return examples.count() == 0 ? map_none(f, examples, options) : map_each(f, examples, options);
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
