// Variance, standard deviation, and both with the mean.
#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/reduction/moments.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/reduction/reduced_axes.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Spread {
  uint64_t mask;
  int64_t correction;
  bool keepdim, root;
};

// As asked for.
struct Request {
  const Operation& operation;
  const Tensor& self;
  const OptionalIntArrayRef& dim;
  const std::optional<int64_t>& correction;
  const bool& keepdim;
  const Operation* of_mean = nullptr;  // where it is wanted too

  auto attributes() const { return with("dim", dim, "correction", correction, "keepdim", keepdim); }
  Spread spread(bool root) const {
    XGRAD_CHECK(self.is_floating_point(), operation, "std and var only support floating point and complex dtypes, got ", self.dtype());
    return {axis_mask(operation.name(), dim, self.dim()), correction.value_or(1), keepdim, root};
  }
};

Forward compute(const Operation& operation, const Tensor& self, const Spread& s) {
  kernels::ReductionGeometry g;
  const Computed x(self);
  Tensor y = prepare_reduction(*x, s.mask, s.keepdim, x->dtype(), g);
  launch(operation, kernels::reduce_variance, reads(*x), writes(y), g, x->dtype(), x->data_ptr(), y.data_ptr(), static_cast<double>(s.correction),
         s.root);
  return Forward(operation, rounded_to(self.dtype(), std::move(y)));
}

// The gradient of x from the one of its variance.
Tensor gradient(const Tensor& gy, const Tensor& x, const Spread& s) {
  const double weight = 2.0 / static_cast<double>(reduced_numel(x.sizes(), s.mask) - s.correction);
  return restore_axes(gy * weight, x.sizes(), s.mask, s.keepdim) * (x - x.mean(masked_axes(s.mask, x.dim()), true));
}

// At a root of 0 the subgradient is 0.
Tensor gradient_of_root(const Tensor& gy, const Tensor& y, const Tensor& x, const Spread& s) {
  return gradient((gy / (y * 2)).masked_fill(y == 0, 0), x, s);
}

Tensor single(const Request& request, bool root) {
  const Tensor& self = request.self;
  const Spread s = request.spread(root);
  Forward y = compute(request.operation, self, s);
  if (!root) return record(std::move(y), request.attributes(), wrt(self, [x = save(self), s](const Tensor& gy) { return gradient(gy, *x, s); }));
  return record(std::move(y), request.attributes(),
                wrt(self, [x = save(self), s](const Tensor& gy, const Tensor& y) { return gradient_of_root(gy, y, *x, s); }));
}

// Each with a node of its own, so that neither keeps what only the other's derivative reads.
std::tuple<Tensor, Tensor> with_mean(const Request& request, bool root) {
  const Tensor& self = request.self;
  Tensor y = single(request, root);
  const Spread s = request.spread(root);
  const auto mean = [&] {
    const StepsOfOne steps;
    return Forward(*request.of_mean, self.mean(masked_axes(s.mask, self.dim()), s.keepdim));
  };
  return {std::move(y), record(mean(), request.attributes(), wrt(self, [sizes = Dims(self.sizes()), s](const Tensor& gy) {
                                 return restore_axes(gy, sizes, s.mask, s.keepdim) / static_cast<double>(reduced_numel(sizes, s.mask));
                               }))};
}

}  // namespace

Tensor var(const Tensor& self, bool unbiased) { return var(self, std::nullopt, std::optional<int64_t>(unbiased)); }
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return var(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return single({operation<"var">, self, dim, correction, keepdim}, false);
}

Tensor std(const Tensor& self, bool unbiased) { return std(self, std::nullopt, std::optional<int64_t>(unbiased)); }
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return single({operation<"std">, self, dim, correction, keepdim}, true);
}

std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased) { return var_mean(self, std::nullopt, std::optional<int64_t>(unbiased)); }
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return var_mean(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return with_mean(
      {operation_recorded_as<"var", "VarMeanBackward0">, self, dim, correction, keepdim, &operation_recorded_as<"mean", "VarMeanBackward0">}, false);
}

std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased) { return std_mean(self, std::nullopt, std::optional<int64_t>(unbiased)); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std_mean(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return with_mean(
      {operation_recorded_as<"std", "StdMeanBackward0">, self, dim, correction, keepdim, &operation_recorded_as<"mean", "StdMeanBackward0">}, true);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

template <class OfAll, class Over> void add_spreads(catalogue::Samples& s, const std::string& call, OfAll of_all, Over over) {
  s.sums_depend_on_layout();
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3}, {300}, {2, 3}})
    for (const bool unbiased : {true, false})
      s.add(call + "(x[0], " + catalogue::text(unbiased) + ")", {s.normal(shape)}, [=](Inputs x) { return of_all(x[0], unbiased); });
  for (const auto& r : catalogue::reductions_of({{3, 4}, {2, 2, 3}}, {{-1}, {0, 1}, {0}}))
    for (const int64_t correction : {0, 1, 2}) {
      if (reduced_numel(r.shape, axis_mask("var", IntArrayRef(r.dims), static_cast<int64_t>(r.shape.size()))) <= correction) continue;
      s.add(call + "(x[0], correction=" + std::to_string(correction) + r.text, {s.normal(r.shape)},
            [=](Inputs x) { return over(x[0], r.dims, correction, r.keepdim); });
    }
  const auto corrected = [=](int64_t correction) { return [=](Inputs x) { return over(x[0], {0}, correction, false); }; };
  s.at(call + "(x[0], dim=(0,), correction=0)", {tensor({2.0}, kDouble)}, corrected(0));
  s.at(call + "(x[0], dim=(0,), correction=2)", {tensor({2.0, 3.0}, kDouble)}, corrected(2));
  s.at(call + "(x[0], dim=(0,), correction=3)", {tensor({2.0, 3.0}, kDouble)}, corrected(3));
  s.at(call + "(x[0], dim=(0,), correction=1)", {tensor({2.0, 2.0, 2.0}, kDouble)}, corrected(1));
  s.at(call + "(x[0], dim=(0,), correction=1)", {empty({0, 2}, kDouble)}, corrected(1));
  s.at(call + "(x[0], dim=(0,), correction=1)", {ones({1, 2}, kDouble)}, corrected(1));
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  s.at(call + "(x[0], dim=(0,), correction=1)", {tensor({1.0, nan, 2.0}, kDouble)}, corrected(1));
  s.at(call + "(x[0], dim=(0,), correction=1)", {tensor({1.0, inf, 2.0}, kDouble)}, corrected(1)).deviation =
      call.find("_mean") == std::string::npos ? "" : "mean-of-infinity";
  s.rejects("integers", "std and var only support floating point", [=] { of_all(ones({2}, kLong), true); });
  s.rejects("an axis too far", "Dimension out of range", [=] { over(ones({2}), {1}, 1, false); });
}

// One element: NaN with a NaN gradient, where PyTorch's derivative fails.
template <class OfAll> void add_single(catalogue::Samples& s, const std::string& call, OfAll of_all) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{1}, {1, 1}})
    s.at(call + "(x[0])", {ones(shape, kDouble)}, [=](Inputs x) { return of_all(x[0], true); }).deviation = "variance-of-one";
}

using Axes = std::vector<int64_t>;

const catalogue::Entry var_entry("var", [](catalogue::Samples& s) {
  const auto of_all = [](const Tensor& x, bool unbiased) { return var(x, unbiased); };
  add_spreads(s, "torch.var", of_all,
              [](const Tensor& x, const Axes& dim, int64_t c, bool keepdim) { return var(x, IntArrayRef(dim), std::optional(c), keepdim); });
  add_single(s, "torch.var", of_all);
  s.add("torch.var(x[0], (0,), False, True)", {s.normal({3, 2})}, [](Inputs x) { return var(x[0], 0, false, true); });
});
const catalogue::Entry std_entry("std", [](catalogue::Samples& s) {
  const auto of_all = [](const Tensor& x, bool unbiased) { return std(x, unbiased); };
  add_spreads(s, "torch.std", of_all,
              [](const Tensor& x, const Axes& dim, int64_t c, bool keepdim) { return std(x, IntArrayRef(dim), std::optional(c), keepdim); });
  add_single(s, "torch.std", of_all);
  s.add("torch.std(x[0], (0,), False, True)", {s.normal({3, 2})}, [](Inputs x) { return std(x[0], 0, false, true); });
});
const catalogue::Entry var_mean_entry("var_mean", [](catalogue::Samples& s) {
  add_spreads(
      s, "torch.var_mean", [](const Tensor& x, bool unbiased) { return var_mean(x, unbiased); },
      [](const Tensor& x, const Axes& dim, int64_t c, bool keepdim) { return var_mean(x, IntArrayRef(dim), std::optional(c), keepdim); });
  s.add("torch.var_mean(x[0], (0,), False, True)", {s.normal({3, 2})}, [](Inputs x) { return var_mean(x[0], 0, false, true); });
});
const catalogue::Entry std_mean_entry("std_mean", [](catalogue::Samples& s) {
  add_spreads(
      s, "torch.std_mean", [](const Tensor& x, bool unbiased) { return std_mean(x, unbiased); },
      [](const Tensor& x, const Axes& dim, int64_t c, bool keepdim) { return std_mean(x, IntArrayRef(dim), std::optional(c), keepdim); });
  s.add("torch.std_mean(x[0], (0,), False, True)", {s.normal({3, 2})}, [](Inputs x) { return std_mean(x[0], 0, false, true); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
