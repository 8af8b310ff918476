#include <xgrad/autograd/ops/statistics/unique.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/step_observer.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/order/runs.h>
#include <xgrad/autograd/kernels/order/sort.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

using Unique = std::tuple<Tensor, Tensor, Tensor>;

struct Wanted {
  bool inverse, counts;
};

// Of the rows of a row-major matrix, or the elements of a vector, in the order of `order` if defined.
Unique runs(const Operation& operation, const Tensor& x, const Tensor& order, const Wanted& wanted) {
  detail::note_leaving_launches(operation.name());
  const int64_t n = x.size(0);
  const kernels::Rows rows{x.data_ptr(), order.defined() ? order.data_ptr<int64_t>() : nullptr, n, x.dim() == 1 ? 1 : x.size(1)};
  const int64_t count = kernels::count_runs(x.dtype(), rows);
  const Tensor firsts = allocate_tensor({count}, kLong), inverse = allocate_tensor({wanted.inverse ? n : 0}, kLong),
               counts = allocate_tensor({wanted.counts ? count : 0}, kLong);
  launch(operation, kernels::find_runs, reads(x, order), writes(firsts, counts, inverse), x.dtype(), rows, firsts.data_ptr<int64_t>(),
         wanted.counts ? counts.data_ptr<int64_t>() : nullptr, wanted.inverse ? inverse.data_ptr<int64_t>() : nullptr);
  return {x.index_select(0, firsts), inverse, counts};
}

// Of the elements of a vector where few of them differ, found without sorting them.
std::optional<Unique> few_runs(const Operation& operation, const Tensor& x, const Wanted& wanted) {
  constexpr int64_t kMost = 2048;  // what is kept of each stays in the first cache
  detail::note_leaving_launches(operation.name());
  const int64_t n = x.numel(), most = std::min(n, kMost);
  const Tensor firsts = allocate_tensor({most}, kLong), counts = allocate_tensor({most}, kLong), found = allocate_tensor({1}, kLong),
               inverse = allocate_tensor({wanted.inverse ? n : 0}, kLong);
  launch(operation, kernels::find_few_runs, reads(x), writes(firsts, counts, inverse, found), x.dtype(), x.data_ptr(), n, most,
         firsts.data_ptr<int64_t>(), counts.data_ptr<int64_t>(), wanted.inverse ? inverse.data_ptr<int64_t>() : nullptr, found.data_ptr<int64_t>());
  const int64_t count = *found.data_ptr<int64_t>();
  if (count < 0) return std::nullopt;
  return Unique{x.index_select(0, firsts.narrow(0, 0, count)), inverse, counts.narrow(0, 0, wanted.counts ? count : 0).clone()};
}

Unique of_elements(const Operation& operation, const Tensor& self, bool sort, const Wanted& wanted) {
  const StepsOfOne steps;
  const Tensor x = contiguous_computed(self).detach().view({self.numel()});
  const auto shaped = [&](const Unique& found) -> Unique {
    const auto& [values, inverse, counts] = found;
    return {rounded_to(self.dtype(), values), wanted.inverse ? inverse.view(self.sizes()) : inverse, counts};
  };
  Tensor order;
  if (sort && x.numel() > 0) {
    if (const auto few = few_runs(operation, x, wanted)) return shaped(*few);
    order = allocate_tensor(x.sizes(), kLong);
    launch(operation, kernels::sort, reads(x), writes(order), x.dtype(), kernels::AxisLayout{1, x.numel(), 1}, x.numel(), false, x.data_ptr(),
           nullptr, order.data_ptr<int64_t>());
  }
  return shaped(runs(operation, x, order, wanted));
}

Unique of_slices(const Operation& operation, const Tensor& self, int64_t dim, bool sort) {
  const StepsOfOne steps;
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, operation, "Dimension specified as ", dim, " but tensor has no dimensions");
  const int64_t axis = wrap_axis(operation.name(), dim, self.dim());
  const auto empty_axes = std::count(self.sizes().begin(), self.sizes().end(), 0);
  XGRAD_CHECK(empty_axes <= 1, operation, "Number of zero sized dimensions is more than one, so unique cannot be applied to shape ", self.sizes());
  XGRAD_CHECK(empty_axes == 0 || self.size(axis) == 0, operation,
              "There are 0 sized dimensions, and they aren't selected, so unique cannot be applied to shape ", self.sizes());
  const Tensor front = self.detach().transpose(axis, 0);  // PyTorch compares slices in the order that this gives them
  if (empty_axes > 0) return {self.detach().clone(), allocate_tensor({0}, kLong), allocate_tensor({0}, kLong)};
  const Tensor x = contiguous_computed(front).view({front.size(0), -1});
  Tensor order;
  if (sort) {
    order = allocate_tensor({x.size(0)}, kLong);
    launch(operation, kernels::sort_rows, reads(x), writes(order), x.dtype(), x.data_ptr(), x.size(0), x.size(1), order.data_ptr<int64_t>());
  }
  auto [values, inverse, counts] = runs(operation, x, order, {true, true});
  Dims shape(front.sizes());
  shape[0] = values.size(0);
  return {rounded_to(self.dtype(), values).view(shape).transpose(0, axis), inverse, counts};
}

template <class... T> Unique whole(const Operation& operation, const Tensor& self, Unique found, const With<T...>& attributes) {
  const auto& [values, inverse, counts] = found;
  return {record(Forward(operation, values), attributes, wrt(self, NoDerivative{operation}), also(inverse), also(counts)), inverse, counts};
}

Unique all_elements(const Operation& operation, const Tensor& self, bool sort, const Wanted& wanted) {
  return whole(operation, self, of_elements(operation, self, sort, wanted), with("return_inverse", wanted.inverse, "return_counts", wanted.counts));
}

Unique all_slices(const Operation& operation, const Tensor& self, int64_t dim, bool sort) {
  return whole(operation, self, of_slices(operation, self, dim, sort), with("dim", dim));
}

}  // namespace

std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool, bool return_inverse) {
  auto [values, inverse, counts] = all_elements(operation<"_unique">, self, true, {return_inverse, false});
  return {values, inverse};
}

std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool, bool return_inverse, bool return_counts) {
  return all_elements(operation<"_unique2">, self, true, {return_inverse || return_counts, return_counts});
}

std::tuple<Tensor, Tensor, Tensor> unique_dim(const Tensor& self, int64_t dim, bool, bool, bool) {
  return all_slices(operation<"unique_dim">, self, dim, true);
}

std::tuple<Tensor, Tensor, Tensor> unique_consecutive(const Tensor& self, bool return_inverse, bool return_counts, std::optional<int64_t> dim) {
  if (dim && !(*dim == 0 && self.dim() == 1)) return unique_dim_consecutive(self, *dim, return_inverse, return_counts);
  return all_elements(operation<"unique_consecutive">, self, false, {return_inverse, return_counts});
}

std::tuple<Tensor, Tensor, Tensor> unique_dim_consecutive(const Tensor& self, int64_t dim, bool, bool) {
  return all_slices(operation<"unique_dim_consecutive">, self, dim, false);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

// f of values with repetitions, in every dtype and shape.
template <class F> void add_elements(catalogue::Samples& s, const std::string& call, F f) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {9}, {3, 4}, {300}, {0}, {2, 0}})
    s.flat(call, {constant(s.integers(shape, 0, 5).to(kDouble))}, f);
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool, kFloat}) s.flat(call, {constant(s.integers({3, 5}, -1, 3).to(dtype))}, f);
  s.flat(call, {constant(tensor({-0.0, 0.0, HUGE_VAL, -HUGE_VAL, HUGE_VAL}, kDouble))}, f);
}

template <class F> void add_slices(catalogue::Samples& s, const std::string& call, F f) {
  const std::pair<std::vector<int64_t>, int64_t> cases[] = {{{7}, 0},    {{6, 2}, 0},  {{2, 7}, 1}, {{2, 9, 2}, -2},
                                                            {{0, 2}, 0}, {{2, 0}, -1}, {{1, 3}, 0}};
  for (const auto& [shape, dim] : cases)
    for (const ScalarType dtype : {kDouble, kLong, kBool})
      s.flat(call + std::to_string(dim) + ")", {constant(s.integers(shape, 0, 2).to(dtype))}, [f, dim = dim](Inputs x) { return f(x[0], dim); });
  s.rejects("no axes", "Dimension specified as 0 but tensor has no dimensions", [f] { f(ones({}), 0); });
  s.rejects("empty slices", "There are 0 sized dimensions, and they aren't selected", [f] { f(ones({2, 0}), 0); });
  s.rejects("two empty axes", "Number of zero sized dimensions is more than one", [f] { f(ones({0, 0}), 0); });
  s.rejects("an axis too far", "Dimension out of range", [f] { f(ones({2}), 1); });
}

const catalogue::Entry unique_entry("_unique", [](catalogue::Samples& s) {
  for (const bool inverse : {false, true})
    add_elements(s, std::string("torch._unique(x[0], True, ") + catalogue::text(inverse) + ")",
                 [inverse](Inputs x) { return _unique(x[0], true, inverse); });
});

const catalogue::Entry unique2_entry("_unique2", [](catalogue::Samples& s) {
  for (const bool inverse : {false, true})
    for (const bool counts : {false, true})
      add_elements(s, std::string("torch._unique2(x[0], True, ") + catalogue::text(inverse) + ", " + catalogue::text(counts) + ")",
                   [=](Inputs x) { return _unique2(x[0], true, inverse, counts); });
  s.flat("torch._unique2(x[0])[0]", {constant(tensor({kNaN, 1.0, kNaN, 0.0}, kDouble))}, [](Inputs x) { return std::get<0>(_unique2(x[0])); });
});

const catalogue::Entry unique_dim_entry("unique_dim", [](catalogue::Samples& s) {
  add_slices(s, "torch._C._VariableFunctions.unique_dim(x[0], return_inverse=True, return_counts=True, dim=", [](const Tensor& x, int64_t dim) {
    return unique_dim(x, dim, true, true, true);
  });
});

const catalogue::Entry unique_consecutive_entry("unique_consecutive", [](catalogue::Samples& s) {
  const std::string name = "torch._C._VariableFunctions.unique_consecutive(x[0], ";
  for (const bool inverse : {false, true})
    for (const bool counts : {false, true})
      add_elements(s, name + catalogue::text(inverse) + ", " + catalogue::text(counts) + ")",
                   [=](Inputs x) { return unique_consecutive(x[0], inverse, counts); });
  s.flat(name + "True, True)", {constant(tensor({kNaN, kNaN, 1.0, 1.0, 0.0, 1.0}, kDouble))},
         [](Inputs x) { return unique_consecutive(x[0], true, true); });
});

const catalogue::Entry unique_dim_consecutive_entry("unique_dim_consecutive", [](catalogue::Samples& s) {
  add_slices(s, "torch._C._VariableFunctions.unique_consecutive(x[0], True, True, dim=", [](const Tensor& x, int64_t dim) {
    return unique_dim_consecutive(x, dim, true, true);
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
