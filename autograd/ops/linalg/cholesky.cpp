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

constexpr const Operation& kCholesky = operation_recorded_as<"linalg.cholesky", "LinalgCholeskyExBackward0">;

// (n, n): 1 below the diagonal, 1/2 on it, 0 above.
Tensor half_lower_mask(int64_t n, ScalarType dtype) { return tril(ones({n, n}, dtype)) - eye(n, dtype) * 0.5; }

// With P = mask * (L^T gL), gA = L^-T (P + P^T) L^-1 / 2.
// Iain Murray, Differentiation of the Cholesky decomposition, 2016, equation 10.
Tensor cholesky_gradient(const Tensor& gL, const Tensor& L) {
  const Tensor P = matmul(transposed(L), gL) * half_lower_mask(L.size(-1), L.dtype());
  const Tensor right = linalg_solve_triangular(L, P, false, false);
  const Tensor S = linalg_solve_triangular(transposed(L), right, true, true);
  return (S + transposed(S)) * 0.5;
}

// A triangle and, for each matrix, 0 or the order of its first leading minor that is not positive.
struct Factored {
  Tensor factor, info;
};

Factored factor(const Operation& operation, const Tensor& self, bool upper, bool check) {
  check_square_batch(operation, self);
  // L column by column is L^T row by row, and the same holds for the triangle read.
  const Tensor y = upper ? copy_of(self, self.dtype()) : transposed_copy(self), info = allocate_tensor(batch_sizes(self), kInt);
  dispatch_floating(y.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::cholesky_factor_each<T>, reads(y), writes(y, info), info.numel(), y.size(-1), y.data_ptr<T>(), info.data_ptr<int>());
  });
  if (check)
    check_info(operation, self, info, [](int order) {
      return detail::concatenate("The factorization could not be completed because the input is not positive-definite (the leading minor of order ",
                                 order, " is not positive-definite).");
    });
  const auto gradient = [upper](const Tensor& gy, const Tensor& f) {
    return upper ? cholesky_gradient(transposed(gy), transposed(f)) : cholesky_gradient(gy, f);
  };
  return {record(Forward(operation, upper ? y : transposed_copy(y)), with("upper", upper), wrt(self, gradient), also(info)), info};
}

Tensor times_factor(const Tensor& symmetric, const Tensor& factor, bool upper) {
  return upper ? matmul(factor, symmetric) : matmul(symmetric, factor);
}

}  // namespace

Tensor linalg_cholesky(const Tensor& self, bool upper) { return factor(kCholesky, self, upper, true).factor; }

std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& self, bool upper, bool check_errors) {
  const auto [L, info] = factor(operation<"linalg.cholesky_ex">, self, upper, check_errors);
  return {L, info};
}

Tensor cholesky(const Tensor& self, bool upper) { return factor(operation<"cholesky">, self, upper, true).factor; }

// As PyTorch has it, the gradient of the triangle that isn't read is that of the whole matrix L L^T.
Tensor cholesky_solve(const Tensor& self, const Tensor& input2, bool upper) {
  const Operation& op = operation<"cholesky_solve">;
  check_square_batch(op, input2);
  check_matrix_batch(op, self, "b");
  check_dtype_of(op, "b and A", self, input2);
  XGRAD_CHECK(self.size(-2) == input2.size(-1), op, "Incompatible matrix sizes for cholesky_solve: each A matrix is ", input2.size(-1), " by ",
              input2.size(-1), " but each b matrix is ", self.size(-2), " by ", self.size(-1));
  const auto operands = broadcast_batches(op, self, input2);
  const Tensor L = untraced([&] { return upper ? transposed(operands.second) : operands.second; });
  const Tensor y = untraced([&] { return linalg_solve_triangular(L, operands.first, false); });
  return record(Forward(op, untraced([&] { return linalg_solve_triangular(transposed(L), y, true); })), with("upper", upper),
                wrt(self, [f = save(input2), upper](const Tensor& gy) { return cholesky_solve(gy, f, upper); }),
                wrt(input2, [f = save(input2), upper](const Tensor& gy, const Tensor& x) {
                  const Tensor product = matmul(cholesky_solve(gy, f, upper), transposed(x));
                  return -times_factor(product + transposed(product), f, upper);
                }));
}

Tensor cholesky_inverse(const Tensor& self, bool upper) {
  const Operation& op = operation<"cholesky_inverse">;
  check_square_batch(op, self);
  const Tensor y = upper ? copy_of(self, self.dtype()) : transposed_copy(self), info = allocate_tensor(batch_sizes(self), kInt);
  dispatch_floating(y.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::cholesky_inverse_each<T>, reads(y), writes(y, info), info.numel(), y.size(-1), y.data_ptr<T>(), info.data_ptr<int>());
  });
  check_info(op, self, info, [](int pivot) {
    return detail::concatenate("The diagonal element ", pivot,
                               " is zero, the inversion could not be completed because the input matrix is singular.");
  });
  return record(Forward(op, transposed_copy(y)), with("upper", upper), wrt(self, [f = save(self), upper](const Tensor& gy, const Tensor& inverse) {
                  return -times_factor(matmul(inverse, matmul(gy + transposed(gy), inverse)), f, upper);
                }));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// The diagonal outweighs the rest of its row.
Tensor positive_definite(catalogue::Samples& s, const Dims& batch, int64_t n) {
  const Tensor a = s.uniform(batch_shape(batch, {n, n}), -1, 1);
  return a + transposed(a) + eye(n, kDouble) * static_cast<double>(2 * n);
}

// Of a function and its name in Python. The input is made symmetric, so that each of its elements takes part as often as its
// gradient says.
void add_cholesky_samples(catalogue::Samples& s, const std::string& name, Tensor (*f)(const Tensor&, bool), const std::string& end = "") {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 1}, Dims{0}})
    for (int64_t n : {0, 1, 4})
      for (bool upper : {false, true})
        s.add(name + "((x[0] + x[0].mT) * 0.5" + (upper ? ", upper=True)" : ")") + end, {positive_definite(s, batch, n)},
              [=](Inputs x) { return f((x[0] + transposed(x[0])) * 0.5, upper); });
  // What lies in the other triangle doesn't matter.
  const Tensor above = triu(s.normal({3, 3}), 1);
  s.at(name + "(x[0])" + end, {positive_definite(s, {}, 3) + above}, [f](Inputs x) { return f(x[0], false); });
  const Tensor below = tril(s.normal({3, 3}), -1);
  s.at(name + "(x[0], upper=True)" + end, {positive_definite(s, {}, 3) + below}, [f](Inputs x) { return f(x[0], true); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [f] { f(ones({2, 3}), false); });
  s.rejects("integers", "Expected a floating point or complex tensor as input", [f] { f(eye(2, kLong), true); });
}

void reject_indefinite(catalogue::Samples& s, Tensor (*f)(const Tensor&, bool)) {
  s.rejects("a matrix that is not positive definite", "(the leading minor of order 2 is not positive-definite)", [f] {
    f(ones({2, 2}) - eye(2) * 0.5, false);
  });
  s.rejects("one in a batch", "(Batch element 0): ", [f] { f(zeros({3, 2, 2}), false); });
}

const catalogue::Entry cholesky_entry("cholesky", [](catalogue::Samples& s) {
  add_cholesky_samples(s, "torch.cholesky", cholesky);
  reject_indefinite(s, cholesky);
});
const catalogue::Entry linalg_cholesky_entry("linalg_cholesky", [](catalogue::Samples& s) {
  add_cholesky_samples(s, "torch.linalg.cholesky", linalg_cholesky);
  reject_indefinite(s, linalg_cholesky);
});

const catalogue::Entry cholesky_ex_entry("linalg_cholesky_ex", [](catalogue::Samples& s) {
  add_cholesky_samples(
      s, "torch.linalg.cholesky_ex", [](const Tensor& a, bool upper) { return std::get<0>(linalg::cholesky_ex(a, upper)); }, "[0]");
  reject_indefinite(s, [](const Tensor& a, bool upper) { return std::get<0>(linalg::cholesky_ex(a, upper, true)); });
  s.flat("torch.linalg.cholesky_ex(x[0])[1]", {catalogue::constant(stack({eye(3, kDouble), ones({3, 3}, kDouble) - eye(3, kDouble)}))},
         [](Inputs x) { return std::get<1>(linalg::cholesky_ex(x[0])); });
});

// Triangles with a diagonal away from 0.
Tensor triangle(catalogue::Samples& s, const Dims& batch, int64_t n) {
  return s.uniform(batch_shape(batch, {n, n}), -1, 1) + eye(n, kDouble) * static_cast<double>(n + 1);
}

struct System {
  Dims b, batch;
};

const catalogue::Entry cholesky_solve_entry("cholesky_solve", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [b, batch] :
       {System{{3, 2}, {}}, System{{4, 3, 1}, {4}}, System{{3, 2}, {2}}, System{{2, 3, 2}, {}}, System{{2, 1, 3, 2}, {4}}, System{{3, 0}, {}}}) {
    s.add("torch.cholesky_solve(x[0], x[1].tril())", {s.normal(b), triangle(s, batch, 3)}, [](Inputs x) { return cholesky_solve(x[0], tril(x[1])); });
    s.add("torch.cholesky_solve(x[0], x[1].triu(), upper=True)", {s.normal(b), triangle(s, batch, 3)},
          [](Inputs x) { return cholesky_solve(x[0], triu(x[1]), true); });
  }
  s.at("torch.cholesky_solve(x[0], x[1])", {s.normal({2, 1}), triangle(s, {}, 2)}, [](Inputs x) { return cholesky_solve(x[0], x[1]); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { cholesky_solve(ones({3}), eye(3)); });
  s.rejects("sizes that differ", "Incompatible matrix sizes for cholesky_solve: each A matrix is 3 by 3 but each b matrix is 4 by 2", [] {
    cholesky_solve(ones({4, 2}), eye(3));
  });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 3 by 2 matrices", [] {
    cholesky_solve(ones({3, 2}), ones({3, 2}));
  });
  s.rejects("two dtypes", "Expected b and A to have the same dtype", [] { cholesky_solve(ones({3, 2}, kDouble), eye(3)); });
  s.rejects("integers", "Expected a floating point", [] { cholesky_solve(ones({3, 2}, kLong), eye(3, kLong)); });
});

const catalogue::Entry cholesky_inverse_entry("cholesky_inverse", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 1}, Dims{0}})
    for (int64_t n : {0, 1, 3}) {
      s.add("torch.cholesky_inverse(x[0].tril())", {triangle(s, batch, n)}, [](Inputs x) { return cholesky_inverse(tril(x[0])); });
      s.add("torch.cholesky_inverse(x[0].triu(), upper=True)", {triangle(s, batch, n)}, [](Inputs x) { return cholesky_inverse(triu(x[0]), true); });
    }
  s.rejects("a singular matrix", "The diagonal element 2 is zero, the inversion could not be completed", [] {
    const Tensor a = eye(2);
    a.select(0, 1).zero_();
    cholesky_inverse(a);
  });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { cholesky_inverse(ones({3, 2})); });
  s.rejects("integers", "Expected a floating point", [] { cholesky_inverse(eye(3, kLong)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
