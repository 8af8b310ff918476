#include <xgrad/autograd/catalogue/reduction_samples.h>

namespace torch { inline namespace xgrad { namespace catalogue {

namespace {

std::string python_tuple(const std::vector<int64_t>& values) {
  std::string text = "(";
  for (const int64_t v : values) text += std::to_string(v) + ",";
  return text + ")";
}

}  // namespace

std::vector<ReducedAxes> reductions_of(const std::vector<std::vector<int64_t>>& shapes, const std::vector<std::vector<int64_t>>& dims) {
  std::vector<ReducedAxes> all;
  for (const auto& shape : shapes)
    for (const auto& d : dims)
      for (const bool keepdim : {false, true}) all.push_back({shape, d, keepdim, ", dim=" + python_tuple(d) + (keepdim ? ", keepdim=True)" : ")")});
  return all;
}

std::vector<ReducedAxes> reductions_over_axes() {
  std::vector<ReducedAxes> all = reductions_of({{}}, {{0}, {-1}});
  for (auto& more : {reductions_of({{4}, {1}}, {{0}}), reductions_of({{2, 3}, {3, 1}, {1, 4}}, {{0}, {-1}, {0, 1}}),
                     reductions_of({{2, 3, 4}}, {{1}, {0, 2}, {-1, 0}, {0, 1, 2}}), reductions_of({{2, 1, 3, 2}}, {{1, 3}, {2, 0}}),
                     reductions_of({{0, 3}, {2, 0, 3}}, {{-1}})})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<ReducedAxes> reductions_of_nothing() {
  std::vector<ReducedAxes> all = reductions_of({{0}, {0, 3}}, {{0}});
  for (auto& more : {reductions_of({{2, 0, 3}}, {{1}, {0, 1}})}) all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<ReducedAxes> reductions_over_one_axis() {
  std::vector<ReducedAxes> all;
  for (ReducedAxes r : reductions_over_axes()) {
    if (r.dims.size() != 1) continue;
    r.text = ", dim=" + std::to_string(r.dims[0]) + (r.keepdim ? ", keepdim=True)" : ")");
    all.push_back(std::move(r));
  }
  return all;
}

}}}  // namespace torch::xgrad::catalogue
