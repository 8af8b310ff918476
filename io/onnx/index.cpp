// Elements chosen by index tensors.
#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

void embedding(const Call& c, const char*) { c.node_result("Gather", {c.in(0), c.in(1)}, {{"axis", int64_t{0}}}); }

void index_select(const Call& c, const char*) {
  const std::string at = c.rank(1) == 0 ? c.node("Unsqueeze", {c.in(1), c.vector({0})}) : c.in(1);
  c.node_result("Gather", {c.in(0), at}, {{"axis", c.axis()}});
}

void gather(const Call& c, const char*) { c.node_result("GatherElements", {c.in(0), c.in(1)}, {{"axis", c.axis()}}); }

// One index tensor, of whole numbers.
void index(const Call& c, const char*) {
  size_t found = 0, count = 0;
  for (size_t i = 1; i < c.inputs(); ++i)
    if (c.has(i)) found = i, ++count;
  if (count != 1 || c.input(found).dtype == kBool || c.input(found).dtype == kByte) c.refuse("it indexes with a mask or with several tensors");
  c.node_result("Gather", {c.in(0), c.in(found)}, {{"axis", static_cast<int64_t>(found) - 1}});
}

// Inputs: self, index, and src unless a number is put there.
void scatter(const Call& c, const char* reduction) {
  const int64_t axis = c.axis();
  Settings settings = {{"axis", axis}};
  if (c.is_given("reduce") && c.text("reduce") != "add") c.refuse("it combines elements by '" + c.text("reduce") + "'");
  if (*reduction || c.is_given("reduce")) {
    if (c.t.opset() < 16) c.refuse("it adds elements, which needs opset 16");
    settings.emplace_back("reduction", std::string("add"));
  }
  const std::string source = c.is_given("value") ? c.node("Expand", {c.scalar(c.number("value")), c.t.sizes(c.in_sizes(1))}) : c.in(2);
  c.node_result("ScatterElements", {c.in(0), c.in(1), source}, settings);
}

void one_hot(const Call& c, const char*) {
  const std::string values = c.t.constant(tensor({int64_t{0}, int64_t{1}}));
  c.node_result("OneHot", {c.in(0), c.vector({c.integer("num_classes")}), values}, {{"axis", int64_t{-1}}});
}

}  // namespace

std::vector<Mapping> index_mappings() {
  return {
      {"embedding", embedding}, {"index_select", index_select},  {"gather", gather},   {"take_along_dim", gather}, {"index", index},
      {"scatter", scatter, ""}, {"scatter_add", scatter, "add"}, {"one_hot", one_hot},
  };
}

}}}  // namespace torch::xgrad::onnx
