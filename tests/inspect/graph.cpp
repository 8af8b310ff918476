#include <algorithm>
#include <regex>

#include <doctest/doctest.h>
#include <inspect/xml.h>
#include <xgrad/inspect/graph/graph.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

struct Square : autograd::Function<Square> {
  static Tensor forward(autograd::AutogradContext* context, Tensor x) {
    context->save_for_backward({x});
    return x * x;
  }
  static autograd::variable_list backward(autograd::AutogradContext* context, autograd::variable_list gy) {
    return {2 * context->get_saved_variables()[0] * gy[0]};
  }
};

struct Box {
  double left, top, right, bottom;
};
// The boxes of a graph's picture: its rounded rectangles.
std::vector<Box> boxes_of(const std::string& svg) {
  std::vector<Box> boxes;
  const std::regex rectangle("<rect x='([0-9.]+)' y='([0-9.]+)' width='([0-9.]+)' height='([0-9.]+)' rx=");
  for (std::sregex_iterator at(svg.begin(), svg.end(), rectangle), end; at != end; ++at) {
    const double x = std::stod((*at)[1]), y = std::stod((*at)[2]);
    boxes.push_back({x, y, x + std::stod((*at)[3]), y + std::stod((*at)[4])});
  }
  return boxes;
}

void check_tidy(const std::string& svg, size_t count) {
  CHECK(what_is_wrong_with(svg) == "");
  const auto boxes = boxes_of(svg);
  CHECK(boxes.size() == count);
  for (size_t i = 0; i < boxes.size(); ++i)
    for (size_t k = 0; k < i; ++k) {
      const bool apart = boxes[i].left >= boxes[k].right + 10 || boxes[k].left >= boxes[i].right + 10 || boxes[i].top >= boxes[k].bottom + 10 ||
                         boxes[k].top >= boxes[i].bottom + 10;
      CHECK_MESSAGE(apart, "boxes ", i, " and ", k, " touch");
    }
}

}  // namespace

TEST_CASE("the graph of a loss as DOT: each operation once, with attributes, dtype and shape, and its edges") {
  const Tensor a = rand({2, 3}, TensorOptions().requires_grad(true)), b = rand({3}, TensorOptions(kDouble).requires_grad(true));
  const std::string dot = inspect::graph_dot(((a * b).sum({1}, true) + a.slice(1, 0, 1)).mean());
  CHECK(dot.substr(0, 9) == "digraph {");
  CHECK(times(dot, "[label=\"leaf") == 2);
  for (const char* text : {"\"mul\\nfloat64 [2, 3]\"", "float64 [3]", "sum\\ndim=[1], keepdim=true\\nfloat64 [2, 1]", "\"mean\\nfloat64 []\""})
    CHECK_MESSAGE(dot.find(text) != std::string::npos, text, " is not in ", dot);
  // leaves to mul, one to slice, mul to sum, two to add, one to mean; and the conversion of a.
  CHECK(times(dot, " -> ") == times(dot, "[label=") - 2 + 2);
}

TEST_CASE("parameters have their names, and text of any kind is quoted") {
  nn::Sequential net({{"first \"\\ <", nn::Linear(3, 4)}, {"second", nn::Linear(4, 2)}});
  const Tensor loss = net->forward(rand({5, 3})).sum();
  const std::string dot = inspect::graph_dot(loss, net.get());
  CHECK(dot.find("[label=\"first \\\"\\\\ <.weight\\nfloat32 [4, 3]\"") != std::string::npos);
  CHECK(dot.find("\"linear\\nin second\\nfloat32 [5, 2]\"") != std::string::npos);
  check_tidy(inspect::graph_picture(loss, net.get()).svg(), 7);
  CHECK(inspect::graph_picture(loss, net.get()).svg().find(">first &quot;\\ &lt;.weight<") != std::string::npos);
}

TEST_CASE("custom functions, several outputs, a tensor that is used twice, and a leaf alone") {
  const Tensor x = rand({4}, TensorOptions().requires_grad(true));
  CHECK(inspect::graph_dot(Square::apply(x).sum()).find("Square") != std::string::npos);
  const auto parts = x.chunk(2);
  check_tidy(inspect::graph_picture((parts[0] * parts[1]).sum()).svg(), 4);
  CHECK(times(inspect::graph_dot((x * x).sum()), " -> ") == 3);
  check_tidy(inspect::graph_picture(x).svg(), 1);
  CHECK_THROWS_WITH_AS(inspect::graph_dot(rand({2})), doctest::Contains("[graph] expected tensors that require a gradient"), Error);
  CHECK_THROWS_AS(inspect::graph_dot(Tensor()), Error);
}

TEST_CASE("pictures of nets with many ways are tidy") {
  nn::TransformerEncoderLayer layer(nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(16));
  const std::string svg = inspect::graph_picture(layer(rand({3, 2, 8})).sum(), layer.get()).svg();
  check_tidy(svg, boxes_of(svg).size());
  CHECK(boxes_of(svg).size() > 20);

  // Every step uses all steps before it.
  std::vector<Tensor> all{rand({2}, TensorOptions().requires_grad(true))};
  for (int i = 0; i < 8; ++i) all.push_back(cat(all).sum().reshape({1}));
  const std::string dense = inspect::graph_picture(all.back()).svg();
  check_tidy(dense, 25);
}

TEST_CASE("long chains are listed without recursion, and too many operations are not drawn") {
  Tensor x = rand({}, TensorOptions().requires_grad(true));
  for (int i = 0; i < 100000; ++i) x = x + 1;
  CHECK(times(inspect::graph_dot(x), " -> ") == 100000);
  CHECK_THROWS_WITH_AS(inspect::graph_picture(x), doctest::Contains("[graph_picture] expected a graph of at most 2000 operations, got 100001"),
                       ValueError);
}
