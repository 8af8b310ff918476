#include <xgrad/autograd/ops/linalg/linear.h>

#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/operand_log.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/linalg/matrix_product.h>
#include <xgrad/autograd/ops/pointwise/output_activation.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// The rows of a tensor as one matrix, copied if they don't lie at equal distances.
class Rows {
 public:
  explicit Rows(const Tensor& t) : tensor_(t) {
    length_ = t.impl().sizes.back();
    count_ = 1;
    for (int axis = 0; axis + 1 < t.impl().sizes.size(); ++axis) count_ *= t.impl().sizes[axis];
    int64_t distance = length_;
    if (!tensor_.impl().contiguous && !find_distance(distance)) tensor_ = contiguous_as(t, t.dtype());
    const TensorImpl& impl = tensor_.impl();
    operand_ = {impl.data, 0, distance, impl.contiguous || length_ == 1 ? 1 : impl.strides.back()};
  }
  const MatrixOperand& operand() const { return operand_; }
  ScalarType dtype() const { return tensor_.dtype(); }
  int64_t count() const { return count_; }
  int64_t length() const { return length_; }

 private:
  // Axes of size 1 have no say. False iff the rows don't lie at equal distances; that of a single row is left as it is.
  bool find_distance(int64_t& distance) const {
    const TensorImpl& impl = tensor_.impl();
    int64_t found = 0, next = 0;  // the distance of rows, the stride that continues it
    bool any = false;
    for (int axis = impl.sizes.size() - 2; axis >= 0; --axis) {
      if (impl.sizes[axis] == 1) continue;
      if (any && impl.strides[axis] != next) return false;
      if (!any) found = impl.strides[axis];
      any = true;
      next = impl.strides[axis] * impl.sizes[axis];
    }
    if (any) distance = found;
    return true;
  }

  Tensor tensor_;
  MatrixOperand operand_;
  int64_t count_, length_;
};

Dims with_last(const Tensor& t, int64_t n) {
  Dims sizes = t.sizes();
  sizes[sizes.size() - 1] = n;
  return sizes;
}

const Operation& linear_operation(const Tensor& input, bool has_bias) {
  if (input.dim() == 2) return has_bias ? operation_recorded_as<"linear", "AddmmBackward0"> : operation_recorded_as<"linear", "MmBackward0">;
  if (has_bias) return operation_recorded_as<"linear", "ViewBackward0">;
  return input.dim() == 1 ? operation_recorded_as<"linear", "SqueezeBackward3"> : operation_recorded_as<"linear", "UnsafeViewBackward0">;
}

// True iff one product gives the result; what else there is, composed() puts together or refuses.
bool is_one_product(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  const TensorImpl &x = input.impl(), &w = weight.impl();
  const int rank = x.sizes.size();
  if (w.sizes.size() != 2 || rank == 0 || x.sizes[rank - 1] != w.sizes[1] || x.dtype != w.dtype) return false;
  return !bias.defined() || (bias.dtype() == w.dtype && (rank == 2 || bias.impl().sizes.size() <= 1));
}

Tensor composed(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  if (!bias.defined()) return matmul(input, t(weight));
  if (input.dim() == 2) return addmm(bias, input, t(weight));
  if (input.dim() == 3 && input.is_contiguous() && bias.dim() <= 1 && weight.dim() == 2)
    return addmm(bias, reshape(input, {input.size(0) * input.size(1), input.size(2)}), t(weight))
        .view({input.size(0), input.size(1), weight.size(0)});
  const Tensor y = matmul(input, t(weight));
  return bias.dim() > 1 ? y + bias : y.add_(bias);
}

// Two factors and the sizes of their product.
struct Factoring {
  kernels::ProductSizes n;
  MatrixOperand a, b;
};

Factoring by_transposed(const Rows& x, const Tensor& b) {
  return {{1, x.count(), b.impl().sizes[0], x.length()}, x.operand(), transposed(matrix(b))};
}
Factoring by_matrix(const Rows& x, const Tensor& b) { return {{1, x.count(), b.impl().sizes[1], x.length()}, x.operand(), matrix(b)}; }
Factoring row_of_ones_by(const Rows& x) { return {{1, 1, x.length(), x.count()}, ones_operand(x.dtype()), x.operand()}; }
Factoring outer_products(const Rows& a, const Rows& b) { return {{1, a.length(), b.length(), a.count()}, transposed(a.operand()), b.operand()}; }

void add(const Tensor& sum, const Factoring& f) { add_product(sum, f.n, f.a, f.b); }
Forward value(const Operation& operation, const Factoring& f, ScalarType dtype, IntArrayRef sizes, const MatrixOperand& s = {},
              const Factors& factors = {}) {
  return product(operation, "addmm_impl_cpu_", dtype, sizes, f.n, f.a, f.b, s, factors);
}

Forward linear_value(const Operation& operation, const Tensor& input, const Tensor& weight, const Tensor& bias) {
  const Rows rows(input);
  const Factoring f = by_transposed(rows, weight);
  const Dims sizes = with_last(input, f.n.columns);
  if (!bias.defined()) return value(operation, f, input.dtype(), sizes);
  return value(operation, f, input.dtype(), sizes, summand(bias, {f.n.rows, f.n.columns}), {1, 1});
}

}  // namespace

namespace {

// The gradients of linear's inputs; the bias is input 0, then come input and weight.
auto by_bias(const Tensor& bias, const Tensor& input, const Tensor& weight) {
  const bool sums_rows = bias.defined() && bias.dim() == 1 && bias.size(0) == weight.size(0) && input.dim() > 1;
  return [sums_rows](const Gradients& g) { return sums_rows ? sum_of_rows_gradient(g, 0, g.gy()) : g.gy(); };
}
auto by_input(const Tensor& weight) {
  return [w = save(weight)](const Gradients& g) { return rows_gradient(g, 1, g.gy(), w); };
}
auto by_weight(const Tensor& input) {
  return [x = save(input)](const Gradients& g) { return outer_gradient(g, 2, g.gy(), x); };
}

Tensor activated_linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias, const OutputActivation& activation) {
  const Tensor b = bias.value_or(Tensor());
  if (!is_one_product(input, weight, b)) return activation.value(composed(input, weight, b), Out());
  // Who follows the graph forwards has a rule for each of two operations, and none for both in one.
  if (OperandLog::is_active() && GradMode::is_enabled()) return activation.value(linear(input, weight, bias), Out());
  const Tensor product = linear_value(linear_operation(input, b.defined()), input, weight, b).value();
  return record(Forward(activation.after_linear, steps_of_one([&] { return activation.value(product, Out(product, Out::kFinish)); })),
                activation.step, wrt(b, by_bias(b, input, weight)), wrt(input, by_input(weight)), wrt(weight, by_weight(input)));
}

}  // namespace

Tensor linear(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias) {
  const Tensor b = bias.value_or(Tensor());
  if (!is_one_product(input, weight, b)) return composed(input, weight, b);
  return record(linear_value(linear_operation(input, b.defined()), input, weight, b), wrt(b, by_bias(b, input, weight)), wrt(input, by_input(weight)),
                wrt(weight, by_weight(input)));
}

Tensor linear_relu(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias) {
  return activated_linear(input, weight, bias, kReluOutput);
}
Tensor linear_tanh(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias) {
  return activated_linear(input, weight, bias, kTanhOutput);
}
Tensor linear_sigmoid(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& bias) {
  return activated_linear(input, weight, bias, kSigmoidOutput);
}

Tensor rows_by(const Tensor& x, const Tensor& b, const Operation& op) {
  const Rows rows(x);
  return record(value(op, by_matrix(rows, b), x.dtype(), with_last(x, b.size(1))),
                wrt(x, [b = save(b)](const Gradients& g) { return linear_gradient(g, 0, g.gy(), b); }),
                wrt(b, [x = save(x)](const Gradients& g) { return outer_gradient(g, 1, x, g.gy()); }));
}

Tensor sum_of_outer_products(const Tensor& a, const Tensor& b) {
  const Rows left(a), right(b);
  return record(value(operation<"mm">, outer_products(left, right), a.dtype(), {left.length(), right.length()}), with("left_transposed", true),
                wrt(a, [b = save(b)](const Gradients& g) { return linear_gradient(g, 0, b, g.gy()); }),
                wrt(b, [a = save(a)](const Gradients& g) { return rows_gradient(g, 1, a, g.gy()); }));
}

Tensor sum_of_rows(const Tensor& x) {
  const Rows rows(x);
  return record(value(operation<"sum", 1>, row_of_ones_by(rows), x.dtype(), {rows.length()}),
                wrt(x, [sizes = Dims(x.sizes())](const Tensor& gy) { return expand(gy, sizes); }));
}

Tensor sum_of_rows_gradient(const Gradients& g, int i, const Tensor& x) {
  constexpr int64_t kMostRows = 4096;  // that are added up one after the other; the engine's sum of more is a tree
  if (x.numel() > kMostRows * x.size(-1)) return x;
  const bool added = g.accumulate(i, [&](const Tensor& sum) { add(sum, row_of_ones_by(Rows(x))); });
  return added ? Tensor() : sum_of_rows(x);
}

Tensor linear_gradient(const Gradients& g, int i, const Tensor& x, const Tensor& b) {
  const bool added = g.accumulate(i, [&](const Tensor& sum) { add(sum, by_transposed(Rows(x), b)); });
  return added ? Tensor() : linear(x, b);
}

Tensor rows_gradient(const Gradients& g, int i, const Tensor& x, const Tensor& b) {
  const bool added = g.accumulate(i, [&](const Tensor& sum) { add(sum, by_matrix(Rows(x), b)); });
  return added ? Tensor() : rows_by(x, b);
}

Tensor outer_gradient(const Gradients& g, int i, const Tensor& a, const Tensor& b) {
  const bool added = g.accumulate_rows(i, [&](const Tensor& sum, int64_t first, int64_t wanted) {
    const Rows left(a), right(b);
    const Factoring f = outer_products(left, right);
    return add_product_rows(sum, f.n, f.a, f.b, first, wanted);
  });
  return added ? Tensor() : sum_of_outer_products(a, b);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry linear_entry("linear", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return linear(x[0], x[1]); };
  const auto run_biased = [](Inputs x) { return linear(x[0], x[1], x[2]); };
  for (IntArrayRef shape : {Dims{3}, Dims{1, 3}, Dims{5, 3}, Dims{0, 3}, Dims{2, 5, 3}, Dims{2, 1, 2, 3}, Dims{2, 0, 3}}) {
    s.add("F.linear(x[0], x[1])", {s.normal(shape), s.normal({4, 3})}, run);
    s.add("F.linear(x[0], x[1], x[2])", {s.normal(shape), s.normal({4, 3}), s.normal({4})}, run_biased);
    s.add("F.linear(x[0], x[1])", {s.normal(shape), s.normal({3})}, run);
  }
  for (IntArrayRef shape : {Dims{1}, Dims{}, Dims{2, 4}, Dims{2, 1}})
    s.add("F.linear(x[0], x[1], x[2])", {s.normal({2, 3}), s.normal({4, 3}), s.normal(shape)}, run_biased);
  s.add("F.linear(x[0], x[1], x[2])", {s.normal({2, 0}), s.normal({4, 0}), s.normal({4})}, run_biased);
  s.add("F.linear(x[0].transpose(0, 1), x[1], x[2])", {s.normal({2, 5, 3}), s.normal({4, 3}), s.normal({4})},
        [](Inputs x) { return linear(transpose(x[0], 0, 1), x[1], x[2]); });
  s.add("F.linear(F.linear(x[0], x[1]), x[1])", {s.normal({2, 3}), s.normal({3, 3})}, [](Inputs x) { return linear(linear(x[0], x[1]), x[1]); });
  s.flat("F.linear(x[0], x[1], x[2])", {s.integers({2, 3}, -9, 9), s.integers({4, 3}, -9, 9), s.integers({4}, -9, 9)}, run_biased);
  s.rejects("a weight of another input size", "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)", [] { linear(ones({2, 3}), ones({4, 5})); });
  s.rejects("the same with axes in front", "mat1 and mat2 shapes cannot be multiplied (10x3 and 5x4)", [] {
    linear(ones({5, 2, 3}), ones({4, 5}), ones({4}));
  });
  s.rejects("a bias of another output size", "must match the existing size (3) at non-singleton dimension 1", [] {
    linear(ones({2, 3}), ones({4, 3}), ones({3}));
  });
  s.rejects("a bias of another dtype", "self and mat2 must have the same dtype", [] { linear(ones({2, 3}), ones({4, 3}), ones({4}, kDouble)); });
  s.rejects("a weight with three axes", "expects a tensor with <= 2 dimensions, but self is 3D", [] { linear(ones({2, 3}), ones({2, 4, 3})); });
  s.rejects("a bias with a 1-d weight", "mat2 must be a matrix", [] { linear(ones({2, 3}), ones({3}), ones({4})); });
});

using LinearFunction = Tensor (*)(const Tensor&, const Tensor&, const std::optional<Tensor>&);

void activated_samples(catalogue::Samples& s, const std::string& activation, LinearFunction f) {
  s.sums_depend_on_layout();
  const auto run = [f](Inputs x) { return f(x[0], x[1], {}); };
  const auto run_biased = [f](Inputs x) { return f(x[0], x[1], x[2]); };
  const std::string call = "torch." + activation + "(F.linear(x[0], x[1]))", biased = "torch." + activation + "(F.linear(x[0], x[1], x[2]))";
  for (IntArrayRef shape : {Dims{3}, Dims{1, 3}, Dims{5, 3}, Dims{0, 3}, Dims{2, 5, 3}, Dims{2, 0, 3}}) {
    s.add(call, {s.normal(shape), s.normal({4, 3})}, run);
    s.add(biased, {s.normal(shape), s.normal({4, 3}), s.normal({4})}, run_biased);
    s.add(call, {s.normal(shape), s.normal({3})}, run);
  }
  for (IntArrayRef shape : {Dims{1}, Dims{}, Dims{2, 4}, Dims{2, 1}})
    s.add(biased, {s.normal({2, 3}), s.normal({4, 3}), s.normal(shape)}, run_biased);
  s.add(biased, {s.normal({2, 0}), s.normal({4, 0}), s.normal({4})}, run_biased);
  s.at(biased, {zeros({2, 3}, kDouble), s.normal({4, 3}), zeros({4}, kDouble)}, run_biased);
  s.at(biased, {catalogue::vector_of({INFINITY, -INFINITY, NAN, 0, 1e300}).unsqueeze(1), s.normal({2, 1}), s.normal({2})}, run_biased);
  s.flat(biased, {s.integers({2, 3}, -9, 9), s.integers({4, 3}, -9, 9), s.integers({4}, -9, 9)}, run_biased);
  s.rejects("a weight of another input size", "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)", [f] { f(ones({2, 3}), ones({4, 5}), {}); });
  s.rejects("a bias of another dtype", "self and mat2 must have the same dtype", [f] { f(ones({2, 3}), ones({4, 3}), ones({4}, kDouble)); });
}

const catalogue::Entry linear_relu_entry("linear_relu", [](catalogue::Samples& s) { activated_samples(s, "relu", linear_relu); });
const catalogue::Entry linear_tanh_entry("linear_tanh", [](catalogue::Samples& s) { activated_samples(s, "tanh", linear_tanh); });
const catalogue::Entry linear_sigmoid_entry("linear_sigmoid", [](catalogue::Samples& s) { activated_samples(s, "sigmoid", linear_sigmoid); });

}  // namespace

}}  // namespace torch::xgrad

#endif
