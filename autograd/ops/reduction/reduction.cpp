#include <xgrad/autograd/ops/reduction/reduction.h>

#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/along_axis.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/sum_to.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

using kernels::ReductionGeometry;

template <class... A> Tensor sum_over(const Operation& operation, const With<A...>& attributes, const Tensor& self, uint64_t mask, bool keepdim) {
  ReductionGeometry g;
  const Computed x(self);
  Tensor y = prepare_reduction(*x, mask, keepdim, x->is_floating_point() ? x->scalar_type() : kLong, g);
  launch(operation, kernels::reduce_sum, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr(), 1.0);
  return record(Forward(operation, rounded_to(self.dtype(), std::move(y))), attributes,
                wrt(self, [sizes = Dims(self.sizes()), mask, keepdim](const Tensor& gy) { return restore_axes(gy, sizes, mask, keepdim); }));
}

template <class... A> Tensor mean_over(const Operation& operation, const With<A...>& attributes, const Tensor& self, uint64_t mask, bool keepdim) {
  XGRAD_CHECK(self.is_floating_point(), operation,
              "could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ", self.dtype());
  ReductionGeometry g;
  const auto n = static_cast<double>(reduced_numel(self.sizes(), mask));
  const Computed x(self);
  Tensor y = prepare_reduction(*x, mask, keepdim, x->dtype(), g);
  launch(operation, kernels::reduce_sum, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr(), n);
  return record(Forward(operation, rounded_to(self.dtype(), std::move(y))), attributes,
                wrt(self, [sizes = Dims(self.sizes()), mask, keepdim, n](const Tensor& gy) {
                  return restore_axes(gy, sizes, mask, keepdim) / n;  // in memory of its own, as in PyTorch: callers edit it
                }));
}

enum class Truth { kAll, kAny };

// The least or the greatest of truths.
Tensor truth_over(const Operation& operation, Truth which, const Tensor& self, uint64_t mask, bool keepdim) {
  const Tensor truths = self.dtype() == kBool ? self : untraced([&] { return ne(self, 0); });
  ReductionGeometry g;
  Tensor y = prepare_reduction(truths, mask, keepdim, self.dtype() == kByte ? kByte : kBool, g);
  launch(operation, which == Truth::kAll ? kernels::reduce_min : kernels::reduce_max, reads(truths), writes(y), g, kBool, truths.data_ptr(),
         y.data_ptr());
  return not_differentiable(Forward(operation, std::move(y)), with("dim", OptionalIntArrayRef(masked_axes(mask, self.dim())), "keepdim", keepdim),
                            self);
}

Tensor truth_of_all(const Operation& operation, Truth which, const Tensor& self) {
  return truth_over(operation, which, self, axis_mask(operation.name(), IntArrayRef(), self.dim()), false);
}
Tensor truth_along(const Operation& operation, Truth which, const Tensor& self, int64_t dim, bool keepdim) {
  return truth_over(operation, which, self, one_axis_mask(operation.name(), dim, self.dim()), keepdim);
}

}  // namespace

Tensor sum(const Tensor& self, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"sum">;
  const uint64_t mask = axis_mask(op.name(), IntArrayRef(), self.dim());
  return as_dtype(sum_over(op, with("dtype", dtype), as_dtype(self, dtype), mask, false), dtype);
}

Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"sum", 1>;
  const uint64_t mask = axis_mask(op.name(), dim, self.dim());
  return as_dtype(sum_over(op, with("dim", dim, "keepdim", keepdim, "dtype", dtype), as_dtype(self, dtype), mask, keepdim), dtype);
}

Tensor mean(const Tensor& self, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"mean">;
  return mean_over(op, with("dtype", dtype), as_dtype(self, dtype), axis_mask(op.name(), IntArrayRef(), self.dim()), false);
}

Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const Operation& op = operation<"mean", 1>;
  const uint64_t mask = axis_mask(op.name(), dim, self.dim());
  return mean_over(op, with("dim", dim, "keepdim", keepdim, "dtype", dtype), as_dtype(self, dtype), mask, keepdim);
}

Tensor all(const Tensor& self) { return truth_of_all(operation<"all">, Truth::kAll, self); }
Tensor all(const Tensor& self, int64_t dim, bool keepdim) { return truth_along(operation<"all">, Truth::kAll, self, dim, keepdim); }

Tensor any(const Tensor& self) { return truth_of_all(operation<"any">, Truth::kAny, self); }
Tensor any(const Tensor& self, int64_t dim, bool keepdim) { return truth_along(operation<"any">, Truth::kAny, self, dim, keepdim); }

// ---- to a shape

Tensor sum_to(const Tensor& t, IntArrayRef sizes) {
  const int64_t lead = t.dim() - static_cast<int64_t>(sizes.size());
  Dims axes;
  for (int64_t i = 0; i < t.dim(); ++i)
    if (i < lead || (sizes[static_cast<size_t>(i - lead)] == 1 && t.sizes()[static_cast<size_t>(i)] != 1)) axes.push_back(i);
  const Tensor s = axes.empty() ? t : t.sum(IntArrayRef(axes), true);
  return lead > 0 ? s.view(sizes) : s;
}

Tensor Tensor::sum_to_size(IntArrayRef size) const {
  XGRAD_CHECK(broadcasts_to(size, sizes()), operation<"sum_to_size">, "size {", size, "} is not expandable to size {", sizes(), "}.");
  return sum_to(*this, size);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

struct NamedSum {
  const char* call;
  Tensor (*all)(const Tensor&, std::optional<ScalarType>);
  Tensor (*over)(const Tensor&, OptionalIntArrayRef, bool, std::optional<ScalarType>);
};

void add_sums(catalogue::Samples& s, const NamedSum& f) {
  s.sums_depend_on_layout();
  const std::string call = f.call;
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {300}, {2, 3}, {2, 1, 4}, {0}, {2, 0}})
    s.add(call + "(x[0])", {s.normal(shape)}, [f](Inputs x) { return f.all(x[0], std::nullopt); });
  for (auto& list : {catalogue::reductions_over_axes(), catalogue::reductions_of_nothing(), catalogue::reductions_of({{2, 3}}, {{}})})
    for (const auto& r : list)
      s.add(call + "(x[0]" + r.text, {s.normal(r.shape)}, [f, r](Inputs x) { return f.over(x[0], IntArrayRef(r.dims), r.keepdim, std::nullopt); });
  s.at(call + "(x[0], dtype=torch.float32)", {s.integers({2, 3}, -9, 9).to(kDouble)}, [f](Inputs x) { return f.all(x[0], kFloat); });
  s.flat(call + "(x[0], dtype=torch.float64)", {s.integers({2, 3}, -9, 9)}, [f](Inputs x) { return f.all(x[0], kDouble); });
  s.flat(call + "(x[0], dim=1, dtype=torch.float64)", {s.booleans({2, 3})}, [f](Inputs x) { return f.over(x[0], 1, false, kDouble); });
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  for (const double special : {inf, -inf, nan})
    s.at(call + "(x[0], dim=0)", {tensor({{1.0, special}, {special, 2.0}, {-inf, 3.0}}, kDouble)},
         [f](Inputs x) { return f.over(x[0], 0, false, std::nullopt); });
  s.rejects("an axis named twice", "appears multiple times in the list of dims", [f] { f.over(ones({2, 3}), {0, -2}, false, std::nullopt); });
  s.rejects("an axis too far", "Dimension out of range (expected to be in range of [-2, 1], but got 2)", [f] {
    f.over(ones({2, 3}), 2, false, std::nullopt);
  });
  s.rejects("too many axes", "up to 64 dimensions", [f] { f.all(ones(std::vector<int64_t>(65, 1)), std::nullopt); });
}

const catalogue::Entry sum_entry("sum", [](catalogue::Samples& s) {
  add_sums(s, {"torch.sum", &sum, &sum});
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool}) {
    s.flat("torch.sum(x[0])", {s.integers({3, 4}, 0, 200).to(dtype)}, [](Inputs x) { return sum(x[0]); });
    s.flat("torch.sum(x[0], dim=(0,))", {s.integers({3, 4}, 0, 200).to(dtype)}, [](Inputs x) { return sum(x[0], 0); });
  }
  s.flat("torch.sum(x[0], dtype=torch.uint8)", {s.integers({30}, 0, 200)}, [](Inputs x) { return sum(x[0], kByte); });
  s.flat("torch.sum(x[0], dtype=torch.bool)", {s.integers({30}, 0, 200)}, [](Inputs x) { return sum(x[0], kBool); });
});

const catalogue::Entry sum_to_size_entry("sum_to_size", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const std::vector<int64_t>& size : std::vector<std::vector<int64_t> >{{2, 3}, {1, 3}, {3}, {2, 1}, {1}, {}})
    s.add("x[0].sum_to_size(" + catalogue::text(size) + ")", {s.normal({2, 3})}, [size](Inputs x) { return x[0].sum_to_size(size); });
  s.add("x[0].sum_to_size(1, 3)", {s.normal({0, 3})}, [](Inputs x) { return x[0].sum_to_size({1, 3}); });
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat("x[0].sum_to_size(3)", {s.integers({2, 3}, 0, 200).to(dtype)}, [](Inputs x) { return x[0].sum_to_size(3); });
  s.rejects("a size that doesn't broadcast", "size {[2]} is not expandable to size {[2, 3]}.", [] { ones({2, 3}).sum_to_size(2); });
  s.rejects("more axes", "is not expandable to size", [] { ones({2, 3}).sum_to_size({1, 2, 3}); });
});

const catalogue::Entry mean_entry("mean", [](catalogue::Samples& s) {
  add_sums(s, {"torch.mean", &mean, &mean});
  s.rejects("integers", "could not infer output dtype", [] { mean(ones({2}, kLong)); });
  s.rejects("an integer result", "must be either a floating point", [] { mean(ones({2}), kLong); });
});

void add_truths(catalogue::Samples& s, const std::string& call, Tensor (*of_all)(const Tensor&), Tensor (*along)(const Tensor&, int64_t, bool)) {
  for (const ScalarType dtype : {kBool, kByte, kInt, kLong, kDouble}) {
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {3}, {0}, {2, 2}})
      for (const int64_t top : {1, 2, 9}) s.flat(call + "(x[0])", {s.integers(shape, 0, top).to(dtype)}, [of_all](Inputs x) { return of_all(x[0]); });
    s.flat(call + "(x[0], dim=-1, keepdim=True)", {s.integers({4, 2}, 0, 2).to(dtype)}, [along](Inputs x) { return along(x[0], -1, true); });
    s.flat(call + "(x[0], dim=0)", {s.integers({2, 4}, 0, 2).to(dtype)}, [along](Inputs x) { return along(x[0], 0, false); });
  }
  s.flat(call + "(x[0], dim=1)", {empty({2, 0}, kBool)}, [along](Inputs x) { return along(x[0], 1, false); });
  s.flat(call + "(x[0])", {tensor({std::numeric_limits<double>::quiet_NaN(), -0.0}, kDouble)}, [of_all](Inputs x) { return of_all(x[0]); });
  s.rejects("an axis too far", "Dimension out of range", [along] { along(ones({2}), 1, false); });
}

const catalogue::Entry all_entry("all", [](catalogue::Samples& s) { add_truths(s, "torch.all", &all, &all); });
const catalogue::Entry any_entry("any", [](catalogue::Samples& s) { add_truths(s, "torch.any", &any, &any); });

}  // namespace

}}  // namespace torch::xgrad

#endif
