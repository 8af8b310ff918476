// Eigenvalues and eigenvectors.
#include <atomic>
#include <cmath>
#include <utility>

#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kEigh = operation_recorded_as<"linalg.eigh", "LinalgEighBackward0">;
constexpr const Operation& kEig = operation_recorded_as<"linalg.eig", "LinalgEigBackward0">;

std::string failure(int info) {
  if (info == -1) return "input tensor should not contain infs or NaNs.";
  if (info == -2) return "complex eigenvalues have no dtype here; the matrix has some.";
  return detail::concatenate(
      "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated eigenvalues "
      "(error code: ",
      info, ").");
}

// L_j - L_i, and 1 on the diagonal.
Tensor gaps(const Tensor& L) { return L.unsqueeze(-2) - L.unsqueeze(-1) + eye(L.size(-1), L.dtype()); }

// t off the diagonal, what gL gives on it.
Tensor with_diagonal(const Tensor& t, const Tensor& gL) {
  const Tensor one = eye(t.size(-1), t.dtype()), off = t * (1 - one);
  return gL.defined() ? off + gL.unsqueeze(-2) * one : off;
}

// gA = V [diag(gL) + skew(V^T gV) / gaps] V^T: vectors of length 1 only turn, and A counts as symmetric.
// M. B. Giles, An extended collection of matrix derivative results for forward and reverse mode automatic differentiation, 2008.
Tensor eigh_gradient(const Tensor& gL, const Tensor& gV, const Tensor& L, const Tensor& V) {
  if (!gV.defined()) return matmul(V * gL.unsqueeze(-2), transposed(V));
  const Tensor turn = matmul(transposed(V), gV), skew = (turn - transposed(turn)) * 0.5;
  return matmul(matmul(V, with_diagonal(skew / gaps(L), gL)), transposed(V));
}

// gA = V^-T [diag(gL) + (V^T gV - V^T V diag(V^T gV)) / gaps] V^T, of which the second product keeps the vectors' lengths.
Tensor eig_gradient(const Tensor& gL, const Tensor& gV, const Tensor& L, const Tensor& V) {
  if (!gV.defined()) return linalg_solve(transposed(V), gL.unsqueeze(-1) * transposed(V));
  const Tensor through = matmul(transposed(V), gV), lengths = matmul(transposed(V), V) * through.diagonal(0, -2, -1).unsqueeze(-2);
  return linalg_solve(transposed(V), matmul(with_diagonal((through - lengths) / gaps(L), gL), transposed(V)));
}

using Gradient = Tensor (*)(const Tensor&, const Tensor&, const Tensor&, const Tensor&);

// Values and vectors, those still column-major, of A.
template <class... T>
std::tuple<Tensor, Tensor> decomposed(const Operation& operation, const Tensor& A, const Tensor& values, const Tensor& vectors,
                                      const With<T...>& attributes, Gradient gradient) {
  const auto ys = record_all({Forward(operation, values), Forward(operation, transposed_copy(vectors))}, attributes,
                             wrt_all({A}, [gradient](Gradients& g, const std::vector<Tensor>& y) {
                               if (!g.gy(0).defined() && !g.gy(1).defined()) return;
                               g.gx(0) = gradient(g.gy(0), g.gy(1), y[0], y[1]);
                             }));
  return {ys[0], ys[1]};
}

}  // namespace

namespace {

// Eigenvalues, and vectors as columns, column-major, of matrices of which one triangle is read.
std::pair<Tensor, Tensor> symmetric_eigenvalues(const Operation& op, const Tensor& self, bool lower) {
  check_square_batch(op, self);
  const Dims batch = batch_sizes(self);
  const Tensor a = transposed_copy(self), values = allocate_tensor(batch_shape(batch, {self.size(-1)}), self.dtype()),
               info = allocate_tensor(batch, kInt);
  dispatch_floating(self.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::symmetric_eigenvalues_of_each<T>, reads(a), writes(a, values, info), info.numel(), self.size(-1), lower, a.data_ptr<T>(),
           values.data_ptr<T>(), info.data_ptr<int>());
  });
  check_info(op, self, info, failure);
  return {values, a};
}

void warn_of_symeig() {
  static std::atomic<bool> warned{false};
  if (!Warning::get_warnAlways() && warned.exchange(true)) return;
  Warning::warn({"symeig", __FILE__, __LINE__},
                "torch::symeig is deprecated in favor of torch::linalg::eigh and will be removed in a future PyTorch release.", false);
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& self, std::string_view UPLO) {
  const bool lower = UPLO == "L" || UPLO == "l";
  XGRAD_CHECK(lower || UPLO == "U" || UPLO == "u", kEigh, "Expected UPLO argument to be 'L' or 'U', but got ", UPLO);
  const auto [values, vectors] = symmetric_eigenvalues(kEigh, self, lower);
  const char* const triangle = lower ? "L" : "U";
  return decomposed(kEigh, self, values, vectors, with("UPLO", triangle), eigh_gradient);
}

std::tuple<Tensor, Tensor> symeig(const Tensor& self, bool eigenvectors, bool upper) {
  constexpr const Operation& op = operation_recorded_as<"linalg.symeig", "SymeigBackward0">;
  warn_of_symeig();
  const auto [values, vectors] = symmetric_eigenvalues(op, self, !upper);
  const auto attributes = with("eigenvectors", eigenvectors, "upper", upper);
  if (eigenvectors) return decomposed(op, self, values, vectors, attributes, eigh_gradient);
  const auto ys = record_all({Forward(op, values), Forward(op, empty({0}, self.dtype()))}, attributes, wrt_all({self}, [](Gradients&) {
                               detail::raise<Error>(
                                   "linalg_eig_backward: torch.symeig(A, eigenvectors=False) is not differentiable. Use "
                                   "torch.linalg.eigvalsh(A) instead.");
                             }));
  return {ys[0], ys[1]};
}

// Computed with the vectors, since LAPACK's values without them differ in the last bits.
Tensor linalg_eigvalsh(const Tensor& self, std::string_view UPLO) { return std::get<0>(linalg_eigh(self, UPLO)); }

std::tuple<Tensor, Tensor> linalg_eig(const Tensor& self) {
  check_square_batch(kEig, self);
  const int64_t n = self.size(-1);
  const Dims batch = batch_sizes(self);
  const Tensor a = transposed_copy(self), values = allocate_tensor(batch_shape(batch, {n}), self.dtype()),
               vectors = allocate_tensor(batch_shape(batch, {n, n}), self.dtype()), info = allocate_tensor(batch, kInt);
  dispatch_floating(self.dtype(), kEig.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kEig, kernels::eigenvalues_of_each<T>, reads(a), writes(a, values, vectors, info), info.numel(), n, a.data_ptr<T>(), values.data_ptr<T>(),
           vectors.data_ptr<T>(), info.data_ptr<int>());
  });
  check_info(kEig, self, info, failure);
  return decomposed(kEig, self, values, vectors, With<>(), eig_gradient);
}

Tensor linalg_eigvals(const Tensor& self) { return std::get<0>(linalg_eig(self)); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Eigenvalues near 1, 3, 5, ...
Tensor spread(catalogue::Samples& s, const Dims& batch, int64_t n) {
  return s.uniform(batch_shape(batch, {n, n}), -0.4, 0.4) + diag(arange(1, 2 * n + 1, 2, kDouble));
}

const Dims kBatches[] = {{}, {2}, {2, 1}, {0}};

// The input is made symmetric, so that each of its elements takes part as often as its gradient says, and the vectors themselves are given
// up to signs.
const catalogue::Entry eigh_entry("linalg_eigh", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto products = [](const std::tuple<Tensor, Tensor>& f) {
    const auto& [L, V] = f;
    return std::vector<Tensor>{L, V.abs(), matmul(V * L.exp().unsqueeze(-2), transposed(V))};
  };
  for (const char* const triangle : {"L", "U"}) {
    const std::string python = std::string("(lambda L, V: (L, V.abs(), (V * L.exp().unsqueeze(-2)) @ V.mT))(*torch.linalg.eigh("),
                      end = std::string(", UPLO='") + triangle + "'))";
    for (const Dims& batch : kBatches)
      for (int64_t n : {1, 2, 3})
        s.add(python + "(x[0] + x[0].mT) * 0.5" + end, {spread(s, batch, n)},
              [=](Inputs x) { return products(linalg::eigh((x[0] + transposed(x[0])) * 0.5, triangle)); });
    // What lies in the other triangle doesn't matter.
    s.at(python + "x[0]" + end, {spread(s, {}, 3)}, [=](Inputs x) { return products(linalg::eigh(x[0], triangle)); });
  }
  s.flat("torch.linalg.eigh(x[0].detach())", {s.normal({0, 0})}, [](Inputs x) { return linalg::eigh(x[0].detach()); });
  s.flat("torch.linalg.eigh(x[0].detach())", {full({2, 2, 2}, std::nan(""), kDouble)}, [](Inputs x) { return linalg::eigh(x[0].detach()); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] { linalg::eigh(ones({2, 3})); });
  s.rejects("another triangle", "Expected UPLO argument to be 'L' or 'U', but got X", [] { linalg::eigh(eye(2), "X"); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::eigh(ones({2})); });
  s.rejects("integers", "Expected a floating point", [] { linalg::eigh(eye(2, kLong)); });
});

const catalogue::Entry symeig_entry("symeig", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const bool upper : {true, false}) {
    const std::string end = std::string(", upper=") + catalogue::text(upper) + ")";
    for (const Dims& batch : kBatches)
      for (int64_t n : {1, 3})
        s.add("(lambda L, V: (L, (V * L.exp().unsqueeze(-2)) @ V.mT))(*torch.symeig((x[0] + x[0].mT) * 0.5, eigenvectors=True" + end + ")",
              {spread(s, batch, n)}, [upper](Inputs x) {
                const auto [L, V] = symeig((x[0] + transposed(x[0])) * 0.5, true, upper);
                return std::vector<Tensor>{L, matmul(V * L.exp().unsqueeze(-2), transposed(V))};
              });
    s.flat("torch.symeig(x[0]" + end, {catalogue::constant(spread(s, {2}, 3))}, [upper](Inputs x) { return symeig(x[0], false, upper); });
  }
  s.flat("torch.symeig(x[0], True)", {catalogue::constant(empty({0, 0}, kDouble))}, [](Inputs x) { return x[0].symeig(true); });
  s.rejects("the derivative without vectors", "torch.symeig(A, eigenvectors=False) is not differentiable",
            [] { std::get<0>(symeig(eye(2).requires_grad_())).sum().backward(); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices, but they are 2 by 3 matrices", [] { symeig(ones({2, 3})); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { symeig(ones({2})); });
  s.rejects("integers", "Expected a floating point", [] { symeig(eye(2, kLong)); });
});

const catalogue::Entry eigvalsh_entry("linalg_eigvalsh", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : kBatches)
    for (int64_t n : {1, 3})
      s.add("torch.linalg.eigvalsh((x[0] + x[0].mT) * 0.5)", {spread(s, batch, n)},
            [](Inputs x) { return linalg::eigvalsh((x[0] + transposed(x[0])) * 0.5); });
  s.at("torch.linalg.eigvalsh(x[0], UPLO='u')", {spread(s, {}, 3)}, [](Inputs x) { return linalg::eigvalsh(x[0], "u"); });
  s.at("torch.linalg.eigvalsh(x[0])", {eye(3, kDouble)}, [](Inputs x) { return linalg::eigvalsh(x[0]); });
  s.rejects("another triangle", "Expected UPLO argument to be 'L' or 'U', but got LU", [] { linalg::eigvalsh(eye(2), "LU"); });
});

// In ascending order; LAPACK's is its own.
const catalogue::Entry eig_entry("linalg_eig", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const std::string python =
      "(lambda L, V: (L.sort(-1)[0], V.take_along_dim(L.argsort(-1).unsqueeze(-2), -1).abs()))(*[t.real for t in torch.linalg.eig(x[0])])";
  for (const Dims& batch : kBatches)
    for (int64_t n : {1, 2, 3})
      s.add(python, {spread(s, batch, n)}, [](Inputs x) {
        const auto [L, V] = linalg::eig(x[0]);
        const auto [values, order] = L.sort(-1);
        return std::vector<Tensor>{values, V.take_along_dim(order.unsqueeze(-2), -1).abs()};
      });
  s.rejects("a rotation", "complex eigenvalues have no dtype here", [] { linalg::eig(triu(ones({2, 2})) - tril(ones({2, 2}), -1)); });
  s.rejects("NaN", "input tensor should not contain infs or NaNs", [] { linalg::eig(full({2, 2}, std::nan(""))); });
  s.rejects("a matrix that is not square", "A must be batches of square matrices", [] { linalg::eig(ones({2, 3})); });
});

const catalogue::Entry eigvals_entry("linalg_eigvals", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : kBatches)
    s.add("torch.linalg.eigvals(x[0]).real.sort(-1)[0]", {spread(s, batch, 3)}, [](Inputs x) { return std::get<0>(linalg::eigvals(x[0]).sort(-1)); });
  s.rejects("a rotation in a batch", "(Batch element 1): complex eigenvalues", [] {
    linalg::eigvals(stack({eye(2), triu(ones({2, 2})) - tril(ones({2, 2}), -1)}));
  });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::eigvals(ones({2})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
