// compile(): a replayed step is the step, and where it can't be, that is said.
#include <stdexcept>

#include <doctest/doctest.h>

#include <xgrad/autograd/compile/compile.h>
#include <xgrad/xgrad.h>

namespace F = torch::nn::functional;

namespace {

// A net in training with data of its own; equal seeds give equal ones.
struct Training {
  torch::nn::Sequential net;
  torch::Tensor x, y;
  torch::optim::Adam optimizer;

  explicit Training(double dropout = 0)
      : net((torch::manual_seed(3),
             torch::nn::Sequential(torch::nn::Linear(4, 8), torch::nn::Tanh(), torch::nn::Dropout(dropout), torch::nn::Linear(8, 2)))),
        x(torch::randn({16, 4})),
        y(torch::randn({16, 2})),
        optimizer(net->parameters(), torch::optim::AdamOptions(0.01)) {}

  torch::Tensor step(const torch::Tensor& input, const torch::Tensor& target) {
    optimizer.zero_grad();
    const torch::Tensor loss = F::mse_loss(net->forward(input), target);
    loss.backward();
    optimizer.step();
    return loss;
  }
  auto compiled() {
    return torch::compile([this](const torch::Tensor& a, const torch::Tensor& b) { return step(a, b); });
  }
};

void check_same(Training& a, Training& b) {
  for (size_t i = 0; i < a.net->parameters().size(); ++i) {
    CHECK(torch::equal(a.net->parameters()[i], b.net->parameters()[i]));
    CHECK(torch::equal(a.net->parameters()[i].grad(), b.net->parameters()[i].grad()));
  }
}

// Calls `f` so often that the last call is a replay, if it can be one.
template <class F, class... T> auto settle(F& f, const T&... inputs) {
  for (int i = 0; i < 3; ++i) f(inputs...);
  return f(inputs...);
}

bool says(const std::string& reason, const char* part) { return reason.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a compiled step gives the losses, parameters and gradients of the step itself") {
  Training eager, replayed;
  auto step = replayed.compiled();
  for (int i = 0; i < 8; ++i) CHECK(torch::equal(eager.step(eager.x, eager.y), step(replayed.x, replayed.y)));
  CHECK(step.statistics().replays == 5);
  CHECK(step.statistics().launches > 10);
  CHECK(step.why_not().empty());
  check_same(eager, replayed);
}

TEST_CASE("a replay draws what the step would have drawn") {
  Training eager(0.5), replayed(0.5);
  auto step = replayed.compiled();
  torch::manual_seed(9);
  std::vector<torch::Tensor> losses;
  for (int i = 0; i < 8; ++i) losses.push_back(eager.step(eager.x, eager.y));
  const torch::Tensor next = torch::rand({1});
  torch::manual_seed(9);
  for (int i = 0; i < 8; ++i) CHECK(torch::equal(losses[i], step(replayed.x, replayed.y)));
  CHECK(torch::equal(torch::rand({1}), next));
  CHECK(step.statistics().replays == 5);
  check_same(eager, replayed);
}

TEST_CASE("a learning rate that changes between steps is the one that counts") {
  Training eager, replayed;
  auto step = replayed.compiled();
  torch::optim::StepLR a(eager.optimizer, 2, 0.5), b(replayed.optimizer, 2, 0.5);
  for (int i = 0; i < 12; ++i) {
    eager.step(eager.x, eager.y);
    a.step();
    step(replayed.x, replayed.y);
    b.step();
  }
  CHECK(step.statistics().replays == 9);
  check_same(eager, replayed);
}

TEST_CASE("each shape has a recording of its own, and so has each mode of the modules") {
  Training eager(0.5), replayed(0.5);
  auto step = replayed.compiled();
  torch::manual_seed(1);
  for (int i = 0; i < 24; ++i) {
    const int64_t n = i % 3 == 0 ? 5 : 16;
    for (Training* t : {&eager, &replayed}) t->net->train(i < 12);
    const torch::Tensor x = eager.x.narrow(0, 0, n).clone(), y = eager.y.narrow(0, 0, n).clone();
    const torch::Tensor state = torch::detail::getDefaultCPUGenerator().get_state();
    const torch::Tensor loss = eager.step(x, y);
    torch::Generator(torch::detail::getDefaultCPUGenerator()).set_state(state);
    CHECK(torch::equal(loss, step(x, y)));
  }
  CHECK(step.statistics().kinds == 4);
  CHECK(step.statistics().replays == 24 - 4 * 3);
  check_same(eager, replayed);
}

TEST_CASE("results and gradients are the caller's own") {
  Training t;
  auto step = t.compiled();
  std::vector<torch::Tensor> kept, copies;
  for (int i = 0; i < 10; ++i) {
    kept.push_back(step(t.x, t.y));
    copies.push_back(kept.back().clone());
  }
  for (size_t i = 0; i < kept.size(); ++i) CHECK(torch::equal(kept[i], copies[i]));

  // Gradients that each step makes anew.
  const torch::Tensor w = torch::ones({3}).requires_grad_();
  auto anew = torch::compile([&](const torch::Tensor& x) {
    w.mutable_grad() = torch::Tensor();
    (w * x).sum().backward();
  });
  std::vector<torch::Tensor> gradients;
  for (int i = 0; i < 6; ++i) {
    anew(torch::full({3}, i));
    gradients.push_back(w.grad());
  }
  CHECK(anew.statistics().replays == 3);
  for (int i = 0; i < 6; ++i) CHECK(torch::equal(gradients[i], torch::full({3}, i)));
}

TEST_CASE("gradients add up, are dropped outside, or are missing, as they would be") {
  const torch::Tensor w = torch::ones({3}).requires_grad_();
  auto add = torch::compile([&](const torch::Tensor& x) { (w * x).sum().backward(); });
  double sum = 0;
  for (int i = 1; i <= 6; ++i) {
    add(torch::full({3}, i));
    sum += i;
    CHECK(torch::equal(w.grad(), torch::full({3}, sum)));
  }
  CHECK(add.statistics().replays > 0);
  for (int i = 1; i <= 6; ++i) {
    w.mutable_grad() = torch::Tensor();
    add(torch::full({3}, i));
    CHECK(torch::equal(w.grad(), torch::full({3}, i)));
  }
  w.mutable_grad() = torch::full({3}, 100.f);  // another tensor than the one it knows
  add(torch::ones({3}));
  CHECK(torch::equal(w.grad(), torch::full({3}, 101.f)));

  // Of an input.
  auto of_input = torch::compile([](const torch::Tensor& x) { (x * x).sum().backward(); });
  for (int i = 1; i <= 6; ++i) {
    const torch::Tensor x = torch::full({2}, i).to(torch::kFloat).requires_grad_();
    of_input(x);
    CHECK(torch::equal(x.grad(), x.detach() * 2));
  }
  CHECK(of_input.statistics().replays == 3);
  auto of_refused = torch::compile([](const torch::Tensor& x) {
    (x * x).sum().backward();
    x.sum().item();
  });
  const torch::Tensor summed = torch::ones({2}).requires_grad_();
  for (int i = 1; i <= 5; ++i) {
    const torch::Tensor x = torch::full({2}, i).to(torch::kFloat).requires_grad_();
    of_refused(x);
    CHECK(torch::equal(x.grad(), x.detach() * 2));
    of_input(summed);
    CHECK(torch::equal(summed.grad(), torch::full({2}, 2. * i)));
  }
}

TEST_CASE("a gradient that comes where there was none is noticed by all that would use it") {
  const torch::Tensor w = torch::ones({3}).requires_grad_(), late = torch::ones({3}).requires_grad_();
  torch::optim::SGD optimizer({w, late}, torch::optim::SGDOptions(0.5));
  w.mutable_grad() = torch::zeros({3});
  auto update = torch::compile([&] { optimizer.step(); });
  settle(update);
  CHECK(update.statistics().replays == 1);
  late.mutable_grad() = torch::ones({3});
  update();
  CHECK(torch::equal(late, torch::full({3}, 0.5)));

  auto sum = torch::compile([&] { return late.grad().defined() ? late.grad().sum() : torch::zeros({}); });
  auto drop = torch::compile([&] { optimizer.zero_grad(true); });
  for (int i = 0; i < 5; ++i) drop(), sum();
  CHECK(drop.statistics().replays > 0);
  CHECK(sum.statistics().replays > 0);
  late.mutable_grad() = torch::ones({3});
  CHECK(torch::equal(sum(), torch::full({}, 3.f)));
  drop();
  CHECK(!late.grad().defined());
}

TEST_CASE("a step does not read a gradient that it drops and its caller keeps") {
  const torch::Tensor w = torch::ones({3}).requires_grad_();
  const auto read_and_drop = [&] {
    const torch::Tensor found = w.grad().detach(), sum = found.sum();
    w.mutable_grad() = torch::Tensor();
    return std::make_pair(sum, found);
  };
  auto step = torch::compile(read_and_drop);
  for (int i = 1; i <= 6; ++i) {
    w.mutable_grad() = torch::full({3}, i).to(torch::kFloat);
    const auto [sum, found] = step();
    CHECK(torch::equal(sum, torch::full({}, 3.f * i)));
  }
  CHECK(says(step.why_not(), "reads a tensor that the step then drops"));
}

TEST_CASE("an input that is part of what the step edits is read as it was edited, from the second call on") {
  const torch::NoGradGuard no_grad;
  const torch::Tensor table = torch::zeros({4, 3});
  auto step = torch::compile([&](const torch::Tensor& row) {
    table.add_(1);
    return row * 2;
  });
  auto first_of_two = torch::compile([](const torch::Tensor& a, const torch::Tensor& b) { return a.add_(1) + b; });
  for (int i = 0; i < 8; ++i) {
    CHECK(torch::equal(step(table[i % 4]), torch::full({3}, 2.f * (i + 1))));
    const torch::Tensor x = torch::full({3}, i).to(torch::kFloat);
    CHECK(torch::equal(first_of_two(x, x), torch::full({3}, 2.f * (i + 1))));
  }
}

TEST_CASE("an input that the step edits is edited in every call, whatever else keeps the step as it is written") {
  const torch::NoGradGuard no_grad;
  const torch::Tensor counts = torch::tensor({1, 0, 2});
  int64_t called = 0;
  auto looks = torch::compile([&](const torch::Tensor& a) {
    const torch::Tensor repeated = a.repeat_interleave(counts, 0);
    a.mul_(2);
    return repeated;
  });
  auto turns = torch::compile([](const torch::Tensor& a) { return a.t_().sum(); });
  auto edits_later = torch::compile([&](const torch::Tensor& a) {
    if (called++ == 1) a.t_().add_(1);
    return a * 2;
  });
  auto throws_later = torch::compile([&](const torch::Tensor& a) {
    a.sum();
    if (called == 101) a.add_(1), throw std::runtime_error("after the edit");
    return a * 2;
  });
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor x = torch::full({3}, i + 1.f), y = torch::rand({2, 3}), z = torch::full({2, 3}, 1.f), w = torch::zeros({3});
    looks(x);
    CHECK(torch::equal(x, torch::full({3}, 2 * (i + 1.f))));
    turns(y);
    CHECK(y.sizes() == torch::IntArrayRef({3, 2}));
    called = i;
    const torch::Tensor doubled = edits_later(z);
    CHECK(torch::equal(doubled, z * 2));
    CHECK(torch::equal(z, i == 1 ? torch::full({3, 2}, 2.f) : torch::full({2, 3}, 1.f)));
    called = 100 + i;
    if (i == 1) CHECK_THROWS_WITH(throws_later(w), "after the edit");
    else throws_later(w);
    CHECK(torch::equal(w, torch::full({3}, i == 1 ? 1.f : 0.f)));
  }
}

TEST_CASE("a leaf that joins while a step is recorded costs no gradient") {
  const torch::Tensor first = torch::ones({2}).requires_grad_(), second = torch::ones({2}).requires_grad_();
  int calls = 0;
  auto step = torch::compile([&](const torch::Tensor& x) {
    torch::Tensor y = x * first;
    if (++calls >= 2) y = y + x * second;
    y.sum().backward();
  });
  for (int i = 1; i <= 6; ++i) {
    const torch::Tensor x = torch::full({2}, i).to(torch::kFloat).requires_grad_();
    step(x);
    CHECK(torch::equal(x.grad(), torch::full({2}, i == 1 ? 1.f : 2.f)));
  }
  CHECK(step.statistics().replays == 2);
}

TEST_CASE("version counters advance, so that an older graph notices") {
  Training t;
  auto step = t.compiled();
  settle(step, t.x, t.y);
  const torch::Tensor before = t.net->forward(t.x).sum();
  step(t.x, t.y);
  CHECK_THROWS_WITH_AS(before.backward(), doctest::Contains("modified by an inplace operation"), torch::Error);
}

TEST_CASE("every step of an optimizer within a step counts") {
  const torch::Tensor w = torch::ones({3}).requires_grad_();
  torch::optim::SGD optimizer({w}, torch::optim::SGDOptions(0.5));
  w.mutable_grad() = torch::ones({3});
  auto twice = torch::compile([&] {
    optimizer.step();
    optimizer.step();
  });
  const int64_t before = w._version();
  for (int i = 0; i < 6; ++i) twice();
  CHECK(twice.statistics().replays == 3);
  CHECK(w._version() - before == 12);
}

TEST_CASE("parameters that took unequal numbers of steps keep their counts") {
  const auto train = [](bool compiled) {
    const torch::Tensor a = torch::ones({3}).requires_grad_(), b = torch::ones({3}).requires_grad_();
    torch::optim::Adam optimizer({a, b}, torch::optim::AdamOptions(0.1));
    const auto both = [&] {
      optimizer.zero_grad(true);
      (a.exp() + b.exp()).sum().backward();
      optimizer.step();
    };
    const auto one = [&] {
      optimizer.zero_grad(true);
      a.sin().sum().backward();
      optimizer.step();
    };
    auto step = torch::compile(both);
    auto other = torch::compile(one);
    for (int i = 0; i < 18; ++i) {
      if (i >= 5 && i < 14) compiled ? other() : one();
      else compiled ? step() : both();
    }
    return torch::cat({a, b}).detach();
  };
  CHECK(torch::equal(train(true), train(false)));
}

TEST_CASE("a check of values throws in a replay as it does in the step") {
  auto loss = torch::compile([](const torch::Tensor& x, const torch::Tensor& label) { return F::cross_entropy(x, label); });
  const torch::Tensor x = torch::randn({2, 3});
  for (int i = 0; i < 4; ++i) loss(x, torch::tensor({0, 2}));
  CHECK_THROWS_WITH_AS(loss(x, torch::tensor({0, 3})), doctest::Contains("Target 3 is out of bounds"), torch::IndexError);
  CHECK(torch::equal(loss(x, torch::tensor({1, 1})), F::cross_entropy(x, torch::tensor({1, 1}))));
  CHECK(loss.statistics().replays >= 2);

  auto pick = torch::compile([](const torch::Tensor& table, const torch::Tensor& at) { return table.index({at}); });
  const torch::Tensor table = torch::randn({4, 2});
  for (int i = 0; i < 4; ++i) pick(table, torch::tensor({0, 3}));
  CHECK(torch::equal(pick(table, torch::tensor({-1, 2})), table.index({torch::tensor({-1, 2})})));
  CHECK_THROWS_WITH_AS(pick(table, torch::tensor({0, 4})), doctest::Contains("index 4 is out of bounds"), torch::IndexError);
}

TEST_CASE("what is no list of kernels runs as written, and the reason is said") {
  const torch::Tensor x = torch::randn({4});

  auto branch = torch::compile([](const torch::Tensor& a) { return a.sum().item<float>() > 0 ? a + 1 : a - 1; });
  for (int i = 0; i < 5; ++i) CHECK(torch::equal(branch(x * (i - 2)), (x * (i - 2)).sum().item<float>() > 0 ? x * (i - 2) + 1 : x * (i - 2) - 1));
  CHECK(branch.statistics().replays == 0);
  CHECK(says(branch.why_not(), "[item] looks at values"));

  auto shape = torch::compile([](const torch::Tensor& a) { return a.masked_select(a > 0); });
  settle(shape, x);
  CHECK(says(shape.why_not(), "looks at values"));

  int calls = 0;
  auto count = torch::compile([&](const torch::Tensor& a) { return a * static_cast<double>(++calls); });
  CHECK(torch::equal(settle(count, x), x * 4));
  CHECK(says(count.why_not(), "its results: something that changes from call to call is no tensor"));

  torch::Tensor memory = torch::zeros({4});
  auto carries = torch::compile([&](const torch::Tensor& a) { return memory = memory * 0.5 + a; });
  CHECK(torch::allclose(settle(carries, x), x * 1.875));
  CHECK(says(carries.why_not(), "reads a tensor that the step then drops"));

  torch::Tensor left;
  auto leaves = torch::compile([&](const torch::Tensor& a) { return (left = a * 2) + 1; });
  for (int i = 0; i < 5; ++i) {
    leaves(x + i);
    CHECK(torch::equal(left, (x + i) * 2));
  }
  CHECK(says(leaves.why_not(), "leaves a tensor behind"));

  auto edits = torch::compile([](torch::Tensor a) { a.add_(1); });
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor mine = x.clone();
    edits(mine);
    CHECK(torch::equal(mine, x + 1));
  }
  CHECK(says(edits.why_not(), "edits its input 0 in place"));

  auto of_computed = torch::compile([](const torch::Tensor& a) { a.sum().backward(); });
  const torch::Tensor v = torch::ones({4}).requires_grad_();
  for (int i = 0; i < 5; ++i) of_computed(x.clone().requires_grad_());
  CHECK(of_computed.why_not() == "");
  for (int i = 0; i < 5; ++i) of_computed(v * 2);  // of the same shape, and computed
  CHECK(torch::equal(v.grad(), torch::full({4}, 10.f)));
  CHECK(says(of_computed.why_not(), "input 0 was computed"));

  const torch::Tensor w = torch::ones({4}).requires_grad_();
  auto graph = torch::compile([&](const torch::Tensor& a) { return (w * a).sum(); });
  for (int i = 0; i < 5; ++i) graph(x.clone()).backward();
  CHECK(torch::allclose(w.grad(), x * 5));
  CHECK(says(graph.why_not(), "compile it under NoGradGuard"));

  auto filled = torch::compile([](const torch::Tensor& a) {
    torch::Tensor mine = torch::empty({4});
    for (int i = 0; i < 4; ++i) mine.data_ptr<float>()[i] = a.data_ptr<float>()[i];
    return mine * 2;
  });
  for (int i = 0; i < 5; ++i) CHECK(torch::equal(filled(x + i), (x + i) * 2));
  CHECK(says(filled.why_not(), "without a kernel"));

  Training t;
  torch::optim::StepLR schedule(t.optimizer, 1, 0.5);
  auto inside = torch::compile([&](const torch::Tensor& a, const torch::Tensor& b) {
    const torch::Tensor loss = t.step(a, b);
    schedule.step();
    return loss;
  });
  settle(inside, t.x, t.y);
  CHECK(says(inside.why_not(), "learning-rate schedule"));
  CHECK(static_cast<torch::optim::AdamOptions&>(t.optimizer.defaults()).lr() == 0.01);
  CHECK(t.optimizer.param_groups()[0].lr() == doctest::Approx(0.01 / 16));
}

TEST_CASE("what is thrown leaves a compiled step usable") {
  Training eager, replayed;
  bool fails = false;
  auto step = torch::compile([&](const torch::Tensor& x, const torch::Tensor& y) {
    if (fails) throw std::runtime_error("not now");
    return replayed.step(x, y);
  });
  for (int i = 0; i < 3; ++i) {
    fails = true;
    CHECK_THROWS_WITH(step(replayed.x, replayed.y), "not now");
    fails = false;
    CHECK(torch::equal(eager.step(eager.x, eager.y), step(replayed.x, replayed.y)));
  }
  for (int i = 0; i < 4; ++i) CHECK(torch::equal(eager.step(eager.x, eager.y), step(replayed.x, replayed.y)));
  CHECK(step.statistics().replays > 0);
  check_same(eager, replayed);
}

TEST_CASE("parameters that change their kind, their memory or their optimizer are noticed") {
  Training eager, replayed;
  auto step = replayed.compiled();
  const auto both = [&](int n) {
    for (int i = 0; i < n; ++i) CHECK(torch::equal(eager.step(eager.x, eager.y), step(replayed.x, replayed.y)));
  };
  both(5);
  for (Training* t : {&eager, &replayed}) t->net->parameters()[0].set_requires_grad(false);
  both(5);
  for (Training* t : {&eager, &replayed}) t->net->parameters()[0].set_requires_grad(true);
  both(5);
  for (Training* t : {&eager, &replayed}) t->net->parameters()[1].set_data(torch::full({8}, 0.25));
  both(5);
  for (Training* t : {&eager, &replayed}) {
    torch::NoGradGuard guard;
    t->net->parameters()[2].fill_(0.5);
  }
  both(5);
  for (Training* t : {&eager, &replayed}) t->optimizer.param_groups()[0].set_options(std::make_unique<torch::optim::AdamOptions>(0.2));
  both(5);
  for (Training* t : {&eager, &replayed}) t->optimizer.state().clear();
  both(5);
  CHECK(step.statistics().replays > 10);
  check_same(eager, replayed);
}

TEST_CASE("a compiled forward pass takes no memory once it runs") {
  torch::nn::Sequential net(torch::nn::Linear(4, 32), torch::nn::Tanh(), torch::nn::Linear(32, 4));
  const torch::NoGradGuard no_grad;
  auto forward = torch::compile([&](const torch::Tensor& x) { return net->forward(x); });
  const torch::Tensor x = torch::randn({1, 4});
  torch::Tensor y;
  for (int i = 0; i < 6; ++i) y = forward(x);
  const torch::MemoryStats before = torch::memory_stats();
  for (int i = 0; i < 100; ++i) y = forward(x);
  const torch::MemoryStats after = torch::memory_stats();
  CHECK(after.system_allocations == before.system_allocations);
  CHECK(after.live_bytes == before.live_bytes);
  CHECK(torch::equal(y, net->forward(x)));
}

TEST_CASE("a recording gives its memory back") {
  const int64_t before = torch::memory_stats().live_bytes;
  {
    Training t;
    auto step = t.compiled();
    settle(step, t.x, t.y);
    CHECK(step.statistics().replays == 1);
    const int64_t with = torch::memory_stats().live_bytes;
    step.reset();
    CHECK(torch::memory_stats().live_bytes < with);
    CHECK(step.statistics().kinds == 0);
  }
  CHECK(torch::memory_stats().live_bytes == before);
}

TEST_CASE("an input that was one tensor and becomes another is copied from then on, the others are not") {
  const torch::Tensor fixed = torch::randn({3});
  auto sum = torch::compile([](const torch::Tensor& a, const torch::Tensor& b) { return a + b; });
  const torch::Tensor first = torch::randn({3});
  for (int i = 0; i < 5; ++i) CHECK(torch::equal(sum(first, fixed), first + fixed));
  CHECK(sum.statistics().replays == 2);
  for (int i = 0; i < 5; ++i) {
    const torch::Tensor other = torch::randn({3});
    CHECK(torch::equal(sum(other, fixed), other + fixed));
  }
  CHECK(sum.statistics().replays == 5);
  fixed.fill_(7);  // read where it lies
  CHECK(torch::equal(sum(first, fixed), first + 7));
}

TEST_CASE("functions of several tensors, with several results or none") {
  const torch::Tensor x = torch::randn({3});
  auto pair = torch::compile([](const torch::Tensor& a, const torch::Tensor& b) { return std::make_pair(a + b, a * b); });
  const auto [sum, product] = settle(pair, x, x);
  CHECK(torch::equal(sum, x + x));
  CHECK(torch::equal(product, x * x));
  auto list = torch::compile([](const torch::Tensor& a) { return std::vector<torch::Tensor>{a.exp(), torch::Tensor(), a}; });
  const std::vector<torch::Tensor> all = settle(list, x);
  CHECK(torch::equal(all[0], x.exp()));
  CHECK(!all[1].defined());
  CHECK(torch::equal(all[2], x));
  int calls = 0;
  auto nothing = torch::compile([&] { ++calls; });
  for (int i = 0; i < 5; ++i) nothing();
  CHECK(calls == 3);
  CHECK_THROWS_WITH_AS(torch::compile([] {}, {0})(), doctest::Contains("recordings must be at least 1, got 0"), torch::ValueError);
}

TEST_CASE("one compiled function inside another is part of it") {
  const torch::NoGradGuard no_grad;
  auto inner = torch::compile([](const torch::Tensor& a) { return a.exp(); });
  auto outer = torch::compile([&](const torch::Tensor& a) { return inner(a) * 2; });
  const torch::Tensor x = torch::randn({3});
  for (int i = 0; i < 6; ++i) CHECK(torch::equal(outer(x + i), (x + i).exp() * 2));
  CHECK(outer.statistics().replays == 3);
}
