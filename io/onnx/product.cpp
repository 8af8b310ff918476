// Products of matrices, and attention.
#include <cmath>
#include <limits>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// Inputs: bias, input, weight. One Gemm of rows, else a product with the weight turned.
std::string linear_of(const Call& c) {
  if (c.rank(1) == 2 && (!c.has(0) || c.rank(0) <= 2)) return c.node("Gemm", {c.in(1), c.in(2), c.in(0)}, {{"transB", int64_t{1}}});
  const std::string y = c.node("MatMul", {c.in(1), c.node("Transpose", {c.in(2)}, {{"perm", std::vector<int64_t>{1, 0}}})});
  return c.has(0) ? c.node("Add", {y, c.in(0)}) : y;
}

void linear(const Call& c, const char* activation) {
  const std::string y = linear_of(c);
  c.result(*activation ? c.node(activation, {y}) : y);
}

void matmul(const Call& c, const char*) { c.node_result("MatMul", {c.in(0), c.in(1)}); }

// beta self + alpha (a b)
void added_product(const Call& c, const char* onnx) {
  const double alpha = c.number("alpha"), beta = c.number("beta");
  if (std::string(onnx) == "Gemm") return c.node_result("Gemm", {c.in(1), c.in(2), c.in(0)}, {{"alpha", alpha}, {"beta", beta}});
  const auto scaled = [&](const std::string& x, double factor) { return factor == 1 ? x : c.node("Mul", {x, c.scalar(factor)}); };
  const std::string y = scaled(c.node("MatMul", {c.in(1), c.in(2)}), alpha);
  c.result(beta == 0 ? y : c.node("Add", {scaled(c.in(0), beta), y}));
}

// Query, key and value as [batch, heads, rows, width]; of sequences [rows, batch, elements] they lie in up to three tensors.
struct Attention {
  const Call& c;
  int64_t heads = c.integer("num_heads");
  size_t parts = c.has(1) ? c.has(2) ? 3 : 2 : 1;

  int64_t width_of(size_t operand) const {
    const size_t part = std::min(operand, parts - 1);
    return c.fixed_size(part, heads > 0 ? 2 : 3) / (heads > 0 ? places(part) * heads : 1);
  }
  int64_t places(size_t part) const { return part == parts - 1 ? 4 - static_cast<int64_t>(parts) : 1; }

  std::string heads_of(size_t operand, const std::vector<int64_t>& order) const {
    const size_t part = std::min(operand, parts - 1);
    std::string x = c.in(part);
    if (heads == 0) {
      return order[2] == 3 ? c.node("Transpose", {x}, {{"perm", std::vector<int64_t>{0, 1, 3, 2}}}) : x;
    }
    const int64_t width = width_of(operand) * heads;
    if (places(part) > 1) {
      const int64_t start = static_cast<int64_t>(operand - part) * width;
      x = c.node("Slice", {x, c.vector({start}), c.vector({start + width}), c.vector({2}), c.vector({1})});
    }
    const SymbolicSizes sizes = c.in_sizes(part);
    x = c.node("Reshape", {x, c.t.sizes({sizes[0], sizes[1], {0, heads}, {0, width / heads}})});
    return c.node("Transpose", {x}, {{"perm", order[2] == 3 ? std::vector<int64_t>{1, 2, 3, 0} : std::vector<int64_t>{1, 2, 0, 3}}});
  }
};

void attention(const Call& c, const char*) {
  if (c.number("dropout_p") != 0) c.refuse("it drops probabilities; call eval() on the module first");
  const Attention a{c};
  const ScalarType dtype = c.output().dtype;
  const std::vector<int64_t> upright = {0, 1, 2, 3}, turned = {0, 1, 3, 2};
  const std::string q = c.node("Mul", {a.heads_of(0, upright), c.scalar(1 / std::sqrt(static_cast<double>(a.width_of(0))))});
  std::string scores = c.node("MatMul", {q, a.heads_of(1, turned)});
  const std::string never = c.scalar(-std::numeric_limits<double>::infinity());
  if (c.has(3)) {
    if (c.input(3).dtype == kBool) scores = c.node("Where", {c.in(3), scores, never});
    else scores = c.node("Add", {scores, c.in(3, dtype)});
  }
  if (c.has(4)) {
    const SymbolicSizes padding = c.in_sizes(4);
    const std::string hidden = c.node("Reshape", {c.in(4), c.t.sizes({padding[0], {0, 1}, {0, 1}, padding[1]})});
    scores = c.node("Where", {hidden, never, scores});
  }
  if (c.flag("is_causal")) {
    const int64_t at = a.heads > 0 ? 0 : 2;
    const Tensor seen = ones({c.fixed_size(0, at), c.fixed_size(a.parts == 1 ? 0 : 1, at)}, kBool).tril();
    scores = c.node("Where", {c.t.constant(seen), scores, never});
  }
  const std::string p = c.node("Softmax", {scores}, {{"axis", int64_t{3}}});
  std::string y = c.node("MatMul", {p, a.heads_of(2, upright)});
  if (a.heads > 0) {
    y = c.node("Transpose", {y}, {{"perm", std::vector<int64_t>{2, 0, 1, 3}}});
    y = c.node("Reshape", {y, c.t.sizes(c.out_sizes())});
  }
  c.result(y, 0);
  if (c.outputs() > 1) c.result(p, 1);
}

}  // namespace

std::vector<Mapping> product_mappings() {
  return {
      {"linear", linear},
      {"linear_relu", linear, "Relu"},
      {"linear_tanh", linear, "Tanh"},
      {"linear_sigmoid", linear, "Sigmoid"},
      {"mm", matmul},
      {"bmm", matmul},
      {"mv", matmul},
      {"dot", matmul},
      {"matmul", matmul},
      {"addmm", added_product, "Gemm"},
      {"addmv", added_product, "MatMul"},
      {"baddbmm", added_product, "MatMul"},
      {"scaled_dot_product_attention", attention},
      {"multi_head_attention_forward", attention},
  };
}

}}}  // namespace torch::xgrad::onnx
