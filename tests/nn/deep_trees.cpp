// Trees of modules that are deeper than a thread's stack, and walks that meet every module once.
#include <doctest/doctest.h>

#include <pthread.h>

#include <algorithm>
#include <functional>
#include <sstream>
#include <thread>

#include "small_stack.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

struct Level : nn::Module {
  ~Level() override { ++ended; }
  bool is_serializable() const override {
    ++asked;
    return true;
  }
  static int ended, asked;
};
int Level::ended = 0;
int Level::asked = 0;

// Modules one inside the other, with a parameter in the innermost.
std::shared_ptr<nn::Module> deep(int n) {
  std::shared_ptr<nn::Module> module = std::make_shared<Level>();
  module->register_parameter("w", ones({2}));
  for (int i = 1; i < n; ++i) {
    auto level = std::make_shared<Level>();
    level->register_module("x", module);
    module = level;
  }
  return module;
}

}  // namespace

TEST_CASE("trees deeper than the stack are walked and end") {
  constexpr int kDepth = 20000;
  Level::ended = 0;
  auto net = deep(kDepth);
  size_t parameters = 0, buffers = 1, modules = 0, applied = 0;
  on_small_stack([&] {
    parameters = net->parameters().size();
    buffers = net->buffers().size();
    modules = net->modules().size();
    net->apply([&](nn::Module&) { ++applied; });
    net = nullptr;
  });
  CHECK(parameters == 1);
  CHECK(buffers == 0);
  CHECK(modules == kDepth);
  CHECK(applied == kDepth);
  CHECK(Level::ended == kDepth);
}

TEST_CASE("names and texts of deep trees") {
  constexpr int kDepth = 1500;
  const auto net = deep(kDepth);
  std::string name, text;
  on_small_stack([&] {
    name = net->named_parameters().keys()[0];
    std::ostringstream stream;
    stream << *net;
    text = stream.str();
  });
  CHECK(name.size() == 2 * (kDepth - 1) + 1);
  CHECK(std::count(text.begin(), text.end(), '(') == 3 * kDepth - 2);  // of classes, openings and keys
  CHECK(std::count(text.begin(), text.end(), '\n') == 2 * (kDepth - 1));
}

TEST_CASE("saving and loading ask every module once") {
  for (const int depth : {10, 100}) {
    auto net = deep(depth), other = deep(depth);
    other->parameters()[0].detach().zero_();
    Level::asked = 0;
    std::stringstream stream;
    save(net, stream);
    CHECK(Level::asked == depth - 1);
    load(other, stream);
    CHECK(Level::asked == 2 * (depth - 1));
    CHECK(other->parameters()[0].sum().item<float>() == 2);
  }
}

TEST_CASE("an archive that was written into another, and then to, is two") {
  serialize::OutputArchive inner, outer, moved;
  inner.write("a", ones({1}));
  outer.write("first", inner);
  inner.write("b", zeros({1}));
  outer.write("second", inner);
  outer.write("empty", serialize::OutputArchive());
  moved = std::move(inner);
  moved.write("itself", moved);
  outer.write("third", moved);
  std::stringstream stream;
  outer.save_to(stream);
  serialize::InputArchive read, nested;
  read.load_from(stream);
  using Names = std::vector<std::string>;
  CHECK(read.keys() == Names{"empty", "first", "second", "third"});
  CHECK(read.unread() == Names{"first.a", "second.a", "second.b", "third.a", "third.b", "third.itself.a", "third.itself.b"});
  read.read("third.itself", nested);
  CHECK(nested.keys() == Names{"a", "b"});
  Tensor a;
  nested.read("a", a);
  CHECK(nested.unread() == Names{"b"});
  CHECK_THROWS_WITH(nested.read("c", a), "[load] the stream: No such serialized tensor 'third.itself.c'");
  read.read("first.a", a);
  CHECK(read.unread().size() == 5);
}

TEST_CASE("a module's name is its class's, whoever asked first, and several threads may ask") {
  struct Base : nn::Module {
    Base() { name(); }
  };
  struct Derived : Base {};
  const Derived derived;
  CHECK(derived.name().find("Derived") != std::string::npos);
  const Base base;
  CHECK(base.name().find("Base") != std::string::npos);
  const nn::Module named("mine");
  CHECK(named.name() == "mine");
  const Derived fresh;
  const std::string* seen[4];
  std::vector<std::thread> threads;
  for (const std::string*& s : seen) threads.emplace_back([&] { s = &fresh.name(); });
  for (std::thread& t : threads) t.join();
  for (const std::string* s : seen) CHECK(s == &derived.name());
}
