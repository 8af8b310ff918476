#include "confusion.h"

#include <cstdio>

const std::array<const char*, kClasses> kClassNames = {"T-shirt", "Trouser", "Pullover", "Dress", "Coat",
                                                       "Sandal",  "Shirt",   "Sneaker",  "Bag",   "Boot"};

Confusion::Confusion(const xgrad::Tensor& label, const xgrad::Tensor& predicted) : total_(label.numel()) {
  const auto truth = label.accessor<int64_t, 1>(), guess = predicted.accessor<int64_t, 1>();
  for (int64_t i = 0; i < total_; ++i) ++count_[truth[i]][guess[i]];
}

double Confusion::accuracy() const {
  int64_t right = 0;
  for (int c = 0; c < kClasses; ++c) right += count_[c][c];
  return static_cast<double>(right) / static_cast<double>(total_);
}

void Confusion::print() const {
  std::printf("\n%-10s predicted\n%-10s", "true", "");
  for (const char* name : kClassNames) std::printf(" %8s", name);
  std::printf("\n");
  int first = 0, second = 1;
  auto mixed = [this](int a, int b) { return count_[a][b] + count_[b][a]; };
  for (int i = 0; i < kClasses; ++i) {
    std::printf("%-10s", kClassNames[static_cast<size_t>(i)]);
    for (int j = 0; j < kClasses; ++j) {
      if (count_[i][j]) std::printf(" %8lld", static_cast<long long>(count_[i][j]));
      else std::printf(" %8s", ".");
      if (i < j && mixed(i, j) > mixed(first, second)) first = i, second = j;
    }
    std::printf("\n");
  }
  std::printf("\nmost confused: %s and %s (%lld + %lld images)\n", kClassNames[static_cast<size_t>(first)],
              kClassNames[static_cast<size_t>(second)], static_cast<long long>(count_[first][second]),
              static_cast<long long>(count_[second][first]));
}
