// Saving modules and loading them.
#include <doctest/doctest.h>

#include <sstream>

#include "message.h"
#include "values.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

class SavedNetImpl : public nn::Cloneable<SavedNetImpl> {
 public:
  explicit SavedNetImpl(int64_t width = 3) : width_(width) { reset(); }
  void reset() override {
    body = register_module("body", nn::Sequential(nn::Linear(2, width_), nn::Tanh(), nn::Functional(relu), nn::Linear(width_, 1)));
    scale = register_parameter("scale", rand({1}));
    count = register_buffer("count", zeros({1}, kLong));
  }
  Tensor forward(const Tensor& x) { return body->forward(x) * scale; }
  nn::Sequential body{nullptr};
  Tensor scale, count;

 private:
  int64_t width_;
};
TORCH_MODULE(SavedNet);

template <class T> std::string saved(const T& value) {
  std::ostringstream stream;
  save(value, stream);
  return stream.str();
}
template <class T> void load_saved(T& value, const std::string& bytes) {
  std::istringstream stream(bytes);
  load(value, stream);
}
template <class T> std::string load_error(T& value, const std::string& bytes) {
  return message_of([&] { load_saved(value, bytes); });
}

// Everything a load could change.
std::vector<Tensor> state(const nn::Module& m) {
  std::vector<Tensor> tensors;
  for (const Tensor& t : m.parameters()) tensors.push_back(t.detach().clone());
  for (const Tensor& t : m.buffers()) tensors.push_back(t.detach().clone());
  return tensors;
}
}  // namespace

TEST_CASE("a module comes back as it was saved") {
  SavedNet a, b;
  a->count.fill_(7);
  a->scale.set_requires_grad(false);
  const Tensor x = randn({5, 2}), weight = b->body->at<nn::LinearImpl>(0).weight;
  REQUIRE_FALSE(equal(a(x), b(x)));
  load_saved(b, saved(a));
  CHECK(same_bits(state(*a), state(*b)));
  CHECK(equal(a(x), b(x)));
  CHECK(weight.is_same(b->body->at<nn::LinearImpl>(0).weight));
  CHECK(weight.requires_grad());
  CHECK(b->scale.requires_grad());
  CHECK_FALSE(b->scale.is_alias_of(a->scale));
}

TEST_CASE("pointers, holders of any class and containers are saved") {
  auto a = std::make_shared<SavedNetImpl>(), b = std::make_shared<SavedNetImpl>();
  load_saved(b, saved(a));
  CHECK(same_bits(state(*a), state(*b)));
  nn::Sequential s(nn::Linear(2, 2), nn::Sequential(nn::Linear(2, 1))), t(nn::Linear(2, 2), nn::Sequential(nn::Linear(2, 1)));
  load_saved(t, saved(s));
  CHECK(same_bits(state(*s), state(*t)));
  nn::ParameterList p(ones({2})), q(zeros({2}));
  load_saved(q, saved(p));
  CHECK(q[0].sum().item<float>() == 2);
}

TEST_CASE("what does not fit is told in one error and changes nothing") {
  struct Other : nn::Module {
    Other() {
      body = register_module("body", nn::Sequential(nn::Linear(2, 4), nn::Tanh(), nn::Functional(relu), nn::Linear(4, 1)));
      register_parameter("shift", ones({1}));
      register_buffer("count", zeros({1}));
      register_module("extra", nn::Linear(1, 1));
    }
    nn::Sequential body{nullptr};
  };
  auto other = std::make_shared<Other>();
  const auto before = state(*other);
  const std::string message = load_error(other, saved(SavedNet()));
  INFO(message);
  CHECK(contains(message, "Missing key(s): shift (Float[1]), extra.weight (Float[1, 1]), extra.bias (Float[1])."));
  CHECK(contains(message, "Unexpected key(s): scale (Float[1])."));
  CHECK(contains(message, "size mismatch for body.0.weight: Float[3, 2] in the archive, Float[4, 2] in the module."));
  CHECK(contains(message, "size mismatch for body.0.bias: "));
  CHECK(contains(message, "size mismatch for body.3.weight: "));
  CHECK(contains(message, "dtype mismatch for count: Long[1] in the archive, Float[1] in the module."));
  CHECK_FALSE(contains(message, "body.3.bias"));
  CHECK(same_bits(state(*other), before));
}

TEST_CASE("a state that is loaded leniently says what was missing and unexpected") {
  SavedNet a, b;
  auto state_of_a = a->state_dict();
  CHECK(state_of_a.keys() == std::vector<std::string>{"scale", "count", "body.0.weight", "body.0.bias", "body.3.weight", "body.3.bias"});
  CHECK(state_of_a["scale"].is_alias_of(a->scale));
  CHECK_FALSE(state_of_a["scale"].requires_grad());
  CHECK(b->load_state_dict(state_of_a).missing_keys.empty());
  CHECK(same_bits(state(*a), state(*b)));
  CHECK_FALSE(b->scale.is_alias_of(a->scale));

  OrderedDict<std::string, Tensor> part{{"scale", full({1}, 5.0)}, {"body.0.bias", full({3}, 6.0)}, {"head.weight", ones({1})}, {"extra", ones({1})}};
  const auto before = state(*b);
  const std::string message = message_of([&] { b->load_state_dict(part); });
  CHECK(contains(message, "Missing key(s): count (Long[1]), body.0.weight (Float[3, 2]), body.3.weight (Float[1, 3]), body.3.bias (Float[1])."));
  CHECK(contains(message, "Unexpected key(s): extra (Float[1]), head.weight (Float[1])."));
  CHECK(same_bits(state(*b), before));
  const nn::IncompatibleKeys keys = b->load_state_dict(part, /*strict=*/false);
  CHECK(keys.missing_keys == std::vector<std::string>{"count", "body.0.weight", "body.3.weight", "body.3.bias"});
  CHECK(keys.unexpected_keys == std::vector<std::string>{"extra", "head.weight"});
  CHECK(b->scale.item<double>() == 5);
  CHECK(b->body->at<nn::LinearImpl>(0).bias.sum().item<double>() == 18);
  CHECK(equal(b->body->at<nn::LinearImpl>(0).weight, a->body->at<nn::LinearImpl>(0).weight));

  // What does not fit is refused all the same, and nothing is loaded.
  part.insert("body.3.bias", ones({4}));
  part["scale"] = full({1}, 9.0);
  const std::string mismatch = message_of([&] { b->load_state_dict(part, false); });
  CHECK(contains(mismatch, "size mismatch for body.3.bias: Float[4] in the archive, Float[1] in the module."));
  CHECK_FALSE(contains(mismatch, "Missing"));
  CHECK(b->scale.item<double>() == 5);

  // From an archive, and from files of maps.
  std::ostringstream stream;
  save(state_of_a, stream);
  SavedNet c;
  load_saved(c, stream.str());
  CHECK(same_bits(state(*a), state(*c)));
  OrderedDict<std::string, Tensor> read;
  load_saved(read, saved(a));
  CHECK(read.size() == 6);
  CHECK(equal(read["body.0.weight"], state_of_a["body.0.weight"]));
}

TEST_CASE("a damaged file changes nothing") {
  SavedNet net;
  std::string bytes = saved(SavedNet());
  bytes[bytes.size() - 3] ^= 1;
  const auto before = state(*net);
  CHECK(load_error(net, bytes) != "nothing was thrown");
  CHECK(same_bits(state(*net), before));
}

TEST_CASE("a module may be a part of an archive") {
  SavedNet a, b;
  serialize::OutputArchive out;
  a->save(out);
  out.write("epoch", IValue(int64_t{12}));
  std::ostringstream stream;
  out.save_to(stream);
  std::istringstream in(stream.str());
  serialize::InputArchive archive;
  archive.load_from(in);
  b->load(archive);
  IValue epoch;
  archive.read("epoch", epoch);
  CHECK(epoch.toInt() == 12);
  CHECK(same_bits(state(*a), state(*b)));
}

namespace {

// Saves a number that is not a tensor, and uses what the base class has read.
struct Custom : nn::Module {
  explicit Custom(double number = 0) : number(number) { weight = register_parameter("weight", full({2}, number)); }
  void save(serialize::OutputArchive& archive) const override {
    Module::save(archive);
    archive.write("number", IValue(number));
  }
  void load(serialize::InputArchive& archive) override {
    Module::load(archive);
    seen = weight[0].item<double>();
    IValue value;
    archive.read("number", value);
    if (value.toDouble() < 0) throw Error("the number is negative");
    number = value.toDouble();
  }
  double number, seen = 0;
  Tensor weight;
};

}  // namespace

TEST_CASE("modules may save and load in their own way, also inside others") {
  auto a = std::make_shared<Custom>(3.5), b = std::make_shared<Custom>();
  load_saved(b, saved(a));
  CHECK(b->number == 3.5);
  CHECK(b->seen == 3.5);
  nn::ModuleList list(nn::Linear(1, 1), a), same_list(nn::Linear(1, 1), std::make_shared<Custom>());
  load_saved(same_list, saved(list));
  CHECK(same_list->at<Custom>(1).number == 3.5);
}

TEST_CASE("an error of a module's own load undoes the whole") {
  nn::ModuleList bad(nn::Linear(1, 1), std::make_shared<Custom>(-1)), list(nn::Linear(1, 1), std::make_shared<Custom>(2));
  const auto before = state(*list);
  CHECK(load_error(list, saved(bad)) == "the number is negative");
  CHECK(same_bits(state(*list), before));
  load_saved(list, saved(list));
  CHECK(same_bits(state(*list), before));
}
