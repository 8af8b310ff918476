#include <xgrad/autograd/kernels/index/bags.h>

#include <algorithm>
#include <vector>

namespace torch { inline namespace xgrad { namespace kernels {

void largest_of_bags(ScalarType dtype, const void* table, int64_t width, const int64_t* indices, const int64_t* bags, int64_t n, int64_t left_out,
                     int64_t bag_count, int64_t* rows) {
  std::fill_n(rows, bag_count * width, int64_t{0});
  std::vector<bool> begun(static_cast<size_t>(bag_count));
  dispatch_floating(dtype, "embedding_bag", [&](auto zero) {
    using T = decltype(zero);
    const T* const elements = static_cast<const T*>(table);
    for (int64_t i = 0; i < n; ++i) {
      const int64_t bag = bags[i], row = indices[i];
      if (row == left_out || bag < 0 || bag >= bag_count) continue;
      int64_t* const found = rows + bag * width;
      const bool first = !begun[static_cast<size_t>(bag)];
      for (int64_t j = 0; j < width; ++j)
        if (first || elements[row * width + j] > elements[found[j] * width + j]) found[j] = row;
      begun[static_cast<size_t>(bag)] = true;
    }
  });
}

}}}  // namespace torch::xgrad::kernels
