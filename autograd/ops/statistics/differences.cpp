#include <xgrad/autograd/ops/statistics/differences.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// ---- differences

namespace {

void check_joined(const Operation& operation, const Tensor& self, const Tensor& other, int64_t axis) {
  XGRAD_CHECK(other.dim() == self.dim(), operation, "diff expects prepend or append to be the same dimension as input, got shapes ", other.sizes(),
              " and ", self.sizes());
  for (int64_t a = 0; a < self.dim(); ++a)
    XGRAD_CHECK(a == axis || other.size(a) == self.size(a), operation,
                "diff expects the shape of tensor to prepend or append to match that of input ",
                "except along the differencing dimension; input.size(", a, ") = ", self.size(a), ", but got tensor.size(", a, ") = ", other.size(a));
}

}  // namespace

Tensor diff(const Tensor& self, int64_t n, int64_t dim, const std::optional<Tensor>& prepend, const std::optional<Tensor>& append) {
  const Operation& op = operation<"diff">;
  XGRAD_CHECK(self.dim() >= 1, op, "diff expects input to be at least one-dimensional");
  XGRAD_CHECK(n >= 0, op, "order must be non-negative but got ", n);
  const int64_t axis = wrap_axis(op.name(), dim, self.dim());
  std::vector<Tensor> parts{self};
  if (prepend && prepend->defined()) check_joined(op, self, *prepend, axis), parts.insert(parts.begin(), *prepend);
  if (append && append->defined()) check_joined(op, self, *append, axis), parts.push_back(*append);
  if (n == 0) return self.clone();
  Tensor y = parts.size() == 1 ? self : cat(parts, axis);
  for (int64_t left = std::min(n, y.size(axis)); left > 0; --left) {
    const int64_t length = y.size(axis) - 1;
    const Tensor behind = y.narrow(axis, 1, length), before = y.narrow(axis, 0, length);
    y = y.dtype() == kBool ? behind.logical_xor(before) : behind - before;
  }
  return y;
}

// ---- integrals

namespace {

void check_not_bool(const Operation& operation, const Tensor& t) {
  XGRAD_CHECK(t.dtype() != kBool, operation, operation.name(), ": received a bool input for `x` or `y`, but bool is not supported");
}

// The widths of the intervals between points x, in axes that broadcast to those of y.
Tensor widths(const Operation& operation, const Tensor& y, const Tensor& x, int64_t axis) {
  check_not_bool(operation, y);
  check_not_bool(operation, x);
  XGRAD_CHECK(x.dim() != 1 || x.size(0) == y.size(axis), operation, operation.name(), ": There must be one `x` value for each sample point, got ",
              x.numel(), " for ", y.sizes());
  Tensor points = x;
  if (x.dim() < y.dim()) {
    Dims shape(static_cast<int>(y.dim()), 1);
    for (int64_t a = 0; a < x.dim(); ++a) shape[static_cast<int>(x.dim() == 1 ? axis : y.dim() - x.dim() + a)] = x.size(a);
    points = x.reshape(shape);
  }
  return points.slice(axis, 1) - points.slice(axis, 0, -1);
}

Tensor sums_of_neighbours(const Tensor& y, int64_t axis) { return y.slice(axis, 0, -1) + y.slice(axis, 1); }

std::optional<Tensor> of_nothing(const Tensor& y, int64_t axis) {
  if (y.dim() == 0 || y.size(axis) > 0) return std::nullopt;
  Dims shape(y.sizes());
  shape.erase(static_cast<int>(axis));
  return zeros(shape, y.options());
}

}  // namespace

Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  const Operation& op = operation<"trapezoid">;
  const int64_t axis = wrap_axis(op.name(), dim, y.dim());
  if (const auto nothing = of_nothing(y, axis)) return *nothing;
  return (sums_of_neighbours(y, axis) * widths(op, y, x, axis)).sum(axis) / 2.0;
}

Tensor trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  const Operation& op = operation<"trapezoid">;
  const int64_t axis = wrap_axis(op.name(), dim, y.dim());
  if (const auto nothing = of_nothing(y, axis)) return *nothing;
  check_not_bool(op, y);
  XGRAD_CHECK(!dx.isBoolean(), op, "trapezoid: Currently, we only support dx as a real number.");
  return (y.sum(axis) - (y.select(axis, 0) + y.select(axis, -1)) * 0.5) * dx.toDouble();
}

Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim) { return trapezoid(y, x, dim); }
Tensor trapz(const Tensor& y, double dx, int64_t dim) { return trapezoid(y, Scalar(dx), dim); }

Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  const Operation& op = operation<"cumulative_trapezoid">;
  const int64_t axis = wrap_axis(op.name(), dim, y.dim());
  const Tensor dx = widths(op, y, x, axis);
  return (sums_of_neighbours(y, axis) * dx).cumsum(axis) / 2.0;
}

Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  const Operation& op = operation<"cumulative_trapezoid">;
  const int64_t axis = wrap_axis(op.name(), dim, y.dim());
  check_not_bool(op, y);
  XGRAD_CHECK(!dx.isBoolean(), op, "cumulative_trapezoid: Currently, we only support dx as a real number.");
  return (sums_of_neighbours(y, axis) * (dx.toDouble() / 2)).cumsum(axis);
}

// ---- derivatives by differences

namespace {

constexpr const Operation& kGradient = operation<"gradient">;

Dims axes_of(const Tensor& self, std::optional<int64_t> dim) {
  Dims axes;
  for (int64_t a = 0; a < self.dim() && !dim; ++a) axes.push_back(a);
  if (dim) axes.push_back(*dim);
  return axes;
}

Dims checked_axes(const Tensor& self, const Dims& dim, size_t spacings, int64_t edge_order) {
  XGRAD_CHECK(self.dtype() != kByte, kGradient, "torch.gradient does not support uint8 input.");
  XGRAD_CHECK(spacings == static_cast<size_t>(dim.size()), kGradient,
              "torch.gradient expected spacing to be unspecified, a scalar, or a list of length equal to that of dim, ", dim.size(),
              ", but got a list of length ", spacings);
  XGRAD_CHECK(edge_order == 1 || edge_order == 2, kGradient, "torch.gradient only supports edge_order=1 and edge_order=2, got ", edge_order);
  axis_mask(kGradient.name(), IntArrayRef(dim), self.dim());
  Dims axes;
  for (const int64_t a : dim) axes.push_back(wrap_axis(kGradient.name(), a, self.dim()));
  for (const int64_t a : axes)
    XGRAD_CHECK(self.dim() > 0 && self.size(a) > edge_order, kGradient,
                "torch.gradient expected each dimension size to be at least edge_order+1, got shape ", self.sizes());
  return axes;
}

// The points of an axis from the front, or from the back.
struct Points {
  const Tensor& x;
  int64_t axis;
  Tensor operator()(int64_t first, std::optional<int64_t> last = std::nullopt) const { return x.slice(axis, first, last); }
};

Tensor derivative(const Tensor& self, const Scalar& h, int64_t axis, int64_t edge_order) {
  const Points x{self, axis};
  const Tensor inside = (x(2) - x(0, -2)) / h / 2;
  if (edge_order == 1) return cat({(x(1, 2) - x(0, 1)) / h, inside, (x(-1) - x(-2, -1)) / h}, axis);
  return cat({(x(0, 1) * -1.5 + x(1, 2) * 2 - x(2, 3) * 0.5) / h, inside, (x(-3, -2) * 0.5 - x(-2, -1) * 2 + x(-1) * 1.5) / h}, axis);
}

// The derivative in one of three points that lie h1 and h2 apart is a sum of a, b and c times their values.
Tensor derivative(const Tensor& self, const Tensor& coordinates, int64_t axis, int64_t edge_order) {
  XGRAD_CHECK(coordinates.dim() == 1, kGradient, "torch.gradient expected each element of spacing to have one dimension, but got an element with ",
              coordinates.dim(), " dimensions");
  const Points x{self, axis};
  const Tensor h = coordinates.diff();
  Dims shape(static_cast<int>(self.dim()), 1);
  shape[static_cast<int>(axis)] = -1;
  const Tensor h1 = h.slice(0, 0, -1), h2 = h.slice(0, 1);
  const Tensor a = (-h2 / (h1 * (h1 + h2))).reshape(shape), b = ((h2 - h1) / (h1 * h2)).reshape(shape), c = (h1 / (h2 * (h1 + h2))).reshape(shape);
  const Tensor inside = a * x(0, -2) + b * x(1, -1) + c * x(2);
  if (edge_order == 1) return cat({(x(1, 2) - x(0, 1)) / h.select(0, 0), inside, (x(-1) - x(-2, -1)) / h.select(0, -1)}, axis);
  // `outer` is the interval at the end.
  const auto at_end = [](const Tensor& outer, const Tensor& inner, const Tensor& end, const Tensor& next, const Tensor& third) {
    const Tensor both = outer + inner;
    return both / (outer * inner) * next - (outer + both) / (outer * both) * end - outer / (inner * both) * third;
  };
  return cat({at_end(h.select(0, 0), h.select(0, 1), x(0, 1), x(1, 2), x(2, 3)), inside,
              -at_end(h.select(0, -1), h.select(0, -2), x(-1), x(-2, -1), x(-3, -2))},
             axis);
}

template <class Spacing> std::vector<Tensor> gradient_along(const Tensor& self, ArrayRef<Spacing> spacing, const Dims& dim, int64_t edge_order) {
  const Dims axes = checked_axes(self, dim, spacing.size(), edge_order);
  std::vector<Tensor> all;
  for (int i = 0; i < axes.size(); ++i) all.push_back(derivative(self, spacing[static_cast<size_t>(i)], axes[i], edge_order));
  return all;
}

std::vector<Tensor> gradient_along(const Tensor& self, const Scalar& spacing, const Dims& dim, int64_t edge_order) {
  const std::vector<Scalar> each(static_cast<size_t>(dim.size()), spacing);
  return gradient_along(self, ArrayRef<Scalar>(each), dim, edge_order);
}

}  // namespace

std::vector<Tensor> gradient(const Tensor& self, const std::optional<Scalar>& spacing, std::optional<int64_t> dim, int64_t edge_order) {
  return gradient_along(self, spacing.value_or(1), axes_of(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim, int64_t edge_order) {
  return gradient_along(self, spacing, dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order) { return gradient_along(self, Scalar(1), dim, edge_order); }
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, std::optional<int64_t> dim, int64_t edge_order) {
  return gradient_along(self, spacing, axes_of(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim, int64_t edge_order) {
  return gradient_along(self, spacing, Dims(dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, std::optional<int64_t> dim, int64_t edge_order) {
  return gradient_along(self, spacing, axes_of(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim, int64_t edge_order) {
  return gradient_along(self, spacing, Dims(dim), edge_order);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;
using catalogue::kNaN;

const catalogue::Entry diff_entry("diff", [](catalogue::Samples& s) {
  const std::pair<std::vector<int64_t>, int64_t> cases[] = {{{1}, 0}, {{5}, -1}, {{3, 4}, 0}, {{2, 5, 2}, 1}, {{0}, 0}, {{2, 0}, 1}, {{0, 2}, 1}};
  for (const auto& [shape, dim] : cases)
    for (const int64_t n : {0, 1, 2, 7})
      s.add("torch.diff(x[0], " + std::to_string(n) + ", " + std::to_string(dim) + ")", {s.normal(shape)},
            [n, dim = dim](Inputs x) { return diff(x[0], n, dim); });
  for (const int64_t n : {0, 1, 2}) {
    const std::string call = "torch.diff(x[0], " + std::to_string(n) + ", 0, ";
    s.add(call + "prepend=x[1])", {s.normal({3, 2}), s.normal({1, 2})}, [n](Inputs x) { return diff(x[0], n, 0, x[1]); });
    s.add(call + "append=x[1])", {s.normal({3, 2}), s.normal({2, 2})}, [n](Inputs x) { return diff(x[0], n, 0, {}, x[1]); });
    s.add(call + "x[1], x[2])", {s.normal({3, 2}), s.normal({1, 2}), s.normal({1, 2})}, [n](Inputs x) { return diff(x[0], n, 0, x[1], x[2]); });
  }
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat("torch.diff(x[0])", {s.integers({2, 6}, 0, 9).to(dtype)}, [](Inputs x) { return diff(x[0]); });
  s.at("torch.diff(x[0])", {tensor({1.0, HUGE_VAL, HUGE_VAL, kNaN}, kDouble)}, [](Inputs x) { return diff(x[0]); });
  s.rejects("no axes", "diff expects input to be at least one-dimensional", [] { diff(ones({})); });
  s.rejects("a negative order", "order must be non-negative but got -1", [] { diff(ones({2}), -1); });
  s.rejects("a row for a vector", "diff expects prepend or append to be the same dimension as input", [] { diff(ones({2}), 1, 0, ones({1, 2})); });
  s.rejects("a longer row", "except along the differencing dimension", [] { diff(ones({2, 2}), 1, 0, ones({1, 3})); });
  s.rejects("an axis too far", "Dimension out of range", [] { diff(ones({2}), 1, 1); });
});

using Between = Tensor (*)(const Tensor&, const Tensor&, int64_t);
using Apart = Tensor (*)(const Tensor&, double, int64_t);

void add_integral(catalogue::Samples& s, const std::string& call, Between between, Apart apart) {
  s.sums_depend_on_layout();
  const std::pair<std::vector<int64_t>, int64_t> cases[] = {{{1}, 0}, {{5}, -1}, {{3, 4}, 0}, {{2, 3, 2}, 1}};
  for (const auto& [shape, dim] : cases) {
    const int64_t axis = dim < 0 ? dim + static_cast<int64_t>(shape.size()) : dim;
    const std::string end = ", dim=" + std::to_string(dim) + ")";
    s.add(call + "(x[0], dx=0.5" + end, {s.normal(shape)}, [apart, dim = dim](Inputs x) { return apart(x[0], 0.5, dim); });
    s.add(call + "(x[0], x[1]" + end, {s.normal(shape), s.normal({shape[static_cast<size_t>(axis)]})},
          [between, dim = dim](Inputs x) { return between(x[0], x[1], dim); });
    s.add(call + "(x[0], x[1]" + end, {s.normal(shape), s.normal(shape)}, [between, dim = dim](Inputs x) { return between(x[0], x[1], dim); });
  }
  s.add(call + "(x[0], x[1], dim=1)", {s.normal({2, 3, 4}), s.normal({3, 1})}, [between](Inputs x) { return between(x[0], x[1], 1); });
  s.flat(call + "(x[0], x[1])", {s.integers({2, 4}, -9, 9), s.integers({4}, 0, 9)}, [between](Inputs x) { return between(x[0], x[1], -1); });
  s.flat(call + "(x[0])", {s.integers({2, 4}, -9, 9)}, [apart](Inputs x) { return apart(x[0], 1, -1); });
  s.rejects("booleans", "received a bool input", [apart] { apart(ones({2}, kBool), 1, 0); });
  s.rejects("booleans as points", "received a bool input", [between] { between(ones({2}), ones({2}, kBool), 0); });
  s.rejects("fewer points", "There must be one `x` value for each sample point", [between] { between(ones({3}), ones({2}), 0); });
  s.rejects("an axis too far", "Dimension out of range", [apart] { apart(ones({2}), 1, 1); });
}

void add_whole_integral(catalogue::Samples& s, const std::string& call, Between between, Apart apart) {
  add_integral(s, call, between, apart);
  s.at(call + "(x[0], dim=0)", {empty({0, 2}, kDouble)}, [apart](Inputs x) { return apart(x[0], 1, 0); });
  s.at(call + "(x[0], x[1])", {empty({2, 0}, kDouble), empty({0}, kDouble)}, [between](Inputs x) { return between(x[0], x[1], -1); });
}

const catalogue::Entry trapezoid_entry("trapezoid", [](catalogue::Samples& s) {
  add_whole_integral(s, "torch.trapezoid", &trapezoid, [](const Tensor& y, double dx, int64_t dim) { return trapezoid(y, Scalar(dx), dim); });
});
const catalogue::Entry trapz_entry("trapz", [](catalogue::Samples& s) { add_whole_integral(s, "torch.trapz", &trapz, &trapz); });
const catalogue::Entry cumulative_trapezoid_entry("cumulative_trapezoid", [](catalogue::Samples& s) {
  add_integral(s, "torch.cumulative_trapezoid", &cumulative_trapezoid,
               [](const Tensor& y, double dx, int64_t dim) { return cumulative_trapezoid(y, Scalar(dx), dim); });
});

const catalogue::Entry gradient_entry("gradient", [](catalogue::Samples& s) {
  for (const int64_t order : {1, 2}) {
    const std::string end = ", edge_order=" + std::to_string(order) + ")";
    s.add("torch.gradient(x[0]" + end, {s.normal({5})}, [order](Inputs x) { return gradient(x[0], std::nullopt, std::nullopt, order); });
    s.add("torch.gradient(x[0]" + end, {s.normal({3, 4})}, [order](Inputs x) { return gradient(x[0], std::nullopt, std::nullopt, order); });
    s.add("torch.gradient(x[0], spacing=0.5, dim=-1" + end, {s.normal({3, 4})},
          [order](Inputs x) { return gradient(x[0], std::optional<Scalar>(0.5), std::optional<int64_t>(-1), order); });
    s.add("torch.gradient(x[0], spacing=0.5, dim=(1, 0)" + end, {s.normal({3, 4})}, [order](Inputs x) {
      return gradient(x[0], Scalar(0.5), IntArrayRef{1, 0}, order);
    });
    s.add("torch.gradient(x[0], dim=(1,)" + end, {s.normal({3, 4})}, [order](Inputs x) { return gradient(x[0], IntArrayRef{1}, order); });
    s.add("torch.gradient(x[0], spacing=(0.5, 2.)" + end, {s.normal({3, 4})}, [order](Inputs x) {
      return gradient(x[0], std::vector<Scalar>{0.5, 2.0}, std::nullopt, order);
    });
    s.add("torch.gradient(x[0], spacing=(0.5, 2.), dim=(1, 0)" + end, {s.normal({3, 4})}, [order](Inputs x) {
      return gradient(x[0], std::vector<Scalar>{0.5, 2.0}, IntArrayRef{1, 0}, order);
    });
    s.add("torch.gradient(x[0], spacing=(x[1], x[2])" + end, {s.normal({3, 4}), s.distinct({3}), s.distinct({4})}, [order](Inputs x) {
      return gradient(x[0], std::vector<Tensor>{x[1], x[2]}, std::nullopt, order);
    });
    s.add("torch.gradient(x[0], spacing=(x[1],), dim=(1,)" + end, {s.normal({3, 4}), s.distinct({4})},
          [order](Inputs x) { return gradient(x[0], std::vector<Tensor>{x[1]}, IntArrayRef{1}, order); });
  }
  s.flat("torch.gradient(x[0])", {s.integers({3, 4}, -9, 9)}, [](Inputs x) { return gradient(x[0]); });
  s.rejects("uint8", "torch.gradient does not support uint8 input.", [] { gradient(ones({3}, kByte)); });
  s.rejects("two numbers for one axis", "torch.gradient expected spacing to be unspecified, a scalar", [] {
    gradient(ones({3}), std::vector<Scalar>{1, 2});
  });
  s.rejects("an order of 3", "torch.gradient only supports edge_order=1 and edge_order=2", [] { gradient(ones({5}), IntArrayRef{0}, 3); });
  s.rejects("too few points", "torch.gradient expected each dimension size to be at least edge_order+1",
            [] { gradient(ones({2}), IntArrayRef{0}, 2); });
  s.rejects("coordinates in a matrix", "torch.gradient expected each element of spacing to have one dimension", [] {
    gradient(ones({3}), std::vector<Tensor>{ones({3, 1})});
  });
  s.rejects("an axis twice", "appears multiple times", [] { gradient(ones({3, 3}), IntArrayRef{0, 0}); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
