// In-place methods that compute out of place and write the result back, defined from the list of operations.
#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/ops/ops.h>

namespace torch { inline namespace xgrad {

// Stands for `self`: so an entry is a function that nobody defines or calls, which may state its default arguments once more.
struct Nobody;
#define XGRAD_SELF Nobody
#define XGRAD_SELF_AND Nobody,
#define XGRAD_METHOD(call)
#define XGRAD_IN_PLACE(signature)
#define XGRAD_OR(value)
#define XGRAD_REPLACED_BY(signature, call)                                             \
  ;                                                                                    \
  Tensor& Tensor::signature const {                                                    \
    return edit_in_place(__func__, *this, [&](const auto& x) { return xgrad::call; }); \
  }
#include <xgrad/autograd/tensor/operations.h>

}}  // namespace torch::xgrad
