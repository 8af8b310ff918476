#include <xgrad/autograd/ops/rounding.h>

#include <cmath>
#include <cstdlib>

#include <xgrad/autograd/kernels/rounding.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

Tensor with_zero_slope(const char* name, Forward y, const Tensor& x) {
  return record(name, std::move(y), wrt(x, [](const Tensor& gy) { return zeros_like(gy); }));
}

}  // namespace

Tensor floor(const Tensor& self) { return with_zero_slope("FloorBackward0", pointwise("floor", kernels::floor, self.dtype(), {self}), self); }
Tensor ceil(const Tensor& self) { return with_zero_slope("CeilBackward0", pointwise("ceil", kernels::ceil, self.dtype(), {self}), self); }
Tensor trunc(const Tensor& self) { return with_zero_slope("TruncBackward0", pointwise("trunc", kernels::trunc, self.dtype(), {self}), self); }
Tensor round(const Tensor& self) { return with_zero_slope("RoundBackward0", pointwise("round", kernels::round, self.dtype(), {self}), self); }

Tensor round(const Tensor& self, int64_t decimals) {
  const kernels::Decimals parameter{std::pow(10.0, static_cast<double>(std::llabs(decimals))), decimals < 0};
  return with_zero_slope("RoundBackward1", pointwise("round", kernels::round_decimals, self.dtype(), {self}, &parameter), self);
}

}  // namespace xgrad
