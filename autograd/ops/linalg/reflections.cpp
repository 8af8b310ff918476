// Householder's reflections, the form in which LAPACK has the Q of QR.
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

void check_reflections(const Operation& operation, const Tensor& input, const Tensor& tau) {
  check_matrix_batch(operation, input, "input");
  check_dtype_of(operation, "input and tau", input, tau);
  XGRAD_CHECK(tau.dim() == input.dim() - 1, operation, "Expected tau to have one dimension less than input, but got tau.ndim equal to ", tau.dim(),
              " and input.ndim is equal to ", input.dim());
  XGRAD_CHECK(tau.sizes().slice(0, static_cast<size_t>(tau.dim()) - 1) == batch_sizes(input), operation,
              "Expected batch dimensions of tau to be equal to input.shape[:-2], but got tau of shape ", tau.sizes());
  XGRAD_CHECK(input.size(-1) >= tau.size(-1), operation, "input.shape[-1] must be greater than or equal to tau.shape[-1], got ", input.size(-1),
              " and ", tau.size(-1));
}

// With Q = H_1 ... H_k I, H = 1 - tau v v^T: going through the product from the left, G starts as gQ, and with Q' for what stands to the
// right of H, gtau = -(v^T G) (v^T Q')^T, gv = -tau (G (Q'^T v) + Q' (G^T v)), and H G goes on.
void reflections_gradient(Gradients& g, const Tensor& input, const Tensor& tau) {
  const int64_t m = input.size(-2), n = input.size(-1), k = tau.size(-1);
  const Tensor V = tril(input.narrow(-1, 0, k), -1) + eye(m, k, input.dtype());
  const auto vector = [&](int64_t i) { return V.narrow(-1, i, 1); };
  const auto scale = [&](int64_t i) { return tau.narrow(-1, i, 1).unsqueeze(-1); };
  std::vector<Tensor> right(static_cast<size_t>(k) + 1, eye(m, n, input.dtype()));
  for (int64_t i = k - 1; i >= 0; --i) {
    const Tensor& Q = right[static_cast<size_t>(i + 1)];
    right[static_cast<size_t>(i)] = Q - scale(i) * matmul(vector(i), matmul(transposed(vector(i)), Q));
  }
  Tensor G = g.gy();
  std::vector<Tensor> by_vectors, by_scales;
  for (int64_t i = 0; i < k; ++i) {
    const Tensor v = vector(i), &Q = right[static_cast<size_t>(i + 1)], vG = matmul(transposed(v), G), vQ = matmul(transposed(v), Q);
    by_scales.push_back(-(vG * vQ).sum(-1));
    by_vectors.push_back(-scale(i) * (matmul(G, transposed(vQ)) + matmul(Q, transposed(vG))));
    G = G - scale(i) * matmul(v, vG);
  }
  by_vectors.push_back(zeros(batch_shape(batch_sizes(input), {m, n - k}), input.dtype()));
  if (g.needs(0)) g.gx(0) = tril(cat(by_vectors, -1), -1);
  if (g.needs(1)) g.gx(1) = k > 0 ? cat(by_scales, -1) : zeros_like(tau);
}

Tensor householder_product(const Operation& operation, const Tensor& input, const Tensor& tau) {
  check_reflections(operation, input, tau);
  XGRAD_CHECK(input.size(-2) >= input.size(-1), operation, "input.shape[-2] must be greater than or equal to input.shape[-1], got shape ",
              input.sizes());
  const Tensor columns = transposed_copy(input), scales = contiguous_as(tau, tau.dtype());
  dispatch_floating(input.dtype(), operation.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(operation, kernels::multiply_reflections_each<T>, reads(columns, scales), writes(columns), batch_count(input), input.size(-2),
           input.size(-1), tau.size(-1), columns.data_ptr<T>(), scales.data_ptr<T>());
  });
  return record(Forward(operation, transposed_copy(columns)),
                wrt_all({input, tau}, [a = save(input), tau = save(tau)](Gradients& g) { reflections_gradient(g, a, tau); }));
}

}  // namespace

Tensor linalg_householder_product(const Tensor& input, const Tensor& tau) {
  return householder_product(operation<"linalg.householder_product">, input, tau);
}

Tensor orgqr(const Tensor& self, const Tensor& input2) { return householder_product(operation<"orgqr">, self, input2); }

std::tuple<Tensor, Tensor> geqrf(const Tensor& self) {
  const Operation& op = operation<"geqrf">;
  check_matrix_batch(op, self, "input");
  const int64_t m = self.size(-2), n = self.size(-1);
  const Tensor columns = transposed_copy(self), tau = allocate_tensor(batch_shape(batch_sizes(self), {std::min(m, n)}), self.dtype());
  dispatch_floating(self.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::qr_reflections_each<T>, reads(columns), writes(columns, tau), batch_count(self), m, n, columns.data_ptr<T>(),
           tau.data_ptr<T>());
  });
  const auto ys = record_all({Forward(op, transposed_copy(columns)), Forward(op, tau)},
                             wrt_all({self}, [](Gradients& g) { g.gx(0) = NoDerivative{op}(Tensor()); }));
  return {ys[0], ys[1]};
}

Tensor ormqr(const Tensor& self, const Tensor& input2, const Tensor& input3, bool left, bool transpose) {
  const Operation& op = operation<"ormqr">;
  check_reflections(op, self, input2);
  check_matrix_batch(op, input3, "other");
  check_dtype_of(op, "input and other", self, input3);
  XGRAD_CHECK(input3.dim() == self.dim(), op, "Expected other to have the same number of dimensions as input, but got other.ndim equal to ",
              input3.dim(), " and input.ndim is equal to ", self.dim());
  XGRAD_CHECK(batch_sizes(input3) == batch_sizes(self), op, "Expected batch dimensions of other to be equal to input.shape[:-2], but got shape ",
              input3.sizes());
  XGRAD_CHECK(self.size(-2) == input3.size(left ? -2 : -1), op, "other.shape[", left ? -2 : -1, "] must be equal to input.shape[-2], got ",
              input3.size(left ? -2 : -1), " and ", self.size(-2));
  XGRAD_CHECK(input2.size(-1) <= self.size(-2), op, "tau.shape[-1] must be less than or equal to input.shape[-2], got ", input2.size(-1), " and ",
              self.size(-2));
  const Tensor columns = transposed_copy(self), scales = contiguous_as(input2, self.dtype()), c = transposed_copy(input3);
  dispatch_floating(self.dtype(), op.name(), [&](auto zero) {
    using T = decltype(zero);
    launch(op, kernels::apply_reflections_each<T>, reads(columns, scales, c), writes(c), batch_count(self), left, transpose, input3.size(-2),
           input3.size(-1), self.size(-1), input2.size(-1), columns.data_ptr<T>(), scales.data_ptr<T>(), c.data_ptr<T>());
  });
  return record(Forward(op, transposed_copy(c)), with("left", left, "transpose", transpose), wrt(self, NoDerivative{op}),
                wrt(input2, NoDerivative{op}), wrt(input3, NoDerivative{op}));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// The batch, rows and columns, and how many reflections.
struct Reflections {
  Dims batch;
  int64_t m, n, k;
};
const Reflections kReflections[] = {{{}, 3, 3, 3}, {{}, 4, 2, 2}, {{}, 4, 3, 2}, {{}, 3, 1, 1}, {{2}, 3, 2, 2}, {{2, 1}, 3, 2, 1}};

void householder_samples(catalogue::Samples& s, const std::string& name, Tensor (*f)(const Tensor&, const Tensor&)) {
  s.sums_depend_on_layout();
  const auto run = [f](Inputs x) { return f(x[0], x[1]); };
  for (const auto& [batch, m, n, k] : kReflections)
    s.add(name + "(x[0], x[1])", {s.normal(batch_shape(batch, {m, n})), s.normal(batch_shape(batch, {k}))}, run);
  for (const auto& [batch, m, n, k] : {Reflections{{}, 3, 2, 0}, Reflections{{}, 3, 0, 0}, Reflections{{}, 0, 0, 0}, Reflections{{0}, 3, 2, 2}})
    s.flat(name + "(x[0].detach(), x[1].detach())", {s.normal(batch_shape(batch, {m, n})), s.normal(batch_shape(batch, {k}))},
           [f](Inputs x) { return f(x[0].detach(), x[1].detach()); });
  s.rejects("a vector", "must have at least 2 dimensions", [f] { f(ones({3}), ones({3})); });
  s.rejects("a wide matrix", "input.shape[-2] must be greater than or equal to input.shape[-1]", [f] { f(ones({2, 3}), ones({2})); });
  s.rejects("too many reflections", "input.shape[-1] must be greater than or equal to tau.shape[-1]", [f] { f(ones({3, 2}), ones({3})); });
  s.rejects("scales without a batch", "Expected tau to have one dimension less than input, but got tau.ndim equal to 1 and input.ndim is equal to 3",
            [f] {
              f(ones({4, 3, 2}), ones({2}));
            });
  s.rejects("scales of another batch", "Expected batch dimensions of tau to be equal to input.shape[:-2]", [f] { f(ones({4, 3, 2}), ones({3, 2})); });
  s.rejects("two dtypes", "Expected input and tau to have the same dtype", [f] { f(ones({3, 2}), ones({2}, kDouble)); });
}

const catalogue::Entry householder_entry("linalg_householder_product", [](catalogue::Samples& s) {
  householder_samples(s, "torch.linalg.householder_product", linalg::householder_product);
});
const catalogue::Entry orgqr_entry("orgqr", [](catalogue::Samples& s) { householder_samples(s, "torch.orgqr", orgqr); });

const catalogue::Entry geqrf_entry("geqrf", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (IntArrayRef shape : {Dims{3, 3}, Dims{4, 2}, Dims{2, 4}, Dims{1, 1}, Dims{2, 3, 2}, Dims{2, 1, 2, 2}, Dims{2, 0, 3}, Dims{0, 2, 2}})
    s.flat("torch.geqrf(x[0])", {catalogue::constant(s.normal(shape))}, [](Inputs x) { return geqrf(x[0]); });
  s.rejects("a vector", "must have at least 2 dimensions", [] { geqrf(ones({3})); });
  s.rejects("integers", "Expected a floating point", [] { geqrf(eye(3, kLong)); });
  s.rejects("the derivative", "the derivative for 'geqrf' is not implemented", [] { std::get<1>(geqrf(eye(2).requires_grad_())).sum().backward(); });
});

const catalogue::Entry ormqr_entry("ormqr", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (int flags = 0; flags < 4; ++flags) {
    const bool left = flags & 1, transposes = flags & 2;
    const std::string call =
        std::string("torch.ormqr(x[0], x[1], x[2], left=") + catalogue::text(left) + ", transpose=" + catalogue::text(transposes) + ")";
    for (const auto& [batch, m, n, k] : kReflections)
      s.flat(call,
             {catalogue::constant(s.normal(batch_shape(batch, {m, n}))), catalogue::constant(s.normal(batch_shape(batch, {k}))),
              catalogue::constant(s.normal(left ? batch_shape(batch, {m, 2}) : batch_shape(batch, {2, m})))},
             [=](Inputs x) { return ormqr(x[0], x[1], x[2], left, transposes); });
  }
  s.rejects("sizes that differ", "other.shape[-2] must be equal to input.shape[-2]", [] { ormqr(ones({3, 2}), ones({2}), ones({4, 3})); });
  s.rejects("too many reflections", "input.shape[-1] must be greater than or equal to tau.shape[-1]", [] {
    ormqr(ones({3, 2}), ones({3}), ones({3, 3}));
  });
  s.rejects("no batch", "Expected other to have the same number of dimensions as input", [] { ormqr(ones({4, 3, 2}), ones({4, 2}), ones({3, 3})); });
  s.rejects("two dtypes", "Expected input and other to have the same dtype", [] { ormqr(ones({3, 2}), ones({2}), ones({3, 4}, kDouble)); });
  s.rejects("the derivative", "the derivative for 'ormqr' is not implemented",
            [] { ormqr(eye(2).requires_grad_(), ones({2}), eye(2)).sum().backward(); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
