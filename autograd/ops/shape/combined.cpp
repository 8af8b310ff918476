#include <xgrad/autograd/ops/shape/combined.h>

#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/index/enumeration.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor block_diag(TensorList tensors) {
  const Operation& op = operation<"block_diag">;
  struct Block {
    int64_t rows, columns;
    Dims shape;
    ScalarType dtype;
  };
  std::vector<Block> blocks;
  Dims sizes{0, 0};
  ScalarType dtype = tensors.empty() ? get_default_dtype() : tensors[0].scalar_type();
  for (size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    XGRAD_CHECK(t.dim() <= 2, op, "torch.block_diag: Input tensors must have 2 or fewer dimensions. Input ", i, " has ", t.dim(), " dimensions");
    blocks.push_back({t.dim() == 2 ? t.size(0) : 1, t.dim() == 0 ? 1 : t.size(-1), t.sizes(), t.dtype()});
    sizes[0] += blocks.back().rows;
    sizes[1] += blocks.back().columns;
    dtype = promote_types(dtype, t.dtype());
  }
  if (tensors.empty()) sizes[0] = 1;
  checked_numel(op.name(), sizes);
  const Tensor y = allocate_zeros(sizes, dtype);
  int64_t place = 0;
  for (size_t i = 0; i < blocks.size(); ++i) {
    const Block& b = blocks[i];
    if (b.rows * b.columns > 0) copy_elements(tensor_on(y.storage(), dtype, {b.rows, b.columns}, {sizes[1], 1}, place), tensors[i]);
    place += b.rows * sizes[1] + b.columns;
  }
  if (!isFloatingType(dtype)) return not_differentiable(Forward(op, y), tensors);
  return record(Forward(op, y), wrt_all(tensors.vec(), [blocks = std::move(blocks)](Gradients& g) {
                  int64_t row = 0, column = 0;
                  for (size_t i = 0; i < blocks.size(); ++i) {
                    const Block& b = blocks[i];
                    if (const int k = static_cast<int>(i); g.needs(k))
                      g.gx(k) = g.gy().narrow(0, row, b.rows).narrow(1, column, b.columns).reshape(b.shape).to(b.dtype);
                    row += b.rows;
                    column += b.columns;
                  }
                }));
}

namespace {

void check_vector(const Operation& op, const Tensor& t) { XGRAD_CHECK(t.dim() == 1, op, "Expect a 1D vector, but got shape ", t.sizes()); }

}  // namespace

Tensor cartesian_prod(TensorList tensors) {
  for (const Tensor& t : tensors) check_vector(operation<"cartesian_prod">, t);
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns = meshgrid(tensors);
  for (Tensor& c : columns) c = c.flatten();
  return stack(columns, 1);
}

Tensor combinations(const Tensor& self, int64_t r, bool with_replacement) {
  const Operation& op = operation<"combinations">;
  check_vector(op, self);
  XGRAD_CHECK(r >= 0, op, "Expect a non-negative number, but got ", r);
  if (r == 0) return empty({0}, self.options());
  // m choose r, every step of which is whole.
  const int64_t n = self.numel(), m = with_replacement && n > 0 ? n + r - 1 : n;
  __int128 count = m < r ? 0 : 1;
  for (int64_t i = 1; i <= std::min(r, m - r) && count <= INT64_MAX; ++i) count = count * (m - i + 1) / i;
  XGRAD_CHECK(count <= INT64_MAX, op, "too many combinations of ", r, " out of ", n);
  const Dims shape{static_cast<int64_t>(count), r};
  const Tensor at = allocate_tensor({checked_numel(op.name(), shape)}, kLong);
  launch(op, kernels::list_combinations, reads(), writes(at), n, r, with_replacement, shape[0], at.data_ptr<int64_t>());
  return index_select(self, 0, at).view(shape);
}

Tensor vander(const Tensor& x, std::optional<int64_t> N, bool increasing) {
  const Operation& op = operation<"vander">;
  XGRAD_CHECK(x.dim() == 1, op, "x must be a one-dimensional tensor., got shape ", x.sizes());
  const int64_t columns = N.value_or(x.numel());
  XGRAD_CHECK(columns >= 0, op, "N must be non-negative., got ", columns);
  const ScalarType dtype = x.is_floating_point() ? x.scalar_type() : kLong;
  if (columns <= 1) return ones({x.numel(), columns}, dtype);
  const Tensor powers = cumprod(x.to(dtype).unsqueeze(1).expand({x.numel(), columns - 1}), 1), y = cat({ones({x.numel(), 1}, dtype), powers}, 1);
  return increasing ? y : flip(y, {1});
}

// ---- the positions of triangles

namespace {

Tensor triangle_indices(const Operation& op, bool upper, int64_t row, int64_t col, int64_t offset, const TensorOptions& options) {
  XGRAD_CHECK(row >= 0, op, "row must be non-negative, got", row);
  XGRAD_CHECK(col >= 0, op, "col must be non-negative, got", col);
  const ScalarType dtype = options.has_dtype() ? options.dtype() : kLong;
  XGRAD_CHECK_AS(NotImplementedError, dtype == kLong || dtype == kInt, op, "\"", op.name(), "\" not implemented for '", dtype, "'");
  check_place(op.name(), options);
  checked_numel(op.name(), {2, row, col});
  // Of row i: from `first` + i on, or up to there.
  const int64_t first = std::clamp(offset, -row - 1, col + 1) + (upper ? 0 : 1);
  int64_t n = 0;
  for (int64_t i = 0; i < row; ++i) {
    const int64_t edge = std::clamp<int64_t>(first + i, 0, col);
    n += upper ? col - edge : edge;
  }
  const Tensor y = allocate_tensor({2, n}, kLong);
  launch(op, kernels::list_triangle, reads(), writes(y), upper, row, col, first, n, y.data_ptr<int64_t>());
  return contiguous_as(y, dtype);
}

}  // namespace

Tensor tril_indices(int64_t row, int64_t col, int64_t offset, TensorOptions options) {
  return triangle_indices(operation<"tril_indices">, false, row, col, offset, options);
}
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, TensorOptions options) {
  return triangle_indices(operation<"triu_indices">, true, row, col, offset, options);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

static const catalogue::Entry block_diag_entry("block_diag", [](Samples& s) {
  s.add("torch.block_diag(x[0], x[1], x[2])", {s.normal({2, 3}), s.normal({2}), s.normal({})}, [](Inputs x) {
    return block_diag({x[0], x[1], x[2]});
  });
  s.add("torch.block_diag(x[0], x[1])", {s.normal({0}), s.normal({2, 2})}, [](Inputs x) {
     return block_diag({x[0], x[1]});
   }).deviation = "block-diag-of-nothing";
  s.add("torch.block_diag(x[0], x[1])", {s.normal({2, 0}), s.normal({0, 2})}, [](Inputs x) { return block_diag({x[0], x[1]}); });
  s.add("torch.block_diag(x[0].t(), x[0])", {s.normal({2, 3})}, [](Inputs x) { return block_diag({x[0].t(), x[0]}); });
  s.add("torch.block_diag(x[0], x[1])", {s.normal({2}), s.integers({2, 2}, 0, 9)}, [](Inputs x) { return block_diag({x[0], x[1]}); });
  s.flat("torch.block_diag(x[0], x[1])", {s.booleans({2}), s.integers({2}, 0, 9)}, [](Inputs x) { return block_diag({x[0], x[1]}); });
  s.flat("torch.block_diag()", {}, [](Inputs) { return block_diag(std::vector<Tensor>()); });
  s.rejects("three axes", "Input 1 has 3 dimensions", [] { block_diag({ones({2}), ones({2, 2, 2})}); });
});

static const catalogue::Entry cartesian_prod_entry("cartesian_prod", [](Samples& s) {
  s.add("torch.cartesian_prod(x[0], x[1])", {s.normal({2}), s.normal({3})}, [](Inputs x) { return cartesian_prod({x[0], x[1]}); });
  s.add("torch.cartesian_prod(x[0], x[1], x[0])", {s.normal({2}), s.normal({1})}, [](Inputs x) { return cartesian_prod({x[0], x[1], x[0]}); });
  s.add("torch.cartesian_prod(x[0] * 1)", {s.normal({2})}, [](Inputs x) { return cartesian_prod({x[0] * 1}); });
  s.add("torch.cartesian_prod(x[0], x[1])", {s.normal({0}), s.normal({2})}, [](Inputs x) { return cartesian_prod({x[0], x[1]}); });
  s.rejects("a matrix", "Expect a 1D vector, but got shape [2, 2]", [] { cartesian_prod({ones({2, 2})}); });
  s.rejects("two dtypes", "the same dtype", [] { cartesian_prod({ones({2}), ones({2}, kDouble)}); });
});

static const catalogue::Entry combinations_entry("combinations", [](Samples& s) {
  for (int64_t r : {1, 2, 3, 4, 5})
    for (bool again : {false, true})
      s.add("torch.combinations(x[0], " + std::to_string(r) + (again ? ", True)" : ")"), {s.normal({4})},
            [=](Inputs x) { return combinations(x[0], r, again); });
  s.flat("torch.combinations(x[0], 0)", {s.integers({3}, 0, 9)}, [](Inputs x) { return combinations(x[0], 0); });
  s.add("torch.combinations(x[0])", {s.normal({0})}, [](Inputs x) { return combinations(x[0]); });
  s.add("torch.combinations(x[0], 2, True)", {s.normal({0})}, [](Inputs x) { return combinations(x[0], 2, true); });
  s.rejects("a matrix", "Expect a 1D vector", [] { combinations(ones({2, 2})); });
  s.rejects("a negative number", "Expect a non-negative number, but got -1", [] { combinations(ones({2}), -1); });
});

static const catalogue::Entry vander_entry("vander", [](Samples& s) {
  const char* reason = "vander-derivative";
  s.add("torch.vander(x[0])", {s.normal({3})}, [](Inputs x) { return vander(x[0]); }).deviation = reason;
  s.add("torch.vander(x[0], 4, True)", {s.normal({2})}, [](Inputs x) { return vander(x[0], 4, true); }).deviation = reason;
  s.flat("torch.vander(x[0], 1)", {s.normal({2})}, [](Inputs x) { return vander(x[0], 1); });
  s.flat("torch.vander(x[0], 4, True)", {catalogue::constant(s.normal({5}))}, [](Inputs x) { return vander(x[0], 4, true); });
  s.flat("torch.vander(x[0], 3)", {catalogue::constant(s.normal({0}))}, [](Inputs x) { return vander(x[0], 3); });
  s.flat("torch.vander(x[0], 3)", {catalogue::constant(tensor({0.f, INFINITY, NAN}, kDouble))}, [](Inputs x) { return vander(x[0], 3); });
  for (const ScalarType dtype : {kLong, kInt, kByte, kBool})
    s.flat("torch.vander(x[0])", {s.integers({3}, 0, 4).to(dtype)}, [](Inputs x) { return vander(x[0]); });
  s.flat("torch.vander(x[0], 0)", {s.integers({3}, 0, 4)}, [](Inputs x) { return vander(x[0], 0); });
  s.rejects("a matrix", "x must be a one-dimensional tensor.", [] { vander(ones({2, 2})); });
  s.rejects("fewer than no columns", "N must be non-negative.", [] { vander(ones({2}), -1); });
});

namespace {

template <Tensor (*f)(int64_t, int64_t, int64_t, TensorOptions)> void triangle_indices_samples(Samples& s) {
  for (const auto& [row, col] : {std::pair(3, 2), std::pair(2, 4), std::pair(0, 3), std::pair(3, 0)})
    for (int64_t k : {0, 1, -1, 9, -9})
      s.flat("torch." + s.operation() + "(" + std::to_string(row) + ", " + std::to_string(col) + ", " + std::to_string(k) + ")", {},
             [=, row = row, col = col](Inputs) { return f(row, col, k, kLong); });
  s.flat("torch." + s.operation() + "(2, 2, dtype=torch.int32)", {}, [](Inputs) { return f(2, 2, 0, kInt); });
  s.rejects("negative rows", "row must be non-negative, got-1", [] { f(-1, 2, 0, kLong); });
  s.rejects("negative columns", "col must be non-negative, got-1", [] { f(2, -1, 0, kLong); });
  s.rejects("a floating dtype", "not implemented for 'Float'", [] { f(2, 2, 0, kFloat); });
}

}  // namespace

static const catalogue::Entry tril_indices_entry("tril_indices", triangle_indices_samples<tril_indices>);
static const catalogue::Entry triu_indices_entry("triu_indices", triangle_indices_samples<triu_indices>);

}}  // namespace torch::xgrad

#endif
