#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

std::tuple<Tensor, Tensor, Tensor> ldl_factor(const Operation& operation, const Tensor& self, bool hermitian, bool check) {
  check_square_batch(operation, self);
  const Dims batch = batch_sizes(self);
  const Tensor columns = transposed_copy(self), pivots = allocate_tensor(batch_shape(batch, {self.size(-1)}), kInt),
               info = allocate_tensor(batch, kInt);
  dispatch_floating(self.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::ldl_factor_each<T>, reads(columns), writes(columns, pivots, info), info.numel(), self.size(-1), columns.data_ptr<T>(),
           pivots.data_ptr<int>(), info.data_ptr<int>());
  });
  if (check)
    check_info(operation, self, info,
               [](int k) { return detail::concatenate("D[", k, ",", k, "] is zero and using it on ldl_solve would result in a division by zero."); });
  const Tensor LD = record(Forward(operation, transposed_copy(columns)), with("hermitian", hermitian), wrt(self, NoDerivative{operation}),
                           also(pivots), also(info));
  return {LD, pivots, info};
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_ldl_factor(const Tensor& self, bool hermitian) {
  const auto [LD, pivots, info] = ldl_factor(operation<"linalg.ldl_factor">, self, hermitian, true);
  return {LD, pivots};
}

std::tuple<Tensor, Tensor, Tensor> linalg_ldl_factor_ex(const Tensor& self, bool hermitian, bool check_errors) {
  return ldl_factor(operation<"linalg.ldl_factor_ex">, self, hermitian, check_errors);
}

Tensor linalg_ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian) {
  const Operation& op = operation<"linalg.ldl_solve">;
  check_square_batch(op, LD);
  check_matrix_batch(op, B, "B");
  check_dtype_of(op, "b and A", B, LD);
  const int64_t n = LD.size(-1);
  XGRAD_CHECK(n == B.size(-2), op, "Incompatible matrix sizes for linalg.ldl_solve: each A matrix is ", n, " by ", n, " but each b matrix is ",
              B.size(-2), " by ", B.size(-1));
  XGRAD_CHECK(pivots.sizes() == LD.sizes().slice(0, static_cast<size_t>(LD.dim()) - 1), op,
              "Expected LD.shape[:-1] and pivots.shape to be the same, but got pivots with shape ", pivots.sizes(), " instead");
  XGRAD_CHECK(isIntegralType(pivots.dtype(), false), op, "Expected pivots to be integers. Got ", pivots.dtype());
  const auto [ld, b] = broadcast_batches(op, LD, B);
  const Tensor factors = transposed_copy(ld), x = transposed_copy(b);
  const Tensor p = untraced([&] { return contiguous_as(pivots.expand(batch_shape(batch_sizes(factors), {n})), kInt); });
  dispatch_floating(x.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::ldl_solve_each<T>, reads(factors, p, x), writes(x), batch_count(x), n, x.size(-2), factors.data_ptr<T>(), p.data_ptr<int>(),
           x.data_ptr<T>());
  });
  return record(Forward(op, transposed_copy(x)), with("hermitian", hermitian), wrt(LD, NoDerivative{op}), given(pivots), wrt(B, NoDerivative{op}));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Symmetric, the larger elements on the other diagonal: pivots of one row and of two.
catalogue::Input indefinite(catalogue::Samples& s, const Dims& batch, int64_t n) {
  const Tensor a = s.uniform(batch_shape(batch, {n, n}), -1, 1);
  return catalogue::constant(a + transposed(a) + flip(eye(n, kDouble), {0}) * static_cast<double>(2 * n));
}

const Dims kLdlBatches[] = {{}, {2}, {2, 1}, {0}};

const catalogue::Entry ldl_factor_entry("linalg_ldl_factor", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : kLdlBatches)
    for (int64_t n : {0, 1, 2, 5})
      for (bool hermitian : {false, true})
        s.flat(std::string("torch.linalg.ldl_factor(x[0], hermitian=") + catalogue::text(hermitian) + ")", {indefinite(s, batch, n)},
               [hermitian](Inputs x) { return linalg::ldl_factor(x[0], hermitian); });
  s.rejects("a singular matrix", "D[1,1] is zero", [] { linalg::ldl_factor(zeros({2, 2})); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 3 by 2 matrices", [] {
    linalg::ldl_factor(ones({3, 2}));
  });
  s.rejects("integers", "Expected a floating point", [] { linalg::ldl_factor(eye(2, kLong)); });
  s.rejects("the derivative", "the derivative for 'linalg.ldl_factor' is not implemented",
            [] { std::get<0>(linalg::ldl_factor(eye(2).requires_grad_())).sum().backward(); });
});

const catalogue::Entry ldl_factor_ex_entry("linalg_ldl_factor_ex", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return linalg::ldl_factor_ex(x[0]); };
  s.flat("torch.linalg.ldl_factor_ex(x[0])", {indefinite(s, {2}, 3)}, run);
  s.flat("torch.linalg.ldl_factor_ex(x[0])", {catalogue::constant(stack({zeros({2, 2}, kDouble), eye(2, kDouble)}))}, run);
  s.rejects("a singular matrix in a batch", "(Batch element 1): D[1,1] is zero", [] {
    linalg::ldl_factor_ex(stack({eye(2), zeros({2, 2})}), false, true);
  });
});

const catalogue::Entry ldl_solve_entry("linalg_ldl_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) {
    const auto [LD, pivots] = linalg::ldl_factor(x[0]);
    return linalg::ldl_solve(LD, pivots, x[1]);
  };
  for (const Dims& batch : {Dims{}, Dims{2}, Dims{3, 2}})
    for (const Dims& b : {Dims{3, 2}, Dims{2, 3, 1}, Dims{3, 0}})
      if (b.size() - 2 <= batch.size())
        s.flat("torch.linalg.ldl_solve(*torch.linalg.ldl_factor(x[0]), x[1])", {indefinite(s, batch, 3), catalogue::constant(s.normal(b))}, run);
  // Where the factors are broadcast, PyTorch reads behind the pivots' end.
  s.flat("(lambda LD, p: torch.linalg.ldl_solve(LD.expand(3, 2, 3, 3), p.expand(3, 2, 3), x[1]))(*torch.linalg.ldl_factor(x[0]))",
         {indefinite(s, {3, 1}, 3), catalogue::constant(s.normal({2, 3, 1}))}, run);
  const Tensor pivots = arange(1, 4, kInt);
  s.rejects("sizes that differ", "each A matrix is 3 by 3 but each b matrix is 4 by 2", [=] { linalg::ldl_solve(eye(3), pivots, ones({4, 2})); });
  s.rejects("too few pivots", "Expected LD.shape[:-1] and pivots.shape to be the same", [=] {
    linalg::ldl_solve(eye(3), pivots.slice(0, 1), ones({3, 2}));
  });
  s.rejects("two dtypes", "Expected b and A to have the same dtype", [=] { linalg::ldl_solve(eye(3), pivots, ones({3, 2}, kDouble)); });
  s.rejects("a vector", "must have at least 2 dimensions", [=] { linalg::ldl_solve(eye(3), pivots, ones({3})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
