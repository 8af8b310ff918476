// segment_reduce, declared in bags.h: every element is scattered to its segment, which is found by search among their ends.
#include <limits>
#include <string>

#include <xgrad/autograd/core/named_operation.h>
#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/index/bags.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kSegmentReduce = operation<"segment_reduce">;

void check_segments(const Tensor& data, const Tensor& lengths, int64_t axis, bool lengths_given, bool unsafe) {
  XGRAD_CHECK_AS(NotImplementedError, data.is_floating_point(), kSegmentReduce, "\"_segment_reduce_cpu\" not implemented for '", data.dtype(), "'");
  XGRAD_CHECK_AS(NotImplementedError, lengths.dtype() == kLong || lengths.dtype() == kInt, kSegmentReduce,
                 "\"_segment_reduce_lengths_cpu_kernel1\" not implemented for '", lengths.dtype(), "'");
  XGRAD_CHECK(data.numel() > 0, kSegmentReduce, "Expected data.numel() > 0 to be true, got shape ", data.sizes());
  XGRAD_CHECK(lengths.dim() >= 1 && data.dim() >= lengths.dim(), kSegmentReduce, "Expected data.dim() >= lengths_value.dim() to be true, got shapes ",
              data.sizes(), " and ", lengths.sizes());
  XGRAD_CHECK(axis == lengths.dim() - 1, kSegmentReduce, "segment_reduce(): Expected axis to be the last dimension of lengths but got ", axis, ".");
  for (int64_t a = 0; a < axis; ++a)
    XGRAD_CHECK(data.size(a) == lengths.size(a), kSegmentReduce, "lengths and data must have the same sizes in front of axis, got ", lengths.sizes(),
                " and ", data.sizes());
  if (unsafe || lengths.numel() == 0) return;
  XGRAD_CHECK(lengths.min().item<int64_t>() >= 0, kSegmentReduce, "lengths contains negative value!");
  XGRAD_CHECK(!lengths_given || (lengths.sum(axis) == data.size(axis)).all().item<bool>(), kSegmentReduce,
              "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when !unsafe.");
}

// The segment of each position along the axis, in the shape of data; `count` for those of none.
Tensor segment_of_each(const Tensor& data, const Tensor& offsets, int64_t axis, int64_t count) {
  Dims rows = data.sizes(), shown = data.sizes();
  rows.resize(static_cast<size_t>(axis) + 1);
  for (int64_t a = axis + 1; a < data.dim(); ++a) shown[static_cast<size_t>(a)] = 1;
  const Tensor positions = arange(data.size(axis), kLong).expand(rows).contiguous();
  const Tensor found = searchsorted(offsets.contiguous(), positions, false, true) - 1;
  return where(found < 0, count, found).view(shown).expand(data.sizes());
}

// data, whose gradient is part of its graph, as PyTorch's derivative reads it, whatever the reduction.
Tensor read_by_gradient(const Tensor& data) {
  return record(Forward(kSegmentReduce, detail::alias(data)),
                wrt(data, [x = save(data)](const Tensor& gy) { return in_steps_of(operation<"segment_reduce_backward">, x, gy); }));
}

// Without `initial`.
double value_of_none(std::string_view reduce) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return reduce == "prod" ? 1 : reduce == "max" ? -infinity : reduce == "min" ? infinity : 0;
}

// A NaN's own gradient is the product of the others, as PyTorch has it, which is no quotient of the whole product.
Tensor product_of_segments(const Tensor& start, int64_t axis, const Tensor& index, const Tensor& x) {
  const Tensor is_nan = x.detach().isnan();
  if (!is_nan.any().item<bool>()) return start.scatter_reduce(axis, index, x, "prod", true);
  const Tensor none = zeros(start.sizes(), x.dtype()), count = none.scatter_add(axis, index, is_nan.to(x.dtype()));
  const Tensor sum = none.scatter_add(axis, index, where(is_nan, x, 0));
  const Tensor nan = where(count > 1, std::numeric_limits<double>::quiet_NaN(), 1).to(x.dtype());
  return start.scatter_reduce(axis, index, where(is_nan, 1, x), "prod", true) * where(count == 0, 1, sum * nan);
}

}  // namespace

Tensor segment_reduce(const Tensor& data, std::string_view reduce, const std::optional<Tensor>& lengths, const std::optional<Tensor>& indices,
                      const std::optional<Tensor>& offsets, int64_t axis, bool unsafe, const std::optional<Scalar>& initial) {
  const bool lengths_given = lengths && lengths->defined(), mean = reduce == "mean", extreme = reduce == "max" || reduce == "min";
  XGRAD_CHECK(mean || extreme || reduce == "sum" || reduce == "prod", kSegmentReduce, "unsupported reduction given! ", reduce);
  XGRAD_CHECK(!indices || !indices->defined(), kSegmentReduce, "segment_reduce(): indices based reduction is not supported yet.");
  XGRAD_CHECK(lengths_given || (offsets && offsets->defined()), kSegmentReduce, "segment_reduce(): Either lengths or offsets must be defined.");
  axis = wrap_axis(kSegmentReduce.name(), axis, data.dim());
  const Tensor given = lengths_given ? *lengths : *offsets, sizes = lengths_given || given.dim() == 0 ? given : given.diff();
  check_segments(data, sizes, axis, lengths_given, unsafe);

  const int64_t count = sizes.size(axis);
  Dims one = sizes.sizes();
  one[static_cast<size_t>(axis)] = 1;
  const Tensor starts = lengths_given ? cat({zeros(one, kLong), sizes.cumsum(axis)}, axis) : given.to(kLong);
  const Tensor index = segment_of_each(data, starts, axis, count);
  Dims shape = data.sizes();
  shape[static_cast<size_t>(axis)] = count + 1;  // one more for what is left over
  const Tensor start = full(shape, initial ? *initial : Scalar(value_of_none(reduce)), data.dtype());
  const Tensor x = read_by_gradient(data);
  Tensor y = extreme            ? start.scatter_reduce(axis, index, x, reduce == "max" ? "amax" : "amin", false)
             : reduce == "prod" ? product_of_segments(start, axis, index, x)
                                : start.scatter_add(axis, index, x);
  y = y.narrow(axis, 0, count);
  if (extreme && initial) y = reduce == "max" ? y.clamp_min(*initial) : y.clamp_max(*initial);
  if (mean) {
    Dims shown = y.sizes();
    for (int64_t a = axis + 1; a < data.dim(); ++a) shown[static_cast<size_t>(a)] = 1;
    const Tensor n = sizes.to(data.dtype()).view(shown);
    y = y / (initial ? n.clamp_min(1) : n);
  }
  return y.contiguous();
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::Sample;
using catalogue::Samples;

const catalogue::Entry segment_reduce_entry("segment_reduce", [](Samples& s) {
  const Tensor lengths = tensor({2, 0, 1, 3}), of_two = tensor({{1, 2, 0}, {0, 1, 2}}), offsets = tensor({0, 2, 2, 6});
  for (const std::string reduce : {"sum", "mean", "max", "min", "prod"}) {
    const std::string call = "torch.segment_reduce(x[0], '" + reduce + "', ";
    const bool of_nothing = reduce == "sum" || reduce == "prod";  // else infinite or NaN
    const auto by_lengths = [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1]); };
    for (const Dims& shape : std::vector<Dims>{{6}, {6, 2}}) {
      const Tensor x = reduce == "prod" ? s.uniform(shape, 0.5, 2) : s.distinct(shape);
      s.add(call + "lengths=x[1])", {x, tensor({2, 1, 3})}, by_lengths);
      if (of_nothing) s.add(call + "lengths=x[1])", {x, lengths}, by_lengths);
      s.at(call + "lengths=x[1])", {x, lengths.to(kInt)}, by_lengths);
      s.add(call + "lengths=x[1], initial=1.37)", {x, lengths},
            [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1], {}, {}, 0, false, 1.37); });
      s.at(call + "offsets=x[1])", {x, offsets}, [reduce](Inputs x) { return segment_reduce(x[0], reduce, {}, {}, x[1]); });
    }
    s.at(call + "lengths=x[1], axis=1)", {s.distinct({2, 3}), of_two}, [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1], {}, {}, 1); });
    s.at(call + "lengths=x[1], axis=1, initial=2)", {s.distinct({2, 3, 2}), of_two},
         [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1], {}, {}, 1, false, 2); });
    s.at(call + "lengths=x[1], unsafe=True)", {s.distinct({6, 2}), tensor({2, 3})},
         [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1], {}, {}, 0, true); });
    // Zeros, equal elements, those that equal the initial one, and a NaN.
    const Tensor special = tensor({0.0, 0.0, 1.0, 2.0, 2.0, 0.0, 3.0, 1.5, 4.0, catalogue::kNaN}, kDouble);
    Sample& alone = s.at(call + "lengths=x[1])", {special, tensor({3, 2, 2, 1, 2})}, by_lengths);
    if (reduce == "max" || reduce == "min") alone.deviation = "segment-extremes";
    Sample& with_initial = s.at(call + "lengths=x[1], initial=1.5)", {special.narrow(0, 0, 8), tensor({3, 2, 2, 1})},
                                [reduce](Inputs x) { return segment_reduce(x[0], reduce, x[1], {}, {}, 0, false, 1.5); });
    if (reduce == "max") with_initial.deviation = "segment-extremes";
    if (reduce == "prod") alone.orders = with_initial.orders = 1;  // of several zeros in a segment
  }
  s.rejects("another reduction", "unsupported reduction given! median", [] { segment_reduce(ones({2}), "median", tensor({2})); });
  s.rejects("indices", "indices based reduction is not supported yet", [] { segment_reduce(ones({2}), "sum", {}, tensor({0, 1})); });
  s.rejects("no segments", "Either lengths or offsets must be defined", [] { segment_reduce(ones({2}), "sum"); });
  s.rejects("another sum of lengths", "Expected all rows of lengths along axis to sum to", [] { segment_reduce(ones({2}), "sum", tensor({1})); });
  s.rejects("a negative length", "lengths contains negative value!", [] { segment_reduce(ones({2}), "sum", tensor({-1, 3})); });
  s.rejects("floating lengths", "not implemented for 'Float'", [] { segment_reduce(ones({2}), "sum", ones({2})); });
  s.rejects("integers", "\"_segment_reduce_cpu\" not implemented for 'Long'", [] { segment_reduce(ones({2}, kLong), "sum", tensor({2})); });
  s.rejects("nothing", "Expected data.numel() > 0", [] { segment_reduce(ones({0}), "sum", tensor({0})); });
  s.rejects("another axis", "Expected axis to be the last dimension of lengths but got 1", [] {
    segment_reduce(ones({2, 2}), "sum", tensor({2}), {}, {}, 1);
  });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
