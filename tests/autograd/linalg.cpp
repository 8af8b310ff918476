#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

using namespace xgrad;

namespace {

Tensor waves_of_squares(IntArrayRef shape, double phase, ScalarType dtype = kDouble) {
  Tensor t = empty(shape, kDouble);
  double* p = t.data_ptr<double>();
  for (int64_t i = 0; i < t.numel(); ++i) p[i] = std::sin(phase + 1.3 * static_cast<double>(i * i));
  return t.to(dtype);
}

double largest(const Tensor& t) { return t.abs().max().item<double>(); }

Tensor second_derivative_along(const Tensor& x, const Tensor& y, const Tensor& direction) {
  const Tensor gx = autograd::grad({y}, {x}, {}, std::nullopt, true)[0];
  return autograd::grad({(gx * direction).sum()}, {x})[0];
}

}  // namespace

TEST_CASE("factors multiply to what was factored, in float and double and in batches") {
  for (ScalarType dtype : {kFloat, kDouble}) {
    const double tolerance = dtype == kFloat ? 2e-4 : 1e-12;
    for (const Dims& shape : {Dims{7, 4}, Dims{4, 7}, Dims{3, 5, 5}}) {
      const Tensor a = waves_of_squares(shape, 1, dtype);
      for (const char* mode : {"reduced", "complete"}) {
        const auto [q, r] = linalg::qr(a, mode);
        CHECK(largest(matmul(q, r) - a) < tolerance);
        CHECK(largest(matmul(q.transpose(-2, -1), q) - eye(q.size(-1), dtype)) < tolerance);
        CHECK(largest(r.tril(-1)) == 0);
      }
    }
    const Tensor a = waves_of_squares({3, 6, 6}, 2, dtype), spd = matmul(a, a.transpose(-2, -1)) + eye(6, dtype);
    const Tensor l = linalg::cholesky(spd), u = cholesky(spd, true);
    CHECK(largest(matmul(l, l.transpose(-2, -1)) - spd) < tolerance);
    CHECK(largest(u - l.transpose(-2, -1)) < tolerance);
    CHECK(largest(matmul(spd, inverse(spd)) - eye(6, dtype)) < 10 * tolerance);
    CHECK(largest(matmul(spd, linalg::solve(spd, a)) - a) < 10 * tolerance);
  }
}

TEST_CASE("singular values and their frames") {
  for (ScalarType dtype : {kFloat, kDouble}) {
    const double tolerance = dtype == kFloat ? 2e-5 : 1e-12;
    for (const Dims& shape : {Dims{7, 4}, Dims{4, 7}, Dims{3, 5, 5}})
      for (const bool full : {false, true}) {
        const Tensor a = waves_of_squares(shape, 1, dtype);
        const auto [u, s, vh] = linalg::svd(a, full);
        const int64_t k = s.size(-1);
        CHECK(largest(matmul(u.narrow(-1, 0, k) * s.unsqueeze(-2), vh.narrow(-2, 0, k)) - a) < tolerance);
        CHECK(largest(matmul(u.transpose(-2, -1), u) - eye(u.size(-1), dtype)) < tolerance);
        CHECK(largest(matmul(vh, vh.transpose(-2, -1)) - eye(vh.size(-2), dtype)) < tolerance);
        CHECK(s.narrow(-1, 0, k - 1).ge(s.narrow(-1, 1, k - 1)).all().item<bool>());
        CHECK(equal(s, linalg::svdvals(a)));
        CHECK(largest(linalg::matrix_norm(a, 2) - s.select(-1, 0)) == 0);
      }
  }
  // Repeated values: the nuclear norm of a positive definite matrix is its trace.
  Tensor x = eye(3, kDouble).requires_grad_();
  linalg::matrix_norm(x, "nuc").backward();
  CHECK(largest(x.grad() - eye(3, kDouble)) < 1e-15);
}

TEST_CASE("derivatives of determinants of singular matrices follow from the polynomial") {
  // d^2 (ad - bc): the second derivative in direction H is the cofactors of H, whatever the matrix.
  const Tensor h = waves_of_squares({2, 2}, 3);
  const double* p = h.data_ptr<double>();
  for (double scale : {1.0, 0.0}) {
    Tensor x = ones({2, 2}, kDouble) * scale;
    x.requires_grad_();
    const Tensor y = det(x);
    CHECK(y.item<double>() == 0);
    const Tensor second = second_derivative_along(x, y, h);
    const double expected[] = {p[3], -p[2], -p[1], p[0]};
    for (int i = 0; i < 4; ++i) CHECK(second.data_ptr<double>()[i] == doctest::Approx(expected[i]));
  }
  // The third derivative of a product of three diagonal elements, at zero.
  Tensor x = zeros({3, 3}, kDouble).requires_grad_();
  Tensor g = autograd::grad({det(x)}, {x}, {}, std::nullopt, true)[0];
  for (int i = 0; i < 2; ++i) g = autograd::grad({g.select(0, i).select(0, i)}, {x}, {}, std::nullopt, i == 0)[0];
  CHECK(g.select(0, 2).select(0, 2).item<double>() == doctest::Approx(1));
}

TEST_CASE("batches of factorizations have the same bits for every number of threads") {
  const int before = get_num_threads();
  const Tensor a = waves_of_squares({64, 24, 24}, 1), b = waves_of_squares({64, 24, 3}, 2);
  const auto run = [&] { return std::vector<Tensor>{inverse(a), det(a), linalg::solve(a, b), std::get<0>(qr(a)), linalg::svdvals(a)}; };
  set_num_threads(1);
  const auto expected = run();
  for (int threads : {2, 3}) {
    set_num_threads(threads);
    const auto found = run();
    for (size_t i = 0; i < found.size(); ++i) CHECK(std::memcmp(found[i].data_ptr(), expected[i].data_ptr(), found[i].nbytes()) == 0);
  }
  set_num_threads(before);
}

TEST_CASE("a NaN that BLAS has met spoils no eigenvalues that come after it") {
  for (const ScalarType dtype : {kFloat, kDouble})
    for (const int64_t n : {2, 3, 5, 9, 17}) {
      const Tensor nothing = full({n, n}, std::nan(""), dtype), clean = diag(arange(1, n + 1, dtype));
      nothing.matmul(nothing);
      linalg_inv(nothing);
      CHECK(linalg_eigvalsh(clean).allclose(arange(1, n + 1, dtype)));
    }
}

TEST_CASE("least squares without a right-hand side") {
  for (const char* const driver : {"gels", "gelsy", "gelsd", "gelss"}) {
    const auto [solution, residuals, rank, values] = linalg_lstsq(eye(4, 2), ones({4, 0}), std::nullopt, driver);
    CHECK(solution.sizes() == IntArrayRef({2, 0}));
  }
}

TEST_CASE("a right-hand side of one axis less is vectors where it has a batch's shape, and a matrix elsewhere") {
  const auto solved = [](const Tensor& a, const Tensor& b) { return std::get<0>(linalg_lstsq(a, b)); };
  const Tensor a = waves_of_squares({2, 3, 2}, 0.3), ones_of_batch = ones({2, 3}, kDouble);
  CHECK(solved(a, ones_of_batch).sizes() == IntArrayRef({2, 2}));
  CHECK(solved(ones({2, 1, 1}), ones({1, 1})).sizes() == IntArrayRef({2, 1, 1}));
  CHECK(solved(ones({1, 2, 1}), ones({2, 2})).sizes() == IntArrayRef({2, 1, 2}));
  CHECK_THROWS_AS(solved(a, ones({1, 3}, kDouble)), Error);
}

TEST_CASE("a number is never made of a pointer") {
  CHECK_FALSE(std::is_constructible_v<Scalar, const char*>);
  CHECK(std::is_constructible_v<Scalar, bool>);
}
