#include <string>
#include <utility>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/index/bags.h>
#include <xgrad/autograd/ops/index/bags.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/index/sparse.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kEmbeddingBag = operation<"embedding_bag">;

bool holds_positions(const Tensor& t) { return t.dtype() == kLong || t.dtype() == kInt; }

void check_bags(const Tensor& weight, const Tensor& indices, const Tensor& offsets, int64_t mode, bool sparse, const Tensor& factors,
                bool include_last_offset) {
  const Operation& op = kEmbeddingBag;
  const auto check_positions = [](const char* name, const Tensor& t) {
    XGRAD_CHECK_AS(TypeError, holds_positions(t), op, "Expected tensor for argument '", name,
                   "' to have one of the following scalar types: Long, Int; but got ", t.dtype());
    XGRAD_CHECK(t.dim() == 1, op, name, " has to be a vector, got shape ", t.sizes());
  };
  check_positions("indices", indices);
  check_positions("offsets", offsets);
  XGRAD_CHECK_AS(TypeError, weight.is_floating_point(), op,
                 "Expected tensor for argument #1 'weight' to have one of the following scalar types: Float, Double; but got ", weight.dtype());
  XGRAD_CHECK(weight.dim() == 2, op, "weight has to be a matrix, got shape ", weight.sizes());
  XGRAD_CHECK(mode >= 0 && mode <= 2, op, "mode has to be 0 (sum), 1 (mean) or 2 (max), got ", mode);
  XGRAD_CHECK(!sparse || mode != 2, op, "max mode does not support sparse weights");
  const int64_t n = indices.numel(), rows = weight.size(0);
  XGRAD_CHECK(!include_last_offset || offsets.numel() > 0, op, "include_last_offset: number of offset should be at least 1");
  XGRAD_CHECK(offsets.numel() > 0 || n == 0, op, "indices need an offset to begin at");
  if (offsets.numel() > 0) {
    const auto least = offsets.min().item<int64_t>(), first = offsets[0].item<int64_t>(), last = offsets[-1].item<int64_t>();
    XGRAD_CHECK(first == 0, op, "offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got ",
                first);
    XGRAD_CHECK(last <= n, op, "offsets[-1] can not be greater than input's length ", n, " but got offsets[-1] of ", last);
    XGRAD_CHECK(least >= 0 && offsets.max().item<int64_t>() <= n, op, "offsets have to lie between 0 and input's length ", n);
  }
  if (n > 0) {
    const auto least = indices.min().item<int64_t>(), most = indices.max().item<int64_t>();
    XGRAD_CHECK(least >= 0 && most < rows, op, "Expected idx >= 0 && idx < num_embeddings but found idx to be ", least < 0 ? least : most);
  }
  if (!factors.defined()) return;
  XGRAD_CHECK(mode == 0, op, "per_sample_weights only supported with mode='sum'");
  XGRAD_CHECK_AS(TypeError, factors.dtype() == weight.dtype(), op,
                 "Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 'per_sample_weights'; but type ",
                 weight.dtype(), " does not equal ", factors.dtype());
  XGRAD_CHECK(factors.dim() == 1 && factors.numel() == n, op, "Expected per_sample_weights.value().numel() == indices.numel() to be true, got ",
              factors.sizes(), " and ", indices.sizes());
}

// The bag of each of n indices. An offset in the middle of what others begin starts another bag there, as in PyTorch.
Tensor bag_of_each(const Tensor& offsets, int64_t n, bool include_last_offset) {
  const int64_t bags = offsets.numel() - (include_last_offset ? 1 : 0);
  const Tensor begins = zeros({n + 1}, kLong).index_add(0, offsets.narrow(0, 0, bags), ones({bags}, kLong));
  return (begins.cumsum(0) - 1).narrow(0, 0, n);
}

// The largest elements of each bag and the rows that they come from.
std::pair<Tensor, Tensor> largest_rows(const Tensor& weight, const Tensor& indices, const Tensor& bag, int64_t padding, const Tensor& bag_size) {
  const Tensor table = contiguous_as(weight, weight.dtype()), rows = allocate_tensor({bag_size.numel(), weight.size(1)}, kLong);
  launch(kEmbeddingBag, kernels::largest_of_bags, reads(table, indices, bag), writes(rows), table.dtype(), table.data_ptr(), table.size(1),
         indices.data_ptr<int64_t>(), bag.data_ptr<int64_t>(), indices.numel(), padding, bag_size.numel(), rows.data_ptr<int64_t>());
  if (weight.size(0) == 0) return {zeros(rows.sizes(), weight.dtype()), rows};
  return {weight.gather(0, rows).masked_fill((bag_size == 0).unsqueeze(-1), 0), rows};
}

int64_t padding_of(const Tensor& weight, std::optional<int64_t> padding_idx) {
  if (!padding_idx) return -1;
  const int64_t rows = weight.size(0);
  XGRAD_CHECK(*padding_idx >= -rows && *padding_idx < rows, kEmbeddingBag, "padding_idx must be within the number of embeddings, ", -rows,
              " through ", rows - 1, ", but got ", *padding_idx);
  return *padding_idx < 0 ? *padding_idx + rows : *padding_idx;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq,
                                                         int64_t mode, bool sparse, const std::optional<Tensor>& per_sample_weights,
                                                         bool include_last_offset, std::optional<int64_t> padding_idx) {
  const Tensor factors = per_sample_weights.value_or(Tensor());
  check_bags(weight, indices, offsets, mode, sparse, factors, include_last_offset);
  const int64_t padding = padding_of(weight, padding_idx), bags = offsets.numel() - (include_last_offset ? 1 : 0);
  const ScalarType positions = result_type(indices, offsets);
  const Tensor at = contiguous_as(indices, kLong), bag = bag_of_each(contiguous_as(offsets, kLong), at.numel(), include_last_offset);
  const Tensor counted = (at != padding).to(kLong), sizes = zeros({bags}, kLong).index_add(0, bag, counted);
  const auto as_positions = [positions](const Tensor& t) { return t.to(positions); };
  if (mode == 2) {
    const auto [y, rows] = largest_rows(weight, at, bag, padding, sizes);
    return {y, as_positions(bag), as_positions(sizes), as_positions(rows)};
  }
  Tensor chosen = embedding(weight, at, padding, scale_grad_by_freq, sparse);
  if (factors.defined()) chosen = chosen * factors.unsqueeze(-1);
  if (padding_idx) chosen = chosen.masked_fill((at == padding).unsqueeze(-1), 0);
  Tensor y = zeros({bags, weight.size(1)}, weight.dtype()).index_add(0, bag, chosen);
  if (mode == 1) y = y / sizes.clamp_min(1).to(y.dtype()).unsqueeze(-1);
  const Tensor said = as_positions(mode == 1 ? sizes : zeros_like(sizes));
  return {y, as_positions(bag), said, said.clone()};
}

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq,
                                                         int64_t mode, bool sparse, const std::optional<Tensor>& per_sample_weights,
                                                         bool include_last_offset) {
  return embedding_bag(weight, indices, offsets, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, std::nullopt);
}

// ---- rows of limited norms

namespace {

constexpr const Operation& kEmbeddingRenorm = operation<"embedding_renorm">;

// Positions that name a row twice scale it once. The factor is computed in double and rounded, as in PyTorch.
void limit_rows(const Tensor& table, const Tensor& rows, double max_norm, double norm_type) {
  const StepsOfOne steps;
  const Tensor asked = std::get<0>(_unique2(rows)), norms = table.index_select(0, asked).norm(norm_type, {1}, true).to(kDouble);
  const Tensor large = norms.gt(max_norm).view({-1}).nonzero().view({-1});
  if (large.numel() == 0) return;
  const Tensor at = asked.index_select(0, large), factors = (max_norm / (norms.index_select(0, large) + 1e-7)).to(table.dtype());
  replace_rows(table, at, table.index_select(0, at) * factors);
}

// The rows to look at; checks that they are there, so that nothing is changed by a call that throws.
Tensor rows_to_limit(const Tensor& self, const Tensor& indices) {
  const Operation& op = kEmbeddingRenorm;
  XGRAD_CHECK_AS(TypeError, holds_positions(indices), op,
                 "Expected tensor for argument #2 'indices' to have one of the following scalar types: Long, Int; but got ", indices.dtype());
  XGRAD_CHECK(self.dim() == 2, op, "Expected 2-dimensional tensor, but got ", self.dim(), "-dimensional tensor for argument #1 'self'");
  XGRAD_CHECK(self.is_floating_point(), op, "norm(): input dtype should be either floating point or complex. Got ", self.dtype(), " instead.");
  const Tensor at = untraced([&] { return contiguous_as(indices, kLong).reshape({-1}); });
  return wrapped_positions(op, at, self.size(0), 0, "select(): index out of range");
}

}  // namespace

Tensor embedding_renorm(const Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  const Tensor rows = rows_to_limit(self, indices), y = copy_in_order_of(self, self.dtype());
  limit_rows(y, rows, max_norm, norm_type);
  return record(Forward(kEmbeddingRenorm, y), with("max_norm", max_norm, "norm_type", norm_type), wrt(self, no_derivative<"embedding_renorm_">),
                given(indices));
}

Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  const char* const name = "embedding_renorm_";
  if (!may_write_directly(name, self)) return write_in_place(name, self, embedding_renorm(self, indices, max_norm, norm_type));
  limit_rows(self, rows_to_limit(self, indices), max_norm, norm_type);
  return self;
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;

const catalogue::Entry embedding_bag_entry("embedding_bag", [](Samples& s) {
  const Tensor indices = tensor({0, 1, 3, 3, 2}), offsets = tensor({0, 2, 2, 4}), ends = tensor({0, 2, 2, 5});
  for (const int64_t mode : {0, 1, 2}) {
    const std::string start = "torch.embedding_bag(x[0], x[1], x[2], ", m = std::to_string(mode);
    s.add(start + "False, " + m + ")", {s.normal({4, 3}), indices, offsets},
          [mode](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode); });
    s.add(start + "True, " + m + ")", {s.normal({4, 3}), indices, offsets}, [mode](Inputs x) {
       return embedding_bag(x[0], x[1], x[2], true, mode);
     }).smooth = false;  // the gradient is another's
    s.add(start + "False, " + m + ", False, None, True)", {s.normal({4, 3}), indices, ends},
          [mode](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode, false, {}, true); });
    for (const int64_t padding : {3, -2})
      s.add(start + "False, " + m + ", False, None, False, " + std::to_string(padding) + ")", {s.normal({4, 3}), indices, offsets},
            [=](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode, false, {}, false, padding); });
    s.add(start + "False, " + m + ")", {s.normal({4, 3}), tensor({2, 1}, kInt), tensor({0, 1, 2}, kInt)},
          [mode](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode); });
    s.add(start + "False, " + m + ")", {s.normal({4, 3}), empty({0}, kLong), tensor({0, 0})},
          [mode](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode); });
    s.at(start + "False, " + m + ")", {tensor({{1.0, catalogue::kNaN}, {1.0, 2.0}, {catalogue::kNaN, 3.0}}, kDouble), tensor({0, 1, 2}), tensor({0})},
         [mode](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, mode); });
  }
  s.add("torch.embedding_bag(x[0], x[1], x[2], False, 0, False, x[3])", {s.normal({4, 3}), indices, offsets, s.normal({5})},
        [](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, 0, false, x[3]); });
  s.add("torch.embedding_bag(x[0], x[1], x[2], False, 0, False, x[3], False, 3)", {s.normal({4, 3}), indices, offsets, s.normal({5})},
        [](Inputs x) { return embedding_bag(x[0], x[1], x[2], false, 0, false, x[3], false, 3); });
  const Tensor table = ones({4, 3}), one = tensor({1}), zero = tensor({0});
  s.rejects("an index too large", "Expected idx >= 0 && idx < num_embeddings but found idx to be 4", [=] {
    embedding_bag(table, tensor({1, 4}), zero);
  });
  s.rejects("a negative index", "but found idx to be -1", [=] { embedding_bag(table, tensor({-1}), zero); });
  s.rejects("another first offset", "offsets[0] has to be 0", [=] { embedding_bag(table, tensor({1, 1}), one); });
  s.rejects("an offset too large", "offsets[-1] can not be greater than input's length 1 but got offsets[-1] of 7", [=] {
    embedding_bag(table, one, tensor({0, 7}));
  });
  s.rejects("no offset", "indices need an offset", [=] { embedding_bag(table, one, empty({0}, kLong)); });
  s.rejects("no last offset", "include_last_offset: number of offset should be at least 1",
            [=] { embedding_bag(table, one, empty({0}, kLong), false, 0, false, {}, true); });
  s.rejects("floating indices", "Expected tensor for argument 'indices'", [=] { embedding_bag(table, ones({1}), zero); });
  s.rejects("a matrix of indices", "indices has to be a vector", [=] { embedding_bag(table, ones({1, 1}, kLong), zero); });
  s.rejects("integers", "Expected tensor for argument #1 'weight'", [=] { embedding_bag(table.to(kLong), one, zero); });
  s.rejects("another mode", "mode has to be", [=] { embedding_bag(table, one, zero, false, 3); });
  s.rejects("sparse gradients of largest elements", "max mode does not support sparse weights",
            [=] { embedding_bag(table, one, zero, false, 2, true); });
  s.rejects("weights of means", "per_sample_weights only supported with mode='sum'",
            [=] { embedding_bag(table, one, zero, false, 1, false, ones({1})); });
  s.rejects("weights of another dtype", "does not equal Double", [=] { embedding_bag(table, one, zero, false, 0, false, ones({1}, kDouble)); });
  s.rejects("fewer weights", "Expected per_sample_weights.value().numel() == indices.numel()",
            [=] { embedding_bag(table, one, zero, false, 0, false, ones({2})); });
  s.rejects("a padding row too far", "padding_idx must be within the number of embeddings, -4 through 3, but got 4",
            [=] { embedding_bag(table, one, zero, false, 0, false, {}, false, 4); });
});

const catalogue::Entry embedding_renorm_entry("embedding_renorm", [](Samples& s) {
  for (const double norm : {2.0, 1.0, 3.5, catalogue::kInf})
    s.flat("torch.embedding_renorm_(x[0].clone(), x[1], 1.5, " + (norm == catalogue::kInf ? "math.inf" : std::to_string(norm)) + ")",
           {constant(s.normal({4, 3})), tensor({{0, 2}, {2, 3}})}, [norm](Inputs x) { return embedding_renorm(x[0], x[1], 1.5, norm); });
  s.rejects("an index too large", "select(): index out of range", [] { embedding_renorm(ones({4, 3}), tensor({7}), 1, 2); });
  s.rejects("a vector", "Expected 2-dimensional tensor, but got 1-dimensional tensor", [] { embedding_renorm(ones({4}), tensor({1}), 1, 2); });
  s.rejects("floating indices", "Expected tensor for argument #2 'indices'", [] { embedding_renorm(ones({4, 3}), ones({1}), 1, 2); });
  s.rejects("integers", "norm(): input dtype should be either floating point or complex", [] {
    embedding_renorm(ones({4, 3}, kLong), tensor({1}), 1, 2);
  });
});

const catalogue::Entry embedding_renorm_in_place_entry("embedding_renorm_", [](Samples& s) {
  s.flat("torch.embedding_renorm_(x[0].clone(), x[1], 1.5, 2.0)", {constant(s.normal({4, 3})), tensor({0, 2, 2}, kInt)}, [](Inputs x) {
    Tensor y = x[0].clone();
    return embedding_renorm_(y, x[1], 1.5, 2);
  });
  s.rejects("a leaf", "leaf", [] {
    Tensor y = ones({4, 3}).requires_grad_();
    embedding_renorm_(y, tensor({1}), 1, 2);
  });
  s.rejects("its derivative", "the derivative for 'embedding_renorm_' is not implemented", [] {
    const Tensor x = ones({4, 3}).requires_grad_();
    Tensor y = x * 1;
    embedding_renorm_(y, tensor({1}), 1, 2).sum().backward();
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
