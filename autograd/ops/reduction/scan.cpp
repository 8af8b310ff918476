#include <xgrad/autograd/ops/reduction/scan.h>

#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/scan.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

ScalarType widened(const Tensor& x) { return x.is_floating_point() ? x.dtype() : kLong; }

template <class... A> Tensor running_sum(const With<A...>& attributes, const Tensor& self, int64_t axis, bool from_the_end) {
  const Operation& op = operation<"cumsum">;
  const Tensor x = contiguous_as(self, self.dtype());
  Tensor y = allocate_tensor(x.sizes(), widened(x));
  launch(op, kernels::running_sum, reads(x), writes(y), x.dtype(), layout_along(x, axis), x.data_ptr(), y.data_ptr(), from_the_end);
  return record(Forward(op, std::move(y)), attributes,
                wrt(self, [axis, from_the_end](const Tensor& gy) { return running_sum(with(), gy, axis, !from_the_end); }));
}

// gx_k = (product of x before k) * s_k with s_k = gy_k + x_(k+1) s_(k+1): no division, so zeros do no harm.
Tensor gradient_across_zeros(const Tensor& gy, const Tensor& x, int64_t axis) {
  const int64_t n = x.size(axis);
  std::vector<Tensor> before(static_cast<size_t>(n)), gx(static_cast<size_t>(n));
  for (int64_t k = 1; k < n; ++k) {
    const Tensor previous = x.select(axis, k - 1);
    before[static_cast<size_t>(k)] = k == 1 ? previous : before[static_cast<size_t>(k - 1)] * previous;
  }
  Tensor s;
  for (int64_t k = n - 1; k >= 0; --k) {
    const Tensor g = gy.select(axis, k);
    s = s.defined() ? g + x.select(axis, k + 1) * s : g;
    gx[static_cast<size_t>(k)] = k == 0 ? s : before[static_cast<size_t>(k)] * s;
  }
  return stack(gx, axis);
}

}  // namespace

Tensor cumsum(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const int64_t axis = wrap_axis("cumsum", dim, self.dim());
  return as_dtype(running_sum(with("dim", dim, "dtype", dtype), as_dtype(self, dtype), axis, false), dtype);
}

Tensor cumprod(const Tensor& self, int64_t dim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"cumprod">;
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  const Tensor x = as_dtype(self, dtype), rows = contiguous_as(x, x.dtype());
  Tensor y = allocate_tensor(x.sizes(), widened(x));
  launch(op, kernels::running_product, reads(rows), writes(y), x.dtype(), layout_along(x, axis), rows.data_ptr(), y.data_ptr());
  return as_dtype(record(Forward(op, std::move(y)), with("dim", dim, "dtype", dtype),
                         wrt(x,
                             [x = save(x), axis](const Tensor& gy, const Tensor& y) {
                               if ((*x).dim() == 0 || (*x).numel() == 0) return gy;
                               if ((*x == 0).any().item<bool>()) return gradient_across_zeros(gy, *x, axis);
                               return running_sum(with(), gy * y, axis, true) / *x;
                             })),
                  dtype);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

using Scan = Tensor (*)(const Tensor&, int64_t, std::optional<ScalarType>);

struct ShapeAndAxis {
  std::vector<int64_t> shape;
  int64_t axis;
};
const ShapeAndAxis kShapes[] = {{{}, 0},      {{}, -1},       {{1}, 0},        {{6}, 0}, {{2, 3}, 1}, {{2, 3}, 0},
                                {{3, 70}, 0}, {{2, 3, 4}, 1}, {{2, 3, 4}, -1}, {{0}, 0}, {{2, 0}, 1}, {{2, 0}, 0}};

void add_scan(catalogue::Samples& s, const std::string& call, Scan f) {
  for (const auto& [shape, axis] : kShapes)
    s.add(call + "(x[0], " + std::to_string(axis) + ")", {s.avoiding(shape, -1.5, 1.5, {0})},
          [f, axis = axis](Inputs x) { return f(x[0], axis, std::nullopt); });
  const auto along_0 = [f](Inputs x) { return f(x[0], 0, std::nullopt); };
  s.add(call + "(x[0], 0)", {tensor({{2.0, 0.0, 0.0}, {0.0, 0.0, 2.0}, {3.0, 4.0, 5.0}, {4.0, 0.0, -3.0}}, kDouble)}, along_0);
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const double special : {inf, nan}) s.at(call + "(x[0], 0)", {tensor({1.0, 2.0, special, 3.0}, kDouble)}, along_0);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) s.flat(call + "(x[0], 0)", {s.integers({3, 2}, 0, 200).to(dtype)}, along_0);
  s.flat(call + "(x[0], 0, dtype=torch.float64)", {s.integers({3, 2}, 0, 9)}, [f](Inputs x) { return f(x[0], 0, kDouble); });
  s.flat(call + "(x[0], 0, dtype=torch.int32)", {s.integers({3, 2}, 0, 9)}, [f](Inputs x) { return f(x[0], 0, kInt); });
  s.rejects("an axis too far", "Dimension out of range", [f] { f(ones({2}), 1, std::nullopt); });
}

const catalogue::Entry cumsum_entry("cumsum", [](catalogue::Samples& s) { add_scan(s, "torch.cumsum", &cumsum); });
const catalogue::Entry cumprod_entry("cumprod", [](catalogue::Samples& s) { add_scan(s, "torch.cumprod", &cumprod); });

}  // namespace

}}  // namespace torch::xgrad

#endif
