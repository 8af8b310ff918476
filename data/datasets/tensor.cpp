#include <xgrad/data/datasets/tensor.h>

#include <utility>

#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/view.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

TensorDataset::TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}
TensorDataset::TensorDataset(Tensor tensor) : tensor(std::move(tensor)) {}

TensorExample TensorDataset::get(size_t index) { return select(tensor, 0, static_cast<int64_t>(index)); }
std::optional<size_t> TensorDataset::size() const { return static_cast<size_t>(tensor.size(0)); }

}}}  // namespace torch::xgrad::data::datasets
