#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kMatrixNorm = operation<"linalg.matrix_norm">;

constexpr const Operation& kNuclearNorm = operation<"nuclear_norm">;
constexpr const Operation& kCond = operation<"linalg.cond">;

Tensor condition_of_nothing(const Tensor& self) { return zeros(batch_sizes(self), self.dtype()); }

// The norm of each matrix times that of its inverse, which is infinite where there is none.
template <class F> Tensor condition(const Tensor& self, F norm_of) {
  check_square_batch(kCond, self);
  const auto [inverse, info] = linalg_inv_ex(self);
  return norm_of(self) * norm_of(inverse.masked_fill((info > 0).unsqueeze(-1).unsqueeze(-1), HUGE_VAL));
}

Dims all_axes(const Tensor& t) {
  Dims axes;
  for (int64_t a = 0; a < t.dim(); ++a) axes.push_back(a);
  return axes;
}

Tensor converted(const Tensor& t, std::optional<ScalarType> dtype) { return dtype ? t.to(*dtype) : t; }

// The two axes of the matrices, counted from the front.
std::pair<int64_t, int64_t> matrix_axes(const Tensor& self, IntArrayRef dim) {
  check_matrix_batch(kMatrixNorm, self);
  XGRAD_CHECK(dim.size() == 2, kMatrixNorm, "dim must be a 2-tuple. Got ", dim);
  const int64_t rows = wrap_axis(kMatrixNorm.name(), dim[0], self.dim()), columns = wrap_axis(kMatrixNorm.name(), dim[1], self.dim());
  XGRAD_CHECK(rows != columns, kMatrixNorm, "dims must be different. Got ", dim);
  return {rows, columns};
}

// Along the last axis, of the matrices in two axes.
Tensor singular_values(const Tensor& self, int64_t rows, int64_t columns) { return linalg_svdvals(self.movedim({rows, columns}, {-2, -1})); }

// A norm of each matrix, with axes of size 1 in the place of the matrix's if keepdim.
Tensor restored(const Tensor& norms, int64_t rows, int64_t columns, bool keepdim) {
  return keepdim ? norms.unsqueeze(std::min(rows, columns)).unsqueeze(std::max(rows, columns)) : norms;
}

}  // namespace

Tensor linalg_vector_norm(const Tensor& self, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  XGRAD_CHECK(self.is_floating_point(), "[linalg.vector_norm] Expected a floating point or complex tensor as input. Got ", self.dtype());
  const Dims axes = dim.has_value() && !dim.value().empty() ? Dims(dim.value()) : all_axes(self);
  int64_t reduced = 1;
  for (int64_t a : axes) reduced *= self.dim() == 0 ? 1 : self.size(a);
  const double p = ord.toDouble();
  XGRAD_CHECK(reduced > 0 || (p >= 0 && !std::isinf(p)), "[linalg.vector_norm] cannot compute the ", p,
              " norm on an empty tensor because the operation does not have an identity, got shape ", self.sizes());
  return norm(converted(self, dtype), ord, axes, keepdim);
}

Tensor linalg_matrix_norm(const Tensor& self, std::string_view ord, IntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  const auto [rows, columns] = matrix_axes(self, dim);
  XGRAD_CHECK(ord == "fro" || ord == "nuc", kMatrixNorm, "Order ", ord, " not supported.");
  if (ord == "nuc") return restored(singular_values(converted(self, dtype), rows, columns).sum(-1), rows, columns, keepdim);
  return linalg_vector_norm(self, 2, {rows, columns}, keepdim, dtype);
}

Tensor linalg_matrix_norm(const Tensor& self, const Scalar& ord, IntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  auto [rows, columns] = matrix_axes(self, dim);
  const double p = std::abs(ord.toDouble());
  XGRAD_CHECK(p == 1 || p == 2 || std::isinf(p), kMatrixNorm, "Order ", ord.toDouble(), " not supported.");
  if (p == 2) {
    const Tensor values = singular_values(converted(self, dtype), rows, columns);
    return restored(ord.toDouble() > 0 ? amax(values, {-1}) : amin(values, {-1}), rows, columns, keepdim);
  }
  if (std::isinf(p)) std::swap(rows, columns);  // sums of rows instead of columns
  const Tensor sums = converted(self, dtype).abs().sum({rows}, true);
  const Tensor y = ord.toDouble() > 0 ? amax(sums, {columns}, true) : amin(sums, {columns}, true);
  if (keepdim) return y;
  return y.squeeze(std::max(rows, columns)).squeeze(std::min(rows, columns));
}

Tensor linalg_norm(const Tensor& self, const std::optional<Scalar>& ord, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  if (!ord) return linalg_vector_norm(self, 2, dim, keepdim, dtype);
  const auto axes = dim.has_value() ? static_cast<int64_t>(dim.value().size()) : self.dim();
  XGRAD_CHECK(dim.has_value() || axes == 1 || axes == 2, "[linalg.norm] If dim is not specified but ord is, the input must be 1D or 2D. Got ",
              self.dim(), "D.");
  XGRAD_CHECK(axes == 1 || axes == 2, "[linalg.norm] If dim is specified, it must be of length 1 or 2. Got ", dim.value());
  if (axes == 1) return linalg_vector_norm(self, *ord, dim, keepdim, dtype);
  return dim.has_value() ? linalg_matrix_norm(self, *ord, dim.value(), keepdim, dtype) : linalg_matrix_norm(self, *ord, {-2, -1}, keepdim, dtype);
}

Tensor linalg_norm(const Tensor& self, std::string_view ord, OptionalIntArrayRef dim, bool keepdim, std::optional<ScalarType> dtype) {
  return dim.has_value() ? linalg_matrix_norm(self, ord, dim.value(), keepdim, dtype) : linalg_matrix_norm(self, ord, {-2, -1}, keepdim, dtype);
}

Tensor frobenius_norm(const Tensor& self) { return norm(self); }

Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  XGRAD_CHECK(dim.size() <= 2, "[frobenius_norm] Expected at most 2 dimensions, but got ", dim.size(), " dimensions instead.");
  return norm(self, 2, dim, keepdim);
}

Tensor nuclear_norm(const Tensor& self, bool keepdim) {
  XGRAD_CHECK(self.dim() == 2, kNuclearNorm, "Expected a tensor with 2 dimensions, but got a tensor with ", self.dim(), " dimensions instead.");
  return linalg_matrix_norm(self, "nuc", {-2, -1}, keepdim);
}

Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim) {
  XGRAD_CHECK(dim.size() == 2, kNuclearNorm, "nuclear norm requires a 'dim' argument of size 2, got ", dim);
  return linalg_matrix_norm(self, "nuc", dim, keepdim);
}

Tensor linalg_cond(const Tensor& self, const std::optional<Scalar>& p) {
  const double ord = p.value_or(2).toDouble();
  XGRAD_CHECK(self.dim() >= 2, kCond, "The input tensor must have at least 2 dimensions, got shape ", self.sizes());
  XGRAD_CHECK(std::abs(ord) == 1 || std::abs(ord) == 2 || std::isinf(ord), kCond, "linalg.cond got an invalid norm type: ", ord);
  if (self.numel() == 0) return condition_of_nothing(self);
  if (std::abs(ord) != 2) return condition(self, [&](const Tensor& t) { return linalg_matrix_norm(t, ord); });
  const Tensor values = linalg_svdvals(self), largest = values.select(-1, 0), smallest = values.select(-1, -1);
  return ord > 0 ? largest / smallest : smallest / largest;
}

Tensor linalg_cond(const Tensor& self, std::string_view p) {
  XGRAD_CHECK(self.dim() >= 2, kCond, "The input tensor must have at least 2 dimensions, got shape ", self.sizes());
  XGRAD_CHECK(p == "fro" || p == "nuc", kCond, "linalg.cond got an invalid norm type: ", p);
  check_square_batch(kCond, self);
  if (self.numel() == 0) return condition_of_nothing(self);
  if (p == "fro") return condition(self, [](const Tensor& t) { return linalg_matrix_norm(t, "fro"); });
  const Tensor values = linalg_svdvals(self);  // singular matrices have a norm of their inverse here, inf
  return values.sum(-1) * values.reciprocal().sum(-1);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kInf;

const catalogue::Entry norm_entry("linalg_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (IntArrayRef shape : {Dims{3}, Dims{2, 3}, Dims{2, 3, 4}, Dims{}, Dims{0}})
    s.add("torch.linalg.norm(x[0])", {s.distinct(shape) + 0.05}, [](Inputs x) { return linalg::norm(x[0]); });
  s.add("torch.linalg.norm(x[0], 'fro')", {s.normal({2, 3})}, [](Inputs x) { return linalg::norm(x[0], "fro"); });
  s.add("torch.linalg.norm(x[0], 2, dim=1)", {s.normal({2, 3})}, [](Inputs x) { return linalg::norm(x[0], 2, 1); });
  s.add("torch.linalg.norm(x[0], 1, dim=(0, 1))", {s.distinct({2, 3, 4}) + 0.05}, [](Inputs x) { return linalg::norm(x[0], 1, {0, 1}); });
  s.rejects("an order without a meaning for matrices", "Order 3 not supported", [] { linalg::norm(ones({2, 3}), 3); });
  s.add("torch.linalg.norm(x[0], 2)", {s.normal({2, 3})}, [](Inputs x) { return linalg::norm(x[0], 2); });
  s.add("torch.linalg.norm(x[0], 'nuc')", {s.normal({3, 2})}, [](Inputs x) { return linalg::norm(x[0], "nuc"); });
  s.rejects("a matrix norm of three axes", "the input must be 1D or 2D. Got 3D.", [] { linalg::norm(ones({2, 3, 4}), 2); });
  s.rejects("a matrix norm over one axis", "dim must be a 2-tuple", [] { linalg::norm(ones({2, 3}), "fro", 1); });
});

const catalogue::Entry matrix_norm_entry("linalg_matrix_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.linalg.matrix_norm(x[0])", {s.normal({2, 2, 3})}, [](Inputs x) { return linalg::matrix_norm(x[0]); });
  s.add("torch.linalg.matrix_norm(x[0], dim=(0, -1), keepdim=True)", {s.normal({2, 2, 3})}, [](Inputs x) {
    return linalg::matrix_norm(x[0], "fro", {0, -1}, true);
  });
  const std::pair<double, const char*> orders[] = {{1, "1"}, {-1, "-1"}, {kInf, "math.inf"}, {-kInf, "-math.inf"}};
  for (const auto& [ord, text] : orders)
    for (bool keepdim : {false, true})
      s.add(std::string("torch.linalg.matrix_norm(x[0], ") + text + ", dim=(2, 0), keepdim=" + catalogue::text(keepdim) + ")",
            {s.avoiding({2, 2, 3}, -2, 2, {0})}, [ord = ord, keepdim](Inputs x) {
              return linalg::matrix_norm(x[0], ord, {2, 0}, keepdim);
            });
  const std::pair<double, const char*> spectral[] = {{2, "2"}, {-2, "-2"}};
  for (bool keepdim : {false, true}) {
    const std::string end = std::string(", dim=(2, 0), keepdim=") + catalogue::text(keepdim) + ")";
    for (const auto& [ord, text] : spectral)
      s.add(std::string("torch.linalg.matrix_norm(x[0], ") + text + end, {s.normal({2, 2, 3})}, [ord = ord, keepdim](Inputs x) {
        return linalg::matrix_norm(x[0], ord, {2, 0}, keepdim);
      });
    s.add("torch.linalg.matrix_norm(x[0], 'nuc'" + end, {s.normal({2, 2, 3})}, [keepdim](Inputs x) {
      return linalg::matrix_norm(x[0], "nuc", {2, 0}, keepdim);
    });
  }
  s.at("torch.linalg.matrix_norm(x[0], 'nuc')", {s.normal({0, 3})}, [](Inputs x) { return linalg::matrix_norm(x[0], "nuc"); });
  s.rejects("the largest singular value of nothing", "non-zero size", [] { linalg::matrix_norm(ones({0, 3}), 2); });
  s.rejects("a word without a meaning", "Order max not supported", [] { linalg::matrix_norm(ones({2, 3}), "max"); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::matrix_norm(ones({3})); });
  s.rejects("one axis twice", "dims must be different", [] { linalg::matrix_norm(ones({2, 3}), "fro", {0, 0}); });
});

const catalogue::Entry vector_norm_entry("linalg_vector_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (double ord : {1.0, 2.0, 3.5, kInf, -kInf, 0.5})
    s.add("torch.linalg.vector_norm(x[0], " + (std::isinf(ord) ? std::string(ord > 0 ? "math.inf" : "-math.inf") : std::to_string(ord)) +
              ", dim=(0, 2))",
          {s.distinct({2, 2, 3}) + 0.05}, [ord](Inputs x) {
            return linalg::vector_norm(x[0], ord, {0, 2});
          });
  s.at("torch.linalg.vector_norm(x[0], 0)", {s.normal({2, 3})}, [](Inputs x) { return linalg::vector_norm(x[0], 0); });
  s.at("torch.linalg.vector_norm(x[0])", {zeros({3}, kDouble)}, [](Inputs x) { return linalg::vector_norm(x[0]); });
  s.rejects("the largest of nothing", "does not have an identity", [] { linalg::vector_norm(ones({0}), kInf); });
  s.rejects("integers", "Expected a floating point or complex tensor as input", [] { linalg::vector_norm(ones({2}, kLong)); });
});

const catalogue::Entry frobenius_entry("frobenius_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.frobenius_norm(x[0])", {s.normal({2, 3})}, [](Inputs x) { return frobenius_norm(x[0]); });
  for (const bool keepdim : {false, true})
    s.add(std::string("torch.frobenius_norm(x[0], dim=(0, 2), keepdim=") + catalogue::text(keepdim) + ")", {s.normal({2, 3, 2})},
          [keepdim](Inputs x) {
            return frobenius_norm(x[0], {0, 2}, keepdim);
          });
  s.add("torch.frobenius_norm(x[0], dim=(1,))", {s.normal({2, 3})}, [](Inputs x) { return frobenius_norm(x[0], {1}); });
  s.rejects("three axes", "Expected at most 2 dimensions, but got 3 dimensions instead", [] { frobenius_norm(ones({3, 3, 3}), {0, 1, 2}); });
  s.rejects("integers", "input dtype should be either floating point or complex", [] { frobenius_norm(ones({3, 3}, kLong)); });
});

const catalogue::Entry nuclear_entry("nuclear_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const bool keepdim : {false, true}) {
    const std::string end = std::string("keepdim=") + catalogue::text(keepdim) + ")";
    s.add("torch.nuclear_norm(x[0], " + end, {s.normal({3, 2})}, [keepdim](Inputs x) { return nuclear_norm(x[0], keepdim); });
    s.add("torch.nuclear_norm(x[0], dim=(2, 0), " + end, {s.normal({2, 2, 3})}, [keepdim](Inputs x) { return nuclear_norm(x[0], {2, 0}, keepdim); });
  }
  s.rejects("a vector", "Expected a tensor with 2 dimensions, but got a tensor with 1 dimension", [] { nuclear_norm(ones({3})); });
  s.rejects("one axis", "nuclear norm requires a 'dim' argument of size 2", [] { nuclear_norm(ones({3, 3}), IntArrayRef{0}); });
});

const catalogue::Entry cond_entry("linalg_cond", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto regular = [&](const Dims& shape) {
    return s.uniform(shape, -1, 1) + eye(shape[shape.size() - 2], shape[shape.size() - 1], kDouble) * 3;
  };
  for (const Dims& shape : {Dims{3, 3}, Dims{3, 2}, Dims{2, 2, 3}})
    s.add("torch.linalg.cond(x[0])", {regular(shape)}, [](Inputs x) { return linalg::cond(x[0]); });
  const std::pair<double, const char*> orders[] = {{1, "1"}, {-1, "-1"}, {2, "2"}, {-2, "-2"}, {kInf, "math.inf"}, {-kInf, "-math.inf"}};
  for (const auto& [p, text] : orders)
    for (const Dims& shape : {Dims{3, 3}, Dims{2, 3, 3}})
      s.add(std::string("torch.linalg.cond(x[0], ") + text + ")", {regular(shape)}, [p = p](Inputs x) { return linalg::cond(x[0], p); }).deviation =
          std::abs(p) == 2 ? "" : "cond-derivative";
  for (const char* const p : {"fro", "nuc"})
    for (const Dims& shape : {Dims{3, 3}, Dims{2, 3, 3}})
      s.add(std::string("torch.linalg.cond(x[0], '") + p + "')", {regular(shape)}, [p](Inputs x) { return linalg::cond(x[0], p); }).deviation =
          p[0] == 'n' ? "" : "cond-derivative";
  for (IntArrayRef shape : {Dims{0, 0}, Dims{2, 0, 0}, Dims{0, 2, 2}})
    s.flat("torch.linalg.cond(x[0].detach(), 1)", {s.normal(shape)}, [](Inputs x) { return linalg::cond(x[0].detach(), 1); });
  s.flat("torch.linalg.cond(x[0], 1)", {catalogue::constant(ones({2, 2}, kDouble))}, [](Inputs x) { return linalg::cond(x[0], 1); });
  s.rejects("a vector", "The input tensor must have at least 2 dimensions", [] { linalg::cond(ones({3})); });
  s.rejects("another order", "linalg.cond got an invalid norm type: 3", [] { linalg::cond(eye(3), 3); });
  s.rejects("another word", "linalg.cond got an invalid norm type: max", [] { linalg::cond(eye(3), "max"); });
  s.rejects("a matrix without an inverse", "A must be batches of square matrices, but they are 3 by 2 matrices", [] {
    linalg::cond(ones({3, 2}), 1);
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
