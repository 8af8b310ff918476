// Reductions, scans, softmax, and what looks for elements.
#include <cmath>
#include <numeric>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// All axes where none are named.
std::vector<int64_t> axes_of(const Call& c) {
  std::vector<int64_t> axes = c.integers("dim");
  if (axes.empty()) {
    axes.resize(static_cast<size_t>(c.rank()));
    std::iota(axes.begin(), axes.end(), 0);
  }
  for (int64_t& axis : axes) axis += axis < 0 ? c.rank() : 0;
  return axes;
}

// Those of opset 13 have their axes as settings, but for ReduceSum.
std::string reduced(const Call& c, const std::string& onnx, const std::string& x, bool keepdim) {
  if (c.rank() == 0) return x;
  if (onnx == "ReduceSum") return c.node(onnx, {x, c.vector(axes_of(c))}, {{"keepdims", int64_t{keepdim}}});
  return c.node(onnx, {x}, {{"axes", axes_of(c)}, {"keepdims", int64_t{keepdim}}});
}

void reduce(const Call& c, const char* onnx) { c.result(reduced(c, onnx, c.in(0, c.output().dtype), c.flag("keepdim"))); }

// Booleans as numbers, of which the least or the largest is taken.
void truth(const Call& c, const char* onnx) {
  const std::string x = c.cast(c.in(0, kBool), kBool, kInt);
  c.result(c.cast(reduced(c, onnx, x, c.flag("keepdim")), kInt, c.output().dtype));
}

void norm(const Call& c, const char*) {
  double p = 2;
  for (const char* name : {"p", "ord"})
    if (c.is_given(name)) p = c.number(name);
  const std::string x = c.in(0, c.output().dtype);
  std::string y;
  if (p == 1 || p == 2) y = reduced(c, p == 1 ? "ReduceL1" : "ReduceL2", x, c.flag("keepdim"));
  else if (std::isinf(p)) y = reduced(c, p > 0 ? "ReduceMax" : "ReduceMin", c.node("Abs", {x}), c.flag("keepdim"));
  else if (p == 0) c.refuse("it counts elements that are not 0");
  else y = c.node("Pow", {reduced(c, "ReduceSum", c.node("Pow", {c.node("Abs", {x}), c.scalar(p)}), c.flag("keepdim")), c.scalar(1 / p)});
  c.result(c.is_given("eps") ? c.node("Max", {y, c.scalar(c.number("eps"))}) : y);
}

void variance(const Call& c, const char* onnx) {
  double n = 1;
  for (const int64_t axis : axes_of(c)) n *= static_cast<double>(c.fixed_size(0, axis));
  const double correction = c.is_given("correction") ? c.number("correction") : 1;
  const std::string x = c.in(0), from_mean = c.node("Sub", {x, reduced(c, "ReduceMean", x, true)});
  std::string y = reduced(c, "ReduceMean", c.node("Mul", {from_mean, from_mean}), c.flag("keepdim"));
  if (correction != 0) y = c.node("Mul", {y, c.scalar(n / (n - correction))});
  c.result(std::string(onnx) == "std" ? c.node("Sqrt", {y}) : y);
}

void softmax(const Call& c, const char* onnx) { c.node_result(onnx, {c.in(0, c.output().dtype)}, {{"axis", c.axis()}}); }

void cumsum(const Call& c, const char*) { c.node_result("CumSum", {c.in(0, c.output().dtype), c.scalar(static_cast<double>(c.axis()), kLong)}); }

void arg_extreme(const Call& c, const char* onnx) {
  const bool along = c.is_given("dim");
  const std::string x = along ? c.in(0) : c.node("Reshape", {c.in(0), c.vector({-1})});
  const std::string y = c.node(onnx, {x}, {{"axis", along ? c.axis() : 0}, {"keepdims", int64_t{along && c.flag("keepdim")}}});
  c.result(!along && c.flag("keepdim") ? c.node("Reshape", {y, c.t.sizes(c.out_sizes())}) : along ? y : c.node("Squeeze", {y, c.vector({0})}));
}

// max and min of everything, or along an axis with the positions.
void extreme(const Call& c, const char* onnx) {
  if (c.outputs() == 1) return reduce(c, onnx);
  c.result(reduced(c, onnx, c.in(0), c.flag("keepdim")), 0);
  const char* const positions = std::string(onnx) == "ReduceMax" ? "ArgMax" : "ArgMin";
  if (c.is_read(1)) c.result(c.node(positions, {c.in(0)}, {{"axis", c.axis()}, {"keepdims", int64_t{c.flag("keepdim")}}}), 1);
}

// topk and sort, of an axis whose size is known.
void ordered(const Call& c, const char* onnx) {
  const int64_t axis = c.axis();
  const bool whole = std::string(onnx) == "sort";
  const int64_t k = whole ? c.fixed_size(0, axis) : c.integer("k");
  const bool largest = whole ? c.flag("descending") : c.flag("largest");
  const Names found = c.t.add("TopK", {c.in(0), c.vector({k})}, {{"axis", axis}, {"largest", int64_t{largest}}, {"sorted", int64_t{1}}}, 2);
  c.result(found[0], 0);
  c.result(found[1], 1);
}

}  // namespace

std::vector<Mapping> reduction_mappings() {
  return {
      {"sum", reduce, "ReduceSum"},
      {"mean", reduce, "ReduceMean"},
      {"prod", reduce, "ReduceProd"},
      {"amax", reduce, "ReduceMax"},
      {"amin", reduce, "ReduceMin"},
      {"logsumexp", reduce, "ReduceLogSumExp"},
      {"all", truth, "ReduceMin"},
      {"any", truth, "ReduceMax"},
      {"norm", norm},
      {"linalg_vector_norm", norm},
      {"var", variance, "var"},
      {"std", variance, "std"},
      {"softmax", softmax, "Softmax"},
      {"log_softmax", softmax, "LogSoftmax"},
      {"cumsum", cumsum},
      {"argmax", arg_extreme, "ArgMax"},
      {"argmin", arg_extreme, "ArgMin"},
      {"max", extreme, "ReduceMax"},
      {"min", extreme, "ReduceMin"},
      {"topk", ordered, "topk"},
      {"sort", ordered, "sort"},
  };
}

}}}  // namespace torch::xgrad::onnx
