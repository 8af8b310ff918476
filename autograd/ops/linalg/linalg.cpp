// Linear systems of equations.
#include <xgrad/autograd/ops/linalg/linalg.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kSolve = operation_recorded_as<"linalg.solve", "LinalgSolveExBackward0">;

// Replaces b by the x of a x = b, for column-major matrices; a is spent. For each matrix 0, or its first zero pivot.
Tensor solve_columns(const Operation& operation, const Tensor& a, const Tensor& b) {
  Tensor info = allocate_tensor(batch_sizes(a), kInt);
  dispatch_floating(a.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::solve_each<T>, reads(a, b), writes(a, b, info), info.numel(), a.size(-1), b.size(-2), a.data_ptr<T>(), b.data_ptr<T>(),
           info.data_ptr<int>());
  });
  return info;
}

void check_system(const Operation& operation, const Tensor& A, const Tensor& B, bool left) {
  check_square_batch(operation, A);
  XGRAD_CHECK(A.dtype() == B.dtype(), operation, "Expected A and B to have the same dtype, but found A of type ", A.dtype(), " and B of type ",
              B.dtype(), " instead");
  check_matrix_batch(operation, B, "B");
  XGRAD_CHECK(A.size(-1) == B.size(left ? -2 : -1), operation, "Incompatible shapes of A and B for the equation ", left ? "AX" : "XA", " = B (",
              A.size(-2), "x", A.size(-1), " and ", B.size(-2), "x", B.size(-1), ")");
}

// Both with the batch axes they broadcast to, outside of any graph.
std::pair<Tensor, Tensor> broadcast_batches(const Operation& operation, const Tensor& A, const Tensor& B) {
  const Dims batch = broadcast_shapes(operation.name(), batch_sizes(A), batch_sizes(B));
  const auto expanded = [&](const Tensor& t) { return expand(t.detach(), batch_shape(batch, {t.size(-2), t.size(-1)})); };
  return {expanded(A), expanded(B)};
}

// The x of a system, and what solve_columns() says of each of its matrices.
struct Solution {
  Tensor x, info;
};

Solution solve_matrices(const Tensor& A, const Tensor& B, bool left, bool check) {
  check_system(kSolve, A, B, left);
  const auto [a, b] = broadcast_batches(kSolve, A, B);
  Tensor x, info;
  if (left) {
    const Tensor columns = transposed_copy(b);
    info = solve_columns(kSolve, transposed_copy(a), columns);
    x = transposed_copy(columns);
  } else {
    // X A = B is A^T X^T = B^T, and B^T column by column is B row by row.
    x = copy_of(b, b.dtype());
    info = solve_columns(kSolve, copy_of(a, a.dtype()), x);
  }
  if (check) check_info(kSolve, x, info, [](int) -> std::string { return "The solver failed because the input matrix is singular."; });
  const auto solve = [left, check](const Tensor& m, const Tensor& gy) { return solve_matrices(transposed(m), gy, left, check).x; };
  x = record(Forward(kSolve, std::move(x)), with("left", left, "check_errors", check),
             wrt(A,
                 [m = save(A), solve, left](const Tensor& gy, const Tensor& y) {
                   const Tensor gb = solve(m, gy);
                   return left ? -matmul(gb, transposed(y)) : -matmul(transposed(y), gb);
                 }),
             wrt(B, [m = save(A), solve](const Tensor& gy) { return solve(m, gy); }));
  return {std::move(x), std::move(info)};
}

bool is_vector_for(const Tensor& A, const Tensor& B) {
  return B.dim() == 1 || (A.dim() == B.dim() + 1 && B.sizes() == A.sizes().slice(0, static_cast<size_t>(B.dim())));
}

Solution solve_any(const Tensor& A, const Tensor& B, bool left, bool check) {
  check_square_batch(kSolve, A);
  if (!is_vector_for(A, B)) return solve_matrices(A, B, left, check);
  Solution solution = solve_matrices(A, unsqueeze(B, -1), left, check);
  solution.x = squeeze(solution.x, -1);
  return solution;
}

}  // namespace

Tensor linalg_solve(const Tensor& A, const Tensor& B, bool left) { return solve_any(A, B, left, true).x; }

std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& A, const Tensor& B, bool left, bool check_errors) {
  const auto [x, info] = solve_any(A, B, left, check_errors);
  return {x, not_differentiable(Forward(kSolve, info))};
}

Tensor linalg_inv(const Tensor& A) {
  const Operation& op = operation_recorded_as<"linalg.inv", "LinalgInvExBackward0">;
  check_square_batch(op, A);
  const Tensor columns = copy_of(expand(eye(A.size(-1), A.dtype()), A.sizes()), A.dtype());
  const Tensor info = solve_columns(op, transposed_copy(A), columns);
  check_info(op, columns, info, [](int pivot) {
    return detail::concatenate("The diagonal element ", pivot,
                               " is zero, the inversion could not be completed because the input matrix is singular.");
  });
  return record(Forward(op, transposed_copy(columns)),
                wrt(A, [](const Tensor& gy, const Tensor& y) { return -matmul(transposed(y), matmul(gy, transposed(y))); }));
}

Tensor linalg_solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left, bool unitriangular) {
  const Operation& op = operation_recorded_as<"linalg.solve_triangular", "LinalgSolveTriangularBackward0">;
  if (A.is_floating_point() && B.dtype() != A.dtype()) return linalg_solve_triangular(A, B.to(A.dtype()), upper, left, unitriangular);
  check_system(op, A, B, left);
  const auto [a, b] = broadcast_batches(op, A, B);
  const Tensor triangles = contiguous_as(a, a.dtype()), x = copy_of(b, b.dtype());
  dispatch_floating(x.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::solve_triangular_each<T>, reads(triangles, x), writes(x), batch_count(x), left, upper, unitriangular, x.size(-2), x.size(-1),
           triangles.data_ptr<T>(), x.data_ptr<T>());
  });
  const auto solve = [=](const Tensor& m, const Tensor& gy) { return linalg_solve_triangular(transposed(m), gy, !upper, left, unitriangular); };
  return record(Forward(op, x), with("upper", upper, "left", left, "unitriangular", unitriangular),
                wrt(A,
                    [=, m = save(A)](const Tensor& gy, const Tensor& y) {
                      const Tensor gb = solve(m, gy), ga = left ? -matmul(gb, transposed(y)) : -matmul(transposed(y), gb);
                      return upper ? triu(ga, unitriangular) : tril(ga, -static_cast<int>(unitriangular));
                    }),
                wrt(B, [solve, m = save(A)](const Tensor& gy) { return solve(m, gy); }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

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
  s.rejects("a singular matrix", "The diagonal element 2 is zero, the inversion could not be completed because the input matrix is singular", [] {
    inverse(ones({2, 2}));
  });
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
  s.rejects("sizes that differ", "Incompatible shapes of A and B for the equation AX = B (2x2 and 3x2)", [] {
    linalg::solve_triangular(eye(2), ones({3, 2}), true);
  });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] {
    linalg::solve_triangular(ones({2, 3}), ones({3, 2}), true);
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
