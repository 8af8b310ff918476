#include <xgrad/autograd/ops/sorting.h>

#include <xgrad/autograd/allocate.h>
#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/kernels/sort.h>
#include <xgrad/autograd/ops/along_axis.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/ops/gathering.h>
#include <xgrad/autograd/record.h>
#include <xgrad/autograd/shape.h>

namespace xgrad {

namespace {

struct Sorted {
  Tensor values, indices;
};

Sorted sort_along(const Tensor& self, int64_t axis, int64_t k, bool descending, bool want_values) {
  const Tensor x = contiguous_as(self, self.dtype());
  Dims sizes(x.sizes());
  if (x.dim() > 0) sizes[static_cast<int>(axis)] = k;
  Sorted out{want_values ? allocate_tensor(sizes, x.dtype()) : Tensor(), allocate_tensor(sizes, kLong)};
  if (out.indices.numel() == 0) return out;
  kernels::sort(x.dtype(), layout_along(x, axis), x.dim() > 0 ? k : 1, descending, x.data_ptr(), want_values ? out.values.data_ptr() : nullptr,
                out.indices.data_ptr<int64_t>());
  return out;
}

std::tuple<Tensor, Tensor> recorded(const char* name, const Tensor& self, int64_t axis, const Sorted& y) {
  return {record(name, Forward(y.values), wrt(self, [sizes = Dims(self.sizes()), axis, at = save(y.indices)](const Tensor& gy) {
                   return sizes.empty() ? gy : zeros(sizes, gy.options()).scatter(axis, *at, gy);
                 })),
          not_differentiable(Forward(y.indices))};
}

int64_t length(const Tensor& self, int64_t axis) { return self.dim() == 0 ? 1 : self.size(axis); }

}  // namespace

std::tuple<Tensor, Tensor> topk(const Tensor& self, int64_t k, int64_t dim, bool largest, bool) {
  const int64_t axis = wrap_axis("topk", dim, self.dim());
  XGRAD_CHECK(k >= 0 && k <= length(self, axis), "[topk] selected index k out of range, got k = ", k, " for shape ", self.sizes());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, "\"topk_cpu\" not implemented for 'Bool'");
  return recorded("TopkBackward0", self, axis, sort_along(self, axis, k, largest, true));
}

std::tuple<Tensor, Tensor> sort(const Tensor& self, int64_t dim, bool descending) {
  const int64_t axis = wrap_axis("sort", dim, self.dim());
  return recorded("SortBackward0", self, axis, sort_along(self, axis, length(self, axis), descending, true));
}

std::tuple<Tensor, Tensor> sort(const Tensor& self, std::optional<bool>, int64_t dim, bool descending) {
  const int64_t axis = wrap_axis("sort", dim, self.dim());
  return recorded("SortBackward1", self, axis, sort_along(self, axis, length(self, axis), descending, true));
}

Tensor argsort(const Tensor& self, int64_t dim, bool descending) {
  const int64_t axis = wrap_axis("argsort", dim, self.dim());
  return not_differentiable(Forward(sort_along(self, axis, length(self, axis), descending, false).indices));
}

Tensor argsort(const Tensor& self, bool, int64_t dim, bool descending) { return argsort(self, dim, descending); }

}  // namespace xgrad
