// N. J. Higham, The scaling and squaring method for the matrix exponential revisited, SIAM J. Matrix Anal. Appl. 26 (2005).
#include <xgrad/autograd/kernels/linalg/exponential.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include <xgrad/autograd/kernels/linalg/lapack.h>
#include <xgrad/autograd/kernels/product/blas.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

// Padé's approximant of degree m is accurate up to a 1-norm of theta: table 2.3 for double, section 3 for float.
struct Approximant {
  int degree;
  double theta;
  double coefficients[14];
};
constexpr Approximant kDouble[] = {{3, 1.495585217958292e-2, {120, 60, 12, 1}},
                                   {5, 2.539398330063230e-1, {30240, 15120, 3360, 420, 30, 1}},
                                   {7, 9.504178996162932e-1, {17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1}},
                                   {9, 2.097847961257068, {17643225600, 8821612800, 2075673600, 302702400, 30270240, 2162160, 110880, 3960, 90, 1}},
                                   {13,
                                    5.371920351148152,
                                    {64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600,
                                     670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1}}};
constexpr Approximant kFloat[] = {{3, 4.258730016922831e-1, {120, 60, 12, 1}},
                                  {5, 1.880152677804762, {30240, 15120, 3360, 420, 30, 1}},
                                  {7, 3.925724783138660, {17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1}}};

template <class T> class Exponential {
 public:
  Exponential(int64_t n, const T* a, T* y) : n_(n), a_(a, a + n * n), y_(y) {}

  void compute() {
    const double norm = norm_of_a();
    if (!std::isfinite(norm)) return std::fill(y_, y_ + n_ * n_, std::numeric_limits<T>::quiet_NaN());
    const Approximant* begin = std::is_same_v<T, float> ? std::begin(kFloat) : std::begin(kDouble);
    const Approximant* last = (std::is_same_v<T, float> ? std::end(kFloat) : std::end(kDouble)) - 1;
    const Approximant* chosen = std::find_if(begin, last, [norm](const Approximant& p) { return norm <= p.theta; });
    // a / 2^squarings has a norm of at most theta.
    const int squarings = norm > last->theta ? std::max(0, std::ilogb(norm / last->theta) + 1) : 0;
    for (T& x : a_) x = std::ldexp(x, -squarings);
    approximate(*chosen);
    std::vector<T> square(a_.size());
    for (int i = 0; i < squarings; ++i) {
      multiply(y_, y_, square.data());
      std::copy(square.begin(), square.end(), y_);
    }
  }

 private:
  double norm_of_a() const {
    double largest = 0;
    for (int64_t j = 0; j < n_; ++j) {
      double sum = 0;
      for (int64_t i = 0; i < n_; ++i) sum += std::abs(static_cast<double>(a_[static_cast<size_t>(i * n_ + j)]));
      if (!(sum <= largest)) largest = sum;  // a NaN stays
      if (std::isnan(largest)) break;
    }
    return largest;
  }

  void multiply(const T* x, const T* y, T* product) const { blas::gemm<T>(n_, n_, n_, 1, x, {false, n_}, y, {false, n_}, 0, product, n_); }

  // y = (V - U)^-1 (V + U), where V holds the even powers and U, times a, the odd ones. The polynomials in a^2 are evaluated by Horner's
  // scheme in w = a^6 with coefficients of degree 2, so that degree 13 takes 6 products.
  void approximate(const Approximant& p) {
    const size_t size = a_.size();
    const int terms = p.degree / 2 + 1;
    std::vector<std::vector<T>> power(1);  // of a^2; the first is the identity
    for (int k = 1; k <= std::min(3, terms - 1); ++k) {
      power.emplace_back(size);
      if (k == 1) multiply(a_.data(), a_.data(), power[1].data());
      else multiply(power[1].data(), power[static_cast<size_t>(k - 1)].data(), power[static_cast<size_t>(k)].data());
    }
    std::vector<T> odd(size), even(size), u(size);
    polynomial(p.coefficients + 1, terms, power, odd);
    polynomial(p.coefficients, terms, power, even);
    multiply(a_.data(), odd.data(), u.data());
    // The transposes of all of these are what LAPACK sees, and rational functions of a^T.
    std::vector<int> pivots(static_cast<size_t>(n_));
    for (size_t i = 0; i < size; ++i) {
      y_[i] = even[i] + u[i];
      even[i] -= u[i];
    }
    lu_factor(n_, n_, even.data(), pivots.data());
    lu_solve(n_, n_, false, even.data(), pivots.data(), y_);
  }

  // sum = c[0] + c[2] s + c[4] s^2 + ..., s = a^2.
  void polynomial(const double* c, int terms, const std::vector<std::vector<T>>& power, std::vector<T>& sum) const {
    std::vector<T> product(sum.size());
    for (int first = (terms - 1) / 3 * 3; first >= 0; first -= 3) {
      if (first + 3 < terms) {
        multiply(power[3].data(), sum.data(), product.data());
        sum.swap(product);
      }
      for (int k = 1; k < 3 && first + k < terms; ++k)
        for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<T>(c[2 * (first + k)]) * power[static_cast<size_t>(k)][i];
      for (int64_t i = 0; i < n_; ++i) sum[static_cast<size_t>(i * n_ + i)] += static_cast<T>(c[2 * first]);
    }
  }

  const int64_t n_;
  std::vector<T> a_;
  T* const y_;
};

}  // namespace

template <class T> void exponential(int64_t n, const T* a, T* y) {
  if (n == 0) return;
  if (n == 1) {
    *y = std::exp(*a);
    return;
  }
  blas::keep_single_threaded();
  Exponential<T>(n, a, y).compute();
}

template void exponential(int64_t, const float*, float*);
template void exponential(int64_t, const double*, double*);

}}}  // namespace torch::xgrad::kernels
