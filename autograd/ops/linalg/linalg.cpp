// Linear systems of equations.
#include <xgrad/autograd/ops/linalg/linalg.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack.h>
#include <xgrad/autograd/kernels/product/blas.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// Replaces b by the x of a x = b, for column-major matrices; a is spent. For each matrix 0, or its first zero pivot.
std::vector<int> solve_columns(const Tensor& a, const Tensor& b) {
  const int64_t n = a.size(-1), columns = b.size(-2);
  const double operations = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n + columns);
  return dispatch_floating(a.dtype(), "linalg.solve", [&](auto zero) {
    using T = decltype(zero);
    T *factors = static_cast<T*>(a.data_ptr()), *x = static_cast<T*>(b.data_ptr());
    return for_each_matrix(batch_count(a), operations, [=](int64_t i) {
      std::vector<int> pivots(static_cast<size_t>(n));
      const int info = kernels::lu_factor(n, factors + i * n * n, pivots.data());
      kernels::lu_solve(n, columns, factors + i * n * n, pivots.data(), x + i * n * columns);
      return info;
    });
  });
}

void check_system(const char* operation, const Tensor& A, const Tensor& B, bool left) {
  check_square_batch(operation, A);
  XGRAD_CHECK(A.dtype() == B.dtype(), "[", operation, "] Expected A and B to have the same dtype, but found A of type ", A.dtype(),
              " and B of type ", B.dtype(), " instead");
  check_matrix_batch(operation, B, "B");
  XGRAD_CHECK(A.size(-1) == B.size(left ? -2 : -1), "[", operation, "] Incompatible shapes of A and B for the equation ", left ? "AX" : "XA",
              " = B (", A.size(-2), "x", A.size(-1), " and ", B.size(-2), "x", B.size(-1), ")");
}

// Both with the batch axes they broadcast to, outside of any graph.
std::pair<Tensor, Tensor> broadcast_batches(const char* operation, const Tensor& A, const Tensor& B) {
  const Dims batch = broadcast_shapes(operation, batch_sizes(A), batch_sizes(B));
  const auto expanded = [&](const Tensor& t) { return expand(t.detach(), batch_shape(batch, {t.size(-2), t.size(-1)})); };
  return {expanded(A), expanded(B)};
}

// Throws for the first matrix that has a zero pivot: message(the pivot's position).
template <class F>
void refuse_singular(const char* operation, const Tensor& result, const std::vector<int>& info, F message) {
  for (size_t i = 0; i < info.size(); ++i)
    XGRAD_CHECK_AS(LinAlgError, info[i] == 0, "[", operation, "] ", failed_element(result, i), message(info[i]));
}

Tensor solve_matrices(const Tensor& A, const Tensor& B, bool left, bool check, std::vector<int>& info) {
  check_system("linalg.solve", A, B, left);
  const auto [a, b] = broadcast_batches("linalg.solve", A, B);
  Tensor x;
  if (left) {
    const Tensor columns = transposed_copy(b);
    info = solve_columns(transposed_copy(a), columns);
    x = transposed_copy(columns);
  } else {
    // X A = B is A^T X^T = B^T, and B^T column by column is B row by row.
    x = copy_of(b, b.dtype());
    info = solve_columns(copy_of(a, a.dtype()), x);
  }
  if (check) refuse_singular("linalg.solve", x, info, [](int) { return "The solver failed because the input matrix is singular."; });
  const auto solve = [left, check](const Tensor& m, const Tensor& gy) {
    std::vector<int> unused;
    return solve_matrices(transposed(m), gy, left, check, unused);
  };
  return record("LinalgSolveExBackward0", Forward(std::move(x)),
                wrt(A, [m = save(A), solve, left](const Tensor& gy, const Tensor& y) {
                  const Tensor gb = solve(m, gy);
                  return left ? -matmul(gb, transposed(y)) : -matmul(transposed(y), gb);
                }),
                wrt(B, [m = save(A), solve](const Tensor& gy) { return solve(m, gy); }));
}

bool is_vector_for(const Tensor& A, const Tensor& B) {
  return B.dim() == 1 || (A.dim() == B.dim() + 1 && B.sizes() == A.sizes().slice(0, static_cast<size_t>(B.dim())));
}

Tensor solve_any(const Tensor& A, const Tensor& B, bool left, bool check, std::vector<int>& info) {
  check_square_batch("linalg.solve", A);
  if (!is_vector_for(A, B)) return solve_matrices(A, B, left, check, info);
  return squeeze(solve_matrices(A, unsqueeze(B, -1), left, check, info), -1);
}

}  // namespace

Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left) {
  std::vector<int> info;
  return solve_any(A, B, left, true, info);
}

std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left, bool check_errors) {
  std::vector<int> info;
  const Tensor x = solve_any(A, B, left, check_errors, info);
  const Dims batch = is_vector_for(A, B) ? Dims(x.sizes().slice(0, static_cast<size_t>(x.dim()) - 1)) : batch_sizes(x);
  const Tensor pivots = allocate_tensor(batch, kInt);
  std::copy(info.begin(), info.end(), static_cast<int*>(pivots.data_ptr()));
  return {x, not_differentiable(Forward(pivots))};
}

Tensor linalg_inv(const Tensor& A) {
  check_square_batch("linalg.inv", A);
  const Tensor columns = copy_of(expand(eye(A.size(-1), A.dtype()), A.sizes()), A.dtype());
  const std::vector<int> info = solve_columns(transposed_copy(A), columns);
  refuse_singular("linalg.inv", columns, info, [](int pivot) {
    return detail::concatenate("The diagonal element ", pivot,
                               " is zero, the inversion could not be completed because the input matrix is singular.");
  });
  return record("LinalgInvExBackward0", Forward(transposed_copy(columns)), wrt(A, [](const Tensor& gy, const Tensor& y) {
                  return -matmul(transposed(y), matmul(gy, transposed(y)));
                }));
}

Tensor linalg_solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unitriangular) {
  if (A.is_floating_point() && B.dtype() != A.dtype()) return linalg_solve_triangular(A, B.to(A.dtype()), upper, left, unitriangular);
  check_system("linalg.solve_triangular", A, B, left);
  const auto [a, b] = broadcast_batches("linalg.solve_triangular", A, B);
  const Tensor triangles = contiguous_as(a, a.dtype()), x = copy_of(b, b.dtype());
  const int64_t rows = x.size(-2), columns = x.size(-1), n = a.size(-1);
  dispatch_floating(x.dtype(), "linalg.solve_triangular", [&](auto zero) {
    using T = decltype(zero);
    const T* from = static_cast<const T*>(triangles.data_ptr());
    T* to = static_cast<T*>(x.data_ptr());
    for_each_matrix(batch_count(x), static_cast<double>(n) * static_cast<double>(rows) * static_cast<double>(columns), [=](int64_t i) {
      kernels::blas::solve_triangular(left, upper, unitriangular, rows, columns, from + i * n * n, to + i * rows * columns);
      return 0;
    });
  });
  const auto solve = [=](const Tensor& m, const Tensor& gy) { return linalg_solve_triangular(transposed(m), gy, !upper, left, unitriangular); };
  return record("LinalgSolveTriangularBackward0", Forward(x),
                wrt(A, [=, m = save(A)](const Tensor& gy, const Tensor& y) {
                  const Tensor gb = solve(m, gy), ga = left ? -matmul(gb, transposed(y)) : -matmul(transposed(y), gb);
                  return upper ? triu(ga, unitriangular) : tril(ga, -static_cast<int>(unitriangular));
                }),
                wrt(B, [solve, m = save(A)](const Tensor& gy) { return solve(m, gy); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

namespace {

using catalogue::Inputs;

// Well-conditioned matrices: the diagonal dominates.
Tensor regular(catalogue::Samples& s, const Dims& batch, int64_t n) {
  return s.normal(batch_shape(batch, {n, n})) + eye(n, kDouble) * static_cast<double>(n + 2);
}

const catalogue::Entry inverse_entry("inverse", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 1}, Dims{0}})
    for (int64_t n : {1, 3}) s.add("torch.inverse(x[0])", {regular(s, batch, n)}, [](Inputs x) { return inverse(x[0]); });
  s.add("torch.inverse(x[0])", {s.normal({0, 0})}, [](Inputs x) { return inverse(x[0]); });
  s.add("torch.inverse(x[0])", {s.normal({5, 5})}, [](Inputs x) { return inverse(x[0]); });
  s.rejects("a singular matrix", "The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular",
            [] { inverse(ones({2, 2})); });
  s.rejects("a singular matrix in a batch", "(Batch element 0): ", [] { inverse(zeros({3, 2, 2})); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] { inverse(ones({2, 3})); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { inverse(ones({3})); });
  s.rejects("integers", "Expected a floating point or complex tensor as input. Got Long", [] { inverse(eye(2, kLong)); });
});

const catalogue::Entry inv_entry("linalg_inv", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}})
    for (int64_t n : {0, 1, 4}) s.add("torch.linalg.inv(x[0])", {regular(s, batch, n)}, [](Inputs x) { return linalg::inv(x[0]); });
  s.rejects("a singular matrix in a batch", "(Batch element 1): ", [] { linalg::inv(stack({eye(2), zeros({2, 2})})); });
});

struct System {
  Dims batch, b;
};

const catalogue::Entry solve_entry("linalg_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [batch, b] : {System{{}, {3}}, System{{}, {3, 2}}, System{{4}, {4, 3}}, System{{4}, {3}}, System{{4}, {3, 2}},
                                 System{{}, {4, 3, 2}}, System{{4}, {1, 3, 2}}, System{{2, 1}, {3, 3, 1}}, System{{0}, {0, 3}}, System{{}, {3, 0}}})
    s.add("torch.linalg.solve(x[0], x[1])", {regular(s, batch, 3), s.normal(b)}, [](Inputs x) { return linalg::solve(x[0], x[1]); });
  for (const auto& [batch, b] : {System{{}, {2, 3}}, System{{4}, {2, 3}}, System{{}, {4, 1, 3}}, System{{2}, {2, 2, 3}}})
    s.add("torch.linalg.solve(x[0], x[1], left=False)", {regular(s, batch, 3), s.normal(b)},
          [](Inputs x) { return linalg::solve(x[0], x[1], false); });
  s.add("torch.linalg.solve(x[0], x[1])", {s.normal({0, 0}), s.normal({0, 3})}, [](Inputs x) { return linalg::solve(x[0], x[1]); });
  s.add("torch.linalg.solve(x[0].mT, x[0])", {regular(s, {}, 3)}, [](Inputs x) { return linalg::solve(transposed(x[0]), x[0]); });
  s.rejects("a singular matrix", "The solver failed because the input matrix is singular", [] { linalg::solve(zeros({2, 2}), ones({2})); });
  s.rejects("a singular matrix in a batch", "(Batch element 1): ", [] { linalg::solve(stack({eye(2), zeros({2, 2})}), ones({2, 2, 1})); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { linalg::solve(ones({2, 3}), ones({2})); });
  s.rejects("sizes that differ", "Incompatible shapes of A and B for the equation AX = B (2x2 and 3x1)", [] { linalg::solve(eye(2), ones({3})); });
  s.rejects("sizes that differ on the right", "Incompatible shapes of A and B for the equation XA = B (2x2 and 2x1)",
            [] { linalg::solve(eye(2), ones({2}), false); });
  s.rejects("two dtypes", "Expected A and B to have the same dtype", [] { linalg::solve(eye(2, kDouble), ones({2})); });
  s.rejects("a 0-d right side", "must have at least 2 dimensions", [] { linalg::solve(eye(2), ones({})); });
});

const catalogue::Entry solve_ex_entry("linalg_solve_ex", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.linalg.solve_ex(x[0], x[1])", {regular(s, {2}, 3), s.normal({2, 3, 1})}, [](Inputs x) { return linalg::solve_ex(x[0], x[1]); });
  s.flat("torch.linalg.solve_ex(x[0], x[1])[1]", {zeros({2, 2, 2}, kDouble), s.normal({2, 2, 1})},
         [](Inputs x) { return std::get<1>(linalg::solve_ex(x[0], x[1])); });
  s.rejects("a singular matrix", "The solver failed", [] { linalg::solve_ex(zeros({2, 2}), ones({2}), true, true); });
});

const catalogue::Entry solve_triangular_entry("linalg_solve_triangular", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (int flags = 0; flags < 8; ++flags) {
    const bool upper = flags & 1, left = flags & 2, unit = flags & 4;
    const auto python = [](bool b) { return b ? "True" : "False"; };
    const std::string call = std::string("torch.linalg.solve_triangular(x[0], x[1], upper=") + python(upper) + ", left=" + python(left) +
                             ", unitriangular=" + python(unit) + ")";
    const auto run = [=](Inputs x) { return linalg::solve_triangular(x[0], x[1], upper, left, unit); };
    for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 1}})
      s.add(call, {regular(s, batch, 3), left ? s.normal({2, 3, 4}) : s.normal({2, 4, 3})}, run);
    s.add(call, {regular(s, {2}, 3), left ? s.normal({3, 1}) : s.normal({1, 3})}, run);
    s.add(call, {regular(s, {}, 2), left ? s.normal({2, 0}) : s.normal({0, 2})}, run);
  }
  s.rejects("a vector", "The input tensor B must have at least 2 dimensions", [] { linalg::solve_triangular(eye(2), ones({2}), true); });
  s.rejects("sizes that differ", "Incompatible shapes of A and B for the equation AX = B (2x2 and 3x2)",
            [] { linalg::solve_triangular(eye(2), ones({3, 2}), true); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices",
            [] { linalg::solve_triangular(ones({2, 3}), ones({3, 2}), true); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
