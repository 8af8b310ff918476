#include <xgrad/train/metrics/values.h>

#include <xgrad/autograd/tensor/copy.h>

namespace torch { inline namespace xgrad { namespace train {

Values values_of(const char* metric, const char* what, const Tensor& t) {
  XGRAD_CHECK(t.defined() && !t.is_sparse(), "[", metric, "] ", what, " must be a dense tensor, got ", t);
  return Values(contiguous_as(t, kDouble));
}

void check_same_shape(const char* metric, const Tensor& predictions, const Tensor& targets) {
  XGRAD_CHECK(predictions.sizes() == targets.sizes(), "[", metric, "] predictions and targets must have the same shape, got ", predictions.sizes(),
              " and ", targets.sizes());
}

void check_binary(const char* metric, const Values& targets) {
  for (const double t : targets) XGRAD_CHECK_AS(ValueError, t == 0 || t == 1, "[", metric, "] targets must be 0 or 1, got ", t);
}

void check_ordered(const char* metric, const Values& scores) {
  for (const double s : scores) XGRAD_CHECK_AS(ValueError, s == s, "[", metric, "] scores must not be NaN, got one");
}

}}}  // namespace torch::xgrad::train
