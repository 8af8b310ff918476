#include <xgrad/data/samplers/drawn.h>

#include <algorithm>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

DrawnSampler::DrawnSampler(Tensor order) : order_(std::move(order)) {}
DrawnSampler::~DrawnSampler() = default;

void DrawnSampler::reset(std::optional<size_t> new_size) {
  order_ = draw(new_size);
  index_ = 0;
}

std::optional<std::vector<size_t>> DrawnSampler::next(size_t batch_size) {
  if (!order_.defined()) reset();
  const size_t left = static_cast<size_t>(order_.numel()) - index_;
  if (left == 0) return std::nullopt;
  std::vector<size_t> batch(std::min(batch_size, left));
  dispatch_all(order_.dtype(), "Sampler", [&](auto zero) {
    const auto* from = static_cast<const decltype(zero)*>(order_.data_ptr()) + index_;
    for (size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<size_t>(from[i]);
  });
  index_ += batch.size();
  return batch;
}

void DrawnSampler::save(serialize::OutputArchive& archive) const {
  archive.write("index", IValue(index_));
  archive.write("indices", order_, /*is_buffer=*/true);
}

void DrawnSampler::load(serialize::InputArchive& archive) {
  const size_t index = read_count(archive, "index");
  Tensor order;
  archive.read("indices", order, /*is_buffer=*/true);
  if (order.defined()) {
    XGRAD_CHECK(order.dim() == 1 && index <= static_cast<size_t>(order.numel()), "[Sampler] load: position ", index,
                " is outside the saved order, whose shape is ", order.sizes());
    order = contiguous_as(order, order.dtype());
  } else {
    XGRAD_CHECK(index == 0, "[Sampler] load: position ", index, " is outside the saved order, which was not drawn yet");
  }
  order_ = std::move(order);
  index_ = index;
}

}}}  // namespace torch::xgrad::data::samplers
