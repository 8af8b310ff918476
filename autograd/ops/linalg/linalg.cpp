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
             wrt(B, [m = save(A), solve](const Tensor& gy) { return solve(m, gy); }), also(info));
  return {std::move(x), std::move(info)};
}

// The inverse as the x.
Solution inverse_of(const Operation& operation, const Tensor& A, bool check) {
  check_square_batch(operation, A);
  const Tensor columns = untraced([&] { return copy_of(expand(eye(A.size(-1), A.dtype()), A.sizes()), A.dtype()); });
  const Tensor info = solve_columns(operation, transposed_copy(A), columns);
  if (check)
    check_info(operation, columns, info, [](int pivot) {
      return detail::concatenate("The diagonal element ", pivot,
                                 " is zero, the inversion could not be completed because the input matrix is singular.");
    });
  return {record(Forward(operation, transposed_copy(columns)),
                 wrt(A, [](const Tensor& gy, const Tensor& y) { return -matmul(transposed(y), matmul(gy, transposed(y))); }), also(info)),
          info};
}

int64_t numel_from(const Tensor& t, size_t first, size_t count) { return numel_of(t.sizes().slice(first, count)); }

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
  return {x, info};
}

Tensor linalg_inv(const Tensor& A) { return inverse_of(operation_recorded_as<"linalg.inv", "LinalgInvExBackward0">, A, true).x; }

std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& A, bool check_errors) {
  const Operation& op = operation<"linalg.inv_ex">;
  const auto [inverse, info] = inverse_of(op, A, check_errors);
  return {inverse, info};
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

std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper, bool transpose, bool unitriangular) {
  const Operation& op = operation<"triangular_solve">;
  check_matrix_batch(op, self, "b");
  check_square_batch(op, A);
  check_dtype_of(op, "b and A", self, A);
  XGRAD_CHECK(self.size(-2) == A.size(-1), op, "Incompatible matrix sizes for triangular_solve: each A matrix is ", A.size(-1), " by ", A.size(-1),
              " but each b matrix is ", self.size(-2), " by ", self.size(-1));
  const Dims batch = broadcast_shapes(op.name(), batch_sizes(A), batch_sizes(self));
  return {linalg_solve_triangular(transpose ? transposed(A) : A, self, upper != transpose, true, unitriangular),
          expand(A, batch_shape(batch, {A.size(-2), A.size(-1)})).clone()};
}

Tensor linalg_tensorsolve(const Tensor& self, const Tensor& other, OptionalIntArrayRef dims) {
  const Operation& op = operation<"linalg.tensorsolve">;
  Dims moved, last;
  if (dims.has_value())
    for (int64_t dim : dims.value()) {
      moved.push_back(wrap_axis(op.name(), dim, self.dim()));
      last.push_back(last.size() - static_cast<int>(dims.value().size()));
    }
  const Tensor A = moved.empty() ? self : movedim(self, moved, last);
  const auto front = static_cast<size_t>(std::min(other.dim(), A.dim())), rest = static_cast<size_t>(A.dim()) - front;
  const int64_t size = numel_from(A, front, rest);
  XGRAD_CHECK(size == numel_from(A, 0, front), op,
              "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got ", size,
              " != ", numel_from(A, 0, front));
  return reshape(linalg_solve(reshape(A, {size, size}), flatten(other)), A.sizes().slice(front, rest));
}

Tensor linalg_matmul(const Tensor& self, const Tensor& other) { return matmul(self, other); }
Tensor linalg_diagonal(const Tensor& A, int64_t offset, int64_t dim1, int64_t dim2) { return diagonal(A, offset, dim1, dim2); }

Tensor linalg_tensorinv(const Tensor& self, int64_t ind) {
  const Operation& op = operation<"linalg.tensorinv">;
  XGRAD_CHECK(ind > 0, op, "Expected a strictly positive integer for 'ind', but got ", ind);
  XGRAD_CHECK(self.dim() > 0, op, "Expected a tensor with axes");
  const auto front = static_cast<size_t>(std::min(ind, self.dim())), rest = static_cast<size_t>(self.dim()) - front;
  const int64_t rows = numel_from(self, 0, front), columns = numel_from(self, front, rest);
  XGRAD_CHECK(rows == columns, op, "Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ", columns,
              " != ", rows);
  Dims sizes = self.sizes().slice(front, rest);
  for (int64_t n : self.sizes().slice(0, front)) sizes.push_back(n);
  return reshape(linalg_inv(reshape(self, {rows, rows})), sizes);
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

const catalogue::Entry inv_ex_entry("linalg_inv_ex", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}})
    for (int64_t n : {0, 1, 4}) s.add("torch.linalg.inv_ex(x[0])", {regular(s, batch, n)}, [](Inputs x) { return linalg::inv_ex(x[0]); });
  s.flat("torch.linalg.inv_ex(x[0])[1]", {catalogue::constant(stack({zeros({2, 2}, kDouble), eye(2, kDouble), ones({2, 2}, kDouble)}))},
         [](Inputs x) { return std::get<1>(linalg::inv_ex(x[0])); });
  s.rejects("a singular matrix", "The diagonal element 2 is zero, the inversion could not be completed", [] { linalg::inv_ex(ones({2, 2}), true); });
});

struct SolveSystem {
  Dims batch, b;
};

const catalogue::Entry solve_entry("linalg_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [batch, b] :
       {SolveSystem{{}, {3}}, SolveSystem{{}, {3, 2}}, SolveSystem{{4}, {4, 3}}, SolveSystem{{4}, {3}}, SolveSystem{{4}, {3, 2}},
        SolveSystem{{}, {4, 3, 2}}, SolveSystem{{4}, {1, 3, 2}}, SolveSystem{{2, 1}, {3, 3, 1}}, SolveSystem{{0}, {0, 3}}, SolveSystem{{}, {3, 0}}})
    s.add("torch.linalg.solve(x[0], x[1])", {regular(s, batch, 3), s.normal(b)}, [](Inputs x) { return linalg::solve(x[0], x[1]); });
  for (const auto& [batch, b] : {SolveSystem{{}, {2, 3}}, SolveSystem{{4}, {2, 3}}, SolveSystem{{}, {4, 1, 3}}, SolveSystem{{2}, {2, 2, 3}}})
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
    const std::string call = std::string("torch.linalg.solve_triangular(x[0], x[1], upper=") + catalogue::text(upper) +
                             ", left=" + catalogue::text(left) + ", unitriangular=" + catalogue::text(unit) + ")";
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

const catalogue::Entry old_solve_triangular_entry("triangular_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (int flags = 0; flags < 8; ++flags) {
    const bool upper = flags & 1, transposes = flags & 2, unit = flags & 4;
    const std::string call = std::string("torch.triangular_solve(x[0], x[1], upper=") + catalogue::text(upper) +
                             ", transpose=" + catalogue::text(transposes) + ", unitriangular=" + catalogue::text(unit) + ")";
    const auto run = [=](Inputs x) { return triangular_solve(x[0], x[1], upper, transposes, unit); };
    for (const auto& [batch, b] :
         {SolveSystem{{}, {3, 2}}, SolveSystem{{2}, {2, 3, 1}}, SolveSystem{{}, {2, 3, 1}}, SolveSystem{{2}, {3, 1, 3, 2}}, SolveSystem{{}, {3, 0}}})
      s.add(call, {s.normal(b), regular(s, batch, 3)}, run);
  }
  s.rejects("a vector", "must have at least 2 dimensions", [] { triangular_solve(ones({2}), eye(2)); });
  s.rejects("sizes that differ", "Incompatible matrix sizes for triangular_solve: each A matrix is 2 by 2 but each b matrix is 3 by 2", [] {
    triangular_solve(ones({3, 2}), eye(2));
  });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { triangular_solve(ones({3, 2}), ones({2, 3})); });
  s.rejects("two dtypes", "Expected b and A to have the same dtype", [] { triangular_solve(ones({2, 2}, kDouble), eye(2)); });
});

// torch::linalg's names of operations that have samples of their own.
const catalogue::Entry linalg_matmul_entry("linalg_matmul", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.linalg.matmul(x[0], x[1])", {s.normal({2, 2, 3}), s.normal({3, 2})}, [](Inputs x) { return linalg::matmul(x[0], x[1]); });
});
const catalogue::Entry diagonal_entry("linalg_diagonal", [](catalogue::Samples& s) {
  s.add("torch.linalg.diagonal(x[0])", {s.normal({2, 2, 3})}, [](Inputs x) { return linalg::diagonal(x[0]); });
  s.add("torch.linalg.diagonal(x[0], offset=1, dim1=0, dim2=2)", {s.normal({2, 2, 3})}, [](Inputs x) { return linalg::diagonal(x[0], 1, 0, 2); });
});

const catalogue::Entry tensorsolve_entry("linalg_tensorsolve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto system = [&](IntArrayRef shape, int64_t n) { return reshape(regular(s, {}, n), shape); };
  for (const auto& [shape, b] :
       {SolveSystem{{2, 3, 6}, {2, 3}}, SolveSystem{{4, 2, 2}, {4}}, SolveSystem{{3, 3}, {3}}, SolveSystem{{2, 0, 0}, {2, 0}}})
    s.add("torch.linalg.tensorsolve(x[0], x[1])", {system(shape, shape[0] * shape[1] == 6 ? 6 : numel_of(b)), s.normal(b)},
          [](Inputs x) { return linalg::tensorsolve(x[0], x[1]); });
  s.add("torch.linalg.tensorsolve(x[0], x[1], dims=(0,))", {system({3, 2, 6}, 6).movedim(2, 0), s.normal({3, 2})},
        [](Inputs x) { return linalg::tensorsolve(x[0], x[1], 0); });
  s.rejects("sizes that differ", "prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got 5 != 6", [] {
    linalg::tensorsolve(ones({2, 3, 5}), ones({2, 3}));
  });
  s.rejects("two dtypes", "Expected A and B to have the same dtype", [] { linalg::tensorsolve(eye(2), ones({2}, kDouble)); });
});

const catalogue::Entry tensorinv_entry("linalg_tensorinv", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.add("torch.linalg.tensorinv(x[0])", {reshape(regular(s, {}, 6), {2, 3, 6})}, [](Inputs x) { return linalg::tensorinv(x[0]); });
  for (const Dims& shape : {Dims{6, 2, 3}, Dims{4, 2, 2}, Dims{2, 2}})
    s.add("torch.linalg.tensorinv(x[0], ind=1)", {reshape(regular(s, {}, shape[0]), shape)}, [](Inputs x) { return linalg::tensorinv(x[0], 1); });
  s.rejects("no axis in front", "Expected a strictly positive integer for 'ind', but got 0", [] { linalg::tensorinv(eye(2), 0); });
  s.rejects("sizes that differ", "prod(self.shape[ind:]) == prod(self.shape[:ind]), but got 1 != 4", [] { linalg::tensorinv(eye(2)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
