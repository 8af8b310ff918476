// nn::utils: limits on gradients, parameters as a vector.
#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "nn/close.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Parameters {
  Parameters() : p(ones({2}).requires_grad_()), q(ones({1}).requires_grad_()), unused(ones({4}).requires_grad_()) {
    p.mutable_grad() = tensor({3.f, -4.f});
    q.mutable_grad() = tensor({12.f});
  }
  std::vector<Tensor> all() const { return {p, q, unused}; }
  Tensor gradients() const { return cat({p.grad(), q.grad()}); }
  Tensor p, q, unused;
};

}  // namespace

TEST_CASE("clip_grad_norm_ gives PyTorch's norms and gradients") {
  const auto clipped = [](double type, double norm, const std::vector<double>& gradients) {
    Parameters parameters;
    CHECK(nn::utils::clip_grad_norm_(parameters.all(), 1.0, type) == doctest::Approx(norm).epsilon(1e-6));
    check_close(parameters.gradients(), gradients, 1e-6);
  };
  clipped(2, 13, {0.230769217, -0.307692289, 0.923076868});
  clipped(1, 19, {0.157894716, -0.210526288, 0.631578863});
  clipped(3, 12.207057, {0.245759457, -0.327679276, 0.983037829});
  clipped(kInfinity, 12, {0.249999985, -0.333333313, 0.99999994});
  clipped(0, 2, {1.49999928, -1.99999905, 5.99999714});
}

TEST_CASE("clip_grad_norm_ leaves small gradients as they are") {
  Parameters parameters;
  CHECK(nn::utils::clip_grad_norm_(parameters.all(), 20.0) == 13);
  check_close(parameters.gradients(), {3, -4, 12});
  parameters.p.mutable_grad().zero_();
  CHECK(nn::utils::clip_grad_norm_(parameters.p, 1.0) == 0);
  check_close(parameters.p.grad(), {0, 0});
  CHECK(nn::utils::clip_grad_norm_({parameters.unused}, 1.0) == 0);
  CHECK(nn::utils::clip_grad_norm_(std::vector<Tensor>(), 1.0) == 0);
}

TEST_CASE("clip_grad_norm_ refuses limits that would turn gradients round") {
  Parameters parameters;
  for (const double limit : {0.0, -1.0, std::nan("")}) CHECK_THROWS_AS(nn::utils::clip_grad_norm_(parameters.all(), limit), ValueError);
  check_close(parameters.gradients(), {3, -4, 12});
}

TEST_CASE("clip_grad_norm_ reports norms that are not finite when asked") {
  Parameters parameters;
  parameters.q.mutable_grad().fill_(std::nan(""));
  CHECK_THROWS_WITH_AS(nn::utils::clip_grad_norm_(parameters.all(), 1.0, 2.0, true),
                       doctest::Contains("The total norm of order 2 for gradients from `parameters` is non-finite, so it cannot be clipped"), Error);
  check_close(parameters.p.grad(), {3, -4});
  CHECK(std::isnan(nn::utils::clip_grad_norm_(parameters.all(), 1.0)));
  CHECK(std::isnan(parameters.p.grad()[0].item<float>()));
}

TEST_CASE("clip_grad_value_ bounds every element") {
  Parameters parameters;
  nn::utils::clip_grad_value_(parameters.all(), 3.5);
  check_close(parameters.gradients(), {3, -3.5, 3.5});
  nn::utils::clip_grad_value_({parameters.p}, 1);
  nn::utils::clip_grad_value_(parameters.q, 2);
  check_close(parameters.gradients(), {1, -1, 2});
  CHECK_THROWS_AS(nn::utils::clip_grad_value_(parameters.q, -1), ValueError);
  check_close(parameters.q.grad(), {2});
}

TEST_CASE("parameters become a vector and come back") {
  nn::Linear a(3, 2), b(3, 2);
  const Tensor vector = nn::utils::parameters_to_vector(a->parameters());
  CHECK(vector.sizes() == IntArrayRef({8}));
  CHECK(vector.requires_grad());
  nn::utils::vector_to_parameters(vector, b->parameters());
  CHECK(equal(a->weight, b->weight));
  CHECK(equal(a->bias, b->bias));
  CHECK(b->weight.requires_grad());
  CHECK(b->weight.is_leaf());
  (vector * vector).sum().backward();
  CHECK(equal(a->bias.grad(), 2 * a->bias));
}

TEST_CASE("vector_to_parameters refuses a vector of another length and changes nothing") {
  nn::Linear layer(3, 2);
  const Tensor before = layer->weight.detach().clone();
  CHECK_THROWS_AS(nn::utils::vector_to_parameters(ones({7}), layer->parameters()), Error);
  CHECK_THROWS_AS(nn::utils::vector_to_parameters(ones({9}), layer->parameters()), Error);
  CHECK_THROWS_AS(nn::utils::vector_to_parameters(ones({2, 4}), layer->parameters()), Error);
  CHECK(equal(layer->weight, before));
}
