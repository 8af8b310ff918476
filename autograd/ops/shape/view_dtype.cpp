// The same bytes as elements of another dtype.
#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor Tensor::view(ScalarType dtype) const {
  const Operation& op = operation<"view_dtype">;
  const auto before = static_cast<int64_t>(element_size()), after = static_cast<int64_t>(elementSize(dtype));
  Dims shape = impl().sizes, steps = impl().strides;
  int64_t offset = storage_offset();
  if (before != after) {
    const auto described = [&] { return detail::concatenate(" to view ", impl().dtype, " as ", dtype, " (different element sizes)"); };
    XGRAD_CHECK(dim() > 0, op, "self.dim() cannot be 0", described());
    XGRAD_CHECK(stride(-1) == 1, op, "self.stride(-1) must be 1", described(), ", but got ", stride(-1));
    const int64_t ratio = std::max(before, after) / std::min(before, after);
    const bool widens = after > before;
    const auto rescaled = [&](int64_t n, auto... what) {
      XGRAD_CHECK(!widens || n % ratio == 0, op, what..., " must be divisible by ", ratio, described(), ", but got ", n);
      return widens ? n / ratio : n * ratio;
    };
    const auto last = static_cast<int>(dim() - 1);
    shape[last] = rescaled(shape[last], "self.size(-1)");
    offset = rescaled(offset, "self.storage_offset()");
    for (int axis = 0; axis < last; ++axis) steps[axis] = rescaled(steps[axis], "self.stride(", axis, ")");
  }
  return record(Forward(op, tensor_on(storage(), dtype, shape, steps, offset)), with("dtype", dtype), given(*this));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry view_dtype_entry("view_dtype", [](Samples& s) {
  // Of rows that lie one after the other, whatever the layout of what comes in.
  const auto add = [&](const std::string& call, Tensor x, auto f) {
    s.flat("x[0].clone(memory_format=torch.contiguous_format)" + call, {std::move(x)},
           [f](Inputs x) { return f(x[0].clone(MemoryFormat::Contiguous)); });
  };
  const Tensor bits = s.integers({4, 6}, -9, 9).to(kInt);
  add(".view(torch.float32).view(torch.int32)", bits, [](const Tensor& x) { return x.view(kFloat).view(kInt); });
  add(".view(torch.int16)", bits, [](const Tensor& x) { return x.view(kShort); });
  add("[1:].view(torch.uint8)", bits, [](const Tensor& x) { return x.slice(0, 1).view(kByte); });
  add(".view(torch.int64)", bits, [](const Tensor& x) { return x.view(kLong); });
  add("[:, 2:4].view(torch.int64)", bits, [](const Tensor& x) { return x.slice(1, 2, 4).view(kLong); });
  add(".t().view(torch.float32).view(torch.int32)", bits, [](const Tensor& x) { return x.t().view(kFloat).view(kInt); });
  add(".sum().view(torch.float64).view(torch.int64)", bits, [](const Tensor& x) { return x.sum().view(kDouble).view(kLong); });
  add(".view(torch.int16)", s.integers({0, 3}, 0, 9).to(kInt), [](const Tensor& x) { return x.view(kShort); });
  s.rejects("a number seen in parts", "self.dim() cannot be 0 to view Float as Short (different element sizes)", [] { tensor(1.f).view(kShort); });
  s.rejects("an odd number of elements", "self.size(-1) must be divisible by 2 to view Float as Long (different element sizes), but got 3",
            [] { zeros({3}).view(kLong); });
  s.rejects("rows that begin in between", "self.stride(0) must be divisible by 2", [] { zeros({4, 3}).narrow(1, 0, 2).view(kLong); });
  s.rejects("a place in between", "self.storage_offset() must be divisible by 2", [] { zeros({4, 6}).narrow(1, 1, 2).view(kLong); });
  s.rejects("elements that don't lie side by side", "self.stride(-1) must be 1 to view Float as Short (different element sizes), but got 4", [] {
    zeros({4, 4}).t().view(kShort);
  });
});

}}  // namespace torch::xgrad

#endif
