#include <xgrad/data/transforms/tensor.h>

#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace data::transforms::detail {

Tensor per_channel(ArrayRef<double> values) {
  Tensor t = allocate_tensor({static_cast<int64_t>(values.size()), 1, 1}, kFloat);
  std::copy(values.begin(), values.end(), t.data_ptr<float>());
  return t;
}

}}}  // namespace torch::xgrad::data::transforms::detail
