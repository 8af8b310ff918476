// Deep copies of modules.
#include <doctest/doctest.h>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

class ClonedNetImpl : public nn::Cloneable<ClonedNetImpl> {
 public:
  explicit ClonedNetImpl(int64_t width = 3) : width_(width) { reset(); }
  void reset() override {
    fc = register_module("fc", nn::Linear(2, width_));
    body = register_module("body", nn::Sequential({{"act", nn::Tanh()}, {"drop", nn::Dropout(0.25)}, {"out", nn::Linear(width_, 1)}}));
    scale = register_parameter("scale", ones({1}));
    count = register_buffer("count", zeros({1}, kLong));
  }
  Tensor forward(const Tensor& x) { return body->forward(fc(x)) * scale; }

  nn::Linear fc{nullptr};
  nn::Sequential body{nullptr};
  Tensor scale, count;
  Tensor outside = ones({1});

 private:
  int64_t width_;
};
TORCH_MODULE(ClonedNet);

struct Plain : nn::Module {};
struct NoParameter : nn::Cloneable<NoParameter> {
  NoParameter() { register_parameter("w", ones({1})); }
  void reset() override {}
};
struct NoBuffer : nn::Cloneable<NoBuffer> {
  NoBuffer() { register_buffer("w", ones({1})); }
  void reset() override {}
};
struct NoChild : nn::Cloneable<NoChild> {
  NoChild() { register_module("w", nn::Linear(1, 1)); }
  void reset() override {}
};

std::string clone_error(const nn::Module& m) {
  return message_of([&] { m.clone(); });
}

}  // namespace

TEST_CASE("a clone has the same values in memory of its own") {
  ClonedNet net;
  net->count.fill_(7);
  const auto copy = std::dynamic_pointer_cast<ClonedNetImpl>(net->clone());
  REQUIRE(copy);
  const auto ours = net->named_parameters(), theirs = copy->named_parameters();
  CHECK(ours.keys() == theirs.keys());
  for (const auto& p : ours) {
    CHECK(equal(*p, theirs[p.key()]));
    CHECK_FALSE(p->is_alias_of(theirs[p.key()]));
    CHECK(theirs[p.key()].requires_grad());
  }
  CHECK(copy->count.item<int64_t>() == 7);
  CHECK_FALSE(copy->count.is_alias_of(net->count));
  const Tensor x = ones({4, 2});
  net->eval();
  copy->eval();
  CHECK(equal(net(x), copy->forward(x)));
}

TEST_CASE("members of a clone are its own parameters") {
  ClonedNet net;
  const auto copy = std::dynamic_pointer_cast<ClonedNetImpl>(net->clone());
  CHECK(copy->scale.is_same(copy->named_parameters()["scale"]));
  CHECK(copy->fc->weight.is_same(copy->named_parameters()["fc.weight"]));
  CHECK(copy->body->at<nn::LinearImpl>(2).weight.is_same(copy->named_parameters()["body.out.weight"]));
  CHECK(copy->outside.is_same(net->outside));
  {
    NoGradGuard no_grad;
    copy->fc->weight.zero_();
  }
  CHECK(net->fc->weight.abs().sum().item<float>() > 0);
}

TEST_CASE("a clone keeps the mode, names and what is frozen") {
  ClonedNet net;
  net->body->eval();
  net->fc->weight.set_requires_grad(false);
  const auto copy = std::dynamic_pointer_cast<ClonedNetImpl>(net->clone());
  CHECK(copy->is_training());
  CHECK_FALSE(copy->body->is_training());
  CHECK_FALSE(copy->body->at<nn::DropoutImpl>(1).is_training());
  CHECK_FALSE(copy->fc->weight.requires_grad());
  CHECK(copy->fc->bias.requires_grad());
}

TEST_CASE("clones share no gradients") {
  ClonedNet net;
  net(ones({1, 2})).sum().backward();
  const auto copy = std::dynamic_pointer_cast<ClonedNetImpl>(net->clone());
  CHECK_FALSE(copy->fc->weight.grad().defined());
}

TEST_CASE("losses with weights and containers of parameters are cloned deeply") {
  nn::CrossEntropyLoss loss(nn::CrossEntropyLossOptions().weight(ones({2})));
  const auto copy = std::dynamic_pointer_cast<nn::CrossEntropyLossImpl>(loss->clone());
  CHECK_FALSE(copy->weight.is_alias_of(loss->weight));
  CHECK(equal(copy->weight, loss->weight));

  nn::ParameterList list(ones({2}).requires_grad_(), zeros({1}));
  const auto list_copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  CHECK(list_copy->size() == 2);
  CHECK((*list_copy)[0].requires_grad());
  CHECK_FALSE((*list_copy)[1].requires_grad());
  CHECK_FALSE((*list_copy)[0].is_alias_of(list[0]));
}

TEST_CASE("errors of clone") {
  CHECK(clone_error(Plain()).find("clone() has not been implemented for") != std::string::npos);
  CHECK(clone_error(NoParameter()).find("does not have the same number of parameters as the original module after calling reset()") !=
        std::string::npos);
  CHECK(clone_error(NoBuffer()).find("does not have the same number of buffers") != std::string::npos);
  CHECK(clone_error(NoChild()).find("does not have the same number of child modules") != std::string::npos);
}
