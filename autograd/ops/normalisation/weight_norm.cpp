// Norms of all but one axis, and weights that are a length times a direction.
#include <xgrad/autograd/ops/normalisation/normalisation.h>

#ifndef XGRAD_SAMPLES

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad {

Tensor norm_except_dim(const Tensor& v, int64_t pow, int64_t dim) {
  if (dim == -1) return v.norm(pow);
  XGRAD_CHECK_AS(IndexError, v.dim() > 0 && dim >= -v.dim() && dim < v.dim(),
                 "[norm_except_dim] Dimension out of range (expected to be in range of [", -v.dim(), ", ", v.dim() - 1, "], but got ", dim, ")");
  if (v.dim() == 1) return norm_except_dim(v.unsqueeze(1), pow, 0).squeeze(1);
  std::vector<int64_t> others;
  for (int64_t axis = 0; axis < v.dim(); ++axis)
    if (axis != dim && axis != dim + v.dim()) others.push_back(axis);
  return v.norm(pow, others, /*keepdim=*/true);
}

Tensor _weight_norm(const Tensor& v, const Tensor& g, int64_t dim) { return v * (g / norm_except_dim(v, 2, dim)); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry norm_except_dim_entry("norm_except_dim", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.norm_except_dim(x[0])", {s.normal({4, 3})}, [](Inputs x) { return norm_except_dim(x[0]); });
  s.add("torch.norm_except_dim(x[0])", {s.normal({5})}, [](Inputs x) { return norm_except_dim(x[0]); });
  s.add("torch.norm_except_dim(x[0], 2, 1)", {s.normal({3, 4, 2})}, [](Inputs x) { return norm_except_dim(x[0], 2, 1); });
  s.add("torch.norm_except_dim(x[0], 2, -2)", {s.normal({3, 4, 2})}, [](Inputs x) { return norm_except_dim(x[0], 2, -2); });
  s.add("torch.norm_except_dim(x[0], 3, 2)", {s.normal({3, 4, 2})}, [](Inputs x) { return norm_except_dim(x[0], 3, 2); });
  s.add("torch.norm_except_dim(x[0], 1, 0)", {s.normal({3, 4})}, [](Inputs x) { return norm_except_dim(x[0], 1, 0); });
  s.add("torch.norm_except_dim(x[0], 2, -1)", {s.normal({3, 4})}, [](Inputs x) { return norm_except_dim(x[0], 2, -1); });
  s.rejects("an axis too many", "Dimension out of range", [] { norm_except_dim(ones({3, 4}), 2, 2); });
});

const catalogue::Entry weight_norm_entry("_weight_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch._weight_norm(x[0], x[1])", {s.normal({4, 3}), s.normal({4, 1})}, [](Inputs x) { return _weight_norm(x[0], x[1]); });
  s.add("torch._weight_norm(x[0], x[1], 1)", {s.normal({4, 3}), s.normal({1, 3})}, [](Inputs x) { return _weight_norm(x[0], x[1], 1); });
  s.add("torch._weight_norm(x[0], x[1], 1)", {s.normal({3, 2, 4}), s.normal({1, 2, 1})}, [](Inputs x) { return _weight_norm(x[0], x[1], 1); });
  s.add("torch._weight_norm(x[0], x[1], -1)", {s.normal({3, 2, 4}), s.normal({})}, [](Inputs x) { return _weight_norm(x[0], x[1], -1); });
});

}}}  // namespace torch::xgrad

#endif  // XGRAD_SAMPLES
