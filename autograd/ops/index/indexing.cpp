#include <xgrad/autograd/ops/index/indexing.h>

#include <algorithm>
#include <memory>
#include <ostream>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/index/chosen_elements.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/memory_order.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- elements chosen by tensors

namespace {

using Choice = std::shared_ptr<const ChosenElements>;

// `indices`: as they were asked for, for those who trace.
Tensor chosen(const Tensor& x, const Choice& choice, const std::vector<Tensor>& indices = {});

// Zeros with `values` added where the choice says: the derivative of chosen.
Tensor chosen_sum(const Tensor& values, const Choice& choice) {
  const Operation& op = operation<"index_put">;
  const Tensor y = zeros(choice->sizes(), values.dtype());
  choice->write(op, y, values, true);
  return record(Forward(op, y), with("accumulate", true), wrt(values, [choice](const Tensor& gy) { return chosen(gy, choice); }));
}

Tensor chosen(const Tensor& x, const Choice& choice, const std::vector<Tensor>& indices) {
  const Operation& op = operation<"index">;
  return record(Forward(op, choice->read(op, x)), wrt(x, [choice](const Tensor& gy) { return chosen_sum(gy, choice); }), given(indices));
}

void check_values(const Tensor& self, const Tensor& values, const Choice& choice) {
  XGRAD_CHECK(broadcasts_to(values.sizes(), choice->shape()), "[index_put_] shape mismatch: value tensor of shape ", values.sizes(),
              " cannot be broadcast to indexing result of shape ", choice->shape());
  XGRAD_CHECK_AS(TypeError, self.dtype() == values.dtype(), "[index_put_] Index put requires the source and destination dtypes match, got ",
                 self.dtype(), " for the destination and ", values.dtype(), " for the source");
}

Tensor with_chosen(const Tensor& self, const Choice& choice, const Tensor& values, bool accumulate, const std::vector<Tensor>& indices = {}) {
  const Operation& op = operation<"index_put">;
  const Tensor y = copy_in_order_of(self, self.dtype()), whole = values.expand(choice->shape());
  choice->write(op, y, whole, accumulate);
  return record(Forward(op, y), with("accumulate", accumulate),
                wrt(self, [=](const Tensor& gy) { return accumulate ? gy : with_chosen(gy, choice, zeros({}, gy.dtype()), false); }), given(indices),
                wrt(whole, [choice](const Tensor& gy) { return chosen(gy, choice); }));
}

Tensor& put_chosen(const Tensor& self, const Choice& choice, const Tensor& values, bool accumulate, const std::vector<Tensor>& indices) {
  check_values(self, values, choice);
  if (!may_write_directly("index_put_", self, {&values}))
    return write_in_place("index_put_", self, with_chosen(self, choice, values, accumulate, indices));
  const Tensor source = values.is_alias_of(self) ? copy_of(values, values.dtype()) : values;
  choice->write(operation<"index_put_">, self, source.detach().expand(choice->shape()), accumulate);
  self.storage()->bump_version();
  return const_cast<Tensor&>(self);
}

// The values to put; where a mask alone says where, one number may be of any dtype, as in masked_fill.
Tensor as_values_of(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) {
  const auto defined = [](const Tensor& t) { return t.defined(); };
  const auto first = std::find_if(indices.begin(), indices.end(), defined);
  const bool mask =
      first != indices.end() && (first->dtype() == kBool || first->dtype() == kByte) && std::count_if(first, indices.end(), defined) == 1;
  return mask && !accumulate && values.numel() == 1 ? values.to(self.dtype()) : values;
}

Choice choice_of(const Operation& operation, const Tensor& self, const std::vector<Tensor>& indices) {
  return untraced([&] { return std::make_shared<ChosenElements>(operation, self.sizes(), indices); });
}

}  // namespace

Tensor index(const Tensor& self, const std::vector<Tensor>& indices) { return chosen(self, choice_of(operation<"index">, self, indices), indices); }

Tensor index_put(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) {
  const Choice choice = choice_of(operation<"index_put">, self, indices);
  const Tensor v = as_values_of(self, indices, values, accumulate);
  check_values(self, v, choice);
  return with_chosen(self, choice, v, accumulate, indices);
}

Tensor Tensor::index_put(const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) const {
  return xgrad::index_put(*this, indices, values, accumulate);
}

Tensor& index_put_(const Tensor& self, const std::vector<Tensor>& indices, const Tensor& values, bool accumulate) {
  return put_chosen(self, choice_of(operation<"index_put_">, self, indices), as_values_of(self, indices, values, accumulate), accumulate, indices);
}

Tensor index(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices) { return index(self, detail::tensors_of(indices)); }
Tensor index_put(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate) {
  return index_put(self, detail::tensors_of(indices), values, accumulate);
}
Tensor Tensor::index_put(std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate) const {
  return xgrad::index_put(*this, indices, values, accumulate);
}
Tensor& index_put_(const Tensor& self, std::initializer_list<std::optional<Tensor>> indices, const Tensor& values, bool accumulate) {
  return index_put_(self, detail::tensors_of(indices), values, accumulate);
}

// ---- what stands between the brackets

namespace indexing {

Slice::Slice(std::optional<int64_t> start, std::optional<int64_t> stop, std::optional<int64_t> step) : step_(step.value_or(1)) {
  constexpr int64_t lowest = std::numeric_limits<int64_t>::min(), highest = std::numeric_limits<int64_t>::max();
  XGRAD_CHECK_AS(ValueError, step_ != 0, "[Slice] slice step cannot be zero");
  start_ = start.value_or(step_ < 0 ? highest : 0);
  stop_ = stop.value_or(step_ < 0 ? lowest : highest);
}

std::ostream& operator<<(std::ostream& stream, const Slice& slice) { return stream << slice.start() << ":" << slice.stop() << ":" << slice.step(); }

std::ostream& operator<<(std::ostream& stream, const TensorIndex& index) {
  if (index.is_none()) return stream << "None";
  if (index.is_ellipsis()) return stream << "...";
  if (index.is_integer()) return stream << index.integer();
  if (index.is_boolean()) return stream << (index.boolean() ? "true" : "false");
  if (index.is_slice()) return stream << index.slice();
  return stream << index.tensor();
}

std::ostream& operator<<(std::ostream& stream, const std::vector<TensorIndex>& indices) {
  stream << "(";
  for (size_t i = 0; i < indices.size(); ++i) stream << (i ? ", " : "") << indices[i];
  return stream << ")";
}

namespace {

// A view by the basic indices, with the tensors among them left for later: tensors[i] indexes axis i of the view.
struct Basic {
  Tensor view;
  std::vector<Tensor> tensors;
};

bool is_mask(const Tensor& t) { return t.dtype() == kBool || t.dtype() == kByte; }

int64_t axes_taken(const TensorIndex& index) {
  if (index.is_tensor()) return is_mask(index.tensor()) ? index.tensor().dim() : 1;
  return index.is_integer() || index.is_slice() ? 1 : 0;
}

Tensor select_at(const Tensor& self, int64_t axis, int64_t position, int64_t place) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "[index] invalid index of a 0-dim tensor. Use `tensor.item<T>()` to convert a 0-dim tensor to a number");
  const int64_t size = self.size(axis);
  XGRAD_CHECK_AS(IndexError, position >= -size && position < size, "[index] index ", position, " is out of bounds for dimension ", place,
                 " with size ", size);
  return self.select(axis, position);
}

Tensor slice_at(const Tensor& self, int64_t axis, const Slice& s) {
  XGRAD_CHECK_AS(ValueError, s.step() > 0, "[index] step must be greater than zero, got ", s.step());
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "[index] slice() cannot be applied to a 0-dim tensor.");
  if (s.start() == 0 && s.stop() == self.size(axis) && s.step() == 1) return self;
  return self.slice(axis, s.start(), s.stop(), s.step());
}

// A boolean takes a new axis of size 1, whole or not at all.
Tensor boolean_index(bool value) { return zeros({value ? 1 : 0}, kLong); }

Basic apply_basic(const Tensor& self, ArrayRef<TensorIndex> indices) {
  int64_t taken = 0;
  for (const TensorIndex& index : indices) {
    XGRAD_CHECK_AS(IndexError, !index.is_tensor() || index.tensor().defined(), "[index] Can only index with tensors that are defined");
    taken += axes_taken(index);
  }
  if (self.dim() == 0 && indices.size() == 1) {  // their own words for what follows
    if (indices[0].is_slice()) slice_at(self, 0, indices[0].slice());
    if (indices[0].is_integer()) select_at(self, 0, indices[0].integer(), 0);
  }
  XGRAD_CHECK_AS(IndexError, taken <= self.dim(), "[index] too many indices for tensor of dimension ", self.dim());
  Basic out{self, {}};
  int64_t axis = 0;
  const auto use_tensor = [&](const Tensor& t) {
    out.tensors.resize(static_cast<size_t>(axis) + 1);
    out.tensors[static_cast<size_t>(axis++)] = t;
  };
  for (size_t i = 0; i < indices.size(); ++i) {
    const TensorIndex& index = indices[i];
    const auto place = static_cast<int64_t>(i);
    if (index.is_integer()) {
      out.view = select_at(out.view, axis, index.integer(), place);
    } else if (index.is_slice()) {
      out.view = slice_at(out.view, axis++, index.slice());
    } else if (index.is_ellipsis()) {
      axis += self.dim() - taken;
    } else if (index.is_none()) {
      out.view = out.view.unsqueeze(axis++);
    } else if (index.is_boolean()) {
      out.view = out.view.unsqueeze(axis);
      use_tensor(boolean_index(index.boolean()));
    } else if (const Tensor& t = index.tensor(); t.dim() > 0 || !isIntegralType(t.dtype(), true)) {
      use_tensor(t);
    } else if (is_mask(t)) {
      out.view = out.view.unsqueeze(axis);
      use_tensor(boolean_index(t.item<bool>()));
    } else {
      out.view = select_at(out.view, axis, t.item<int64_t>(), place);
    }
  }
  return out;
}

Tensor without_leading_ones(const Tensor& t) {
  int ones = 0;
  while (ones < t.dim() && t.size(ones) == 1) ++ones;
  return ones == 0 ? t : t.reshape(t.sizes().slice(static_cast<size_t>(ones)));
}

void assign(const Tensor& to, const Tensor& values) {
  if (values.dim() == 0) to.fill_(values);
  else to.copy_(values.sizes() == to.sizes() ? values : without_leading_ones(values));
}

}  // namespace
}  // namespace indexing

using indexing::TensorIndex;

Tensor Tensor::index(ArrayRef<TensorIndex> indices) const {
  XGRAD_CHECK(!indices.empty(), "[index] Passing an empty index list to Tensor::index() is not valid syntax");
  const indexing::Basic basic = indexing::apply_basic(*this, indices);
  if (!basic.tensors.empty()) return xgrad::index(basic.view, basic.tensors);
  if (!basic.view.is_same(*this)) return basic.view;
  return record(make_view(operation<"alias">, *this, impl().sizes, impl().strides, storage_offset()), wrt(*this, passed_on));
}

Tensor Tensor::index(std::initializer_list<TensorIndex> indices) const { return index(ArrayRef<TensorIndex>(indices)); }

namespace indexing { namespace {

void put(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) {
  XGRAD_CHECK(!indices.empty(), "[index_put_] Passing an empty index list to Tensor::index_put_() is not valid syntax");
  if (indices.size() == 1 && indices[0].is_boolean()) {
    const bool whole = indices[0].boolean();
    if (whole && accumulate) self.unsqueeze(0).add_(without_leading_ones(values));
    if (whole && !accumulate) assign(self.unsqueeze(0), values);
    return;  // into nothing: values of any shape
  }
  const Basic basic = apply_basic(self, indices);
  if (!basic.tensors.empty()) xgrad::index_put_(basic.view, basic.tensors, without_leading_ones(values), accumulate);
  else if (accumulate) basic.view.add_(without_leading_ones(values));
  else assign(basic.view, values);
}

}  // namespace
}  // namespace indexing

// libtorch has `accumulate` for lists of tensors alone, in which an undefined one leaves its axis whole.
Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) const {
  std::vector<Tensor> tensors;
  bool whole = false;
  for (const TensorIndex& index : indices) {
    if (!index.is_tensor()) continue;
    tensors.push_back(index.tensor());
    whole = whole || !index.tensor().defined();
  }
  if ((accumulate || whole) && tensors.size() == indices.size() && !tensors.empty()) return xgrad::index_put_(*this, tensors, values, accumulate);
  indexing::put(*this, indices, values, accumulate);
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Tensor& values, bool accumulate) const {
  return index_put_(ArrayRef<TensorIndex>(indices), values, accumulate);
}

Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Scalar& value) const { return index_put_(indices, scalar_tensor(value, dtype())); }

Tensor& Tensor::index_put_(std::initializer_list<TensorIndex> indices, const Scalar& value) const {
  return index_put_(ArrayRef<TensorIndex>(indices), value);
}

Tensor Tensor::operator[](int64_t index) const { return indexing::select_at(*this, 0, index, 0); }

Tensor Tensor::operator[](const Scalar& index) const {
  XGRAD_CHECK_AS(IndexError, index.isIntegral(false), "[index] Can only index tensors with integral scalars");
  return (*this)[index.toLong()];
}

Tensor Tensor::operator[](const Tensor& index) const {
  XGRAD_CHECK_AS(IndexError, index.defined(), "[index] Can only index with tensors that are defined");
  XGRAD_CHECK_AS(IndexError, index.dim() == 0, "[index] Can only index with tensors that are scalars (zero-dim)");
  return (*this)[index.item()];
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;
using indexing::Ellipsis;
using indexing::None;
using indexing::Slice;
using indexing::TensorIndex;

namespace {

void index_samples(Samples& s) {
  const auto at = [&](const char* call, std::vector<int64_t> shape, std::vector<TensorIndex> where) {
    s.add(call, {s.normal(shape)}, [where](Inputs x) { return x[0].index(where); });
  };
  at("x[0][1, :, None, -1]", {2, 3, 4}, {1, Slice(), None, -1});
  at("x[0][..., 1]", {2, 3, 4}, {Ellipsis, 1});
  at("x[0][:, ::2, 1:-1]", {2, 3, 4}, {Slice(), Slice(None, None, 2), Slice(1, -1)});
  at("x[0][...]", {2}, {"..."});
  at("x[0][None]", {2}, {None});
  at("x[0][True]", {2}, {true});
  at("x[0][False]", {2}, {false});
  at("x[0][torch.tensor(1)]", {2, 3}, {tensor(1)});
  at("x[0][torch.tensor([0, 0, -1])]", {3, 2}, {tensor({0, 0, -1})});
  at("x[0][torch.tensor([[0, 2], [1, 0]])]", {3, 2}, {tensor({{0, 2}, {1, 0}})});
  at("x[0][torch.tensor([0, 1]), torch.tensor([2, -1])]", {2, 3, 2}, {tensor({0, 1}), tensor({2, -1})});
  at("x[0][torch.tensor([[0], [1]]), torch.tensor([2, 0, 2])]", {2, 3}, {tensor({{0}, {1}}), tensor({2, 0, 2})});
  at("x[0][:, torch.tensor([0, 2]), torch.tensor([1, 1])]", {2, 3, 4}, {Slice(), tensor({0, 2}), tensor({1, 1})});
  at("x[0][torch.tensor([0, 1]), :, torch.tensor([1, 3])]", {2, 3, 4}, {tensor({0, 1}), Slice(), tensor({1, 3})});
  at("x[0][torch.tensor([0, 1]), ..., 0]", {2, 3, 4}, {tensor({0, 1}), Ellipsis, 0});
  at("x[0][1, torch.tensor([0, 1]), None]", {2, 3, 4}, {1, tensor({0, 1}), None});
  at("x[0][torch.tensor([True, False, True])]", {3, 2}, {tensor({true, false, true})});
  at("x[0][:, torch.tensor([True, False, True])]", {2, 3}, {Slice(), tensor({true, false, true})});
  at("x[0][torch.tensor([[True, False], [True, True]])]", {2, 2, 3}, {tensor({{true, false}, {true, true}})});
  at("x[0][torch.tensor([True, True]), torch.tensor([0, 2])]", {2, 3}, {tensor({true, true}), tensor({0, 2})});
  at("x[0][torch.tensor([], dtype=torch.int64)]", {3, 2}, {zeros({0}, kLong)});
  s.add("x[0].t()[torch.tensor([2, 0])]", {s.normal({2, 3})}, [](Inputs x) { return x[0].t().index({tensor({2, 0})}); });
  s.flat("x[0][torch.tensor([1, 1])]", {s.integers({3}, 0, 9)}, [](Inputs x) { return x[0].index({tensor({1, 1})}); });
  at("x[0][torch.zeros(0, 3, dtype=torch.int64)]", {3, 2}, {zeros({0, 3}, kLong)});
  at("x[0][torch.zeros(0, dtype=torch.int64), torch.zeros(0, dtype=torch.int64)]", {0, 3}, {zeros({0}, kLong), zeros({0}, kLong)});
  at("x[0][torch.tensor(True)]", {2}, {tensor(true)});
  at("x[0][torch.tensor(False), 1]", {2}, {tensor(false), 1});
  at("x[0][True, torch.tensor([1, 0])]", {2, 3}, {true, tensor({1, 0})});
  at("x[0][torch.tensor([[False, False], [False, False]])]", {2, 2, 3}, {zeros({2, 2}, kBool)});
  at("x[0][torch.tensor([1, 0, 1], dtype=torch.uint8)]", {3, 2}, {tensor({1, 0, 1}, kByte)});
  at("x[0][torch.tensor(1, dtype=torch.uint8)]", {3}, {tensor(1, kByte)});
  at("x[0][torch.tensor(1, dtype=torch.int32)]", {3, 2}, {tensor(1, kInt)});
  at("x[0][()]", {}, {Ellipsis});
  s.rejects("no index", "Passing an empty index list to Tensor::index() is not valid syntax", [] { ones({3}).index(std::vector<TensorIndex>()); });
  s.rejects("a mask of more axes", "too many indices for tensor of dimension 1", [] { ones({3}).index({ones({3, 3}, kBool)}); });
  s.rejects("a mask of fewer rows", "The shape of the mask [1, 2] at index 0 does not match the shape of the indexed tensor [3, 4] at index 0", [] {
    ones({3, 4}).index({ones({1, 2}, kBool)});
  });
  s.rejects("a position on no elements", "out of bounds for dimension", [] { ones({0}).index({tensor({0})}); });
  s.rejects("an int32 index", "must be long, byte or bool tensors", [] { ones({3}).index({tensor({0}, kInt)}); });
  s.rejects("a position too large", "index 5 is out of bounds for dimension 0 with size 3", [] { ones({3}).index({tensor({5})}); });
  s.rejects("a position too far back", "index -4 is out of bounds for dimension 0 with size 3", [] { ones({3}).index({-4}); });
  s.rejects("more indices than axes", "too many indices for tensor of dimension 1", [] { ones({3}).index({0, 0}); });
  s.rejects("a mask of another shape", "The shape of the mask [2] at index 0 does not match the shape of the indexed tensor [3]", [] {
    ones({3}).index({tensor({true, false})});
  });
  s.rejects("indices that don't broadcast", "could not be broadcast together with shapes [2], [3]", [] {
    ones({3, 3}).index({tensor({0, 1}), tensor({0, 1, 2})});
  });
  s.rejects("a floating index", "must be long, byte or bool tensors", [] { ones({3}).index({ones({1})}); });
  s.rejects("a negative step", "step must be greater than zero", [] { ones({3}).index({Slice(None, None, -1)}); });
  s.rejects("a step of 0", "slice step cannot be zero", [] { Slice(0, 1, 0); });
  s.rejects("other text than dots", "Expected \"...\" to represent an ellipsis index", [] { TensorIndex(".."); });
  s.rejects("a number's element", "invalid index of a 0-dim tensor", [] { ones({})[0]; });
}

void index_put_samples(Samples& s) {
  const auto put = [&](const char* call, std::vector<int64_t> shape, std::vector<TensorIndex> where, std::vector<int64_t> of_values,
                       bool accumulate) {
    s.add(call, {s.normal(shape), s.normal(of_values)}, [where, accumulate](Inputs x) { return x[0].clone().index_put_(where, x[1], accumulate); });
  };
  put("x[0].index_put((torch.tensor([2, 0]),), x[1])", {3, 2}, {tensor({2, 0})}, {2, 2}, false);
  put("x[0].index_put((torch.tensor([2, 0]),), x[1])", {3, 2}, {tensor({2, 0})}, {2}, false);
  put("x[0].index_put((torch.tensor([0, 0, -1]),), x[1], accumulate=True)", {3, 2}, {tensor({0, 0, -1})}, {3, 2}, true);
  put("x[0].index_put((torch.tensor([0, 1]), torch.tensor([1, 1])), x[1], accumulate=True)", {2, 3}, {tensor({0, 1}), tensor({1, 1})}, {}, true);
  put("x[0].index_put((torch.tensor([[True, False], [False, True]]),), x[1])", {2, 2}, {tensor({{true, false}, {false, true}})}, {2}, false);
  s.add("x[0].index_put((torch.tensor([1]),), x[1])", {s.normal({2, 2}), s.normal({2})},
        [](Inputs x) { return index_put(x[0], {tensor({1})}, x[1]); });
  s.add("torch.ops.aten.index_put(x[0], [None, torch.tensor([1, 1])], x[1], True)", {s.normal({2, 2}), s.normal({2, 2})}, [](Inputs x) {
    return x[0].index_put({Tensor(), tensor({1, 1})}, x[1], true);
  });
  s.rejects("no index", "Passing an empty index list to Tensor::index_put_() is not valid syntax",
            [] { ones({3}).index_put_(std::vector<TensorIndex>(), 1); });
  s.rejects("values of another shape", "cannot be broadcast to indexing result of shape [2]", [] {
    ones({3}).index_put_({tensor({0, 1})}, ones({3}));
  });
  s.rejects("values of another dtype", "source and destination dtypes match", [] { ones({3}).index_put_({tensor({0})}, ones({1}, kDouble)); });
  s.rejects("a leaf with a gradient", "leaf Variable that requires grad", [] { ones({3}).requires_grad_().index_put_({tensor({0})}, 1); });
}

}  // namespace

static const catalogue::Entry index_entry("index", index_samples);
static const catalogue::Entry index_put_entry("index_put", index_put_samples);

}}  // namespace torch::xgrad

#endif
