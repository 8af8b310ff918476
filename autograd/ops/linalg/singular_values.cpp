// The singular value decomposition.
#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/linalg/lapack_batches.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/linalg/matrix_batch.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// ---- values

constexpr const Operation& kSvd = operation_recorded_as<"linalg.svd", "LinalgSvdBackward0">;

struct Factors {
  Tensor U, S, Vh;
};

std::string svd_failure(int info) {
  if (info < 0) return "The algorithm failed to converge because the input matrix contained non-finite values.";
  return detail::concatenate(
      "The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated singular values "
      "(error code: ",
      info, ").");
}

Factors factors_of(const Tensor& A, bool full) {
  check_matrix_batch(kSvd, A);
  const int64_t m = A.size(-2), n = A.size(-1), k = std::min(m, n), u_columns = full ? m : k, vh_rows = full ? n : k;
  const Dims batch = batch_sizes(A);
  // Memory is column-major from here on: U and Vh lie transposed.
  const Tensor a = transposed_copy(A), S = allocate_tensor(batch_shape(batch, {k}), A.dtype());
  const Tensor u = allocate_tensor(batch_shape(batch, {u_columns, m}), A.dtype()), vh = allocate_tensor(batch_shape(batch, {n, vh_rows}), A.dtype());
  const Tensor info = allocate_tensor(batch, kInt);
  dispatch_floating(A.dtype(), kSvd.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kSvd, kernels::singular_values_of_each<T>, reads(a), writes(a, S, u, vh, info), info.numel(), m, n, full, a.data_ptr<T>(), S.data_ptr<T>(),
           u.data_ptr<T>(), vh.data_ptr<T>(), info.data_ptr<int>());
  });
  check_info(kSvd, A, info, svd_failure);
  return {transposed_copy(u), S, transposed_copy(vh)};
}

// ---- derivative

Tensor skew(const Tensor& t) { return t - transposed(t); }

// s_j^2 - s_i^2 off the diagonal, 1 on it.
Tensor svd_gaps(const Tensor& S) {
  const Tensor row = S.unsqueeze(-2), column = S.unsqueeze(-1);
  return (row - column) * (row + column) + eye(S.size(-1), S.dtype());
}

// What g, the gradient of an orthonormal frame Q (rows x k), adds outside of the space that Q spans.
Tensor outside(const Tensor& Q, const Tensor& g) { return g - matmul(Q, matmul(transposed(Q), g)); }

// With E = svd_gaps(S): gA = U [diag(gS) + (skew(U^T gU) / E) S + S (skew(V^T gV) / E)] V^T, plus what leaves the spans of U and V.
// J. Townsend, Differentiating the singular value decomposition, 2016.
Tensor svd_gradient(const Tensor& gU, const Tensor& gS, const Tensor& gVh, const Tensor& U, const Tensor& S, const Tensor& Vh) {
  const Tensor row = S.unsqueeze(-2), column = S.unsqueeze(-1), V = transposed(Vh);
  if (!gU.defined() && !gVh.defined()) return matmul(U * gS.unsqueeze(-2), Vh);
  const Tensor E = svd_gaps(S);
  Tensor inner = gS.defined() ? gS.unsqueeze(-1) * eye(S.size(-1), S.dtype()) : zeros_like(E);
  Tensor gA = zeros(batch_shape(batch_sizes(U), {U.size(-2), V.size(-2)}), S.dtype());
  if (gU.defined()) {
    inner = inner + skew(matmul(transposed(U), gU)) / E * row;
    if (U.size(-2) > U.size(-1)) gA = gA + matmul(outside(U, gU) / row, Vh);
  }
  if (gVh.defined()) {
    const Tensor gV = transposed(gVh);
    inner = inner + column * (skew(matmul(Vh, gV)) / E);
    if (V.size(-2) > V.size(-1)) gA = gA + matmul(U / row, transposed(outside(V, gV)));
  }
  return gA + matmul(matmul(U, inner), Vh);
}

// The first k rows or columns of a gradient of the full frames; the others have no derivative of their own.
Tensor leading(const Tensor& g, int64_t axis, int64_t k) { return g.defined() ? g.narrow(axis, 0, k) : g; }

}  // namespace

std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& A, bool full_matrices, std::optional<std::string_view> driver) {
  XGRAD_CHECK(!driver, kSvd, "keyword argument `driver=` is only supported on CUDA inputs with cuSOLVER backend, got ", *driver);
  Factors f = factors_of(A, full_matrices);
  const int64_t k = f.S.size(-1);
  std::vector<Forward> outputs;
  for (Tensor* t : {&f.U, &f.S, &f.Vh}) outputs.emplace_back(kSvd, std::move(*t));
  const auto ys = record_all(std::move(outputs), with("full_matrices", full_matrices), wrt_all({A}, [k](Gradients& g, const std::vector<Tensor>& y) {
                               const Tensor gU = leading(g.gy(0), -1, k), gVh = leading(g.gy(2), -2, k);
                               if (!gU.defined() && !g.gy(1).defined() && !gVh.defined()) return;
                               g.gx(0) = svd_gradient(gU, g.gy(1), gVh, leading(y[0], -1, k), y[1], leading(y[2], -2, k));
                             }));
  return {ys[0], ys[1], ys[2]};
}

// Computed with the frames, since LAPACK's values without them differ in the last bits.
Tensor linalg_svdvals(const Tensor& A, std::optional<std::string_view> driver) { return std::get<1>(linalg_svd(A, false, driver)); }

std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some, bool compute_uv) {
  if (compute_uv) {
    const auto [U, S, Vh] = linalg_svd(self, !some);
    return {U, S, transposed(Vh)};
  }
  const Tensor S = linalg_svdvals(self);
  const int64_t m = self.size(-2), n = self.size(-1);
  const Dims batch = batch_sizes(self);
  return {zeros(batch_shape(batch, {m, m}), self.dtype()), S, zeros(batch_shape(batch, {n, n}), self.dtype())};
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const Dims kSvdShapes[] = {{3, 3}, {4, 2}, {2, 4}, {1, 3}, {2, 3, 2}, {2, 1, 2, 2}};

// The frames themselves are given up to signs.
const catalogue::Entry svd_entry("linalg_svd", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto products = [](const std::tuple<Tensor, Tensor, Tensor>& f) {
    const auto& [U, S, Vh] = f;
    return std::vector<Tensor>{U.abs(), S, Vh.abs(), matmul(U * S.exp().unsqueeze(-2), Vh)};
  };
  const std::string python =
      "(lambda U, S, Vh: (U.abs(), S, Vh.abs(), (U * S.exp().unsqueeze(-2)) @ Vh))(*torch.linalg.svd(x[0], full_matrices=False))";
  for (const Dims& shape : kSvdShapes) s.add(python, {s.normal(shape)}, [=](Inputs x) { return products(linalg::svd(x[0], false)); });
  s.add("torch.linalg.svd(x[0])[0][..., :2].abs()", {s.normal({4, 2})},
        [](Inputs x) { return std::get<0>(linalg::svd(x[0])).narrow(-1, 0, 2).abs(); });
  s.at("torch.linalg.svd(x[0], full_matrices=False)", {s.normal({0, 3})}, [](Inputs x) { return linalg::svd(x[0], false); });
  s.at("torch.linalg.svd(x[0])", {s.normal({2, 0})}, [](Inputs x) { return linalg::svd(x[0]); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { linalg::svd(ones({3})); });
  s.rejects("integers", "Expected a floating point", [] { linalg::svd(ones({2, 2}, kLong)); });
  s.rejects("a driver", "keyword argument `driver=` is only supported on CUDA inputs", [] { linalg::svd(eye(2), true, "gesvd"); });
  s.rejects("NaN", "contained non-finite values", [] { linalg::svd(full({2, 2}, std::nan(""))); });
});

const catalogue::Entry svdvals_entry("linalg_svdvals", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& shape : kSvdShapes) s.add("torch.linalg.svdvals(x[0])", {s.normal(shape)}, [](Inputs x) { return linalg::svdvals(x[0]); });
  s.at("torch.linalg.svdvals(x[0])", {eye(3, kDouble)}, [](Inputs x) { return linalg::svdvals(x[0]); });
  s.rejects("NaN in a batch", "(Batch element 1)", [] { linalg::svdvals(stack({ones({2, 2}), full({2, 2}, std::nan(""))})); });
});

const catalogue::Entry old_svd_entry("svd", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const bool some : {true, false})
    s.add(std::string("(lambda U, S, V: (S, (U[..., :2] * S.unsqueeze(-2)) @ V[..., :2].mT))(*torch.svd(x[0], some=") + catalogue::text(some) + "))",
          {s.normal({3, 2})}, [some](Inputs x) {
            const auto [U, S, V] = svd(x[0], some);
            return std::vector<Tensor>{S, matmul(U.narrow(-1, 0, 2) * S.unsqueeze(-2), transposed(V.narrow(-1, 0, 2)))};
          });
  s.add("torch.svd(x[0], compute_uv=False)", {s.normal({3, 2})}, [](Inputs x) {
    const auto [U, S, V] = svd(x[0], true, false);
    return std::vector<Tensor>{U, S, V};
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
