#include <xgrad/distributed/sync_batch_norm.h>

#include <memory>
#include <numeric>
#include <vector>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/distributed/differentiable.h>
#include <xgrad/nn/layers/normalisation.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

class MomentsOfAllRanks final : public nn::BatchMoments {
 public:
  explicit MomentsOfAllRanks(Communicator communicator) : communicator_(std::move(communicator)) {}

  // Each rank sends its mean, its sum of squared deviations and its count (2 C + 1 numbers), from which each joins those of all (Chan,
  // Golub and LeVeque 1979): no sum of squares, which would cancel.
  Tensor normalise(const Tensor& x, const Tensor& running_mean, const Tensor& running_var, const Tensor& weight, const Tensor& bias, double momentum,
                   double eps) const override {
    const int64_t channels = x.size(1), count = channels == 0 ? 0 : x.numel() / channels;
    std::vector<int64_t> axes(static_cast<size_t>(x.dim() - 1)), shape(static_cast<size_t>(x.dim()), 1);
    std::iota(axes.begin() + 1, axes.end(), 2);
    shape[1] = channels;

    const Tensor own_mean = x.sum(axes) / std::max<int64_t>(count, 1);
    const Tensor own_squares = (x - own_mean.view(shape)).square().sum(axes);
    const Tensor all = differentiable_all_gather(cat({own_mean, own_squares, full({1}, count, x.dtype())}), communicator_);
    const Tensor means = all.narrow(1, 0, channels), counts = all.narrow(1, 2 * channels, 1), total = counts.sum();
    const double values = total.item<double>();
    XGRAD_CHECK(values > 1, "[batch_norm] Expected more than 1 value per channel on all ranks together when training, got ", values);
    const Tensor mean = (means * counts).sum(0) / total;
    const Tensor squares = all.narrow(1, channels, channels).sum(0) + ((means - mean).square() * counts).sum(0), variance = squares / total;
    follow(running_mean, mean, momentum);
    follow(running_var, squares / (total - 1), momentum);

    const Tensor scale = weight.defined() ? (variance + eps).rsqrt() * weight : (variance + eps).rsqrt();
    const Tensor y = (x - mean.view(shape)) * scale.view(shape);
    return bias.defined() ? y + bias.view(shape) : y;
  }

 private:
  static void follow(const Tensor& running, const Tensor& now, double momentum) {
    if (!running.defined()) return;
    const NoGradGuard no_grad;
    running.mul_(1 - momentum).add_(now.detach() * momentum);
  }

  Communicator communicator_;
};

template <class Layer> bool convert(nn::Module& module, const std::shared_ptr<const nn::BatchMoments>& moments) {
  auto* const layer = module.as<Layer>();
  if (layer) layer->moments = moments;
  return layer != nullptr;
}

}  // namespace

int64_t convert_sync_batchnorm(nn::Module& module, const Communicator& communicator) {
  const auto moments = std::make_shared<MomentsOfAllRanks>(communicator.duplicate());
  int64_t found = 0;
  module.apply([&](nn::Module& m) {
    found += convert<nn::BatchNorm1d>(m, moments) || convert<nn::BatchNorm2d>(m, moments) || convert<nn::BatchNorm3d>(m, moments);
  });
  return found;
}
int64_t convert_sync_batchnorm(nn::Module& module) { return convert_sync_batchnorm(module, world()); }

}}}  // namespace torch::xgrad::distributed
