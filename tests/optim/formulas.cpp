// Optimizers that PyTorch 1.13 has not, and options that its own have not, beside their papers' formulas, element by element.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

using Matrix = std::vector<std::vector<double>>;

Matrix matrix(int64_t rows, int64_t columns, const std::function<double(int64_t)>& value) {
  Matrix m(static_cast<size_t>(rows), std::vector<double>(static_cast<size_t>(columns)));
  int64_t k = 0;
  for (auto& row : m)
    for (double& x : row) x = value(k++);
  return m;
}

void each(Matrix& a, const std::function<void(double&, size_t, size_t)>& visit) {
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t j = 0; j < a[i].size(); ++j) visit(a[i][j], i, j);
}

double norm(const Matrix& a) {
  double sum = 0;
  for (const auto& row : a)
    for (const double x : row) sum += x * x;
  return std::sqrt(sum);
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix c(a.size(), std::vector<double>(b[0].size()));
  each(c, [&](double& x, size_t i, size_t j) {
    for (size_t k = 0; k < b.size(); ++k) x += a[i][k] * b[k][j];
  });
  return c;
}

Matrix transposed(const Matrix& a) {
  Matrix t(a[0].size(), std::vector<double>(a.size()));
  each(t, [&](double& x, size_t i, size_t j) { x = a[j][i]; });
  return t;
}

Tensor tensor_of(const Matrix& m) {
  const Tensor t = empty({static_cast<int64_t>(m.size()), static_cast<int64_t>(m[0].size())}, kDouble);
  for (size_t i = 0; i < m.size(); ++i)
    for (size_t j = 0; j < m[0].size(); ++j) t.data_ptr<double>()[i * m[0].size() + j] = m[i][j];
  return t;
}

double start(int64_t k) { return std::sin(1.3 * static_cast<double>(k) + 0.5); }
double gradient_by(int64_t k, int step) { return std::cos(0.7 * static_cast<double>(k) + 2 * step); }

// Takes 6 steps with both: `make` an optimizer, and update(w, g, t) by hand.
void check(int64_t rows, int64_t columns, const std::function<std::unique_ptr<Optimizer>(const Tensor&)>& make,
           const std::function<void(Matrix&, const Matrix&, int)>& update, bool as_vector = false) {
  Matrix expected = matrix(rows, columns, start);
  const Tensor values = tensor_of(expected);
  const Tensor p = (as_vector ? values.reshape({-1}) : values).clone().requires_grad_();
  const std::unique_ptr<Optimizer> optimizer = make(p);
  for (int t = 1; t <= 6; ++t) {
    const Matrix g = matrix(rows, columns, [t](int64_t k) { return gradient_by(k, t); });
    p.mutable_grad() = tensor_of(g).reshape(p.sizes());
    optimizer->step();
    update(expected, g, t);
  }
  const Tensor far = (p.detach().reshape({rows, columns}) - tensor_of(expected)).abs().max();
  CHECK(far.item<double>() < 1e-12);
}

template <class O, class Options> auto making(const Options& options) {
  return [options](const Tensor& p) { return std::make_unique<O>(std::vector<Tensor>{p}, options); };
}

}  // namespace

TEST_CASE("Lion") {
  Matrix m = matrix(5, 7, [](int64_t) { return 0; });
  check(5, 7, making<Lion>(LionOptions(0.02).betas({0.8, 0.95}).weight_decay(0.3)), [&](Matrix& w, const Matrix& g, int) {
    each(w, [&](double& x, size_t i, size_t j) {
      const double c = 0.8 * m[i][j] + (1 - 0.8) * g[i][j];
      x -= 0.02 * ((c > 0) - (c < 0) + 0.3 * x);
      m[i][j] = 0.95 * m[i][j] + (1 - 0.95) * g[i][j];
    });
  });
}

TEST_CASE("LAMB") {
  Matrix m = matrix(70, 90, [](int64_t) { return 0; }), v = m;
  check(70, 90, making<LAMB>(LAMBOptions(0.02).betas({0.8, 0.95}).eps(1e-3).weight_decay(0.3)), [&](Matrix& w, const Matrix& g, int t) {
    Matrix u = w;
    each(u, [&](double& x, size_t i, size_t j) {
      m[i][j] = 0.8 * m[i][j] + (1 - 0.8) * g[i][j];
      v[i][j] = 0.95 * v[i][j] + (1 - 0.95) * g[i][j] * g[i][j];
      x = m[i][j] / (1 - std::pow(0.8, t)) / (std::sqrt(v[i][j] / (1 - std::pow(0.95, t))) + 1e-3) + 0.3 * w[i][j];
    });
    const double ratio = norm(w) / norm(u);
    each(w, [&](double& x, size_t i, size_t j) { x -= 0.02 * ratio * u[i][j]; });
  });
}

TEST_CASE("LAMB moves a parameter of zeros as Adam does") {
  const Tensor p = zeros({4}, kDouble).requires_grad_();
  p.mutable_grad() = ones({4}, kDouble);
  LAMB({p}, LAMBOptions(0.5).eps(0)).step();
  for (int64_t i = 0; i < 4; ++i) CHECK(p[i].item<double>() == doctest::Approx(-0.5));
}

TEST_CASE("NAdam and RAdam with decoupled weight decay shrink the parameter and leave the gradient alone") {
  const auto run = [](auto make, double shrink) {
    const Tensor p = ones({3}, kDouble).requires_grad_();
    const auto optimizer = make(p);
    for (int t = 1; t <= 12; ++t) {
      p.mutable_grad() = full({3}, gradient_by(0, t), kDouble);
      if (shrink != 1) {
        NoGradGuard guard;
        p.mul_(shrink);
      }
      optimizer->step();
    }
    return p[0].item<double>();
  };
  const auto nadam = NAdamOptions(0.02).weight_decay(0.5).decoupled_weight_decay(true);
  CHECK(run(making<NAdam>(nadam), 1) == doctest::Approx(run(making<NAdam>(NAdamOptions(0.02)), 1 - 0.02 * 0.5)).epsilon(1e-13));
  const auto radam = RAdamOptions(0.02).betas({0.9, 0.9}).weight_decay(0.5).decoupled_weight_decay(true);
  CHECK(run(making<RAdam>(radam), 1) == doctest::Approx(run(making<RAdam>(RAdamOptions(0.02).betas({0.9, 0.9})), 1 - 0.02 * 0.5)).epsilon(1e-13));
}

namespace {

void adafactor_step(Matrix& w, const Matrix& v, const Matrix& g, int t, double lr, double eps1, double eps2, double d, double decay) {
  const double n = static_cast<double>(w.size() * w[0].size());
  const double rate = std::max(eps2, norm(w) / std::sqrt(n)) * std::min(lr, 1 / std::sqrt(static_cast<double>(t)));
  Matrix u = v;
  each(u, [&](double& x, size_t i, size_t j) { x = g[i][j] / std::sqrt(std::max(x, eps1 * eps1)); });
  const double clip = std::max(1., norm(u) / std::sqrt(n) / d);
  each(w, [&](double& x, size_t i, size_t j) { x = x * (1 - lr * decay) - rate / clip * u[i][j]; });
}

}  // namespace

TEST_CASE("Adafactor of a matrix") {
  std::vector<double> rows(5), columns(7);
  check(5, 7, making<Adafactor>(AdafactorOptions(0.3).eps1(1e-4).eps2(1e-2).d(0.7).weight_decay(0.2)), [&](Matrix& w, const Matrix& g, int t) {
    const double share = std::pow(t, -0.8);
    for (double& r : rows) r *= 1 - share;
    for (double& c : columns) c *= 1 - share;
    Matrix v = g;
    each(v, [&](double& x, size_t i, size_t j) {
      rows[i] += share * x * x / 7;
      columns[j] += share * x * x / 5;
    });
    double mean = 0;
    for (const double r : rows) mean += r / 5;
    each(v, [&](double& x, size_t i, size_t j) { x = rows[i] * columns[j] / std::max(mean, 1e-4); });
    adafactor_step(w, v, g, t, 0.3, 1e-4, 1e-2, 0.7, 0.2);
  });
}

TEST_CASE("Adafactor of a vector") {
  Matrix v = matrix(1, 9, [](int64_t) { return 0; });
  const auto update = [&](Matrix& w, const Matrix& g, int t) {
    each(v, [&](double& x, size_t i, size_t j) { x += std::pow(t, -0.5) * (g[i][j] * g[i][j] - x); });
    adafactor_step(w, v, g, t, 1e-2, std::numeric_limits<double>::epsilon(), 1e-3, 1, 0);
  };
  check(1, 9, making<Adafactor>(AdafactorOptions().beta2_decay(-0.5)), update, true);
}

TEST_CASE("Muon") {
  for (const auto& [rows, columns] : {std::pair<int64_t, int64_t>{4, 7}, {7, 4}, {5, 5}}) {
    for (const bool nesterov : {true, false}) {
      Matrix b = matrix(rows, columns, [](int64_t) { return 0; });
      const auto update = [&, r = static_cast<double>(rows), c = static_cast<double>(columns)](Matrix& w, const Matrix& g, int) {
        Matrix x = b;
        each(b, [&](double& y, size_t i, size_t j) { y = 0.9 * y + (1 - 0.9) * g[i][j]; });
        each(x, [&](double& y, size_t i, size_t j) { y = nesterov ? (1 - 0.9) * g[i][j] + 0.9 * b[i][j] : b[i][j]; });
        const double size = norm(x);
        each(x, [&](double& y, size_t, size_t) { y /= size; });
        for (int k = 0; k < 5; ++k) {
          const Matrix gram = product(x, transposed(x)), squared = product(gram, gram);
          Matrix polynomial = gram;
          each(polynomial, [&](double& y, size_t i, size_t j) { y = -4.775 * y + 2.0315 * squared[i][j] + (i == j ? 3.4445 : 0); });
          x = product(polynomial, x);
        }
        const double ratio = nesterov ? 0.2 * std::sqrt(std::max(r, c)) : std::sqrt(std::max(1., r / c));
        each(w, [&](double& y, size_t i, size_t j) { y = y * (1 - 0.02 * 0.3) - 0.02 * ratio * x[i][j]; });
      };
      auto options = MuonOptions(0.02).momentum(0.9).nesterov(nesterov).weight_decay(0.3);
      if (nesterov) options.adjust_lr_fn("match_rms_adamw");
      check(rows, columns, making<Muon>(options), update);
    }
  }
  const Tensor bias = ones({3}).requires_grad_();
  Muon optimizer({bias});
  bias.mutable_grad() = ones({3});
  CHECK_THROWS_WITH_AS(optimizer.step(), doctest::Contains("Muon only supports 2D parameters"), ValueError);
}
