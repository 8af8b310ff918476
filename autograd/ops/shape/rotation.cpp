// Reflections and quarter turns.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor fliplr(const Tensor& self) {
  XGRAD_CHECK(self.dim() >= 2, operation<"fliplr">, "Input must be >= 2-d., got shape ", self.sizes());
  return flip(self, {1});
}

Tensor flipud(const Tensor& self) {
  XGRAD_CHECK(self.dim() >= 1, operation<"flipud">, "Input must be >= 1-d., got shape ", self.sizes());
  return flip(self, {0});
}

Tensor rot90(const Tensor& self, int64_t k, IntArrayRef dims) {
  const Operation& op = operation<"rot90">;
  XGRAD_CHECK(dims.size() == 2, op, "expected total rotation dims == 2, but got dims = ", dims.size());
  XGRAD_CHECK(self.dim() >= 2, op, "expected total dims >= 2, but got total dims = ", self.dim());
  const int64_t a = wrap_axis(op.name(), dims[0], self.dim()), b = wrap_axis(op.name(), dims[1], self.dim());
  XGRAD_CHECK(a != b, op, "expected rotation dims to be different, but got dim0 = ", dims[0], " and dim1 = ", dims[1]);
  const Tensor x = detail::alias(self);
  const int64_t turns = ((k % 4) + 4) % 4;
  const Tensor y = untraced([&] {
    return turns == 0   ? copy_of(x, x.dtype())
           : turns == 1 ? flip(x, {b}).transpose(a, b)
           : turns == 2 ? flip(x, {a, b})
                        : flip(x, {a}).transpose(a, b);
  });
  // No view of what was flipped.
  const Tensor turned = tensor_on(y.storage(), y.dtype(), y.sizes(), y.strides(), y.storage_offset());
  return record(Forward(op, turned), with("k", k, "dims", dims), wrt(self, [=](const Tensor& gy) { return rot90(gy, -turns, {a, b}); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry fliplr_entry("fliplr", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{2, 3}, {2, 3, 2}, {2, 0}})
    s.add("torch.fliplr(x[0])", {s.normal(shape)}, [](Inputs x) { return fliplr(x[0]); });
  s.rejects("a vector", "Input must be >= 2-d.", [] { fliplr(ones({4})); });
});

static const catalogue::Entry flipud_entry("flipud", [](Samples& s) {
  for (const std::vector<int64_t>& shape : {std::vector<int64_t>{3}, {2, 3}, {0, 2}})
    s.add("torch.flipud(x[0])", {s.normal(shape)}, [](Inputs x) { return flipud(x[0]); });
  s.rejects("no axes", "Input must be >= 1-d.", [] { flipud(ones({})); });
});

static const catalogue::Entry rot90_entry("rot90", [](Samples& s) {
  for (int64_t k : {0, 1, 2, 3, -1, 6})
    s.add("torch.rot90(x[0], " + std::to_string(k) + ", [0, 1])", {s.normal({2, 3})}, [k](Inputs x) { return rot90(x[0], k); });
  s.add("torch.rot90(x[0], 1, [2, 0])", {s.normal({2, 1, 3})}, [](Inputs x) { return rot90(x[0], 1, {2, 0}); });
  s.add("torch.rot90(x[0], -3, [-1, 1])", {s.normal({2, 3, 2})}, [](Inputs x) { return rot90(x[0], -3, {-1, 1}); });
  s.add("torch.rot90(x[0].t(), 2, [0, 1])", {s.normal({2, 3})}, [](Inputs x) { return rot90(x[0].t(), 2); });
  s.add("torch.rot90(x[0], 1, [0, 1])", {s.normal({0, 3})}, [](Inputs x) { return rot90(x[0]); });
  s.flat("torch.rot90(x[0], 1, [0, 1])", {s.integers({2, 2}, 0, 9)}, [](Inputs x) { return rot90(x[0]); });
  s.rejects("a vector", "expected total dims >= 2, but got total dims = 1", [] { rot90(ones({4})); });
  s.rejects("one axis twice", "expected rotation dims to be different", [] { rot90(ones({4, 4}), 1, {0, -2}); });
  s.rejects("three axes", "expected total rotation dims == 2, but got dims = 3", [] { rot90(ones({4, 4}), 1, {0, 1, 0}); });
});

}}  // namespace torch::xgrad

#endif
