#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "../families.h"
#include "../rules.h"

namespace graphs {
namespace {

struct Table {
  std::vector<Operation> all;
  std::vector<Family> families;
  std::vector<std::string> names;  // of the families
  int weight = 0;

  Table() {
    all.push_back({"leaf", 'T', Effect::None, nullptr, nullptr});
    add("pointwise", 60, pointwise_operations());
    add("activation", 20, activation_operations());
    add("view", 60, view_operations());
    add("reduction", 30, reduction_operations());
    add("product", 30, product_operations());
    add("indexing", 25, indexing_operations());
    add("joining", 8, joining_operations());
    add("loss", 12, loss_operations());
    add("edit", 22, edit_operations());
    add("graph", 12, graph_operations());
    add("special", 8, special_operations());
    add("statistics", 14, statistics_operations());
    add("linalg", 10, linalg_operations());
    add("image", 16, image_operations());
    add("normalisation", 6, normalisation_operations());
    add("random", 8, random_operations());
    add("recurrent", 6, recurrent_operations());
    add("attention", 4, attention_operations());
    add("module", 8, module_operations());
    add("optimizer", 2, optimizer_operations());
  }

  void add(const char* name, int of_all, std::vector<Operation> family) {
    const int first = static_cast<int>(all.size());
    all.insert(all.end(), std::make_move_iterator(family.begin()), std::make_move_iterator(family.end()));
    families.push_back({first, static_cast<int>(all.size()), of_all});
    names.push_back(name);
    weight += of_all;
  }

  void weigh(const std::string& name, int factor) {
    const auto named = std::find(names.begin(), names.end(), name);
    if (named == names.end()) throw std::invalid_argument("no family: " + name);
    Family& family = families[static_cast<size_t>(named - names.begin())];
    weight += (factor - 1) * family.weight;
    family.weight *= factor;
  }
};

Table& table() {
  static Table table;
  return table;
}

}  // namespace

const std::vector<Operation>& operations() { return table().all; }
const std::vector<Family>& families() { return table().families; }
int total_weight() { return table().weight; }

void draw_more_of(const std::string& family) { table().weigh(family, 10); }

int operation_of(const std::string& text) {
  for (size_t n = 0; n < operations().size(); ++n) {
    if (operations()[n].text == text) return static_cast<int>(n);
  }
  throw std::logic_error("no operation: " + text);
}

}  // namespace graphs
