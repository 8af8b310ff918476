// Modules called with other parameters.
#include <doctest/doctest.h>

#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/functional_call.h>
#include <xgrad/nn/nn.h>

#include "message.h"

using namespace xgrad;

namespace {

struct Fixture {
  nn::Sequential net{nn::Linear(3, 4), nn::Tanh(), nn::Linear(4, 2)};
  Tensor x = rand({5, 3}, kDouble), y = rand({5, 2}, kDouble);
  Fixture() { net->to(kDouble); }
  std::vector<Tensor> others() const {
    std::vector<Tensor> all;
    for (const Tensor& p : net->parameters()) all.push_back(rand_like(p.detach()).requires_grad_());
    return all;
  }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "gradients go to the tensors given, and the module is as it was") {
  const std::vector<Tensor> own = net->parameters(), given = others();
  const Tensor before = net->forward(x);
  const Tensor loss = nn::functional_call(net, given, x).pow(2).sum();
  CHECK(net->forward(x).equal(before));
  loss.backward();
  nn::Sequential copy{nn::Linear(3, 4), nn::Tanh(), nn::Linear(4, 2)};
  copy->to(kDouble);
  {
    NoGradGuard no_grad;
    for (size_t i = 0; i < given.size(); ++i) copy->parameters()[i].copy_(given[i]);
  }
  copy->forward(x).pow(2).sum().backward();
  for (size_t i = 0; i < given.size(); ++i) {
    CHECK_FALSE(own[i].grad().defined());
    CHECK(given[i].grad().equal(copy->parameters()[i].grad()));
  }
  net->forward(x).sum().backward();
  CHECK(own[0].grad().defined());
}

TEST_CASE_FIXTURE(Fixture, "Jacobians and Hessians by parameters") {
  const std::vector<Tensor> parameters = net->parameters();
  const auto output = [&](const std::vector<Tensor>& p) { return std::vector<Tensor>{nn::functional_call(net, p, x)}; };
  const func::Jacobians backwards = func::jacrev(output, parameters), forwards = func::jacfwd(output, parameters);
  for (size_t i = 0; i < parameters.size(); ++i) CHECK(allclose(backwards[0][i], forwards[0][i], 1e-12, 1e-14));
  const auto loss = [&](const std::vector<Tensor>& p) { return nn::functional::mse_loss(nn::functional_call(net, p, x), y); };
  const func::Jacobians hessian = func::hessian(func::ScalarMap(loss), parameters);
  // Of the mean over 5 * 2 numbers of (y - target)^2 by the last bias: 2 / 10 * 5 on the diagonal.
  CHECK(allclose(hessian[3][3], eye(2, kDouble)));
  CHECK(allclose(hessian[0][2], hessian[2][0].permute({2, 3, 0, 1}), 1e-10, 1e-12));
}

TEST_CASE_FIXTURE(Fixture, "by name, buffers too; what has no place is refused and nothing changed") {
  nn::BatchNorm1d norm(2);
  const auto mean = tensor({1.f, 2.f}), input = ones({1, 2});
  norm->eval();
  CHECK(allclose(nn::functional_call(norm, std::map<std::string, Tensor>{{"running_mean", mean}}, input), tensor({{0.f, -1.f}}), 1e-4, 1e-4));
  CHECK(norm->running_mean.equal(zeros({2})));
  const Tensor before = net->forward(x);
  const std::map<std::string, Tensor> unknown{{"0.weight", zeros({4, 3}, kDouble)}, {"7.weight", zeros({1})}},
      misshapen{{"0.bias", zeros({3}, kDouble)}};
  CHECK(message_of([&] { nn::functional_call(net, unknown, x); }).find("has no parameter or buffer 7.weight") != std::string::npos);
  CHECK(message_of([&] { nn::functional_call(net, misshapen, x); }).find("0.bias is of shape [4]") != std::string::npos);
  CHECK(message_of([&] { nn::functional_call(net, std::vector<Tensor>{}, x); }).find("has 4 parameters, got 0") != std::string::npos);
  CHECK_THROWS_AS(nn::functional_call(net, others(), zeros({1, 7}, kDouble)), Error);  // the call itself throws
  CHECK(net->forward(x).equal(before));
}

TEST_CASE("a module that returns its parameter returns the tensor given") {
  struct Weight : nn::Module {
    Tensor w = register_parameter("w", ones({2}));
    Tensor forward() { return w; }
  } module;
  const Tensor given = zeros({2}).requires_grad_();
  CHECK(nn::functional_call(module, std::vector<Tensor>{given}).is_same(given));
  CHECK(module.w.equal(ones({2})));
}
