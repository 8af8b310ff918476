#include <xgrad/nn/spectral_norm.h>

#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/layers/convolution.h>

namespace torch { inline namespace xgrad { namespace nn::utils {

namespace {

class SpectralNorm final : public Reparametrisation {
 public:
  SpectralNorm(int64_t n_power_iterations, double eps, int64_t dim) : n_power_iterations_(n_power_iterations), eps_(eps), dim_(dim) {}
  const char* function() const override { return "spectral_norm"; }
  std::vector<Part> parts() const override { return {{"_orig", false}, {"_u", true}, {"_v", true}}; }

  std::vector<Tensor> take_apart(const Tensor& parameter) const override {
    NoGradGuard no_grad;
    const Tensor m = matrix(parameter);
    const auto direction = [&](int64_t size) { return unit(empty({size}, parameter.options()).normal_()); };
    const Tensor u = direction(m.size(0));
    return {parameter, u, direction(m.size(1))};
  }

  Tensor put_together(const std::vector<Tensor>& parts, bool training) const override {
    const Tensor& weight = parts[0];
    const Tensor m = matrix(weight);
    Tensor u = parts[1], v = parts[2];
    if (training) {
      NoGradGuard no_grad;
      for (int64_t i = 0; i < n_power_iterations_; ++i) {
        v = unit(mv(m.t(), u));
        u = unit(mv(m, v));
      }
      // The graph keeps u and v themselves, so that a later call's steps don't spoil this one's derivative.
      Tensor(parts[1]).copy_(u);
      Tensor(parts[2]).copy_(v);
    }
    return weight / dot(u, mv(m, v));
  }

  // Shares memory with weight_orig, so that what sets initial values in the member sets them there.
  Tensor initial(const Tensor& parameter, const std::vector<Tensor>&) const override { return parameter.detach(); }

 private:
  Tensor unit(const Tensor& x) const { return x / x.norm().clamp_min(eps_); }
  Tensor matrix(const Tensor& weight) const { return weight.movedim(dim_, 0).reshape({weight.size(dim_), -1}); }

  const int64_t n_power_iterations_;
  const double eps_;
  const int64_t dim_;
};

bool is_transposed_convolution(const Module& m) { return m.as<ConvTranspose1d>() || m.as<ConvTranspose2d>() || m.as<ConvTranspose3d>(); }

}  // namespace

std::shared_ptr<const Reparametrisation> make_spectral_norm(const Module& module, const SpectralNormOptions& options) {
  const int64_t steps = options.n_power_iterations();
  XGRAD_CHECK_AS(ValueError, steps > 0, "[spectral_norm] Expected n_power_iterations to be positive, but got n_power_iterations=", steps);
  return std::make_shared<SpectralNorm>(steps, options.eps(), options.dim().value_or(is_transposed_convolution(module)));
}

}}}  // namespace torch::xgrad::nn::utils
