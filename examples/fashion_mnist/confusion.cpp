#include "confusion.h"

#include <cstdio>

static const char* name(int c) { return xgrad::data::datasets::FashionMNIST::class_name(c); }

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
  std::printf("\ntrue class      predicted\n%14s", "");
  for (int j = 0; j < kClasses; ++j) std::printf("%6d", j);
  std::printf("\n");
  int first = 0, second = 1;
  auto mixed = [this](int a, int b) { return count_[a][b] + count_[b][a]; };
  for (int i = 0; i < kClasses; ++i) {
    std::printf("%2d %-11s", i, name(i));
    for (int j = 0; j < kClasses; ++j) {
      if (count_[i][j]) std::printf("%6lld", static_cast<long long>(count_[i][j]));
      else std::printf("%6s", ".");
      if (i < j && mixed(i, j) > mixed(first, second)) first = i, second = j;
    }
    std::printf("\n");
  }
  std::printf("\nmost confused: %s and %s (%lld + %lld images)\n", name(first), name(second), static_cast<long long>(count_[first][second]),
              static_cast<long long>(count_[second][first]));
}
