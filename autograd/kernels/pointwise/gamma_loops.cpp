// The commonest functions of the gamma family in vector loops. A negative argument passes more and more poles, and the logarithm vanishes
// between them: what lies further left is computed one by one.
#include <xgrad/autograd/kernels/pointwise/gamma.h>
#include <xgrad/autograd/kernels/pointwise/gamma_series.h>
#include <xgrad/autograd/kernels/pointwise/in_double.h>
#include <xgrad/autograd/kernels/pointwise/unusual_arguments.h>
#include <xgrad/autograd/kernels/vector/vector_special.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

struct LogGamma {
  float operator()(float a) const { return static_cast<float>(vector_math::log_gamma(a)); }
  static bool usual(float a) { return a > -2.4f; }
  static float unusual(float a) { return static_cast<float>(gamma::log_gamma(static_cast<double>(a))); }
};
struct Digamma {
  template <class T> T operator()(T a) const { return static_cast<T>(vector_math::digamma(static_cast<double>(a))); }
  template <class T> static bool usual(T a) { return a > T(-2.5); }
  template <class T> static T unusual(T a) { return static_cast<T>(gamma::digamma(static_cast<double>(a))); }
};

}  // namespace

const LoopTable lgamma = with_watched_floats<LogGamma, 1>(unary_in_double<gamma::log_gamma>(20));
const LoopTable digamma = watched_table<Digamma>(4);

}}}  // namespace torch::xgrad::kernels
