// Products of vectors, and Kronecker's.
#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor vdot(const Tensor& self, const Tensor& other) { return dot(self, other); }

Tensor linalg_vecdot(const Tensor& x, const Tensor& y, int64_t dim) {
  const Operation& op = operation<"linalg.vecdot">;
  XGRAD_CHECK(x.is_floating_point(), op, "Expected a floating point or complex tensor as input. Got ", x.dtype());
  XGRAD_CHECK(x.dtype() == y.dtype(), op, "Expected x and y to have the same dtype, but found x of type ", x.dtype(), " and y of type ", y.dtype(),
              " instead");
  return x.dim() == 1 && y.dim() == 1 ? dot(x, y) : (x * y).sum(dim);
}

Tensor linalg_cross(const Tensor& self, const Tensor& other, int64_t dim) {
  const Operation& op = operation_recorded_as<"linalg.cross", "LinalgCrossBackward0">;
  XGRAD_CHECK(self.dim() == other.dim(), op, "inputs must have the same number of dimensions, got ", self.dim(), " and ", other.dim());
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  XGRAD_CHECK(self.dim() > 0 && self.size(axis) == 3 && other.size(axis) == 3, op, "inputs dimension ", dim, " must have length 3. Got ",
              self.dim() > 0 ? self.size(axis) : 1, " and ", self.dim() > 0 ? other.size(axis) : 1);
  XGRAD_CHECK(self.dtype() == other.dtype(), op, "expected scalar type ", self.dtype(), " but found ", other.dtype());
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, "\"cross\" not implemented for 'Bool'");
  const auto value = [&] {
    const StepsOfOne steps;
    const auto from = [axis](const Tensor& t, int64_t place) { return roll(t, -place, axis); };
    return Forward(op, from(self, 1) * from(other, 2) - from(self, 2) * from(other, 1));
  };
  return record(value(), with("dim", dim), wrt(self, [b = save(other), axis](const Tensor& gy) { return linalg_cross(b, gy, axis); }),
                wrt(other, [a = save(self), axis](const Tensor& gy) { return linalg_cross(gy, a, axis); }));
}

Tensor cross(const Tensor& self, const Tensor& other, std::optional<int64_t> dim) {
  if (dim) return linalg_cross(self, other, *dim);
  for (int64_t axis = 0; axis < self.dim(); ++axis)
    if (self.size(axis) == 3) return linalg_cross(self, other, axis);
  detail::raise<Error>(operation<"cross">, "no dimension of size 3 in input, got shape ", self.sizes());
}

Tensor kron(const Tensor& self, const Tensor& other) {
  const int64_t rank = std::max(self.dim(), other.dim());
  const auto size = [rank](const Tensor& t, int64_t axis) { return axis < rank - t.dim() ? 1 : t.size(axis - (rank - t.dim())); };
  Dims a, b, sizes;
  for (int64_t axis = 0; axis < rank; ++axis) {
    const int64_t n = size(self, axis), m = size(other, axis);
    a.push_back(n), a.push_back(1);
    b.push_back(1), b.push_back(m);
    sizes.push_back(n * m);
  }
  return reshape(reshape(self, a) * reshape(other, b), sizes);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

struct Shapes {
  Dims a, b;
};

const catalogue::Entry vdot_entry("vdot", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (int64_t n : {0, 1, 5}) s.add("torch.vdot(x[0], x[1])", {s.normal({n}), s.normal({n})}, [](Inputs x) { return vdot(x[0], x[1]); });
  s.flat("torch.vdot(x[0], x[1])", {s.integers({4}, -9, 9), s.integers({4}, -9, 9)}, [](Inputs x) { return vdot(x[0], x[1]); });
  s.rejects("lengths that differ", "to have the same number of elements", [] { vdot(ones({2}), ones({3})); });
  s.rejects("a matrix", "1D tensors expected, but got 1D and 2D tensors", [] { vdot(ones({2}), ones({2, 2})); });
});

const catalogue::Entry vecdot_entry("linalg_vecdot", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [a, b] :
       {Shapes{{3}, {3}}, Shapes{{2, 3}, {3}}, Shapes{{2, 1, 3}, {4, 3}}, Shapes{{2, 0}, {2, 0}}, Shapes{{}, {}}, Shapes{{0}, {0}}})
    s.add("torch.linalg.vecdot(x[0], x[1])", {s.normal(a), s.normal(b)}, [](Inputs x) { return linalg::vecdot(x[0], x[1]); });
  for (const auto& [a, b] : {Shapes{{2, 3}, {2, 3}}, Shapes{{3}, {2, 3}}, Shapes{{2, 1}, {2, 3}}})
    s.add("torch.linalg.vecdot(x[0], x[1], dim=0)", {s.normal(a), s.normal(b)}, [](Inputs x) { return linalg::vecdot(x[0], x[1], 0); });
  s.rejects("lengths that differ", "to have the same number of elements", [] { linalg::vecdot(ones({3}), ones({4})); });
  s.rejects("integers", "Expected a floating point or complex tensor as input. Got Long", [] { linalg::vecdot(ones({3}, kLong), ones({3}, kLong)); });
  s.rejects("two dtypes", "Expected x and y to have the same dtype", [] { linalg::vecdot(ones({3}), ones({3}, kDouble)); });
});

const catalogue::Entry linalg_cross_entry("linalg_cross", [](catalogue::Samples& s) {
  for (const auto& [a, b] : {Shapes{{3}, {3}}, Shapes{{2, 3}, {2, 3}}, Shapes{{1, 3}, {2, 3}}, Shapes{{2, 1, 3}, {1, 4, 3}}, Shapes{{0, 3}, {0, 3}}})
    s.add("torch.linalg.cross(x[0], x[1])", {s.normal(a), s.normal(b)}, [](Inputs x) { return linalg::cross(x[0], x[1]); });
  for (const auto& [a, b] : {Shapes{{3, 2}, {3, 2}}, Shapes{{3, 1, 2}, {3, 4, 1}}})
    s.add("torch.linalg.cross(x[0], x[1], dim=0)", {s.normal(a), s.normal(b)}, [](Inputs x) { return linalg::cross(x[0], x[1], 0); });
  s.add("torch.linalg.cross(x[0], x[0] * x[0])", {s.normal({2, 3})}, [](Inputs x) { return linalg::cross(x[0], x[0] * x[0]); });
  s.at("torch.linalg.cross(x[0], x[1])", {tensor({HUGE_VAL, 0.0, 1.0}, kDouble), tensor({0.0, double{NAN}, 1.0}, kDouble)},
       [](Inputs x) { return linalg::cross(x[0], x[1]); });
  s.flat("torch.linalg.cross(x[0], x[1])", {s.integers({2, 3}, -9, 9), s.integers({2, 3}, -9, 9)},
         [](Inputs x) { return linalg::cross(x[0], x[1]); });
  s.rejects("two sizes", "inputs dimension 1 must have length 3. Got 3 and 4", [] { linalg::cross(ones({2, 3}), ones({2, 4}), 1); });
  s.rejects("ranks that differ", "inputs must have the same number of dimensions", [] { linalg::cross(ones({3}), ones({2, 3})); });
  s.rejects("an axis too far", "Dimension out of range", [] { linalg::cross(ones({3, 3}), ones({3, 3}), 2); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { linalg::cross(ones({3}), ones({3}, kDouble)); });
  s.rejects("booleans", "\"cross\" not implemented for 'Bool'", [] { linalg::cross(ones({3}, kBool), ones({3}, kBool)); });
});

const catalogue::Entry cross_entry("cross", [](catalogue::Samples& s) {
  for (const Dims& shape : {Dims{3}, Dims{2, 3}, Dims{3, 3}, Dims{4, 3, 2}})
    s.add("torch.cross(x[0], x[1])", {s.normal(shape), s.normal(shape)}, [](Inputs x) { return cross(x[0], x[1]); });
  s.add("torch.cross(x[0], x[1], dim=-1)", {s.normal({3, 3}), s.normal({3, 3})}, [](Inputs x) { return cross(x[0], x[1], -1); });
  s.flat("torch.cross(x[0], x[1])", {s.integers({3, 2}, -9, 9), s.integers({3, 2}, -9, 9)}, [](Inputs x) { return x[0].cross(x[1]); });
  s.rejects("no axis of size 3", "no dimension of size 3 in input", [] { cross(ones({2, 2}), ones({2, 2})); });
});

const catalogue::Entry kron_entry("kron", [](catalogue::Samples& s) {
  const auto run = [](Inputs x) { return kron(x[0], x[1]); };
  for (const auto& [a, b] : {Shapes{{2, 3}, {3, 2}}, Shapes{{2}, {3}}, Shapes{{2, 3}, {2}}, Shapes{{2}, {2, 1, 3}}, Shapes{{}, {2, 2}},
                             Shapes{{}, {}}, Shapes{{0, 2}, {3, 2}}, Shapes{{1, 1}, {2, 2}}})
    s.add("torch.kron(x[0], x[1])", {s.normal(a), s.normal(b)}, run);
  s.add("torch.kron(x[0], x[0])", {s.normal({2, 2})}, [](Inputs x) { return kron(x[0], x[0]); });
  s.flat("torch.kron(x[0], x[1])", {s.integers({2, 2}, -9, 9), s.booleans({2})}, run);
  s.at("torch.kron(x[0], x[1])", {s.normal({2, 2}), s.integers({2}, -9, 9)}, run);
});

}  // namespace

}}  // namespace torch::xgrad

#endif
