#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#include <cmath>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kDet = operation_recorded_as<"linalg.det", "LinalgDetBackward0">;

Tensor determinants(const Tensor& A) {
  const Tensor columns = transposed_copy(A), y = allocate_tensor(batch_sizes(A), A.dtype());
  dispatch_floating(A.dtype(), kDet.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kDet, kernels::determinant_of_each<T>, reads(columns), writes(columns, y), y.numel(), A.size(-1), columns.data_ptr<T>(), y.data_ptr<T>());
  });
  return y;
}

// A matrix with the scalars' shape in front, ready to multiply matrices.
Tensor over_matrices(const Tensor& t) { return unsqueeze(unsqueeze(t, -1), -1); }

// Note: singular matrices
//
// The derivative det(A) A^-T has no value where A has no inverse, but det is a polynomial and has all of its derivatives. With
// rows and columns exchanged so that the leading r x r part B of A = [B C; D E] is well conditioned, r being the rank,
//   det A = +-det B * det S,  S = E - D B^-1 C,
// which involves only B's inverse. S is (n - r) x (n - r), next to zero, and expanded into products of its elements.

// The determinant by expansion along the first row.
Tensor expanded_determinant(const Tensor& S) {
  const int64_t n = S.size(0);
  if (n == 1) return S.select(0, 0).select(0, 0);
  Tensor sum;
  for (int64_t j = 0; j < n; ++j) {
    const Tensor below = S.slice(0, 1), minor = cat({below.slice(1, 0, j), below.slice(1, j + 1)}, 1);
    const Tensor term = S.select(0, 0).select(0, j) * expanded_determinant(minor);
    sum = !sum.defined() ? term : j % 2 ? sum - term : sum + term;
  }
  return sum;
}

Tensor singular_determinant(const Tensor& A) {
  const int64_t n = A.size(0);
  const Tensor rows = allocate_tensor({n}, kLong), columns = allocate_tensor({n}, kLong), found = allocate_tensor({}, kLong);
  const Tensor spent = transposed_copy(A), sign = allocate_tensor({}, A.dtype());
  dispatch_floating(A.dtype(), kDet.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kDet, kernels::complete_pivoting<T>, reads(spent), writes(spent, rows, columns, found, sign), n, spent.data_ptr<T>(),
           rows.data_ptr<int64_t>(), columns.data_ptr<int64_t>(), found.data_ptr<int64_t>(), sign.data_ptr<T>());
  });
  const int64_t rank = std::min(found.item<int64_t>(), n - 1);  // full rank: a determinant that underflows
  const Tensor ordered = index_select(index_select(A, 0, rows), 1, columns);
  const Tensor upper = ordered.slice(0, 0, rank), lower = ordered.slice(0, rank);
  const Tensor B = upper.slice(1, 0, rank), C = upper.slice(1, rank), D = lower.slice(1, 0, rank), E = lower.slice(1, rank);
  const Tensor S = rank == 0 ? E : E - matmul(D, linalg_solve(B, C));
  // With a rank lower by 5 or more, every derivative up to the fourth is 0.
  const Tensor rest = n - rank < 5 ? expanded_determinant(S) : (S * 0).sum();
  return linalg_det(B) * rest * sign;
}

bool has_zero(const Tensor& y) {
  detail::note_leaving_launches(kDet.name());
  return dispatch_floating(y.dtype(), kDet.name(), [&](auto zero) {
    const auto* values = static_cast<const decltype(zero)*>(y.data_ptr());
    return std::find(values, values + y.numel(), decltype(zero)(0)) != values + y.numel();
  });
}

Tensor determinants_one_by_one(const Tensor& A, const Tensor& y) {
  const Tensor flat = reshape(A, {y.numel(), A.size(-2), A.size(-1)});
  const Tensor values = reshape(y, {y.numel()});
  std::vector<Tensor> each;
  for (int64_t i = 0; i < y.numel(); ++i) {
    const Tensor a = flat.select(0, i);
    each.push_back(values.select(0, i).item().equal(0) ? singular_determinant(a) : linalg_det(a));
  }
  // The values are those of LU, as without a graph.
  return record(Forward(kDet, y), wrt(reshape(stack(each), y.sizes()), passed_on));
}

}  // namespace

Tensor linalg_det(const Tensor& A) {
  check_square_batch(kDet, A);
  const Tensor y = determinants(A);
  if (Recording::needs(A) && A.size(-1) > 0 && has_zero(y)) return determinants_one_by_one(A, y);
  return record(Forward(kDet, y),
                wrt(A, [a = save(A)](const Tensor& gy, const Tensor& det) { return over_matrices(gy * det) * transposed(linalg_inv(a)); }));
}

std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& A) {
  const Operation& op = operation_recorded_as<"linalg.slogdet", "LinalgSlogdetBackward0">;
  check_square_batch(op, A);
  const Tensor columns = transposed_copy(A);
  const Tensor sign = allocate_tensor(batch_sizes(A), A.dtype()), log = allocate_tensor(batch_sizes(A), A.dtype());
  dispatch_floating(A.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::log_determinant_of_each<T>, reads(columns), writes(columns, sign, log), sign.numel(), A.size(-1), columns.data_ptr<T>(),
           sign.data_ptr<T>(), log.data_ptr<T>());
  });
  const auto ys = record_all({Forward(op, sign), Forward(op, log)}, wrt_all({A}, [a = save(A)](Gradients& g) {
                               const Tensor& gy = g.gy(1);
                               if (!gy.defined()) return;
                               // A singular matrix gives infinities here, as the derivative of -inf should.
                               const Tensor identity = expand(eye((*a).size(-1), (*a).dtype()), (*a).sizes());
                               g.gx(0) = over_matrices(gy) * transposed(std::get<0>(linalg_solve_ex(a, identity, true, false)));
                             }));
  return {ys[0], ys[1]};
}

Tensor logdet(const Tensor& self) {
  const auto [sign, log] = linalg_slogdet(self);
  return where(sign == -1, NAN, log);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

Tensor matrix(std::vector<double> elements, int64_t n) {
  const Tensor t = allocate_tensor({n, n}, kDouble);
  std::copy(elements.begin(), elements.end(), static_cast<double*>(t.data_ptr()));
  return t;
}

// Well-conditioned matrices, the larger elements beside the other diagonal: half of the determinants are negative.
Tensor regular(catalogue::Samples& s, const Dims& shape) {
  const int64_t n = shape[shape.size() - 1];
  return flip(s.uniform(shape, -1, 1) + eye(n, kDouble) * static_cast<double>(n + 1), -1);
}

const char* const kSingular = "singular-determinant";

const catalogue::Entry det_entry("det", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return det(x[0]); };
  for (IntArrayRef shape : {Dims{0, 0}, Dims{1, 1}, Dims{2, 2}, Dims{3, 3}, Dims{5, 5}, Dims{2, 3, 3}, Dims{2, 1, 2, 2}, Dims{0, 2, 2}})
    s.add("torch.det(x[0])", {s.normal(shape)}, run);
  // Ranks n - 1, n - 2 and 0, one regular matrix among singular ones, and a determinant that underflows.
  for (const Tensor& a : {matrix({1, 2, 2, 4}, 2), matrix({0, 0, 0, 0, 1, 0, 0, 0, 1}, 3), matrix({1, 2, 0, 2, 4, 0, 0, 0, 3}, 3),
                          zeros({1, 1}, kDouble), stack({matrix({1, 2, 2, 4}, 2), matrix({3, 1, 1, 2}, 2)})})
    s.add("torch.det(x[0])", {a}, run).deviation = kSingular;
  // Elimination meets powers of 2 alone here, so the determinant is 0 however its steps are rounded.
  for (const Tensor& a : {matrix({4, 8, 12, 2, 4, 6, 1, 2, 3}, 3), zeros({3, 3}, kDouble), zeros({6, 6}, kDouble)})
    s.add("torch.det(x[0])", {a}, run);
  s.at("torch.det(x[0])", {eye(2, kDouble) * 1e-200}, run).deviation = kSingular;
  s.at("torch.det(x[0])", {matrix({std::nan(""), 1, 1, 1}, 2)}, run);
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] { det(ones({2, 3})); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { det(ones({3})); });
  s.rejects("integers", "Expected a floating point or complex tensor as input. Got Long", [] { det(eye(2, kLong)); });
});

const catalogue::Entry linalg_det_entry("linalg_det", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (IntArrayRef shape : {Dims{0, 0}, Dims{4, 4}, Dims{2, 3, 3}})
    s.add("torch.linalg.det(x[0])", {s.normal(shape)}, [](Inputs x) { return linalg::det(x[0]); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { linalg::det(ones({3, 2})); });
});

const catalogue::Entry slogdet_entry("slogdet", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return slogdet(x[0]); };
  for (const Dims& shape : {Dims{0, 0}, Dims{1, 1}, Dims{2, 2}, Dims{3, 3}, Dims{2, 3, 3}, Dims{0, 2, 2}})
    s.add("torch.slogdet(x[0])", {regular(s, shape)}, run);
  s.at("torch.slogdet(x[0])", {matrix({1, 2, 2, 4}, 2)}, run);
  s.at("torch.slogdet(x[0])", {eye(2, kDouble) * 1e-200}, run);
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { slogdet(ones({2, 3})); });
});

const catalogue::Entry logdet_entry("logdet", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return logdet(x[0]); };
  for (const Dims& shape : {Dims{0, 0}, Dims{1, 1}, Dims{3, 3}, Dims{2, 3, 3}, Dims{0, 2, 2}})
    s.add("torch.logdet(x[0])", {flip(regular(s, shape), -1)}, run);
  s.at("torch.logdet(x[0])", {stack({matrix({1, 2, 2, 4}, 2), matrix({0, 1, 1, 0}, 2), matrix({2, 1, 1, 2}, 2)})}, run).orders = 1;
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] { logdet(ones({2, 3})); });
  s.rejects("integers", "Expected a floating point", [] { logdet(eye(3, kLong)); });
});

const catalogue::Entry linalg_slogdet_entry("linalg_slogdet", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : {Dims{0, 0}, Dims{4, 4}, Dims{2, 3, 3}})
    s.add("torch.linalg.slogdet(x[0])", {regular(s, shape)}, [](Inputs x) { return linalg::slogdet(x[0]); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::slogdet(ones({3})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
