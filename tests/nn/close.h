// Comparing tensors with numbers.
#pragma once

#include <doctest/doctest.h>

#include <vector>

#include <xgrad/autograd/tensor/tensor.h>

/// Checks that the tensor has these elements, within a relative error (of 0.001 for what is smaller).
inline void check_close(const xgrad::Tensor& t, const std::vector<double>& expected, double tolerance = 1e-10) {
  REQUIRE(t.numel() == static_cast<int64_t>(expected.size()));
  const xgrad::Tensor values = t.detach().to(xgrad::kDouble).reshape({-1});
  for (size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(values[static_cast<int64_t>(i)].item<double>() == doctest::Approx(expected[i]).epsilon(tolerance).scale(1e-3));
  }
}
