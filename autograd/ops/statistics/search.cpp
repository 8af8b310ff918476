#include <xgrad/autograd/ops/statistics/search.h>

#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/order/search.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/positions.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

bool is_right(const Operation& operation, bool right, std::optional<std::string_view> side) {
  if (!side) return right;
  XGRAD_CHECK(*side == "left" || *side == "right", operation, "torch.searchsorted(): side can only be 'left' or 'right' but got ", *side);
  XGRAD_CHECK(!right || *side == "right", operation,
              "torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True");
  return *side == "right";
}

void check_shapes(const Operation& operation, const Tensor& sequence, const Tensor& values) {
  XGRAD_CHECK(values.dim() > 0 || sequence.dim() == 1, operation,
              "torch.searchsorted(): input value can be a scalar only when boundaries tensor dimension is 1, but we got boundaries tensor dim(",
              sequence.dim(), ") and input value's dim(", values.dim(), ")");
  XGRAD_CHECK(sequence.dim() != 0, operation, "torch.searchsorted(): boundaries tensor should have positive dimension, but got 0 dimension");
  const auto axes = static_cast<size_t>(sequence.dim() - 1);
  XGRAD_CHECK(
      sequence.dim() == 1 || (values.dim() == sequence.dim() && sequence.sizes().slice(0, axes) == values.sizes().slice(0, axes)), operation,
      "torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor ",
      "must match, but we got boundaries tensor ", sequence.sizes(), " and input value tensor ", values.sizes());
}

void check_sorter(const Operation& operation, const Tensor& sequence, const Tensor& sorter) {
  XGRAD_CHECK(sorter.sizes() == sequence.sizes(), operation,
              "torch.searchsorted(): boundary and sorter must have the same size, but got boundary tensor ", sequence.sizes(),
              " and got sorter tensor ", sorter.sizes());
  XGRAD_CHECK(sorter.dtype() == kLong, operation, "torch.searchsorted(): sorter must be a tensor of long dtype but got dtype ", sorter.dtype());
  check_positions(operation, sorter, sequence.size(-1), sequence.dim() - 1, "sorter");
}

Tensor search(const Operation& operation, const Tensor& sequence, const Tensor& values, ScalarType common, bool out_int32, bool right,
              const std::optional<Tensor>& sorter) {
  check_shapes(operation, sequence, values);
  const bool sorts = sorter && sorter->defined();
  if (sorts) check_sorter(operation, sequence, *sorter);
  const Tensor y = allocate_tensor(values.sizes(), out_int32 ? kInt : kLong);
  if (y.numel() == 0)
    return not_differentiable(Forward(operation, y), with("out_int32", out_int32, "right", right), sequence, values, sorter.value_or(Tensor()));
  common = computed_in(common);
  XGRAD_CHECK_AS(NotImplementedError, common != kBool, operation, "\"searchsorted_out_cpu\" not implemented for 'Bool'");
  const Tensor elements = contiguous_as(sequence, common), x = contiguous_as(values, common),
               order = sorts ? contiguous_as(*sorter, kLong) : Tensor();
  const int64_t each = sequence.dim() == 1 ? x.numel() : x.size(-1);
  const kernels::Sequences sequences{elements.data_ptr(), sorts ? order.data_ptr<int64_t>() : nullptr, elements.size(-1), x.numel() / each, each};
  launch(operation, kernels::search_sequences, reads(elements, x, order), writes(y), common, sequences, x.data_ptr(), right, out_int32, y.data_ptr());
  return not_differentiable(Forward(operation, y), with("out_int32", out_int32, "right", right), sequence, values, sorter.value_or(Tensor()));
}

Tensor number(const Scalar& value, ScalarType common) { return full({}, value, common); }

}  // namespace

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32, bool right, std::optional<std::string_view> side,
                    const std::optional<Tensor>& sorter) {
  const Operation& op = operation<"searchsorted">;
  return search(op, sorted_sequence, self, result_type(sorted_sequence, self), out_int32, is_right(op, right, side), sorter);
}

Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32, bool right, std::optional<std::string_view> side,
                    const std::optional<Tensor>& sorter) {
  const Operation& op = operation<"searchsorted">;
  const ScalarType common = result_type({sorted_sequence, self});
  return search(op, sorted_sequence, number(self, common), common, out_int32, is_right(op, right, side), sorter);
}

Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) {
  const Operation& op = operation<"bucketize">;
  XGRAD_CHECK(boundaries.dim() == 1, op, "boundaries tensor must be 1 dimension, but got dim(", boundaries.dim(), ")");
  return search(op, boundaries, self, result_type(boundaries, self), out_int32, right, std::nullopt);
}

Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32, bool right) {
  const Operation& op = operation<"bucketize">;
  XGRAD_CHECK(boundaries.dim() == 1, op, "boundaries tensor must be 1 dimension, but got dim(", boundaries.dim(), ")");
  const ScalarType common = result_type({boundaries, self});
  return search(op, boundaries, number(self, common), common, out_int32, right, std::nullopt);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

const catalogue::Entry searchsorted_entry("searchsorted", [](catalogue::Samples& s) {
  const Tensor ascending = tensor({1.0, 3.0, 3.0, 5.0, HUGE_VAL}, kDouble), values = tensor({3.0, 0.0, 4.0, kNaN, HUGE_VAL, 1.0}, kDouble);
  const Tensor rows = tensor({{1.0, 2.0, 2.0}, {-3.0, 0.0, 7.0}}, kDouble);
  for (const bool right : {false, true}) {
    const std::string end = right ? ", right=True)" : ")";
    s.flat("torch.searchsorted(x[0], x[1]" + end, {constant(ascending), constant(values)},
           [right](Inputs x) { return searchsorted(x[0], x[1], false, right); });
    s.flat("torch.searchsorted(x[0], x[1]" + end, {constant(ascending), constant(tensor(3.0, kDouble))},
           [right](Inputs x) { return searchsorted(x[0], x[1], false, right); });
    s.flat("torch.searchsorted(x[0], x[1]" + end, {constant(rows), constant(s.integers({2, 4}, -4, 8).to(kDouble))},
           [right](Inputs x) { return searchsorted(x[0], x[1], false, right); });
    s.flat("torch.searchsorted(x[0], 3" + end, {constant(ascending)}, [right](Inputs x) { return searchsorted(x[0], 3, false, right); });
    for (const ScalarType dtype : {kLong, kInt, kByte, kFloat})
      s.flat("torch.searchsorted(x[0], x[1]" + end, {constant(tensor({1, 3, 3, 5}).to(dtype)), constant(s.integers({3, 2}, 0, 7).to(dtype))},
             [right](Inputs x) { return searchsorted(x[0], x[1], false, right); });
  }
  s.flat("torch.searchsorted(x[0], x[1], out_int32=True)", {constant(ascending), constant(values)},
         [](Inputs x) { return searchsorted(x[0], x[1], true); });
  for (const char* side : {"left", "right"})
    s.flat(std::string("torch.searchsorted(x[0], x[1], side='") + side + "')", {constant(ascending), constant(values)},
           [side](Inputs x) { return searchsorted(x[0], x[1], false, false, side); });
  s.flat("torch.searchsorted(x[0], x[1], sorter=torch.argsort(x[0]))", {constant(s.distinct({2, 5})), constant(s.distinct({2, 3}))},
         [](Inputs x) { return searchsorted(x[0], x[1], false, false, std::nullopt, argsort(x[0])); });
  s.flat("torch.searchsorted(x[0], x[1])", {constant(tensor({1, 3, 5})), constant(tensor({2.5, 3.0}, kDouble))},
         [](Inputs x) { return searchsorted(x[0], x[1]); });
  s.flat("torch.searchsorted(x[0], x[1])", {constant(empty({0}, kDouble)), constant(values)}, [](Inputs x) { return searchsorted(x[0], x[1]); });
  s.flat("torch.searchsorted(x[0], x[1])", {constant(rows), constant(empty({2, 0}, kDouble))}, [](Inputs x) { return searchsorted(x[0], x[1]); });
  const Tensor one = ones({1});
  s.rejects("a side unheard of", "side can only be 'left' or 'right' but got up", [=] { searchsorted(one, one, false, false, "up"); });
  s.rejects("left and right", "side and right can't be set to opposites", [=] { searchsorted(one, one, false, true, "left"); });
  s.rejects("a number for a matrix", "input value can be a scalar only when boundaries tensor dimension is 1", [] { searchsorted(ones({2, 2}), 1); });
  s.rejects("other rows", "the first N-1 dimensions of boundaries tensor and input value tensor must match", [] {
    searchsorted(ones({2, 2}), ones({3, 2}));
  });
  s.rejects("a short sorter", "boundary and sorter must have the same size",
            [] { searchsorted(ones({2}), ones({2}), false, false, std::nullopt, zeros({1}, kLong)); });
  s.rejects("a floating sorter", "sorter must be a tensor of long dtype",
            [] { searchsorted(ones({2}), ones({2}), false, false, std::nullopt, zeros({2})); });
  s.rejects("a sorter that leaves the sequence", "out of bounds",
            [] { searchsorted(ones({2}), ones({2}), false, false, std::nullopt, full({2}, 2, kLong)); });
  s.rejects("booleans", "\"searchsorted_out_cpu\" not implemented for 'Bool'", [] { searchsorted(ones({2}, kBool), ones({2}, kBool)); });
});

const catalogue::Entry bucketize_entry("bucketize", [](catalogue::Samples& s) {
  const Tensor ascending = tensor({1.0, 3.0, 3.0, 5.0}, kDouble);
  for (const bool right : {false, true}) {
    const std::string end = right ? ", right=True)" : ")";
    s.flat("torch.bucketize(x[0], x[1]" + end, {constant(s.integers({3, 4}, 0, 7).to(kDouble)), constant(ascending)},
           [right](Inputs x) { return bucketize(x[0], x[1], false, right); });
    s.flat("torch.bucketize(3, x[0]" + end, {constant(ascending)}, [right](Inputs x) { return bucketize(Scalar(3), x[0], false, right); });
    s.flat("torch.bucketize(x[0], x[1]" + end, {tensor({3, 4, 0}), tensor({1, 3, 3, 5})},
           [right](Inputs x) { return bucketize(x[0], x[1], false, right); });
  }
  s.flat("torch.bucketize(x[0], x[1], out_int32=True)", {constant(tensor({3.0, kNaN}, kDouble)), constant(ascending)},
         [](Inputs x) { return bucketize(x[0], x[1], true); });
  s.rejects("boundaries of two axes", "boundaries tensor must be 1 dimension, but got dim(2)", [] { bucketize(ones({2}), ones({2, 2})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
