// Least squares, Penrose's inverse and ranks.
#include <cmath>
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

using OptionalTensor = std::optional<Tensor>;

double default_bound(const Tensor& A) {
  const double epsilon = A.dtype() == kFloat ? std::numeric_limits<float>::epsilon() : std::numeric_limits<double>::epsilon();
  return epsilon * static_cast<double>(std::max(A.size(-2), A.size(-1)));
}

OptionalTensor number(std::optional<double> value) { return value ? OptionalTensor(full({}, *value, kDouble)) : OptionalTensor(); }

// Up to where the singular values of A count as 0, of which these are the largest.
Tensor bound_of(const Tensor& A, const Tensor& largest, const OptionalTensor& atol, const OptionalTensor& rtol) {
  Tensor relative = full({}, default_bound(A), kDouble);
  if (rtol) relative = *rtol;
  else if (atol) relative = where(*atol > 0, 0, relative);
  const Tensor bound = relative.unsqueeze(-1) * largest;
  return atol ? maximum(atol->unsqueeze(-1), bound) : bound;
}

// With P the inverse of A: gA = -P^T gP P^T + (1 - A P) gP^T P P^T + P^T P gP^T (1 - P A).
// G. H. Golub, V. Pereyra, The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate, 1973.
Tensor pinv_gradient(const Tensor& gP, const Tensor& P, const Tensor& A) {
  const Tensor Pt = transposed(P), gPt = transposed(gP), right = matmul(matmul(gPt, P), Pt), left = matmul(Pt, matmul(P, gPt));
  return right - matmul(A, matmul(P, right)) + left - matmul(matmul(left, P), A) - matmul(Pt, matmul(gP, Pt));
}

// Outside of any graph.
Tensor pinv_of(const Tensor& A, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
  const auto reciprocal = [&](const Tensor& values, const Tensor& magnitudes) {
    const Tensor bound = bound_of(A, magnitudes.amax({-1}, true), atol, rtol);
    return where(magnitudes > bound, values.reciprocal(), 0).unsqueeze(-2);
  };
  if (A.numel() == 0) return zeros(batch_shape(batch_sizes(A), {A.size(-1), A.size(-2)}), A.dtype());
  if (hermitian) {
    const auto [L, V] = linalg_eigh(A);
    return matmul(V * reciprocal(L, L.abs()), transposed(V));
  }
  const auto [U, S, Vh] = linalg_svd(A, false);
  return matmul(transposed(Vh) * reciprocal(S, S), transposed(U));
}

Tensor pinv_with(const Operation& operation, const Tensor& self, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
  XGRAD_CHECK(self.is_floating_point() && self.dim() >= 2, operation, "expected a tensor with 2 or more dimensions of float or double types, got ",
              self);
  const auto value = [&] {
    const StepsOfOne steps;
    return Forward(operation, pinv_of(self, atol, rtol, hermitian));
  };
  return record(value(), with("hermitian", hermitian),
                wrt(self, [A = save(self)](const Tensor& gP, const Tensor& P) { return pinv_gradient(gP, P, A); }), given(atol.value_or(Tensor())),
                given(rtol.value_or(Tensor())));
}

constexpr const Operation& kPinv = operation_recorded_as<"linalg.pinv", "LinalgPinvBackward0">;

Tensor rank_with(const Tensor& input, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
  const Operation& op = operation<"linalg.matrix_rank">;
  check_matrix_batch(op, input, "input");
  if (hermitian) check_square_batch(op, input);
  const auto value = [&] {
    const StepsOfOne steps;
    if (input.numel() == 0) return zeros(batch_sizes(input), kLong);
    const Tensor S = hermitian ? linalg_eigvalsh(input).abs() : linalg_svdvals(input);
    return (S > bound_of(input, S.amax({-1}, true), atol, rtol)).sum(-1);
  };
  return not_differentiable(Forward(op, value()), with("hermitian", hermitian), input, atol.value_or(Tensor()), rtol.value_or(Tensor()));
}

// ---- least squares

constexpr const Operation& kLstsq = operation<"linalg.lstsq">;

kernels::LeastSquares driver_of(std::string_view name) {
  constexpr std::string_view names[] = {"gels", "gelsy", "gelsd", "gelss"};
  const auto* const found = std::find(std::begin(names), std::end(names), name);
  XGRAD_CHECK(found != std::end(names), kLstsq, "parameter `driver` should be one of (gels, gelsy, gelsd, gelss), got ", name);
  return static_cast<kernels::LeastSquares>(found - names);
}

// What a driver leaves, b's columns lying in rows of `columns`.
struct Solved {
  Tensor columns, ranks, values, info;
};

Solved solve(kernels::LeastSquares driver, const Tensor& A, const Tensor& B, double rcond) {
  const auto [a, b] = broadcast_batches(kLstsq, A, B);
  const int64_t m = a.size(-2), n = a.size(-1), right_sides = b.size(-1), k = std::max<int64_t>(right_sides, 1);  // LAPACK needs one
  const Dims batch = batch_sizes(a);
  const Tensor spent = transposed_copy(a), columns = allocate_zeros(batch_shape(batch, {k, std::max(m, n)}), a.dtype());
  untraced([&, &b = b] { copy_elements(columns.narrow(-1, 0, m).narrow(-2, 0, right_sides), transposed(b)); });
  const bool has_values = driver == kernels::LeastSquares::kGelsd || driver == kernels::LeastSquares::kGelss;
  const Tensor ranks = allocate_tensor(batch, kLong), info = allocate_tensor(batch, kInt),
               values = allocate_tensor(has_values ? batch_shape(batch, {std::min(m, n)}) : Dims{0}, a.dtype());
  dispatch_floating(a.dtype(), kLstsq.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kLstsq, kernels::least_squares_each<T>, reads(spent, columns), writes(spent, columns, ranks, values, info), info.numel(), driver, m, n, k,
           spent.data_ptr<T>(), columns.data_ptr<T>(), static_cast<T>(rcond), ranks.data_ptr<int64_t>(), has_values ? values.data_ptr<T>() : nullptr,
           info.data_ptr<int>());
  });
  check_info(kLstsq, a, info, [](int code) -> std::string {
    if (code < 0) return "The least squares solution could not be computed because the input matrix contained non-finite values.";
    return detail::concatenate(
        "The least squares solution could not be computed because the input matrix does not have full rank (error code: ", code, ").");
  });
  return {untraced([&] { return columns.narrow(-2, 0, right_sides); }), ranks, values, info};
}

bool has_rank(const Tensor& ranks, int64_t n) {
  detail::note_leaving_launches("linalg_lstsq");
  const auto* each = ranks.data_ptr<int64_t>();
  return std::all_of(each, each + ranks.numel(), [n](int64_t rank) { return rank == n; });
}

}  // namespace

Tensor linalg_pinv(const Tensor& self, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
  return pinv_with(kPinv, self, atol, rtol, hermitian);
}
Tensor linalg_pinv(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian) {
  return linalg_pinv(self, number(atol), number(rtol), hermitian);
}
Tensor linalg_pinv(const Tensor& self, double rcond, bool hermitian) { return linalg_pinv(self, number(0.0), number(rcond), hermitian); }
Tensor linalg_pinv(const Tensor& self, const Tensor& rcond, bool hermitian) {
  return linalg_pinv(self, number(0.0), OptionalTensor(rcond), hermitian);
}

Tensor pinverse(const Tensor& self, double rcond) {
  return pinv_with(operation_recorded_as<"pinverse", "LinalgPinvBackward0">, self, number(0.0), number(rcond), false);
}

Tensor linalg_matrix_rank(const Tensor& input, const OptionalTensor& atol, const OptionalTensor& rtol, bool hermitian) {
  return rank_with(input, atol, rtol, hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, std::optional<double> atol, std::optional<double> rtol, bool hermitian) {
  return rank_with(self, number(atol), number(rtol), hermitian);
}
Tensor linalg_matrix_rank(const Tensor& self, double tol, bool hermitian) { return rank_with(self, number(tol), number(0.0), hermitian); }
Tensor linalg_matrix_rank(const Tensor& input, const Tensor& tol, bool hermitian) { return rank_with(input, tol, number(0.0), hermitian); }

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& self, const Tensor& b, std::optional<double> rcond,
                                                        std::optional<std::string_view> driver) {
  check_matrix_batch(kLstsq, self, "input");
  XGRAD_CHECK(self.dtype() == b.dtype(), kLstsq, "Expected input and other to have the same dtype, but got input's dtype ", self.dtype(),
              " and other's dtype ", b.dtype());
  XGRAD_CHECK(b.dim() >= 1 && self.dim() >= b.dim() && self.dim() - b.dim() <= 1, kLstsq,
              "input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1, got ", self.dim(), " and ", b.dim());
  const bool is_vector = b.dim() == 1 || (self.dim() > b.dim() && b.sizes() == self.sizes().slice(0, static_cast<size_t>(b.dim())));
  for (const int64_t axis : {self.dim() > b.dim() ? -1 : -2, is_vector ? -1 : -2})
    XGRAD_CHECK(self.size(-2) == b.size(axis), kLstsq, "input.size(-2) should match other.size(", axis, "), got ", self.size(-2), " and ",
                b.size(axis));
  const kernels::LeastSquares method = driver_of(driver.value_or("gelsy"));
  const int64_t m = self.size(-2), n = self.size(-1);
  const Tensor right = untraced([&] {
    if (is_vector) return b.unsqueeze(-1);
    if (self.dim() == b.dim()) return b;
    // A matrix, although its rows count as a batch.
    const Dims batch = broadcast_shapes(kLstsq.name(), batch_sizes(self), b.sizes().slice(0, static_cast<size_t>(b.dim()) - 1));
    return b.expand(batch_shape(batch, {b.size(-2), b.size(-1)}));
  });
  const auto [columns, ranks, values, info] = solve(method, self, right, rcond.value_or(default_bound(self)));
  const bool finds_ranks = method != kernels::LeastSquares::kGels;
  Tensor rest = empty({0}, self.dtype());
  if (m > n && method != kernels::LeastSquares::kGelsy && (!finds_ranks || has_rank(ranks, n)))
    rest = untraced([&columns = columns, m, n] { return columns.narrow(-1, n, m - n).square().sum(-1); });
  const Tensor rows = untraced([&columns = columns, n] { return columns.narrow(-1, 0, n); });
  const Tensor solution = untraced([&] { return is_vector ? copy_of(rows.select(-2, 0), self.dtype()) : transposed_copy(rows); });
  const Tensor found_ranks = finds_ranks ? ranks : empty({0}, kLong);
  const auto with_columns = [is_vector](const Tensor& t) { return is_vector ? t.unsqueeze(-1) : t; };
  const Tensor x =
      record(Forward(kLstsq, solution), with("rcond", rcond, "driver", static_cast<int64_t>(method)),
             wrt(self, [A = save(self), b = save(b), with_columns](
                           const Tensor& gy) { return pinv_gradient(matmul(with_columns(gy), transposed(with_columns(b))), linalg_pinv(A), A); }),
             wrt(b,
                 [A = save(self), is_vector, with_columns](const Tensor& gy) {
                   const Tensor gb = matmul(transposed(linalg_pinv(A)), with_columns(gy));
                   return is_vector ? gb.squeeze(-1) : gb;
                 }),
             also(rest), also(found_ranks), also(values));
  return {x, rest, found_ranks, values};
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Of full rank, well conditioned.
Tensor full_rank(catalogue::Samples& s, const Dims& shape) {
  const int64_t m = shape[shape.size() - 2], n = shape[shape.size() - 1];
  return s.uniform(shape, -1, 1) + eye(m, n, kDouble) * 4;
}

// A matrix of rank 1 made of small integers, and a column of zeros behind it.
Tensor rank_one() { return matmul(arange(1, 4, kDouble).unsqueeze(-1), arange(2, -1, -1, kDouble).unsqueeze(0)); }

const Dims kPinvShapes[] = {{3, 3}, {4, 2}, {2, 4}, {1, 3}, {2, 3, 2}, {2, 1, 2, 2}};

const catalogue::Entry pinv_entry("linalg_pinv", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : kPinvShapes) s.add("torch.linalg.pinv(x[0])", {full_rank(s, shape)}, [](Inputs x) { return linalg::pinv(x[0]); });
  for (IntArrayRef shape : {Dims{0, 3}, Dims{2, 3, 0}, Dims{0, 2, 2}})
    s.at("torch.linalg.pinv(x[0])", {s.normal(shape)}, [](Inputs x) { return linalg::pinv(x[0]); });
  s.at("torch.linalg.pinv(x[0])", {rank_one()}, [](Inputs x) { return linalg::pinv(x[0]); });
  s.add("torch.linalg.pinv((x[0] + x[0].mT) * 0.5, hermitian=True)", {full_rank(s, {2, 3, 3})},
        [](Inputs x) { return linalg::pinv((x[0] + transposed(x[0])) * 0.5, std::optional<double>(), std::nullopt, true); });
  // Values 4 and 1 of a diagonal around the bounds.
  const Tensor d = diag(arange(4, 0, -3, kDouble));
  s.at("torch.linalg.pinv(x[0], atol=2.)", {d}, [](Inputs x) { return linalg::pinv(x[0], 2.0, std::nullopt); });
  s.at("torch.linalg.pinv(x[0], rtol=0.5)", {d}, [](Inputs x) { return linalg::pinv(x[0], std::nullopt, 0.5); });
  s.at("torch.linalg.pinv(x[0], atol=2., rtol=0.1)", {d}, [](Inputs x) { return linalg::pinv(x[0], std::optional(2.0), 0.1); });
  s.at("torch.linalg.pinv(x[0], 0.5)", {d}, [](Inputs x) { return linalg::pinv(x[0], 0.5); });
  s.at("torch.linalg.pinv(x[0], x[1])", {stack({d, d}), catalogue::constant(arange(0, 2, kDouble) * 0.5)},
       [](Inputs x) { return linalg::pinv(x[0], x[1]); });
  s.at("torch.linalg.pinv(x[0], atol=x[1])", {stack({d, d}), catalogue::constant(arange(0, 4, 2, kDouble))},
       [](Inputs x) { return linalg::pinv(x[0], x[1], std::nullopt); });
  s.rejects("a vector", "expected a tensor with 2 or more dimensions", [] { linalg::pinv(ones({3})); });
  s.rejects("integers", "expected a tensor with 2 or more dimensions of float or double types", [] { linalg::pinv(eye(3, kLong)); });
  s.rejects("NaN", "contained non-finite values", [] { linalg::pinv(full({2, 2}, std::nan(""))); });
});

const catalogue::Entry pinverse_entry("pinverse", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : {Dims{3, 2}, Dims{2, 2, 3}}) s.add("torch.pinverse(x[0])", {full_rank(s, shape)}, [](Inputs x) { return pinverse(x[0]); });
  s.at("torch.pinverse(x[0], 0.5)", {diag(arange(4, 0, -3, kDouble))}, [](Inputs x) { return pinverse(x[0], 0.5); });
  s.rejects("a vector", "expected a tensor with 2 or more dimensions", [] { pinverse(ones({3})); });
});

const catalogue::Entry matrix_rank_entry("linalg_matrix_rank", [](catalogue::Samples& s) {
  const Tensor d = diag(arange(4, 0, -3, kDouble));
  for (const Dims& shape : kPinvShapes)
    s.flat("torch.linalg.matrix_rank(x[0].detach())", {full_rank(s, shape)}, [](Inputs x) { return linalg::matrix_rank(x[0].detach()); });
  for (const Tensor& a : {rank_one(), zeros({2, 2}, kDouble), zeros({0, 3}, kDouble), zeros({2, 3, 0}, kDouble)})
    s.flat("torch.linalg.matrix_rank(x[0])", {catalogue::constant(a)}, [](Inputs x) { return linalg::matrix_rank(x[0]); });
  s.flat("torch.linalg.matrix_rank(x[0], hermitian=True)", {catalogue::constant(stack({-d, d * 0}))},
         [](Inputs x) { return linalg::matrix_rank(x[0], std::optional<double>(), std::nullopt, true); });
  s.flat("torch.linalg.matrix_rank(x[0], 2.)", {catalogue::constant(d)}, [](Inputs x) { return linalg::matrix_rank(x[0], 2.0); });
  s.flat("torch.linalg.matrix_rank(x[0], rtol=0.5)", {catalogue::constant(d)}, [](Inputs x) { return linalg::matrix_rank(x[0], std::nullopt, 0.5); });
  s.flat("torch.linalg.matrix_rank(x[0], x[1])", {catalogue::constant(d), catalogue::constant(arange(0, 6, 2, kDouble))},
         [](Inputs x) { return linalg::matrix_rank(x[0], x[1]); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::matrix_rank(ones({3})); });
  s.rejects("a symmetric matrix that is not square", "A must be batches of square matrices", [] {
    linalg::matrix_rank(ones({3, 2}), std::optional<double>(), std::nullopt, true);
  });
});

struct LeastSquaresSystem {
  Dims a, b;
};

const catalogue::Entry lstsq_entry("linalg_lstsq", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const char* const driver : {"gels", "gelsy", "gelsd", "gelss"}) {
    const std::string call = std::string("torch.linalg.lstsq(x[0], x[1], driver='") + driver + "')";
    const auto all = [driver](Inputs x) { return linalg::lstsq(x[0], x[1], std::nullopt, driver); };
    const auto solution = [all](Inputs x) { return std::get<0>(all(x)); };
    for (const auto& [a, b] : {LeastSquaresSystem{{4, 2}, {4, 3}}, LeastSquaresSystem{{3, 3}, {3, 1}}, LeastSquaresSystem{{2, 4}, {2, 2}},
                               LeastSquaresSystem{{2, 4, 2}, {2, 4, 1}}, LeastSquaresSystem{{2, 1, 2, 3}, {2, 1, 2, 2}}}) {
      s.add(call + "[0]", {full_rank(s, a), s.normal(b)}, solution);
      s.flat(call, {catalogue::constant(full_rank(s, a)), catalogue::constant(s.normal(b))}, all);
    }
    for (const auto& [a, b] : {LeastSquaresSystem{{4, 2}, {4}}, LeastSquaresSystem{{2, 4, 2}, {2, 4}}})
      s.add(call + "[0]", {full_rank(s, a), s.normal(b)}, solution).deviation = "lstsq-of-a-vector";
    for (const auto& [a, b] : {LeastSquaresSystem{{0, 2}, {0, 3}}, LeastSquaresSystem{{4, 0}, {4, 3}}, LeastSquaresSystem{{0, 4, 2}, {0, 4, 1}}})
      s.flat(call + "[0]", {catalogue::constant(s.normal(a)), catalogue::constant(s.normal(b))}, solution);
    // The other two drivers end PyTorch's process for no right-hand side.
    if (std::string_view(driver) == "gels" || std::string_view(driver) == "gelsy")
      s.flat(call + "[0]", {catalogue::constant(s.normal({4, 2})), catalogue::constant(s.normal({4, 0}))}, solution);
  }
  s.add("torch.linalg.lstsq(x[0], x[1])[0]", {full_rank(s, {2, 2}), s.normal({2, 2})},
        [](Inputs x) { return std::get<0>(linalg::lstsq(x[0], x[1])); });
  // Of a matrix without full rank the shortest.
  for (const char* const driver : {"gelsy", "gelsd", "gelss"})
    s.flat(std::string("torch.linalg.lstsq(x[0], x[1], rcond=0.1, driver='") + driver + "')[::2]",
           {catalogue::constant(rank_one()), catalogue::constant(s.normal({3, 2}))}, [driver](Inputs x) {
             const auto [solution, rest, rank, values] = linalg::lstsq(x[0], x[1], 0.1, driver);
             return std::vector<Tensor>{solution, rank};
           });
  s.rejects("another driver", "parameter `driver` should be one of (gels, gelsy, gelsd, gelss)", [] {
    linalg::lstsq(ones({4, 2}), ones({4, 2}), std::nullopt, "qr");
  });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::lstsq(ones({4}), ones({4})); });
  s.rejects("sizes that differ", "input.size(-2) should match other.size(-2)", [] { linalg::lstsq(ones({4, 2}), ones({3, 2})); });
  s.rejects("a vector of another size", "input.size(-2) should match other.size(-1)", [] { linalg::lstsq(ones({4, 2}), ones({3})); });
  s.rejects("more batches on the right", "input.dim() must be greater or equal to other.dim()", [] { linalg::lstsq(ones({4, 3}), ones({2, 4, 2})); });
  s.rejects("two dtypes", "Expected input and other to have the same dtype", [] { linalg::lstsq(ones({4, 2}), ones({4, 1}, kDouble)); });
  s.rejects("a column of zeros", "does not have full rank (error code: 2)", [] {
    linalg::lstsq(eye(3).narrow(1, 0, 2) * arange(1, -1, -1), ones({3, 1}), std::nullopt, "gels");
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
