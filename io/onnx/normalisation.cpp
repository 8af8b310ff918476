// Normalisation in evaluation mode.
#include <numeric>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// Inputs: input, weight, bias, running mean and variance.
void batch_norm(const Call& c, const char*) {
  const double eps = c.number("eps");
  const auto or_else = [&](size_t i, double value) { return c.has(i) ? c.in(i) : c.t.constant(full({c.fixed_size(0, 1)}, value, c.output().dtype)); };
  if (!c.flag("training")) return c.node_result("BatchNormalization", {c.in(0), or_else(1, 1), or_else(2, 0), c.in(3), c.in(4)}, {{"epsilon", eps}});
  if (c.has(3)) c.refuse("it normalises by the batch and counts it; call eval() on the module first");
  // By the moments of what comes.
  std::vector<int64_t> axes(static_cast<size_t>(c.rank()));
  std::iota(axes.begin(), axes.end(), 0);
  axes.erase(axes.begin() + 1);
  const Settings over = {{"axes", axes}, {"keepdims", int64_t{1}}};
  const std::string x = c.in(0), centred = c.node("Sub", {x, c.node("ReduceMean", {x}, over)});
  const std::string variance = c.node("ReduceMean", {c.node("Mul", {centred, centred})}, over);
  std::string y = c.node("Div", {centred, c.node("Sqrt", {c.node("Add", {variance, c.scalar(eps)})})});
  std::vector<int64_t> shape(static_cast<size_t>(c.rank()), 1);
  shape[1] = -1;
  if (c.has(1)) y = c.node("Mul", {y, c.node("Reshape", {c.in(1), c.vector(shape)})});
  if (c.has(2)) y = c.node("Add", {y, c.node("Reshape", {c.in(2), c.vector(shape)})});
  c.result(y);
}

void layer_norm(const Call& c, const char*) {
  const auto count = static_cast<int64_t>(c.integers("normalized_shape").size());
  const double eps = c.number("eps");
  if (c.t.opset() >= 17) {
    const std::string weight = c.has(1) ? c.in(1) : c.t.constant(ones(c.integers("normalized_shape"), c.output().dtype));
    return c.node_result("LayerNormalization", {c.in(0), weight, c.in(2)}, {{"axis", -count}, {"epsilon", eps}});
  }
  std::vector<int64_t> axes(static_cast<size_t>(count));
  std::iota(axes.begin(), axes.end(), -count);
  const Settings over = {{"axes", axes}, {"keepdims", int64_t{1}}};
  const std::string x = c.in(0), centred = c.node("Sub", {x, c.node("ReduceMean", {x}, over)});
  const std::string variance = c.node("ReduceMean", {c.node("Mul", {centred, centred})}, over);
  std::string y = c.node("Div", {centred, c.node("Sqrt", {c.node("Add", {variance, c.scalar(eps)})})});
  if (c.has(1)) y = c.node("Mul", {y, c.in(1)});
  if (c.has(2)) y = c.node("Add", {y, c.in(2)});
  c.result(y);
}

// As instances of [batch, groups, elements], then weighted by channel.
void group_norm(const Call& c, const char*) {
  const int64_t groups = c.integer("num_groups"), channels = c.fixed_size(0, 1);
  const ScalarType dtype = c.output().dtype;
  const SymbolicSizes in = c.in_sizes();
  const std::string x = c.node("Reshape", {c.in(0), c.vector({0, groups, -1})});
  const std::string one = c.t.constant(ones({groups}, dtype)), zero = c.t.constant(zeros({groups}, dtype));
  std::string y = c.node("InstanceNormalization", {x, one, zero}, {{"epsilon", c.number("eps")}});
  y = c.node("Reshape", {y, c.t.sizes(in)});
  std::vector<int64_t> shape(static_cast<size_t>(c.rank()), 1);
  shape[1] = channels;
  if (c.has(1)) y = c.node("Mul", {y, c.node("Reshape", {c.in(1), c.vector(shape)})});
  if (c.has(2)) y = c.node("Add", {y, c.node("Reshape", {c.in(2), c.vector(shape)})});
  c.result(y);
}

}  // namespace

std::vector<Mapping> normalisation_mappings() { return {{"batch_norm", batch_norm}, {"layer_norm", layer_norm}, {"group_norm", group_norm}}; }

}}}  // namespace torch::xgrad::onnx
