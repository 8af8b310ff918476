#include <string_view>
#include <thread>

#include <doctest/doctest.h>

#include <xgrad/autograd/kernels/launch_list.h>
#include <xgrad/autograd/tensor/tensor_memory.h>
#include <xgrad/xgrad.h>

namespace torch {

namespace {

struct Names : kernels::LaunchObserver {
  std::vector<std::string> names;
  void observe(const kernels::Launch& launch) override {
    names.push_back(launch.operation().name());
    launch();
  }
};

std::vector<detail::Attribute> attributes_of(const Tensor& y) { return y.grad_fn()->attributes(); }

std::string text_of(const std::vector<detail::Attribute>& attributes) {
  std::string text;
  append(text, attributes);
  return text;
}

}  // namespace

TEST_CASE("an operation says its name once") {
  static_assert(std::string_view(operation<"log_softmax">.node()) == "LogSoftmaxBackward0");
  static_assert(std::string_view(operation<"log1p">.node()) == "Log1PBackward0");
  static_assert(std::string_view(operation<"_softmax_backward_data">.node()) == "SoftmaxBackwardDataBackward0");
  static_assert(std::string_view(operation<"mul", 1>.node()) == "MulBackward1");
  const Tensor x = ones({2}).requires_grad_();
  const Tensor y = x.mul(2);
  CHECK(y.grad_fn()->name() == "MulBackward1");
  CHECK(std::string(y.grad_fn()->operation()->name()) == "mul");
}

TEST_CASE("a node knows what its operation was asked for") {
  const Tensor x = ones({2, 3}).requires_grad_();
  CHECK(text_of(attributes_of(x.softmax(-1))) == "(dim=1)");
  CHECK(text_of(attributes_of(x.sum(IntArrayRef({0, 1}), true))) == "(dim=[0, 1], keepdim=true, dtype=None)");
  CHECK(text_of(attributes_of(x.transpose(0, 1))) == "(dim0=0, dim1=1)");
  CHECK(text_of(attributes_of(x * 2)) == "(other=2)");
  CHECK(text_of(attributes_of(x.exp())) == "");
  std::vector<int64_t> dims{1};
  const Tensor y = x.sum(dims);
  dims[0] = 7;  // the node has its own
  CHECK(std::get<std::vector<int64_t>>(attributes_of(y)[0].value) == std::vector<int64_t>{1});
}

TEST_CASE("an observer sees every kernel of its thread, and the one before it is back afterwards") {
  Names outer, inner;
  const Tensor x = ones({2, 3});
  {
    const kernels::Observe observe(outer);
    x.exp();
    {
      const kernels::Observe nested(inner);
      x.matmul(ones({3, 2}));
    }
    std::thread([&] { x.tanh(); }).join();
    x.sigmoid();
  }
  x.tan();
  CHECK(outer.names == std::vector<std::string>{"exp", "sigmoid"});
  CHECK(!inner.names.empty());
}

TEST_CASE("a kept launch has arguments of its own and holds the memory it works on") {
  kernels::LaunchList list;
  const Tensor x = arange(6).to(kFloat).reshape({2, 3});
  Tensor y;
  {
    const kernels::LaunchRecorder recorder(list);
    y = (x.t() * 2.5 + 1).exp().t();  // a view, numbers, and intermediate values that are gone afterwards
  }
  const Tensor expected = y.clone();
  for (int i = 0; i < 100; ++i) full({3, 2}, 7.0);  // would take the memory of the intermediate values
  y.detach().zero_();
  list.run();
  CHECK(equal(y, expected));
  x.detach().add_(1);
  list.run();
  CHECK(allclose(y, (x * 2.5 + 1).exp()));
}

TEST_CASE("a list gives its memory back") {
  const int64_t before = memory_stats().live_bytes;
  {
    kernels::LaunchList list;
    {
      const kernels::LaunchRecorder recorder(list);
      ones({100, 100}).exp();
    }
    CHECK(memory_stats().live_bytes > before);
  }
  CHECK(memory_stats().live_bytes == before);
}

}  // namespace torch
