#include <xgrad/autograd/ops/linalg/contraction.h>

#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// ---- chains of matrices

// Where to split tensors[i..j] for the fewest multiplications.
// T. H. Cormen, C. E. Leiserson, R. L. Rivest, C. Stein, Introduction to Algorithms, section 15.2.
class ChainOrder {
 public:
  explicit ChainOrder(const std::vector<Tensor>& matrices) : matrices_(matrices), n_(matrices.size()), cost_(n_ * n_), split_(n_ * n_) {
    for (size_t length = 1; length < n_; ++length)
      for (size_t i = 0; i + length < n_; ++i) choose(i, i + length);
  }
  Tensor product(size_t i, size_t j) const {
    if (i == j) return matrices_[i];
    const size_t k = split_[i * n_ + j];
    return matmul(product(i, k), product(k + 1, j));
  }

 private:
  void choose(size_t i, size_t j) {
    double least = std::numeric_limits<double>::infinity();
    for (size_t k = i; k < j; ++k) {
      const double last =
          static_cast<double>(matrices_[i].size(0)) * static_cast<double>(matrices_[k].size(1)) * static_cast<double>(matrices_[j].size(1));
      const double cost = cost_[i * n_ + k] + cost_[(k + 1) * n_ + j] + last;
      if (cost < least) least = cost, split_[i * n_ + j] = k;
    }
    cost_[i * n_ + j] = least;
  }

  const std::vector<Tensor>& matrices_;
  const size_t n_;
  std::vector<double> cost_;
  std::vector<size_t> split_;
};

// ---- bilinear

void check_bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  const Operation& op = operation<"bilinear">;
  XGRAD_CHECK(weight.dim() == 3, op, "weight must be a 3-D tensor, got ", weight);
  XGRAD_CHECK(input1.dim() == input2.dim() && input1.dim() > 0, op, "input dimensions do not match: got ", input1, " and ", input2);
  for (int64_t i = 0; i + 1 < input1.dim(); ++i)
    XGRAD_CHECK(input1.size(i) == input2.size(i), op, "input batch dimensions do not match at dim ", i, ": got ", input1.size(i), " and ",
                input2.size(i));
  XGRAD_CHECK(input1.size(-1) == weight.size(1), op, "input1 size does not match weight size: got ", input1.size(-1), " but expected ",
              weight.size(1));
  XGRAD_CHECK(input2.size(-1) == weight.size(2), op, "input2 size does not match weight size: got ", input2.size(-1), " but expected ",
              weight.size(2));
  XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == weight.size(0)), op, "bias size does not match weight size: got ", bias,
              " but expected ", weight.size(0));
}

}  // namespace

Tensor linalg_multi_dot(TensorList tensors) {
  const Operation& op = operation<"linalg.multi_dot">;
  const size_t n = tensors.size();
  XGRAD_CHECK(n >= 2, op, "expected at least 2 tensors but got ", n);
  std::vector<Tensor> matrices(tensors.begin(), tensors.end());
  const auto check_end = [&](const Tensor& t, const char* which) {
    XGRAD_CHECK(t.dim() == 1 || t.dim() == 2, op, "the ", which, " tensor must be 1D or 2D but got ", t.dim(), "D");
  };
  check_end(matrices.front(), "first");
  check_end(matrices.back(), "last");
  for (size_t i = 1; i + 1 < n; ++i) XGRAD_CHECK(matrices[i].dim() == 2, op, "tensor ", i, " must be 2D but got ", matrices[i].dim(), "D");
  for (size_t i = 1; i < n; ++i)
    XGRAD_CHECK(matrices[i].dtype() == matrices[0].dtype(), op, "all tensors must have be the same dtype but tensor 0 is ", matrices[0].dtype(),
                " and tensor ", i, " ", matrices[i].dtype());
  Dims sizes;
  if (matrices.front().dim() == 2) sizes.push_back(matrices.front().size(0));
  else matrices.front() = matrices.front().unsqueeze(0);
  if (matrices.back().dim() == 2) sizes.push_back(matrices.back().size(1));
  else matrices.back() = matrices.back().unsqueeze(-1);
  for (size_t i = 0; i + 1 < n; ++i)
    XGRAD_CHECK(matrices[i].size(1) == matrices[i + 1].size(0), op, "tensors ", i, " and ", i + 1, " with shapes ", matrices[i].sizes(), " and ",
                matrices[i + 1].sizes(), " cannot be multiplied");
  const Tensor y = ChainOrder(matrices).product(0, n - 1);
  return sizes.size() == 2 ? y : y.view(sizes);
}

Tensor chain_matmul(TensorList matrices) {
  const Operation& op = operation<"chain_matmul">;
  XGRAD_CHECK(matrices.size() > 0, op, "Expected one or more matrices");
  for (const Tensor& t : matrices) XGRAD_CHECK(t.dim() == 2, op, "Tensor dimension is ", t.dim(), ", expected 2 instead.");
  return matrices.size() == 1 ? matrices[0].clone() : linalg_multi_dot(matrices);
}

Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) {
  const Operation& op = operation<"tensordot">;
  XGRAD_CHECK(dims_self.size() == dims_other.size(), op, "both dimension lists should have same length, got ", dims_self.size(), " and ",
              dims_other.size());
  // As many as dims say the axes are there once, and only once; an axis of size 1 broadcasts, so that the other one is summed.
  Tensor a = self, b = other;
  Dims first, second;
  int64_t depth = 1;
  for (size_t i = 0; i < dims_self.size(); ++i) {
    const int64_t p = wrap_axis(op.name(), dims_self[i], self.dim()), q = wrap_axis(op.name(), dims_other[i], other.dim());
    first.push_back(p), second.push_back(q);
    const int64_t n = self.size(p), m = other.size(q);
    XGRAD_CHECK(n == m || n == 1 || m == 1, op, "contracted dimensions need to match, but first has size ", n, " in dim ", dims_self[i],
                " and second has size ", m, " in dim ", dims_other[i]);
  }
  const uint64_t of_self = first.empty() ? 0 : axis_mask(op.name(), first, self.dim());
  const uint64_t of_other = second.empty() ? 0 : axis_mask(op.name(), second, other.dim());
  for (int i = 0; i < first.size(); ++i) {
    const int64_t n = self.size(first[i]), m = other.size(second[i]);
    if (m == 1) a = a.sum(first[i], true);
    else if (n == 1) b = b.sum(second[i], true);
    else depth *= n;
  }
  Dims left, right = second, sizes;
  for (int64_t axis = 0; axis < self.dim(); ++axis)
    if (!(of_self >> axis & 1)) left.push_back(axis), sizes.push_back(self.size(axis));
  const int64_t rows = numel_of(sizes);
  for (int64_t axis : first) left.push_back(axis);
  int64_t columns = 1;
  for (int64_t axis = 0; axis < other.dim(); ++axis)
    if (!(of_other >> axis & 1)) right.push_back(axis), sizes.push_back(other.size(axis)), columns *= other.size(axis);
  return reshape(mm(reshape(permute(a, left), {rows, depth}), reshape(permute(b, right), {depth, columns})), sizes);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const std::optional<Tensor>& bias) {
  const Tensor b = bias.value_or(Tensor());
  check_bilinear(input1, input2, weight, b);
  const int64_t out = weight.size(0), in1 = weight.size(1), in2 = weight.size(2);
  Dims rows = input1.sizes();
  rows[rows.size() - 1] = out;
  rows.push_back(in2);
  // [..., in1] x [in1, out * in2] as [..., out, in2], times input2 in its last axis.
  const Tensor half = input1.matmul(weight.permute({1, 0, 2}).reshape({in1, out * in2})).view(rows);
  const Tensor y = half.matmul(input2.unsqueeze(-1)).squeeze(-1);
  return b.defined() ? y + b : y;
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

std::vector<catalogue::Input> chain(catalogue::Samples& s, const std::vector<Dims>& shapes) {
  std::vector<catalogue::Input> inputs;
  for (const Dims& shape : shapes) inputs.emplace_back(s.normal(shape));
  return inputs;
}

const catalogue::Entry multi_dot_entry("linalg_multi_dot", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return linalg::multi_dot(x); };
  for (const std::vector<Dims>& shapes : std::vector<std::vector<Dims> >{{{2, 3}, {3, 4}},
                                                                         {{2, 5}, {5, 1}, {1, 3}},
                                                                         {{1, 5}, {5, 2}, {2, 3}, {3, 2}},
                                                                         {{4, 1}, {1, 4}, {4, 1}, {1, 4}},
                                                                         {{3}, {3, 2}, {2, 4}},
                                                                         {{2, 3}, {3, 4}, {4}},
                                                                         {{3}, {3, 2}, {2}},
                                                                         {{3}, {3}},
                                                                         {{2, 0}, {0, 3}, {3, 1}},
                                                                         {{0, 2}, {2, 3}, {3, 2}}})
    s.add("torch.linalg.multi_dot(x)", chain(s, shapes), run);
  s.flat("torch.linalg.multi_dot(x)", {s.integers({2, 3}, -9, 9), s.integers({3, 2}, -9, 9), s.integers({2}, -9, 9)}, run);
  s.rejects("one matrix", "expected at least 2 tensors but got 1", [] { linalg::multi_dot({ones({2, 2})}); });
  s.rejects("a batch in front", "the first tensor must be 1D or 2D but got 3D", [] { linalg::multi_dot({ones({2, 2, 2}), ones({2})}); });
  s.rejects("a batch behind", "the last tensor must be 1D or 2D but got 3D", [] { linalg::multi_dot({ones({2, 2}), ones({2, 2, 2})}); });
  s.rejects("a vector between", "tensor 1 must be 2D but got 1D", [] { linalg::multi_dot({ones({2, 2}), ones({2}), ones({2, 2})}); });
  s.rejects("two dtypes", "all tensors must have be the same dtype", [] { linalg::multi_dot({ones({2, 2}), ones({2, 2}, kDouble)}); });
  s.rejects("sizes that differ", "tensors 0 and 1 with shapes [2, 2] and [3, 2] cannot be multiplied", [] {
    linalg::multi_dot({ones({2, 2}), ones({3, 2})});
  });
});

const catalogue::Entry chain_matmul_entry("chain_matmul", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const std::vector<Dims>& shapes : std::vector<std::vector<Dims> >{{{2, 3}}, {{2, 3}, {3, 4}}, {{2, 5}, {5, 1}, {1, 3}}})
    s.add("torch.chain_matmul(*x)", chain(s, shapes), [](Inputs x) { return chain_matmul(x); });
  s.rejects("a vector", "Tensor dimension is 1, expected 2 instead", [] { chain_matmul({ones({2})}); });
  s.rejects("nothing", "Expected one or more matrices", [] { chain_matmul(std::vector<Tensor>()); });
  s.rejects("sizes that differ", "tensors 0 and 1 with shapes [2, 3] and [4, 5] cannot be multiplied", [] {
    chain_matmul({ones({2, 3}), ones({4, 5})});
  });
});

struct Contraction {
  Dims a, b, first, second;
};

const catalogue::Entry tensordot_entry("tensordot", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto python = [](const Dims& dims) {
    std::string text = "[";
    for (int64_t d : dims) text += std::to_string(d) + ",";
    return text + "]";
  };
  // clang-format off
  for (const Contraction& c : {Contraction{{2, 3}, {3, 4}, {1}, {0}}, Contraction{{2, 3, 4}, {4, 3, 5}, {1, 2}, {1, 0}},
                               Contraction{{2, 3, 4}, {5, 2}, {0}, {-1}}, Contraction{{2, 3}, {2, 3}, {0, 1}, {0, 1}},
                               Contraction{{2, 3}, {4}, {}, {}}, Contraction{{2, 3}, {1, 4}, {1}, {0}}, Contraction{{2, 1}, {3, 4}, {1}, {0}},
                               Contraction{{2, 0}, {0, 3}, {1}, {0}},
                               Contraction{{0, 2}, {2, 3}, {1}, {0}}, Contraction{{3}, {3}, {0}, {0}}}) {
    // clang-format on
    const std::string call = "torch.tensordot(x[0], x[1], dims=(" + python(c.first) + ", " + python(c.second) + "))";
    s.add(call, {s.normal(c.a), s.normal(c.b)}, [c](Inputs x) { return tensordot(x[0], x[1], c.first, c.second); });
  }
  s.flat("torch.tensordot(x[0], x[1], dims=([1], [0]))", {s.integers({2, 3}, -9, 9), s.integers({3, 2}, -9, 9)},
         [](Inputs x) { return tensordot(x[0], x[1], {1}, {0}); });
  s.rejects("lists that differ", "both dimension lists should have same length", [] { tensordot(ones({2, 3}), ones({3, 2}), {1}, {0, 1}); });
  s.rejects("sizes that differ", "contracted dimensions need to match, but first has size 3 in dim 1 and second has size 4 in dim 0", [] {
    tensordot(ones({2, 3}), ones({4, 2}), {1}, {0});
  });
  s.rejects("an axis too far", "Dimension out of range", [] { tensordot(ones({2, 3}), ones({3, 2}), {2}, {0}); });
  s.rejects("an axis twice", "appears multiple times", [] { tensordot(ones({2, 2}), ones({2, 2}), {1, 1}, {0, 1}); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { tensordot(ones({2, 3}), ones({3, 2}, kDouble), {1}, {0}); });
});

const catalogue::Entry bilinear_entry("bilinear", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const Dims& batch : {Dims{}, Dims{2}, Dims{2, 3}, Dims{0}}) {
    const auto input = [&](int64_t n) {
      Dims shape = batch;
      shape.push_back(n);
      return s.normal(shape);
    };
    s.add("F.bilinear(x[0], x[1], x[2])", {input(3), input(2), s.normal({4, 3, 2})}, [](Inputs x) { return bilinear(x[0], x[1], x[2]); });
    s.add("F.bilinear(x[0], x[1], x[2], x[3])", {input(3), input(2), s.normal({4, 3, 2}), s.normal({4})},
          [](Inputs x) { return bilinear(x[0], x[1], x[2], x[3]); });
  }
  s.rejects("ranks that differ", "input dimensions do not match", [] { bilinear(ones({2, 3}), ones({4}), ones({5, 3, 4})); });
  s.rejects("batches that differ", "input batch dimensions do not match at dim 0: got 2 and 3", [] {
    bilinear(ones({2, 3}), ones({3, 4}), ones({5, 3, 4}));
  });
  s.rejects("another size of the first", "input1 size does not match weight size: got 2 but expected 3", [] {
    bilinear(ones({2, 2}), ones({2, 4}), ones({5, 3, 4}));
  });
  s.rejects("another size of the second", "input2 size does not match weight size: got 5 but expected 4", [] {
    bilinear(ones({2, 3}), ones({2, 5}), ones({5, 3, 4}));
  });
  s.rejects("another size of the bias", "bias size does not match weight size", [] {
    bilinear(ones({2, 3}), ones({2, 4}), ones({5, 3, 4}), ones({4}));
  });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [] { bilinear(ones({2, 3}), ones({2, 4}), ones({5, 3, 4}, kDouble)); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
