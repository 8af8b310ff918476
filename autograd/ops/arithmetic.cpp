#include <xgrad/autograd/ops/arithmetic.h>

#include <xgrad/autograd/kernels/arithmetic.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {
kernels::AlphaParameter alpha_parameter(const Scalar& alpha) { return {alpha.toDouble(), alpha.toLong()}; }
}  // namespace

Tensor add(const Tensor& self, const Tensor& other, const Scalar& alpha) {
  const auto parameter = alpha_parameter(alpha);
  return record("AddBackward0", pointwise("add", kernels::add_scaled, result_type({self, other}), {self, other}, &parameter),
                wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(other, [alpha](const Tensor& gy) { return alpha.equal(1) ? gy : gy * alpha; }));
}

Tensor mul(const Tensor& self, const Tensor& other) {
  return record("MulBackward0", pointwise("mul", kernels::mul, result_type({self, other}), {self, other}),
                wrt(self, [b = save(other)](const Tensor& gy) { return gy * *b; }),
                wrt(other, [a = save(self)](const Tensor& gy) { return gy * *a; }));
}

Tensor mul(const Tensor& self, const Scalar& other) {
  return record("MulBackward0", pointwise("mul", kernels::mul, result_type({self, other}), {self, other}),
                wrt(self, [other](const Tensor& gy) { return gy * other; }));
}

}  // namespace xgrad
