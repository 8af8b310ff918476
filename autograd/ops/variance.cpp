// Variance, standard deviation, and both with the mean.
#include <xgrad/autograd/kernels/moments.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/gathering.h>
#include <xgrad/autograd/ops/reduced_axes.h>
#include <xgrad/autograd/ops/reduction.h>

namespace xgrad {

namespace {

struct Spread {
  uint64_t mask;
  int64_t correction;
  bool keepdim, root;
};

Spread spread(const char* operation, const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim, bool root) {
  XGRAD_CHECK(self.is_floating_point(), "[", operation, "] std and var only support floating point and complex dtypes, got ", self.dtype());
  return {axis_mask(operation, dim, self.dim()), correction.value_or(1), keepdim, root};
}

Forward compute(const Tensor& self, const Spread& s) {
  kernels::ReductionGeometry g;
  Tensor y = prepare_reduction(self, s.mask, s.keepdim, self.dtype(), g);
  kernels::reduce_variance(g, self.dtype(), self.data_ptr(), y.data_ptr(), static_cast<double>(s.correction), s.root);
  return Forward(std::move(y));
}

// The gradient of x from the one of its variance (or its root y). At a root of 0 the subgradient is 0.
Tensor gradient(const Tensor& gy, const Tensor& y, const Tensor& x, const Spread& s) {
  const Tensor g = s.root ? (gy / (y * 2)).masked_fill(y == 0, 0) : gy;
  const double weight = 2.0 / static_cast<double>(reduced_numel(x.sizes(), s.mask) - s.correction);
  return restore_axes(g * weight, x.sizes(), s.mask, s.keepdim) * (x - x.mean(masked_axes(s.mask, x.dim()), true));
}

Tensor single(const char* name, const Tensor& self, const Spread& s) {
  return record(name, compute(self, s), wrt(self, [x = save(self), s](const Tensor& gy, const Tensor& y) { return gradient(gy, y, *x, s); }));
}

std::tuple<Tensor, Tensor> with_mean(const char* name, const Tensor& self, const Spread& s) {
  Tensor mean;
  {
    NoGradGuard guard;
    mean = self.mean(masked_axes(s.mask, self.dim()), s.keepdim);
  }
  const std::vector<Tensor> y = record_all(
      name, {compute(self, s), Forward(mean)}, wrt_all({self}, [x = save(self), s](Gradients& g, const std::vector<Tensor>& y) {
        if (g.gy(0).defined()) g.gx(0) = gradient(g.gy(0), y[0], *x, s);
        if (!g.gy(1).defined()) return;
        const auto n = static_cast<double>(reduced_numel((*x).sizes(), s.mask));
        const Tensor of_mean = restore_axes(g.gy(1) / n, (*x).sizes(), s.mask, s.keepdim);
        g.gx(0) = g.gx(0).defined() ? g.gx(0) + of_mean : of_mean;
      }));
  return {y[0], y[1]};
}

}  // namespace

Tensor var(const Tensor& self, bool unbiased) { return var(self, std::nullopt, std::optional<int64_t>(unbiased)); }
Tensor var(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return var(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
Tensor var(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return single("VarBackward0", self, spread("var", self, dim, correction, keepdim, false));
}

Tensor std(const Tensor& self, bool unbiased) { return std(self, std::nullopt, std::optional<int64_t>(unbiased)); }
Tensor std(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
Tensor std(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return single("StdBackward0", self, spread("std", self, dim, correction, keepdim, true));
}

std::tuple<Tensor, Tensor> var_mean(const Tensor& self, bool unbiased) { return var_mean(self, std::nullopt, std::optional<int64_t>(unbiased)); }
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return var_mean(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
std::tuple<Tensor, Tensor> var_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return with_mean("VarMeanBackward0", self, spread("var_mean", self, dim, correction, keepdim, false));
}

std::tuple<Tensor, Tensor> std_mean(const Tensor& self, bool unbiased) { return std_mean(self, std::nullopt, std::optional<int64_t>(unbiased)); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, bool unbiased, bool keepdim) {
  return std_mean(self, dim, std::optional<int64_t>(unbiased), keepdim);
}
std::tuple<Tensor, Tensor> std_mean(const Tensor& self, OptionalIntArrayRef dim, std::optional<int64_t> correction, bool keepdim) {
  return with_mean("StdMeanBackward0", self, spread("std_mean", self, dim, correction, keepdim, true));
}

}  // namespace xgrad
