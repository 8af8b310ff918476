// Division with rounding and its rests, declared in arithmetic.h.
#include <algorithm>

#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/rounding.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/pointwise.h>

namespace xgrad {

namespace {

bool has_zero(const Operand& x) {
  if (!x.tensor()) return x.scalar().equal(0);
  const Tensor t = contiguous_as(*x.tensor(), kLong);
  const int64_t* p = t.data_ptr<int64_t>();
  return std::find(p, p + t.numel(), 0) != p + t.numel();
}

Forward divide(const char* operation, const kernels::LoopTable& table, const Operand& a, const Operand& b) {
  const ScalarType dtype = result_type({a, b});
  XGRAD_CHECK(isFloatingType(dtype) || !has_zero(b), "[", operation, "] ZeroDivisionError: integer division by zero");
  return pointwise(operation, table, dtype, {a, b});
}

const kernels::LoopTable& rounded_division(std::string_view mode) {
  XGRAD_CHECK(mode == "floor" || mode == "trunc", "[div] div expected rounding_mode to be one of None, 'trunc', or 'floor' but found '", mode, "'");
  return mode == "floor" ? kernels::div_floor : kernels::div_trunc;
}

Tensor zero_slope(const Tensor& gy) { return zeros_like(gy); }

}  // namespace

Tensor div(const Tensor& self, const Tensor& other, std::optional<std::string_view> rounding_mode) {
  if (!rounding_mode) return div(self, other);
  return record("DivBackward2", divide("div", rounded_division(*rounding_mode), self, other), wrt(self, zero_slope), wrt(other, zero_slope));
}

Tensor div(const Tensor& self, const Scalar& other, std::optional<std::string_view> rounding_mode) {
  if (!rounding_mode) return div(self, other);
  return record("DivBackward3", divide("div", rounded_division(*rounding_mode), self, other), wrt(self, zero_slope));
}

Tensor floor_divide(const Tensor& self, const Tensor& other) { return div(self, other, "floor"); }
Tensor floor_divide(const Tensor& self, const Scalar& other) { return div(self, other, "floor"); }

Tensor fmod(const Tensor& self, const Tensor& other) {
  return record("FmodBackward1", divide("fmod", kernels::fmod, self, other), wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * div(a, b, "trunc"); }));
}

Tensor fmod(const Tensor& self, const Scalar& other) {
  return record("FmodBackward0", divide("fmod", kernels::fmod, self, other), wrt(self, [](const Tensor& gy) { return gy; }));
}

Tensor remainder(const Tensor& self, const Tensor& other) {
  return record("RemainderBackward1", divide("remainder", kernels::remainder, self, other), wrt(self, [](const Tensor& gy) { return gy; }),
                wrt(other, [a = save(self), b = save(other)](const Tensor& gy) { return -gy * div(a, b, "floor"); }));
}

Tensor remainder(const Tensor& self, const Scalar& other) {
  return record("RemainderBackward0", divide("remainder", kernels::remainder, self, other), wrt(self, [](const Tensor& gy) { return gy; }));
}

Tensor remainder(const Scalar& self, const Tensor& other) {
  return record("RemainderBackward1", divide("remainder", kernels::remainder, self, other),
                wrt(other, [self, b = save(other)](const Tensor& gy) {
                  return -gy * div(full({}, self, TensorOptions(b.get().dtype())), b, "floor");
                }));
}

}  // namespace xgrad
