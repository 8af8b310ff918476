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
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kQr = operation_recorded_as<"linalg.qr", "LinalgQrBackward0">;

// For A of at least as many rows as columns, with M = R gR^T - gQ^T Q:
//   gA = (gQ + Q (tril(M) + tril(M, -1)^T)) R^-T.
// S. F. Walter, L. Lehmann, Algorithmic differentiation of linear algebra functions, 2010.
Tensor tall_gradient(const Tensor& Q, const Tensor& R, const Tensor& gQ, const Tensor& gR) {
  Tensor M;
  if (gR.defined()) M = matmul(R, transposed(gR));
  if (gQ.defined()) {
    const Tensor other = matmul(transposed(gQ), Q);
    M = M.defined() ? M - other : -other;
  }
  Tensor rhs = matmul(Q, tril(M) + transposed(tril(M, -1)));
  if (gQ.defined()) rhs = rhs + gQ;
  return linalg_solve_triangular(transposed(R), rhs, false, false);
}

// A with more columns than rows is [X Y], Q R = X and Y = Q (Q^T Y), so that R = [U, Q^T Y].
Tensor wide_gradient(const Tensor& Q, const Tensor& R, Tensor gQ, const Tensor& gR) {
  const int64_t m = Q.size(-1);
  const Tensor U = R.slice(-1, 0, m), V = R.slice(-1, m);
  Tensor gU, gY;
  if (gR.defined()) {
    const Tensor gV = gR.slice(-1, m), through_Q = matmul(matmul(Q, V), transposed(gV));
    gU = gR.slice(-1, 0, m);
    gY = matmul(Q, gV);
    gQ = gQ.defined() ? gQ + through_Q : through_Q;
  } else {
    gY = zeros(batch_shape(batch_sizes(Q), {m, V.size(-1)}), Q.dtype());
  }
  return cat({tall_gradient(Q, U, gQ, gU), gY}, -1);
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_qr(const Tensor& A, std::string_view mode) {
  check_matrix_batch(kQr, A);
  XGRAD_CHECK(mode == "reduced" || mode == "complete" || mode == "r", kQr, "qr received unrecognized mode '", mode,
              "' but expected one of 'reduced' (default), 'r', or 'complete'");
  const bool complete = mode == "complete", only_r = mode == "r";
  const char* const mode_name = complete ? "complete" : only_r ? "r" : "reduced";
  const int64_t m = A.size(-2), n = A.size(-1), k = std::min(m, n), q_columns = complete ? m : k;
  const Dims batch = batch_sizes(A);
  const Tensor a = transposed_copy(A), q = only_r ? Tensor() : allocate_tensor(batch_shape(batch, {q_columns, m}), A.dtype());
  dispatch_floating(A.dtype(), kQr.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(kQr, kernels::qr_factor_each<T>, reads(a), writes(a, q), batch_count(A), m, n, q_columns, a.data_ptr<T>(),
           only_r ? nullptr : q.data_ptr<T>());
  });
  std::vector<Forward> outputs;
  outputs.emplace_back(kQr, only_r ? allocate_tensor({0}, A.dtype()) : transposed_copy(q));
  outputs.emplace_back(kQr, transposed_copy(complete ? a : untraced([&] { return a.slice(-1, 0, k); })));
  const auto ys =
      record_all(std::move(outputs), with("mode", mode_name), wrt_all({A}, [=](Gradients& g, const std::vector<Tensor>& y) {
                   XGRAD_CHECK(!only_r, kQr,
                               "The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use "
                               "linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr.");
                   XGRAD_CHECK(!(complete && m > n), kQr, "The QR decomposition is not differentiable when mode='complete' and nrows > ncols.");
                   if (!g.gy(0).defined() && !g.gy(1).defined()) return;
                   g.gx(0) = m >= n ? tall_gradient(y[0], y[1], g.gy(0), g.gy(1)) : wide_gradient(y[0], y[1], g.gy(0), g.gy(1));
                 }));
  return {ys[0], ys[1]};
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry qr_entry("qr", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (IntArrayRef shape : {Dims{3, 2}, Dims{2, 3}, Dims{3, 3}, Dims{1, 1}, Dims{4, 1}, Dims{1, 4}, Dims{2, 4, 3}, Dims{2, 1, 2, 4}, Dims{0, 3, 2}})
    s.add("torch.qr(x[0])", {s.normal(shape)}, [](Inputs x) { return qr(x[0]); });
  const auto complete = [](Inputs x) { return qr(x[0].detach(), false); };
  for (IntArrayRef shape : {Dims{3, 2}, Dims{3, 0}, Dims{0, 3}}) s.flat("torch.qr(x[0].detach(), some=False)", {s.normal(shape)}, complete);
  s.rejects("a vector", "must have at least 2 dimensions", [] { qr(ones({3})); });
  s.rejects("the gradient of a complete tall factorization", "not differentiable when mode='complete' and nrows > ncols", [] {
    std::get<0>(qr(ones({3, 2}).requires_grad_(), false)).sum().backward();
  });
});

const catalogue::Entry linalg_qr_entry("linalg_qr", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (IntArrayRef shape : {Dims{3, 2}, Dims{2, 3}, Dims{3, 3}, Dims{2, 4, 3}, Dims{2, 2, 4}}) {
    s.add("torch.linalg.qr(x[0])[0]", {s.normal(shape)}, [](Inputs x) { return std::get<0>(linalg::qr(x[0])); });
    s.add("torch.linalg.qr(x[0])[1]", {s.normal(shape)}, [](Inputs x) { return std::get<1>(linalg::qr(x[0])); });
  }
  for (IntArrayRef shape : {Dims{2, 3}, Dims{3, 3}, Dims{2, 2, 4}})
    s.add("torch.linalg.qr(x[0], mode='complete')", {s.normal(shape)}, [](Inputs x) { return linalg::qr(x[0], "complete"); });
  s.flat("torch.linalg.qr(x[0].detach(), mode='r')", {s.normal({3, 2})}, [](Inputs x) { return linalg::qr(x[0].detach(), "r"); });
  s.rejects("another mode", "qr received unrecognized mode 'full'", [] { linalg::qr(ones({2, 2}), "full"); });
  s.rejects("the gradient without Q", "Please use linalg.qr(A, mode='reduced')", [] {
    std::get<1>(linalg::qr(ones({2, 2}).requires_grad_(), "r")).sum().backward();
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
