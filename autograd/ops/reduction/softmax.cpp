#include <xgrad/autograd/ops/reduction/softmax.h>

#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/normalisation/softmax.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

using kernels::AxisLayout;

using ForwardKernel = void (*)(ScalarType, const AxisLayout&, const void*, void*);
using BackwardKernel = void (*)(ScalarType, const AxisLayout&, const void*, const void*, void*);

Forward run(const Operation& operation, ForwardKernel kernel, const Tensor& self, int64_t axis) {
  const Tensor x = contiguous_computed(self);
  Tensor y = allocate_tensor(x.sizes(), x.dtype());
  launch(operation, kernel, reads(x), writes(y), x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr());
  return Forward(operation, rounded_to(self.dtype(), std::move(y)));
}

Forward run(const Operation& operation, BackwardKernel kernel, const Tensor& gy, const Tensor& y, int64_t axis) {
  const Tensor g = contiguous_computed(gy), output = contiguous_computed(y);
  Tensor gx = allocate_tensor(g.sizes(), g.dtype());
  launch(operation, kernel, reads(g, output), writes(gx), g.dtype(), layout_along(g, axis), g.data_ptr(), output.data_ptr(), gx.data_ptr());
  return Forward(operation, rounded_to(gy.dtype(), std::move(gx)));
}

Tensor softmax_backward(const Tensor& gy, const Tensor& y, int64_t axis) {
  return record(run(operation<"_softmax_backward_data">, kernels::softmax_backward, gy, y, axis), with("dim", axis),
                wrt(gy, [y = save(y), axis](const Tensor& v) { return softmax_backward(v, *y, axis); }),
                wrt(y, [gy = save(gy), y = save(y), axis](const Tensor& v) {
                  return v * (*gy - (*gy * *y).sum(axis, true)) - *gy * (v * *y).sum(axis, true);
                }));
}

Tensor log_softmax_backward(const Tensor& gy, const Tensor& y, int64_t axis) {
  return record(run(operation<"_log_softmax_backward_data">, kernels::log_softmax_backward, gy, y, axis), with("dim", axis),
                wrt(gy, [y = save(y), axis](const Tensor& v) { return v - (v * (*y).exp()).sum(axis, true); }),
                wrt(y, [gy = save(gy), y = save(y), axis](const Tensor& v) { return -v * (*y).exp() * (*gy).sum(axis, true); }));
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("softmax", dim, self.dim());
  const Tensor x = as_dtype(self, dtype);
  return record(run(operation<"softmax">, kernels::softmax, x, axis), with("dim", axis),
                wrt(x, [axis](const Tensor& gy, const Tensor& y) { return softmax_backward(gy, y, axis); }));
}

Tensor log_softmax(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("log_softmax", dim, self.dim());
  const Tensor x = as_dtype(self, dtype);
  return record(run(operation<"log_softmax">, kernels::log_softmax, x, axis), with("dim", axis),
                wrt(x, [axis](const Tensor& gy, const Tensor& y) { return log_softmax_backward(gy, y, axis); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

using Softmax = Tensor (*)(const Tensor&, int64_t, std::optional<ScalarType>);

struct SoftmaxCase {
  std::vector<int64_t> shape;
  int64_t axis;
};
const SoftmaxCase kSoftmaxCases[] = {{{}, 0},        {{}, -1},        {{1}, 0},       {{4}, 0},    {{37}, 0}, {{2, 3}, 1}, {{2, 3}, 0}, {{3, 70}, 0},
                                     {{2, 3, 4}, 1}, {{2, 3, 4}, -1}, {{2, 3, 4}, 0}, {{3, 1}, 1}, {{0}, 0},  {{2, 0}, 1}, {{2, 0}, 0}};

void add_softmax(catalogue::Samples& s, const std::string& call, Softmax f) {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  s.sums_depend_on_layout();
  for (const auto& [shape, axis] : kSoftmaxCases)
    s.add(call + "(x[0], " + std::to_string(axis) + ")", {s.normal(shape)}, [f, axis = axis](Inputs x) { return f(x[0], axis, std::nullopt); });
  const auto rows = [f](Inputs x) { return f(x[0], 1, std::nullopt); };
  const auto columns = [f](Inputs x) { return f(x[0].t(), 0, std::nullopt); };
  const std::vector<Tensor> points = {tensor({{1000.0, 0.0}, {0.0, -200.0}, {-1000.0, -1000.0}}, kDouble),
                                      tensor({{-inf, -inf}, {-inf, 0.0}}, kDouble), tensor({{inf, 0.0}, {nan, 0.0}, {inf, -inf}}, kDouble)};
  for (const Tensor& x : points) {
    s.at(call + "(x[0], 1)", {x}, rows);
    s.at(call + "(x[0].t(), 0)", {x}, columns);
  }
  s.at(call + "(x[0], 1, dtype=torch.float32)", {zeros({4, 1}, kDouble)}, [f](Inputs x) { return f(x[0], 1, kFloat); });
  s.flat(call + "(x[0], 0, dtype=torch.float64)", {s.integers({3, 2}, -9, 9)}, [f](Inputs x) { return f(x[0], 0, kDouble); });
  s.rejects("integers", "not implemented for 'Long'", [f] { f(ones({2}, kLong), 0, std::nullopt); });
  s.rejects("an axis too far", "Dimension out of range", [f] { f(ones({2}), 1, std::nullopt); });
}

const catalogue::Entry softmax_entry("softmax", [](catalogue::Samples& s) { add_softmax(s, "torch.softmax", &softmax); });
const catalogue::Entry log_softmax_entry("log_softmax", [](catalogue::Samples& s) { add_softmax(s, "torch.log_softmax", &log_softmax); });

}  // namespace

}}  // namespace torch::xgrad

#endif
