// Sums and means that leave NaN out, and the number of elements that are not 0.

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/launch.h>
#include <xgrad/autograd/kernels/reduction/reduction.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor nansum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"nansum">;
  if (!self.is_floating_point()) return sum(self, dim, keepdim, dtype);
  XGRAD_CHECK_AS(NotImplementedError, !dtype || isFloatingType(*dtype), op, "\"nansum_cpu\" not implemented for '", *dtype, "'");
  const uint64_t mask = axis_mask(op.name(), dim, self.dim());
  const Tensor x = as_dtype(self, dtype);
  kernels::ReductionGeometry g;
  const Computed from(x);
  Tensor y = prepare_reduction(*from, mask, keepdim, from->dtype(), g);
  launch(op, kernels::reduce_nansum, kernels::reads(*from), kernels::writes(y), g, from->dtype(), from->data_ptr(), y.data_ptr());
  return record(
      Forward(op, rounded_to(x.dtype(), std::move(y))), with("dim", dim, "keepdim", keepdim, "dtype", dtype),
      wrt(x, [x = save(x), mask, keepdim](const Tensor& gy) { return restore_axes(gy, (*x).sizes(), mask, keepdim) * isnan(*x).logical_not(); }));
}

Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  XGRAD_CHECK(self.is_floating_point(), operation<"nanmean">, "nanmean(): expected input to have floating point dtype but got ", self.dtype());
  return nansum(self, dim, keepdim, dtype) / isnan(self.detach()).logical_not().sum(dim, keepdim);
}

Tensor count_nonzero(const Tensor& self, IntArrayRef dim) { return ne(self.detach(), 0).sum(dim); }
Tensor count_nonzero(const Tensor& self, std::optional<int64_t> dim) { return count_nonzero(self, dim ? IntArrayRef(*dim) : IntArrayRef()); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kInf;
using catalogue::kNaN;

using SumOver = Tensor (*)(const Tensor&, OptionalIntArrayRef, bool, std::optional<ScalarType>);

void add_sums(catalogue::Samples& s, const std::string& call, SumOver over) {
  s.sums_depend_on_layout();
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {300}, {2, 3}, {0}, {2, 0}})
    s.add(call + "(x[0])", {s.normal(shape)}, [over](Inputs x) { return over(x[0], std::nullopt, false, std::nullopt); });
  for (auto& list : {catalogue::reductions_over_axes(), catalogue::reductions_of_nothing()})
    for (const auto& r : list)
      s.add(call + "(x[0]" + r.text, {s.normal(r.shape)}, [over, r](Inputs x) { return over(x[0], IntArrayRef(r.dims), r.keepdim, std::nullopt); });
  const Tensor holes = tensor({{1.0, kNaN, kNaN}, {kInf, 2.0, kNaN}, {-kInf, 3.0, kNaN}}, kDouble);
  s.at(call + "(x[0])", {holes.narrow(1, 1, 2)}, [over](Inputs x) { return over(x[0], std::nullopt, false, std::nullopt); });
  s.at(call + "(x[0], dim=0)", {holes}, [over](Inputs x) { return over(x[0], 0, false, std::nullopt); });
  s.at(call + "(x[0], dim=1, keepdim=True)", {holes}, [over](Inputs x) { return over(x[0], 1, true, std::nullopt); });
  s.at(call + "(x[0], dtype=torch.float32)", {s.integers({2, 3}, -9, 9).to(kDouble)},
       [over](Inputs x) { return over(x[0], std::nullopt, false, kFloat); });
  s.rejects("an axis named twice", "appears multiple times in the list of dims", [over] { over(ones({2, 3}), {0, -2}, false, std::nullopt); });
  s.rejects("an axis too far", "Dimension out of range", [over] { over(ones({2, 3}), 2, false, std::nullopt); });
}

const catalogue::Entry nansum_entry("nansum", [](catalogue::Samples& s) {
  add_sums(s, "torch.nansum", &nansum);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat("torch.nansum(x[0], dim=0)", {s.integers({3, 4}, 0, 200).to(dtype)}, [](Inputs x) { return nansum(x[0], 0); });
  s.rejects("an integer result", "\"nansum_cpu\" not implemented for 'Long'", [] { nansum(ones({2}), std::nullopt, false, kLong); });
});

const catalogue::Entry nanmean_entry("nanmean", [](catalogue::Samples& s) {
  add_sums(s, "torch.nanmean", &nanmean);
  s.rejects("integers", "expected input to have floating point dtype but got Long", [] { nanmean(ones({2}, kLong)); });
});

const catalogue::Entry count_nonzero_entry("count_nonzero", [](catalogue::Samples& s) {
  for (const ScalarType dtype : {kBool, kByte, kInt, kLong, kDouble}) {
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {0}, {3, 4}})
      s.flat("torch.count_nonzero(x[0])", {s.integers(shape, 0, 2).to(dtype)}, [](Inputs x) { return count_nonzero(x[0]); });
    s.flat("torch.count_nonzero(x[0], dim=-1)", {s.integers({3, 4}, 0, 2).to(dtype)},
           [](Inputs x) { return count_nonzero(x[0], std::optional<int64_t>(-1)); });
    s.flat("torch.count_nonzero(x[0], dim=(0, 2))", {s.integers({2, 3, 4}, 0, 2).to(dtype)}, [](Inputs x) { return count_nonzero(x[0], {0, 2}); });
  }
  s.flat("torch.count_nonzero(x[0])", {tensor({kNaN, -0.0, 1.0}, kDouble)}, [](Inputs x) { return count_nonzero(x[0]); });
  s.rejects("an axis too far", "Dimension out of range", [] { count_nonzero(ones({2}), std::optional<int64_t>(1)); });
});

const catalogue::Entry is_nonzero_entry("is_nonzero", [](catalogue::Samples& s) {
  for (const ScalarType dtype : {kBool, kByte, kLong, kDouble})
    for (const double number : {0.0, 1.0})
      s.flat("torch.tensor(torch.is_nonzero(x[0]))", {full({1}, number, dtype)},
             [](Inputs x) { return full({}, is_nonzero(x[0]), TensorOptions(kBool)); });
  s.rejects("two elements", "Boolean value of Tensor with more than one value is ambiguous", [] { is_nonzero(ones({2})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
