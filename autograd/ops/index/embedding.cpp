#include <xgrad/autograd/ops/index/bags.h>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/sparse.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// The gradient as a list of the rows asked for. It is written once, so it may be what gy shows.
Tensor listed_gradient(const Dims& table, const Tensor& at, const Tensor& gy, int64_t padding_idx, bool scale_grad_by_freq) {
  const Operation& op = operation<"embedding">;
  XGRAD_CHECK_AS(NotImplementedError, !scale_grad_by_freq, op, "embedding_backward: scale_grad_by_freq not supported with sparse gradients");
  XGRAD_CHECK_AS(NotImplementedError, !Recording::needs(gy), op, "sparse gradients have no derivative: use sparse=false with create_graph=true");
  const Tensor rows = gy.reshape({at.numel(), table[1]});
  if (padding_idx < 0) return make_sparse(table, {at, rows});
  const Tensor kept = (at != padding_idx).nonzero().view({-1});
  return make_sparse(table, {at.index_select(0, kept), rows.index_select(0, kept)});
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx, bool scale_grad_by_freq, bool sparse) {
  const Operation& op = operation<"embedding">;
  XGRAD_CHECK(weight.dim() == 2, op, "'weight' must be 2-D, got shape ", weight.sizes());
  XGRAD_CHECK_AS(TypeError, indices.dtype() == kLong || indices.dtype() == kInt, op,
                 "Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got ", indices.dtype());
  Dims sizes = indices.sizes();
  sizes.push_back(weight.size(1));
  const Tensor at = untraced([&] { return contiguous_as(indices.detach().reshape({-1}), kLong); });
  check_positions(op, at, weight.size(0), 0, "index out of range in self");
  const Tensor rows = untraced([&] { return weight.detach().index_select(0, at); });
  return record(Forward(op, rows.resize_(sizes)), with("padding_idx", padding_idx, "scale_grad_by_freq", scale_grad_by_freq, "sparse", sparse),
                wrt(weight,
                    [table = Dims(weight.sizes()), at = save(at), padding_idx, scale_grad_by_freq, sparse](const Tensor& gy) {
                      if (sparse) return listed_gradient(table, *at, gy, padding_idx, scale_grad_by_freq);
                      Tensor rows = gy.reshape({(*at).numel(), table[1]});
                      if (padding_idx >= 0) rows = rows.masked_fill((*at == padding_idx).unsqueeze(-1), 0);
                      if (scale_grad_by_freq) rows = rows / (*at).bincount({}, table[0]).to(gy.dtype()).index_select(0, *at).unsqueeze(-1);
                      return slices_sum(table, 0, *at, rows);
                    }),
                given(indices));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry embedding_entry("embedding", [](catalogue::Samples& s) {
  for (const Tensor& indices : {tensor({0, 3, 3, 2}), tensor({{1, 2, 2}, {0, 2, 3}}), tensor({2, 0, 2}, kInt), tensor(2), empty({0}, kLong)}) {
    s.add("torch.embedding(x[0], x[1])", {s.normal({4, 3}), indices}, [](Inputs x) { return embedding(x[0], x[1]); });
    s.add("torch.embedding(x[0], x[1], 2)", {s.normal({4, 3}), indices}, [](Inputs x) { return embedding(x[0], x[1], 2); }).smooth = false;
    s.add("torch.embedding(x[0], x[1], -1, True)", {s.normal({4, 3}), indices}, [](Inputs x) { return embedding(x[0], x[1], -1, true); }).smooth =
        false;  // the gradient is another's
  }
  s.add("torch.embedding(x[0], x[1])", {s.normal({4, 0}), tensor({1, 2})}, [](Inputs x) { return embedding(x[0], x[1]); });
  const Tensor table = ones({4, 3});
  s.rejects("an index too large", "index out of range in self", [=] { embedding(table, tensor({4})); });
  s.rejects("a negative index", "index out of range in self", [=] { embedding(table, tensor({-1})); });
  s.rejects("floating indices", "Expected tensor for argument #1 'indices'", [=] { embedding(table, ones({1})); });
  s.rejects("a vector of weights", "'weight' must be 2-D", [] { embedding(ones({4}), tensor({0})); });
  s.rejects("sparse gradients by frequency", "scale_grad_by_freq not supported with sparse gradients",
            [=] { embedding(table.clone().requires_grad_(), tensor({0}), -1, true, true).sum().backward(); });
  s.rejects("a derivative of sparse gradients", "sparse gradients have no derivative", [=] {
    const Tensor x = table.clone().requires_grad_();
    embedding(x, tensor({0}), -1, false, true).square().sum().backward({}, std::nullopt, true);
  });
});

}}}  // namespace torch::xgrad

#endif
