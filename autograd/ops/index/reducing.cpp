// Elements that meet in one place, reduced: scatter_reduce, and index_reduce, which is the same with whole slices.
#include <cmath>
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/numbers.h>
#include <xgrad/autograd/ops/index/index_checks.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

enum class Reduce { Sum, Prod, Mean, Amax, Amin, None };

constexpr const char* kNames[] = {"sum", "prod", "mean", "amax", "amin"};

Reduce reduction_of(std::string_view name) {
  int i = 0;
  while (i < 5 && kNames[i] != name) ++i;
  return static_cast<Reduce>(i);
}

Combine combination_of(Reduce how) {
  switch (how) {
    case Reduce::Prod: return Combine::Multiply;
    case Reduce::Amax: return Combine::Maximum;
    case Reduce::Amin: return Combine::Minimum;
    default: return Combine::Add;
  }
}

// What leaves every element of this dtype as it is.
Tensor neutral(const Operation& op, Reduce how, ScalarType dtype) {
  if (how == Reduce::Prod) return number_tensor(op, 1, dtype);
  if (how != Reduce::Amax && how != Reduce::Amin) return number_tensor(op, 0, dtype);
  const Tensor t = allocate_tensor({}, dtype);
  dispatch_all(dtype, op.name(), [&](auto zero) {
    using T = decltype(zero);
    using Limits = std::numeric_limits<T>;
    T least = Limits::lowest(), most = Limits::max();
    if constexpr (Limits::has_infinity) least = -(most = Limits::infinity());
    write_number(op, t, how == Reduce::Amax ? least : most);
  });
  return t;
}

// How a call reduces, without its tensors: src[i] goes to where index[i] says along `axis`.
struct Call {
  const Operation& op;
  int axis;
  Reduce how;
  bool include_self;
};

// How many elements each of y is the mean of, at least 1.
Tensor counts(const Call& c, const Tensor& like, const Tensor& index) {
  const Tensor n = c.include_self ? ones_like(like, {}, MemoryFormat::Contiguous) : zeros_like(like, {}, MemoryFormat::Contiguous);
  scatter_into(c.op, n, c.axis, index, repeated(number_tensor(c.op, 1, n.dtype()), index.sizes()), Combine::Add);
  return n.clamp_min(1);
}

Tensor value(const Call& c, const Tensor& self, const Tensor& index, const Tensor& src) {
  const Tensor y = copy_of(self, self.dtype());
  if (!c.include_self) scatter_into(c.op, y, c.axis, index, repeated(neutral(c.op, c.how, y.dtype()), index.sizes()), Combine::Overwrite);
  scatter_into(c.op, y, c.axis, index, src, combination_of(c.how));
  if (c.how != Reduce::Mean) return y;
  const Tensor n = counts(c, y, index);
  return y.is_floating_point() ? y.div_(n) : y.div_(n, "floor");
}

Tensor reduced(const Call& c, const Tensor& self, const Tensor& index, const Tensor& src);

// The elements of y at the index, in a src of `sizes`.
Tensor at_index(const Call& c, const Tensor& y, const Tensor& index, const Dims& sizes) { return in_corner(gather(y, c.axis, index), sizes); }

// Zeros where self's elements don't take part.
Tensor taking_part(const Call& c, const Tensor& g, const Tensor& index) { return c.include_self ? g : scatter(g, c.axis, index, 0); }

// ---- derivatives

// x, whose own derivative would be wrong.
Tensor without_derivative(const Operation& op, const Tensor& x) {
  const Tensor y = tensor_on(x.storage(), x.dtype(), x.sizes(), x.strides(), x.storage_offset());
  return record(Forward(op, y), wrt(x, [&op](const Tensor&) -> Tensor {
                  detail::raise<NotImplementedError>(
                      op, op.name(), "(): Double backward is unsupported for src when >1 zeros in src are scattered to the same position in self");
                }));
}

// The product of the others, where self is 0 too.
Tensor product_slope_of_self(const Call& c, const Tensor& gy, const Tensor& self, const Tensor& index, const Tensor& src) {
  const Tensor factor = self.masked_fill(self == 0, 1);
  return taking_part(c, gy * reduced(c, factor, index, src) / factor, index);
}

Tensor product_slope_of_src(const Call& c, const Tensor& gy, const Tensor& y, const Tensor& self, const Tensor& index, const Tensor& src) {
  const Dims sizes = src.sizes();
  const Tensor zero = src == 0;
  const Tensor zeros_there = at_index(c, scatter_add(zeros_like(self), c.axis, index, zero.to(self.dtype())), index, sizes);
  // The only zero of its place gets the product of the others; elsewhere division gives it.
  const Tensor only = zero & (zeros_there == 1), others = reduced(c, self, index, src.masked_fill(only, 1));
  const Tensor g = where(only, at_index(c, gy * others, index, sizes), at_index(c, gy * y, index, sizes) / src.masked_fill(zero, 1));
  return (zeros_there > 1).any().item<bool>() ? without_derivative(c.op, g) : g;
}

// 1 where x is the extreme y: equal to it, or a NaN as it is.
Tensor chosen(const Tensor& x, const Tensor& y) { return ((x == y) | (isnan(x) & isnan(y))).to(x.dtype()); }

// What of gy each of the elements that share an extreme gets.
Tensor share(const Call& c, const Tensor& gy, const Tensor& y, const Tensor& self, const Tensor& index, const Tensor& src) {
  const Tensor of_src = chosen(src, at_index(c, y, index, src.sizes()));
  return gy / scatter_add(taking_part(c, chosen(self, y), index), c.axis, index, of_src);
}

Tensor reduced(const Call& c, const Tensor& self, const Tensor& index, const Tensor& src) {
  const char* const name = kNames[static_cast<int>(c.how)];
  const auto attributes = with("dim", c.axis, "reduce", name, "include_self", c.include_self);
  const Dims sizes = src.sizes();
  Forward y(c.op, untraced([&] { return value(c, self, index, src); }));
  if (!self.is_floating_point()) return not_differentiable(std::move(y), attributes, self, index, src);
  switch (c.how) {
    case Reduce::Sum:
      return record(std::move(y), attributes, wrt(self, [c, at = save(index)](const Tensor& gy) { return taking_part(c, gy, *at); }), given(index),
                    wrt(src, [c, sizes, at = save(index)](const Tensor& gy) { return at_index(c, gy, *at, sizes); }));
    case Reduce::Mean:
      return record(std::move(y), attributes,
                    wrt(self, [c, at = save(index)](const Tensor& gy) { return taking_part(c, gy / counts(c, gy, *at), *at); }), given(index),
                    wrt(src, [c, sizes, at = save(index)](const Tensor& gy) { return at_index(c, gy / counts(c, gy, *at), *at, sizes); }));
    case Reduce::Prod:
      return record(std::move(y), attributes,
                    wrt(self, [c, self = save(self), at = save(index),
                               src = save(src)](const Tensor& gy) { return product_slope_of_self(c, gy, *self, *at, *src); }),
                    given(index), wrt(src, [c, self = save(self), at = save(index), src = save(src)](const Tensor& gy, const Tensor& y) {
                      return product_slope_of_src(c, gy, y, *self, *at, *src);
                    }));
    default:
      return record(
          std::move(y), attributes,
          wrt(self, [c, self = save(self), at = save(index), src = save(src)](
                        const Tensor& gy, const Tensor& y) { return taking_part(c, chosen(*self, y) * share(c, gy, y, *self, *at, *src), *at); }),
          given(index), wrt(src, [c, sizes, self = save(self), at = save(index), src = save(src)](const Tensor& gy, const Tensor& y) {
            return chosen(*src, at_index(c, y, *at, sizes)) * at_index(c, share(c, gy, y, *self, *at, *src), *at, sizes);
          }));
  }
}

}  // namespace

Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce, bool include_self) {
  const Operation& op = operation<"scatter_reduce">;
  const Reduce how = reduction_of(reduce);
  XGRAD_CHECK(how != Reduce::None, op, "reduce argument must be either sum, prod, mean, amax or amin, got \"", reduce, "\"");
  const int axis = check_scatter(op, self, dim, index, src);
  XGRAD_CHECK_AS(NotImplementedError, how != Reduce::Mean || self.dtype() != kBool, op,
                 "\"scatter_gather_tensor_cpu_reduce_mean\" not implemented for 'Bool'");
  return reduced({op, axis, how, include_self}, self, index, src);
}

Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce, bool include_self) {
  const Operation& op = operation<"index_reduce">;
  const Reduce how = reduction_of(reduce);
  XGRAD_CHECK(how != Reduce::Sum && how != Reduce::None, op, "index_reduce(): Expected reduce to be one of prod, mean, amax or amin but got ", reduce,
              ".");
  const int axis = axis_of(op, dim, self);
  const Tensor at = slice_index(op, index, true);
  check_source(op, self, axis, at, source);
  check_positions(op, at, size_along(self, axis), axis, "index out of range in self");
  XGRAD_CHECK_AS(NotImplementedError, self.dtype() != kBool, op, "\"index_func_\" not implemented for 'Bool'");
  return reduced({op, axis, how, include_self}, self, index_along(at, axis, source.sizes()), source);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::Samples;

using Function = Tensor (*)(const Tensor&, int64_t, const Tensor&, const Tensor&, std::string_view, bool);

struct Case {
  Tensor self;
  int64_t dim;
  Tensor index, src;
};

// Adds each case with every reduction, with and without self.
template <Function f> void reductions(Samples& s, std::initializer_list<const char*> names, const std::vector<Case>& cases) {
  for (const char* name : names)
    for (const bool include_self : {true, false})
      for (const Case& c : cases) {
        const std::string call = "torch." + s.operation() + "(x[0], " + std::to_string(c.dim) + ", x[1], x[2], '" + name +
                                 "', include_self=" + catalogue::text(include_self) + ")";
        const auto run = [=, dim = c.dim](Inputs x) { return f(x[0], dim, x[1], x[2], name, include_self); };
        if (c.self.is_floating_point()) s.add(call, {c.self, c.index, c.src}, run);
        else s.flat(call, {c.self, c.index, c.src}, run);
      }
}

// Ties, NaN and infinities, zeros: self, src and the vector of their positions.
template <Function f> void special_points(Samples& s) {
  constexpr double inf = std::numeric_limits<double>::infinity(), nan = std::numeric_limits<double>::quiet_NaN();
  const auto at = [&](const char* name, bool include_self, std::vector<double> self, std::vector<double> src) -> catalogue::Sample& {
    return s.at("torch." + s.operation() + "(x[0], 0, x[1], x[2], '" + name + "', include_self=" + catalogue::text(include_self) + ")",
                {tensor(self, kDouble), tensor({0, 1, 1, 0}), tensor(src, kDouble)},
                [=](Inputs x) { return f(x[0], 0, x[1], x[2], name, include_self); });
  };
  for (const char* name : {"amax", "amin"}) {
    at(name, true, {2, 1, 7}, {2, 1, 1, 2});
    at(name, false, {9, 8, 7}, {2, 1, 1, 2});
    at(name, false, {2, 8, 7}, {2, 1, 1, 2}).deviation = "extremes-of-self-left-out";
    at(name, true, {inf, -inf, 7}, {-inf, inf, 1, 2});
    at(name, true, {nan, 1, 7}, {1, nan, 1, 2}).deviation = "amax-of-nan";
  }
  at("mean", true, {nan, inf, 7}, {1, -inf, 1, 2});
  at("prod", true, {0, 3, 7}, {2, 0, 5, 3});
  at("prod", false, {0, 3, 7}, {2, 0, 5, 3});
  at("prod", true, {3, 3, 7}, {0, 0, 5, 0}).orders = 1;
  at("prod", true, {nan, inf, 7}, {2, 3, 5, 3});
  s.rejects("the second derivative of zeros", "Double backward is unsupported for src when >1 zeros", [] {
    const Tensor src = zeros({2}, kDouble).requires_grad_();
    const Tensor y = f(ones({1}, kDouble), 0, tensor({0, 0}), src, "prod", true);
    y.sum().backward({}, true, true);
    src.grad().sum().backward();
  });
}

const catalogue::Entry scatter_reduce_entry("scatter_reduce", [](Samples& s) {
  reductions<scatter_reduce>(s, {"sum", "prod", "mean", "amax", "amin"},
                             {{s.normal({3}), 0, tensor({1, 1, 2, 1}), s.normal({4})},
                              {s.normal({3, 2}), 0, tensor({{2, 0}, {2, 1}, {0, 1}}), s.normal({3, 2})},
                              {s.normal({2, 3, 2}), -2, s.integers({2, 4, 1}, 0, 3), s.normal({2, 4, 1})},
                              {s.normal({}), 0, tensor(0), s.normal({})},
                              {s.normal({3}), 0, zeros({0}, kLong), s.normal({0})},
                              {s.integers({3}, -9, 9), 0, tensor({1, 1, 2, 1}), s.integers({4}, -9, 9)}});
  s.flat("torch.scatter_reduce(x[0], 0, x[1], x[2], 'amax')", {s.booleans({3}), tensor({1, 1}), s.booleans({2})},
         [](Inputs x) { return scatter_reduce(x[0], 0, x[1], x[2], "amax"); });
  s.add("(x[0] * 1).scatter_reduce_(0, x[1], x[2], 'amax')", {s.normal({3}), tensor({1, 1}), s.normal({2})},
        [](Inputs x) { return (x[0] * 1).scatter_reduce_(0, x[1], x[2], "amax"); });
  special_points<scatter_reduce>(s);
  s.rejects("another reduction", "must be either sum, prod, mean, amax or amin", [] { scatter_reduce(ones({3}), 0, tensor({0}), ones({1}), "max"); });
  s.rejects("an index out of range", "index 5 is out of bounds for dimension 0 with size 3",
            [] { scatter_reduce(ones({3}), 0, tensor({5}), ones({1}), "sum"); });
  s.rejects("another dtype", "Expected self.dtype to be equal to src.dtype",
            [] { scatter_reduce(ones({3}), 0, tensor({0}), ones({1}, kDouble), "sum"); });
  s.rejects("an index larger than src", "Expected index [2] to be smaller than self", [] {
    scatter_reduce(ones({3}), 0, tensor({0, 1}), ones({1}), "sum");
  });
  s.rejects("the mean of booleans", "not implemented for 'Bool'", [] { scatter_reduce(ones({3}, kBool), 0, tensor({0}), ones({1}, kBool), "mean"); });
});

const catalogue::Entry index_reduce_entry("index_reduce", [](Samples& s) {
  reductions<index_reduce>(s, {"prod", "mean", "amax", "amin"},
                           {{s.normal({3}), 0, tensor({1, 1, 2, 1}), s.normal({4})},
                            {s.normal({3, 2}), 0, tensor({2, 0, 2}), s.normal({3, 2})},
                            {s.normal({2, 3, 2}), -2, tensor({0, 0}), s.normal({2, 2, 2})},
                            {s.normal({}), 0, tensor(0), s.normal({})},
                            {s.normal({3}), 0, zeros({0}, kLong), s.normal({0})},
                            {s.integers({3}, -9, 9), 0, tensor({1, 1, 2, 1}), s.integers({4}, -9, 9)}});
  s.add("(x[0] * 1).index_reduce_(0, x[1], x[2], 'mean')", {s.normal({3}), tensor({1, 1}), s.normal({2})},
        [](Inputs x) { return (x[0] * 1).index_reduce_(0, x[1], x[2], "mean"); });
  s.add("torch.index_reduce(x[0], 0, x[1], x[2], 'prod')", {s.normal({3, 2}), tensor({2, 0, 2}, kInt), s.normal({3, 2})},
        [](Inputs x) { return index_reduce(x[0], 0, x[1], x[2], "prod"); });
  special_points<index_reduce>(s);
  s.rejects("a sum", "Expected reduce to be one of prod, mean, amax or amin but got sum",
            [] { index_reduce(ones({3}), 0, tensor({0}), ones({1}), "sum"); });
  s.rejects("a negative index", "index out of range in self", [] { index_reduce(ones({3}), 0, tensor({-1}), ones({1}), "prod"); });
  s.rejects("more slices than positions", "should be equal to source.size(dim): (3), for dim: 0",
            [] { index_reduce(ones({3}), 0, tensor({0}), ones({3}), "prod"); });
  s.rejects("another dtype", "same scalar type", [] { index_reduce(ones({3}), 0, tensor({0}), ones({1}, kDouble), "prod"); });
  s.rejects("booleans", "not implemented for 'Bool'", [] { index_reduce(ones({3}, kBool), 0, tensor({0}), ones({1}, kBool), "amax"); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
