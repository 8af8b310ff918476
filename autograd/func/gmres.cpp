#include <xgrad/autograd/func/gmres.h>

#include <cmath>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/operators.h>

namespace torch { inline namespace xgrad { namespace func {

namespace {

double product_of(const Tensor& a, const Tensor& b) { return (a * b).sum().item<double>(); }
double length(const Tensor& a) { return std::sqrt(product_of(a, a)); }

// The rotations that bring the Hessenberg matrix to a triangle as its columns come, and the residual they leave.
class Rotations {
 public:
  explicit Rotations(double start) : right_{start} {}

  /// `column` has one number more than there were columns before, and the one below the diagonal.
  void add(std::vector<double> column) {
    const size_t k = triangle_.size();
    for (size_t i = 0; i < k; ++i) {
      const double upper = column[i], lower = column[i + 1];
      column[i] = cosine_[i] * upper + sine_[i] * lower;
      column[i + 1] = cosine_[i] * lower - sine_[i] * upper;
    }
    const double r = std::hypot(column[k], column[k + 1]);
    cosine_.push_back(r == 0 ? 1 : column[k] / r);
    sine_.push_back(r == 0 ? 0 : column[k + 1] / r);
    column[k] = r;
    right_.push_back(-sine_[k] * right_[k]);
    right_[k] *= cosine_[k];
    triangle_.push_back(std::move(column));
  }
  double residual() const { return std::abs(right_.back()); }
  bool is_singular() const { return triangle_.back()[triangle_.size() - 1] == 0; }
  std::vector<double> solve() const {
    std::vector<double> y(triangle_.size());
    for (size_t i = y.size(); i-- > 0;) {
      double sum = right_[i];
      for (size_t j = i + 1; j < y.size(); ++j) sum -= triangle_[j][i] * y[j];
      y[i] = sum / triangle_[i][i];
    }
    return y;
  }

 private:
  std::vector<std::vector<double>> triangle_;  // column by column
  std::vector<double> cosine_, sine_, right_;
};

}  // namespace

Tensor gmres(const char* operation, const std::function<Tensor(const Tensor&)>& apply, const Tensor& b, double tolerance, int64_t most) {
  NoGradGuard no_grad;
  const double norm = length(b);
  if (norm == 0) return zeros_like(b);
  std::vector<Tensor> basis{b / norm};
  Rotations rotations(norm);
  for (int64_t k = 0; !(rotations.residual() <= tolerance * norm); ++k) {
    XGRAD_CHECK_AS(LinAlgError, k < most && std::isfinite(rotations.residual()), "[", operation, "] the solver has not converged: a residual of ",
                   rotations.residual() / norm, " of the right side is left after ", k, " iterations, ", tolerance, " was asked for");
    Tensor w = apply(basis.back());
    XGRAD_CHECK(w.sizes() == b.sizes(), "[", operation, "] the operator must keep the shape ", b.sizes(), ", got ", w.sizes());
    std::vector<double> column(basis.size() + 1);
    for (int pass = 0; pass < 2; ++pass)
      for (size_t i = 0; i < basis.size(); ++i) {
        const double h = product_of(basis[i], w);
        column[i] += h;
        w = w - basis[i] * h;
      }
    column.back() = length(w);
    const double below = column.back();
    rotations.add(std::move(column));
    XGRAD_CHECK_AS(LinAlgError, !rotations.is_singular(), "[", operation, "] the operator is singular");
    if (below > 0) basis.push_back(w / below);
  }
  const std::vector<double> y = rotations.solve();
  Tensor x = zeros_like(b);
  for (size_t i = 0; i < y.size(); ++i) x = x + basis[i] * y[i];
  return x;
}

}}}  // namespace torch::xgrad::func
