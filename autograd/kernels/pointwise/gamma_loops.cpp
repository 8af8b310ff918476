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
  double operator()(double a) const { return vector_math::digamma(a); }
  static bool usual(double a) { return a > -2.5; }
  static double unusual(double a) { return gamma::digamma(a); }
};

}  // namespace

const LoopTable lgamma = with_watched_floats<LogGamma, 1>(unary_in_double<gamma::log_gamma>(20));
const LoopTable digamma = table_of_doubles<&watched_loop<Digamma, double, 1>>(4);

}}}  // namespace torch::xgrad::kernels
