#include <xgrad/nn/weight_norm.h>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/normalisation/normalisation.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

namespace {

class WeightNorm final : public Reparametrisation {
 public:
  explicit WeightNorm(int64_t dim) : dim_(dim) {}
  const char* function() const override { return "weight_norm"; }
  std::vector<Part> parts() const override { return {{"_g", false}, {"_v", false}}; }
  std::vector<Tensor> take_apart(const Tensor& parameter) const override {
    const Tensor v = parameter.detach();
    return {norm_except_dim(v, 2, dim_).set_requires_grad(true), Tensor(v).set_requires_grad(true)};
  }
  Tensor put_together(const std::vector<Tensor>& parts, bool) const override { return _weight_norm(parts[1], parts[0], dim_); }

 private:
  const int64_t dim_;
};

}  // namespace

std::shared_ptr<const Reparametrisation> make_weight_norm(std::optional<int64_t> dim) { return std::make_shared<WeightNorm>(dim.value_or(-1)); }

}}}  // namespace torch::xgrad::nn::utils
