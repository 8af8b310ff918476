// LU: factors, systems solved by them, and what they are made from.
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

struct Packed {
  Tensor LU, pivots, info;
};

Packed factor(const Operation& operation, const Tensor& A, bool pivot) {
  check_matrix_batch(operation, A);
  XGRAD_CHECK(pivot, "[linalg.lu_factor] LU without pivoting is not implemented on the CPU");
  const int64_t m = A.size(-2), n = A.size(-1);
  const Dims batch = batch_sizes(A);
  const Tensor columns = transposed_copy(A), pivots = allocate_tensor(batch_shape(batch, {std::min(m, n)}), kInt),
               info = allocate_tensor(batch, kInt);
  dispatch_floating(A.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::lu_factor_each<T>, reads(columns), writes(columns, pivots, info), info.numel(), m, n, columns.data_ptr<T>(),
           pivots.data_ptr<int>(), info.data_ptr<int>());
  });
  return {transposed_copy(columns), pivots, info};
}

// LAPACK swaps rows outside of the matrix for others.
void check_pivots(const Operation& operation, const Tensor& of, int64_t m) {
  const Tensor pivots = contiguous_as(of, kInt);
  detail::note_leaving_launches(operation.name());
  const int* each = pivots.data_ptr<int>();
  for (int64_t i = 0; i < pivots.numel(); ++i)
    XGRAD_CHECK(each[i] >= 1 && each[i] <= m, operation, "pivots must be between 1 and LU.size(-2) inclusive, got ", each[i],
                ". Did you properly pass the result of lu_factor?");
}

// The P of P L U, of m rows.
Tensor permutation(const Operation& operation, const Tensor& of, int64_t m, ScalarType dtype) {
  const Tensor pivots = contiguous_as(of, kInt);
  const int64_t k = pivots.size(-1);
  const Dims batch = pivots.sizes().slice(0, static_cast<size_t>(pivots.dim()) - 1);
  const Tensor P = allocate_tensor(batch_shape(batch, {m, m}), dtype);
  dispatch_floating(dtype, operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::permutation_matrix_of_each<T>, reads(pivots), writes(P), numel_of(batch), m, k, pivots.data_ptr<int>(),
           P.data_ptr<T>());
  });
  return P;
}

Tensor lower_part(const Tensor& LU) {
  const int64_t m = LU.size(-2), k = std::min(m, LU.size(-1));
  return tril(LU.narrow(-1, 0, k), -1) + eye(m, k, LU.dtype());
}
Tensor upper_part(const Tensor& LU) { return triu(LU.narrow(-2, 0, std::min(LU.size(-2), LU.size(-1)))); }

// L1 and U1 are the leading k x k parts, L2 what L has below, U2 what U has beside:
//   gA = P L1^-T [tril(L1^T gL1 - gU2 U2^T, -1) + triu(gU1 U1^T - L2^T gL2)] U1^-T, and P L1^-T gU2 beside or gL2 U1^-T below.
// Either from d(L^-1 P^T A U^-1) = 0, whose strictly lower part is that of L^-1 dL and the rest that of dU U^-1.
Tensor lu_gradient(const Tensor& P, const Tensor& L, const Tensor& U, const Tensor& gL, const Tensor& gU) {
  const int64_t m = L.size(-2), n = U.size(-1), k = L.size(-1);
  const Tensor L1 = transposed(L.narrow(-2, 0, k)), U1 = transposed(U.narrow(-1, 0, k));
  Tensor below = matmul(L1, gL.narrow(-2, 0, k)), above = matmul(gU.narrow(-1, 0, k), U1);
  if (n > k) below = below - matmul(gU.narrow(-1, k, n - k), transposed(U.narrow(-1, k, n - k)));
  if (m > k) above = above - matmul(transposed(L.narrow(-2, k, m - k)), gL.narrow(-2, k, m - k));
  const auto by_L = [&](const Tensor& t) { return linalg_solve_triangular(L1, t, true, true, true); };
  const auto by_U = [&](const Tensor& t) { return linalg_solve_triangular(U1, t, false, false); };
  Tensor g = by_U(by_L(tril(below, -1) + triu(above)));
  if (n > k) g = cat({g, by_L(gU.narrow(-1, k, n - k))}, -1);
  if (m > k) g = cat({g, by_U(gL.narrow(-2, k, m - k))}, -2);
  return matmul(P, g);
}

Tensor or_zeros(const Tensor& g, const Tensor& like) { return g.defined() ? g : zeros_like(like); }

std::string singular(int pivot) {
  return detail::concatenate("U[", pivot, ",", pivot,
                             "] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, "
                             "consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)");
}

std::tuple<Tensor, Tensor, Tensor> lu_factor(const Operation& operation, const Tensor& A, bool pivot, bool check) {
  const auto [LU, pivots, info] = factor(operation, A, pivot);
  if (check) check_info(operation, A, info, singular);
  const auto gradient = [&operation, pivots = save(pivots)](const Tensor& gy, const Tensor& LU) {
    const Tensor P = permutation(operation, pivots, LU.size(-2), LU.dtype());
    const int64_t k = std::min(LU.size(-2), LU.size(-1));
    return lu_gradient(P, lower_part(LU), upper_part(LU), tril(gy.narrow(-1, 0, k), -1), triu(gy.narrow(-2, 0, k)));
  };
  return {record(Forward(operation, LU), with("pivot", pivot), wrt(A, gradient), also(pivots), also(info)), pivots, info};
}

// X of A X = B or X A = B, outside of any graph, for the factored A or its transpose.
Tensor solve_by_factors(const Operation& operation, const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) {
  const auto [lu, b] = broadcast_batches(operation, LU, B);
  const int64_t n = LU.size(-1);
  const Tensor factors = transposed_copy(lu), p = contiguous_as(pivots.expand(batch_shape(batch_sizes(lu), {n})), kInt);
  // X A = B is A^T X^T = B^T, and B^T column by column is B row by row.
  const Tensor x = left ? transposed_copy(b) : copy_of(b, b.dtype());
  dispatch_floating(x.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::lu_solve_each<T>, reads(factors, p, x), writes(x), batch_count(x), n, x.size(-2), left == adjoint,
           factors.data_ptr<T>(), p.data_ptr<int>(), x.data_ptr<T>());
  });
  return left ? transposed_copy(x) : x;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& A, bool pivot) {
  const Operation& op = operation<"linalg.lu">;
  const Packed packed = factor(op, A, pivot);
  const Tensor P = untraced([&] { return permutation(op, packed.pivots, A.size(-2), A.dtype()); });
  const Tensor L = untraced([&] { return lower_part(packed.LU); }), U = untraced([&] { return upper_part(packed.LU); });
  const auto ys = record_all({Forward(op, L), Forward(op, U)}, with("pivot", pivot),
                             wrt_all({A},
                                     [P = save(P)](Gradients& g, const std::vector<Tensor>& y) {
                                       if (!g.gy(0).defined() && !g.gy(1).defined()) return;
                                       g.gx(0) = lu_gradient(P, y[0], y[1], or_zeros(g.gy(0), y[0]), or_zeros(g.gy(1), y[1]));
                                     }),
                             also(P));
  return {P, ys[0], ys[1]};
}

std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& A, bool pivot) {
  const auto [LU, pivots, info] = lu_factor(operation_recorded_as<"linalg.lu_factor", "LinalgLuFactorExBackward0">, A, pivot, true);
  return {LU, pivots};
}

std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& A, bool pivot, bool check_errors) {
  return lu_factor(operation<"linalg.lu_factor_ex">, A, pivot, check_errors);
}

Tensor linalg_lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left, bool adjoint) {
  const Operation& op = operation<"linalg.lu_solve">;
  check_square_batch(op, LU);
  check_dtype_of(op, "LU and B", LU, B);
  check_matrix_batch(op, B, "B");
  const int64_t n = LU.size(-1);
  XGRAD_CHECK(pivots.dtype() == kInt, op, "pivots should be a Tensor of scalar type torch.int32, got ", pivots.dtype());
  XGRAD_CHECK(pivots.dim() > 0 && pivots.size(-1) == n, op, "Number of pivots per batch should be same as the dimension of the matrix, got ", pivots);
  XGRAD_CHECK(pivots.sizes() == LU.sizes().slice(0, static_cast<size_t>(LU.dim()) - 1), op,
              "Batch dimensions of LU and pivots should match, got shapes ", LU.sizes(), " and ", pivots.sizes());
  XGRAD_CHECK(n == B.size(left ? -2 : -1), op, "Incompatible shapes of A and B for the equation ", left ? "AX" : "XA", " = B (", n, "x", n, " and ",
              B.size(-2), "x", B.size(-1), ")");
  check_pivots(op, pivots, n);
  const auto solve = [pivots = save(pivots), left, adjoint](const Tensor& factors, const Tensor& gy) {
    return linalg_lu_solve(factors, pivots, gy, left, !adjoint);
  };
  // gA as of linalg_solve; then A = P L U.
  const auto by_factors = [f = save(LU), solve, pivots = save(pivots), left, adjoint](const Tensor& gy, const Tensor& x) {
    const Tensor gb = solve(f, gy), P = permutation(op, pivots, (*f).size(-1), gy.dtype());
    const Tensor a = adjoint ? x : gb, b = adjoint ? gb : x;
    const Tensor g = matmul(transposed(P), left ? matmul(a, transposed(b)) : matmul(transposed(b), a));
    return -(tril(matmul(g, transposed(upper_part(f))), -1) + triu(matmul(transposed(lower_part(f)), g)));
  };
  return record(Forward(op, untraced([&] { return solve_by_factors(op, LU, pivots, B, left, adjoint); })), with("left", left, "adjoint", adjoint),
                wrt(LU, by_factors), given(pivots), wrt(B, [f = save(LU), solve](const Tensor& gy) { return solve(f, gy); }));
}

Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots) { return linalg_lu_solve(LU_data, LU_pivots, self); }

std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots, bool unpack_data, bool unpack_pivots) {
  const Operation& op = operation<"lu_unpack">;
  XGRAD_CHECK(LU_data.dim() >= 2, op, "Expected tensor with 2 or more dimensions. Got size: ", LU_data.sizes(), " instead");
  const int64_t m = LU_data.size(-2);
  Tensor P = empty({0}, LU_data.dtype());
  if (unpack_pivots) {
    XGRAD_CHECK(LU_pivots.dtype() == kInt, op, "LU_pivots is expected to be a contiguous tensor of torch.int32 dtype, got ", LU_pivots.dtype());
    XGRAD_CHECK(LU_pivots.dim() == LU_data.dim() - 1 && LU_pivots.sizes().slice(0, static_cast<size_t>(LU_pivots.dim()) - 1) == batch_sizes(LU_data),
                op, "LU_data and LU_pivots must have the same batches, got shapes ", LU_data.sizes(), " and ", LU_pivots.sizes());
    XGRAD_CHECK(LU_pivots.size(-1) == std::min(m, LU_data.size(-1)), op, "expected ", std::min(m, LU_data.size(-1)), " pivots for LU_data of shape ",
                LU_data.sizes(), ", got ", LU_pivots.size(-1));
    check_pivots(op, LU_pivots, m);
    P = untraced([&] { return permutation(op, LU_pivots, m, LU_data.is_floating_point() ? LU_data.dtype() : kFloat).to(LU_data.dtype()); });
    P = not_differentiable(Forward(op, P), with("rows", m), LU_pivots);
  }
  if (!unpack_data) return {P, empty({0}, LU_data.dtype()), empty({0}, LU_data.dtype())};
  return {P, lower_part(LU_data), upper_part(LU_data)};
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// The largest element of each column stands off the diagonal and far from the next, so that pivoting is the same however sums round.
Tensor pivoting(catalogue::Samples& s, const Dims& shape) {
  const int64_t m = shape[shape.size() - 2], n = shape[shape.size() - 1];
  return s.uniform(shape, -1, 1) + flip(eye(m, n, kDouble), {0}) * static_cast<double>(m + n);
}

const Dims kLuShapes[] = {{3, 3}, {4, 2}, {2, 4}, {1, 3}, {1, 1}, {2, 3, 2}, {2, 1, 2, 2}, {0, 2, 2}};

const catalogue::Entry lu_entry("linalg_lu", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : kLuShapes) {
    s.add("torch.linalg.lu(x[0])", {pivoting(s, shape)}, [](Inputs x) { return linalg::lu(x[0]); });
    s.add("torch.linalg.lu(x[0])[1]", {pivoting(s, shape)}, [](Inputs x) { return std::get<1>(linalg::lu(x[0])); });
    s.add("torch.linalg.lu(x[0])[2]", {pivoting(s, shape)}, [](Inputs x) { return std::get<2>(linalg::lu(x[0])); });
  }
  for (IntArrayRef shape : {Dims{0, 3}, Dims{3, 0}, Dims{0, 0}})
    s.flat("torch.linalg.lu(x[0].detach())", {s.normal(shape)}, [](Inputs x) { return linalg::lu(x[0].detach()); });
  s.flat("torch.linalg.lu(x[0].detach())", {ones({2, 2}, kDouble)}, [](Inputs x) { return linalg::lu(x[0].detach()); });
  s.rejects("no pivots", "LU without pivoting is not implemented on the CPU", [] { linalg::lu(eye(2), false); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::lu(ones({3})); });
  s.rejects("integers", "Expected a floating point", [] { linalg::lu(eye(2, kLong)); });
});

const catalogue::Entry lu_factor_entry("linalg_lu_factor", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : kLuShapes) s.add("torch.linalg.lu_factor(x[0])", {pivoting(s, shape)}, [](Inputs x) { return linalg::lu_factor(x[0]); });
  s.rejects("a singular matrix", "U[2,2] is zero and using it on lu_solve would result in a division by zero", [] {
    linalg::lu_factor(ones({2, 2}));
  });
  s.rejects("one in a batch", "(Batch element 1): U[1,1] is zero", [] { linalg::lu_factor(stack({eye(2), zeros({2, 2})})); });
  s.rejects("no pivots", "LU without pivoting is not implemented on the CPU", [] { linalg::lu_factor(eye(2), false); });
});

const catalogue::Entry lu_factor_ex_entry("linalg_lu_factor_ex", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : {Dims{3, 3}, Dims{2, 3, 2}})
    s.add("torch.linalg.lu_factor_ex(x[0])", {pivoting(s, shape)}, [](Inputs x) { return linalg::lu_factor_ex(x[0]); });
  s.flat("torch.linalg.lu_factor_ex(x[0])", {catalogue::constant(stack({ones({2, 3}, kDouble), eye(2, 3, kDouble)}))},
         [](Inputs x) { return linalg::lu_factor_ex(x[0]); });
  s.flat("torch.linalg.lu_factor_ex(x[0])", {catalogue::constant(s.normal({3, 0, 4}))}, [](Inputs x) { return linalg::lu_factor_ex(x[0]); });
  s.rejects("a singular matrix", "U[2,2] is zero", [] { linalg::lu_factor_ex(ones({2, 2}), true, true); });
});

const catalogue::Entry lu_unpack_entry("lu_unpack", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : kLuShapes)
    s.add("torch.lu_unpack(*torch.linalg.lu_factor(x[0]))", {pivoting(s, shape)}, [](Inputs x) {
      const auto [LU, pivots] = linalg::lu_factor(x[0]);
      return lu_unpack(LU, pivots);
    });
  const Tensor pivots = arange(2, 4, kInt);
  for (const Dims& shape : {Dims{3, 2}, Dims{4, 2}})
    s.add("torch.lu_unpack(x[0], x[1])", {s.normal(shape), pivots}, [](Inputs x) { return lu_unpack(x[0], x[1]); });
  s.flat("torch.lu_unpack(x[0], x[1], unpack_data=False)", {catalogue::constant(s.normal({3, 2})), pivots},
         [](Inputs x) { return lu_unpack(x[0], x[1], false); });
  s.add("torch.lu_unpack(x[0], x[1], unpack_pivots=False)", {s.normal({3, 2}), pivots}, [](Inputs x) { return lu_unpack(x[0], x[1], true, false); });
  s.rejects("pivots of another dtype", "LU_pivots is expected to be a contiguous tensor of torch.int32 dtype",
            [] { lu_unpack(eye(2), ones({2}, kLong)); });
  s.rejects("a pivot too far", "must be between 1 and LU.size(-2) inclusive", [] { lu_unpack(eye(2), full({2}, 3, kInt)); });
  s.rejects("a vector", "Expected tensor with 2 or more dimensions", [] { lu_unpack(ones({2}), ones({2}, kInt)); });
});

// The right sides, and the batch of matrices of size 3.
struct LuSystem {
  Dims batch, b;
};

const catalogue::Entry linalg_lu_solve_entry("linalg_lu_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (int flags = 0; flags < 4; ++flags) {
    const bool left = flags & 1, adjoint = flags & 2;
    const std::string end = std::string(", x[1], left=") + catalogue::text(left) + ", adjoint=" + catalogue::text(adjoint) + ")";
    for (const auto& [batch, b] :
         {LuSystem{{}, {3, 2}}, LuSystem{{2}, {2, 3, 1}}, LuSystem{{2}, {3, 2}}, LuSystem{{}, {2, 3, 2}}, LuSystem{{2}, {4, 1, 3, 1}}}) {
      Dims shape = b;
      if (!left) std::swap(shape[b.size() - 1], shape[b.size() - 2]);
      s.add("torch.linalg.lu_solve(*torch.linalg.lu_factor(x[0])" + end, {pivoting(s, batch_shape(batch, {3, 3})), s.normal(shape)}, [=](Inputs x) {
        const auto [LU, pivots] = linalg::lu_factor(x[0]);
        return linalg::lu_solve(LU, pivots, x[1], left, adjoint);
      });
    }
    // The factors as they come.
    const Tensor LU = s.uniform({3, 3}, -1, 1) + eye(3, kDouble) * 3;
    s.add("torch.linalg.lu_solve(x[0], x[2]" + end, {LU, s.normal({3, 3}), full({3}, 3, kInt)},
          [=](Inputs x) { return linalg::lu_solve(x[0], x[2], x[1], left, adjoint); });
  }
  const Tensor pivots = arange(1, 4, kInt);
  s.rejects("sizes that differ", "Incompatible shapes of A and B for the equation AX = B (3x3 and 4x2)", [=] {
    linalg::lu_solve(eye(3), pivots, ones({4, 2}));
  });
  s.rejects("sizes that differ on the right", "Incompatible shapes of A and B for the equation XA = B (3x3 and 3x2)", [=] {
    linalg::lu_solve(eye(3), pivots, ones({3, 2}), false);
  });
  s.rejects("pivots of another dtype", "pivots should be a Tensor of scalar type torch.int32", [=] {
    linalg::lu_solve(eye(3), pivots.to(kLong), ones({3, 2}));
  });
  s.rejects("too few pivots", "Number of pivots per batch should be same as the dimension of the matrix", [=] {
    linalg::lu_solve(eye(3), pivots.slice(0, 1), ones({3, 2}));
  });
  s.rejects("two dtypes", "Expected LU and B to have the same dtype", [=] { linalg::lu_solve(eye(3), pivots, ones({3, 2}, kDouble)); });
  s.rejects("a vector", "The input tensor B must have at least 2 dimensions", [=] { linalg::lu_solve(eye(3), pivots, ones({3})); });
});

const catalogue::Entry lu_solve_entry("lu_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [batch, b] : {LuSystem{{}, {3, 2}}, LuSystem{{2}, {2, 3, 1}}, LuSystem{{2}, {3, 2}}, LuSystem{{}, {3, 0}}})
    s.add("torch.lu_solve(x[1], *torch.linalg.lu_factor(x[0]))", {pivoting(s, batch_shape(batch, {3, 3})), s.normal(b)}, [](Inputs x) {
      const auto [LU, pivots] = linalg::lu_factor(x[0]);
      return lu_solve(x[1], LU, pivots);
    });
  s.rejects("a vector", "The input tensor B must have at least 2 dimensions", [] { lu_solve(ones({2}), eye(2), arange(1, 3, kInt)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
