#include <xgrad/autograd/catalogue/pointwise_samples.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace catalogue {

namespace {

Call call_of(const UnaryFunction& f) {
  return [f](Inputs x) { return std::vector<Tensor>{f(x[0])}; };
}
Call call_of(const BinaryFunction& f) {
  return [f](Inputs x) { return std::vector<Tensor>{f(x[0], x[1])}; };
}

Tensor drawn(Samples& s, const Domain& d, IntArrayRef shape) { return s.avoiding(shape, d.low, d.high, d.kinks); }

}  // namespace

Tensor vector_of(const std::vector<double>& values) {
  Tensor t = allocate_tensor({static_cast<int64_t>(values.size())}, kDouble);
  std::copy(values.begin(), values.end(), t.data_ptr<double>());
  return t;
}

std::vector<double> special_values() {
  return {0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 1000.0, -1000.0, 1e-300, -1e-300, 1e200, -1e200, INFINITY, -INFINITY, NAN};
}

std::vector<double> special_values_without(const std::vector<double>& left_out) {
  std::vector<double> values = special_values();
  std::erase_if(values, [&](double v) {
    return std::any_of(left_out.begin(), left_out.end(), [v](double out) { return v == out || (std::isnan(v) && std::isnan(out)); });
  });
  return values;
}

void unary_samples(Samples& s, const std::string& call, const UnaryFunction& f, const Domain& domain, const std::vector<double>& points) {
  for (const Dims& shape : {Dims{2, 3}, Dims{}, Dims{1}, Dims{0, 3}, Dims{2, 1, 2}}) s.add(call, {drawn(s, domain, shape)}, call_of(f));
  if (!points.empty()) s.at(call, {vector_of(points)}, call_of(f));
}

void integer_samples(Samples& s, const std::string& call, const UnaryFunction& f, bool booleans) {
  s.flat(call, {s.integers({2, 3}, -4, 5)}, call_of(f));
  s.flat(call, {s.integers({4}, -4, 5).to(kInt)}, call_of(f));
  s.flat(call, {s.integers({4}, 0, 9).to(kByte)}, call_of(f));
  for (const ScalarType narrow : {kChar, kShort}) s.flat(call, {s.integers({5}, -4, 5).to(narrow)}, call_of(f));
  if (booleans) s.flat(call, {s.booleans({4})}, call_of(f));
}

void binary_samples(Samples& s, const std::string& call, const BinaryFunction& f, const Domain& a, const Domain& b) {
  const std::vector<std::pair<Dims, Dims>> shapes = {{{2, 3}, {2, 3}}, {{2, 3}, {3}}, {{2, 1}, {1, 3}}, {{}, {3}},     {{2, 2}, {}},
                                                     {{}, {}},         {{1}, {4}},    {{0, 3}, {1, 3}}, {{3, 1}, {0}}, {{2}, {3, 1, 2}}};
  for (const auto& [left, right] : shapes) s.add(call, {drawn(s, a, left), drawn(s, b, right)}, call_of(f));
}

Sample& pair_samples(Samples& s, const std::string& call, const BinaryFunction& f, const std::vector<double>& values) {
  std::vector<double> left, right;
  for (const double a : values)
    for (const double b : values) {
      left.push_back(a);
      right.push_back(b);
    }
  return s.at(call, {vector_of(left), vector_of(right)}, call_of(f));
}

void promotion_samples(Samples& s, const std::string& call, const BinaryFunction& f, bool booleans) {
  std::vector<ScalarType> dtypes = {kLong, kInt, kByte, kChar, kShort, kFloat};
  if (booleans) dtypes.push_back(kBool);
  const auto numbers = [&s](ScalarType t) { return t == kBool ? s.booleans({4}) : s.integers({4}, 1, 9).to(t); };
  for (const ScalarType a : dtypes)
    for (const ScalarType b : dtypes) s.flat(call, {constant(numbers(a)), constant(numbers(b))}, call_of(f));
  s.flat(call, {s.integers({3}, 1, 9), constant(s.uniform({}, 1, 2))}, call_of(f));
  s.flat(call, {constant(s.uniform({3}, 1, 2).to(kFloat)), constant(s.uniform({}, 1, 2))}, call_of(f));
}

}}}  // namespace torch::xgrad::catalogue
