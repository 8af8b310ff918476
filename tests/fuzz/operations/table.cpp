#include <iterator>
#include <stdexcept>

#include "../rules.h"

namespace graphs {
namespace {

struct Table {
  std::vector<Operation> all;
  std::vector<Family> families;
  int weight = 0;

  Table() {
    all.push_back({"leaf", 'T', Effect::None, nullptr, nullptr});
    add(60, pointwise_operations());
    add(20, activation_operations());
    add(60, view_operations());
    add(30, reduction_operations());
    add(30, product_operations());
    add(25, indexing_operations());
    add(8, joining_operations());
    add(12, loss_operations());
    add(22, edit_operations());
    add(12, graph_operations());
  }

  void add(int of_all, std::vector<Operation> family) {
    const int first = static_cast<int>(all.size());
    all.insert(all.end(), std::make_move_iterator(family.begin()), std::make_move_iterator(family.end()));
    families.push_back({first, static_cast<int>(all.size()), of_all});
    weight += of_all;
  }
};

const Table& table() {
  static const Table table;
  return table;
}

}  // namespace

const std::vector<Operation>& operations() { return table().all; }
const std::vector<Family>& families() { return table().families; }
int total_weight() { return table().weight; }

int operation_of(const std::string& text) {
  for (size_t n = 0; n < operations().size(); ++n) {
    if (operations()[n].text == text) return static_cast<int>(n);
  }
  throw std::logic_error("no operation: " + text);
}

}  // namespace graphs
