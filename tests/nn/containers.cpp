// Sequential and the other containers, and modules of any class.
#include <doctest/doctest.h>

#include <cmath>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/nn/nn.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

struct Add : nn::Module {
  explicit Add(int n = 0) : n(n) {}
  int forward(int a) { return a + n; }
  int n;
};
struct Two : nn::Module {
  float forward(int a, float b) { return static_cast<float>(a) + b; }
};
struct Unit : nn::Module {
  int forward() { return 3; }
};
struct WithDefault : nn::Module {
  int forward(int a, int b = 2, double c = 3) { return a + b + static_cast<int>(c); }

 protected:
  FORWARD_HAS_DEFAULT_ARGS({1, nn::AnyValue(2)}, {2, nn::AnyValue(3.0)})
};

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("Sequential calls its modules one after the other") {
  nn::Sequential net(nn::Linear(3, 4), nn::ReLU(), nn::Linear(4, 2));
  const Tensor x = randn({5, 3});
  const Tensor y = net->at<nn::LinearImpl>(2).forward(relu(net->at<nn::LinearImpl>(0).forward(x)));
  CHECK(equal(net->forward(x), y));
  CHECK(equal(net(x), y));
  CHECK(net->named_parameters().keys() == Names{"0.weight", "0.bias", "2.weight", "2.bias"});
  CHECK(net->size() == 3);
}

TEST_CASE("Sequential takes holders, pointers, values, names and boxes") {
  nn::Sequential net;
  net->push_back(nn::Linear(1, 2));
  net->push_back("act", nn::Tanh());
  net->push_back(std::make_shared<nn::LinearImpl>(2, 3));
  net->push_back("value", nn::LinearImpl(3, 4));
  net->push_back(nn::AnyModule(nn::Sigmoid()));
  net->push_back(std::string("last"), nn::AnyModule(nn::Linear(4, 1)));
  CHECK(net->named_children().keys() == Names{"0", "act", "2", "value", "4", "last"});
  CHECK(net->forward(ones({1, 1})).numel() == 1);

  nn::Sequential named({{"a", nn::Linear(1, 2)}, {"b", nn::Tanh()}});
  CHECK(named->named_parameters().keys() == Names{"a.weight", "a.bias"});
  OrderedDict<std::string, nn::AnyModule> dict;
  dict.insert("c", nn::AnyModule(nn::Linear(2, 2)));
  nn::Sequential from_dict(std::move(dict));
  CHECK(from_dict->named_children().keys() == Names{"c"});
  from_dict->extend(*named);
  CHECK(from_dict->named_children().keys() == Names{"c", "1", "2"});
}

TEST_CASE("Sequentials nest") {
  nn::Sequential inner(nn::Linear(2, 3), nn::Tanh());
  nn::Sequential outer(inner, nn::Sequential(nn::Linear(3, 1)));
  CHECK(outer->named_parameters().keys() == Names{"0.0.weight", "0.0.bias", "1.0.weight", "1.0.bias"});
  const Tensor x = randn({4, 2});
  CHECK(equal(outer->forward(x), outer->at<nn::SequentialImpl>(1).forward(inner->forward(x))));
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(outer->clone());
  CHECK(equal(copy->forward(x), outer->forward(x)));
  CHECK(copy->named_parameters().keys() == outer->named_parameters().keys());
}

TEST_CASE("Sequential passes values of any type") {
  nn::Sequential sum(Add(1), Add(2), Add(3));
  CHECK(sum->forward<int>(10) == 16);
  nn::Sequential two(Two{});
  CHECK(two->forward<float>(1, 2.5f) == 3.5f);
  nn::Sequential none(Unit{}, Add(1));
  CHECK(none->forward<int>() == 4);
  nn::Sequential defaults{WithDefault()};
  CHECK(defaults->forward<int>(1) == 6);
  CHECK(defaults->forward<int>(1, 1) == 5);
  CHECK(defaults->forward<int>(1, 1, 1.0) == 3);
}

TEST_CASE("Sequential gives access by position") {
  nn::Sequential sum(Add(1), Add(2), Add(3));
  CHECK(sum->at<Add>(1).n == 2);
  CHECK(sum->ptr<Add>(2)->n == 3);
  CHECK(sum->ptr(2)->as<Add>()->n == 3);
  CHECK(sum[0]->as<Add>()->n == 1);
  int total = 0;
  for (auto& module : *sum) total += module.get<Add>().n;
  CHECK(total == 6);
}

TEST_CASE("errors of Sequential") {
  CHECK(contains(message_of([] { nn::Sequential()->forward(ones({1})); }), "Cannot call forward() on an empty Sequential"));
  CHECK(contains(message_of([] { nn::Sequential(nn::Identity())->forward<int>(ones({1})); }),
                 "The type of the return value is torch::Tensor, but you asked for type int"));
  CHECK(contains(message_of([] { nn::Sequential()->ptr(1); }), "Index out of range"));
  CHECK(contains(message_of([] { nn::Sequential(nn::Identity())->at<nn::LinearImpl>(0); }),
                 "Attempted to cast module of type torch::nn::IdentityImpl to type torch::nn::LinearImpl"));
  nn::Sequential net({{"a", nn::Linear(1, 2)}});
  CHECK(contains(message_of([&] { net->push_back("a", nn::Linear(2, 1)); }), "Submodule 'a' already defined"));
  CHECK(net->size() == 1);
  CHECK(contains(message_of([&] { net->forward(ones({1, 1}), 3); }), "expects 1 argument(s), but received 2"));
  CHECK(contains(message_of([&] { net->forward(3); }), "Expected argument #0 to be of type torch::Tensor, but received value of type int"));
}

TEST_CASE("AnyModule calls modules without knowing their class") {
  nn::AnyModule any(Two{});
  CHECK(any.forward<float>(1, 2.0f) == 3.0f);
  CHECK(any.any_forward(1, 2.0f).get<float>() == 3.0f);
  CHECK(any.get<Two>().forward(1, 1.0f) == 2.0f);
  CHECK(any.ptr<Two>().get() == any.ptr().get());
  CHECK(any.type_info() == typeid(Two));
  CHECK_FALSE(any.is_empty());
  any = std::make_shared<Add>(5);
  CHECK(any.forward<int>(1) == 6);
  nn::AnyModule linear(nn::Linear(2, 3));
  CHECK(linear.get<nn::Linear>()->options.out_features() == 3);
  const nn::AnyModule copy = linear.clone();
  CHECK(copy.ptr() != linear.ptr());
}

TEST_CASE("errors of AnyModule") {
  CHECK(contains(message_of([] { nn::AnyModule().forward(1); }), "Cannot call forward() on an empty AnyModule"));
  CHECK(contains(message_of([] { nn::AnyModule().get<Two>(); }), "Cannot call get() on an empty AnyModule"));
  CHECK(contains(message_of([] { nn::AnyModule(Two{}).forward(1); }),
                 "Two's forward() method expects 2 argument(s), but received 1. If (anonymous namespace)::Two's forward() method has default "
                 "arguments, please make sure the forward() method is declared with a corresponding `FORWARD_HAS_DEFAULT_ARGS` macro."));
  CHECK(contains(message_of([] { nn::AnyModule(Two{}).forward(1, 2.0f, 3); }), "expects 2 argument(s), but received 3."));
  CHECK(contains(message_of([] { nn::AnyModule(Two{}).forward(1, 2.0); }),
                 "Expected argument #1 to be of type float, but received value of type double"));
  CHECK(contains(message_of([] { nn::AnyModule(Two{}).forward<int>(1, 2.0f); }), "Attempted to cast AnyValue to int, but its actual type is float"));
  CHECK(contains(message_of([] { nn::AnyModule(Two{}).get<Add>(); }), "Attempted to cast module of type"));
  CHECK(contains(message_of([] { nn::AnyModule(WithDefault()).forward<int>(1, 2, 3.0, 4); }),
                 "expects at least 1 argument(s) and at most 3 argument(s), but received 4."));
}

TEST_CASE("ModuleList") {
  nn::ModuleList list(nn::Linear(1, 2), nn::ReLU());
  list->push_back(nn::LinearImpl(2, 3));
  list->extend(std::vector<nn::Linear>{nn::Linear(3, 4)});
  CHECK(list->size() == 4);
  CHECK(list->named_parameters().keys() == Names{"0.weight", "0.bias", "2.weight", "2.bias", "3.weight", "3.bias"});
  CHECK(list->at<nn::LinearImpl>(3).options.out_features() == 4);
  CHECK(list[1]->as<nn::ReLU>() != nullptr);
  list->insert(1, nn::Tanh());
  CHECK(list->size() == 5);
  CHECK(list->ptr(1)->as<nn::Tanh>() != nullptr);
  CHECK(list->named_children()["1"] == list->ptr(1));
  CHECK(list->named_children()["4"] == list->ptr(4));
  CHECK(list->named_children().keys() == Names{"0", "1", "2", "3", "4"});
  CHECK_THROWS_AS(list->insert(9, nn::Tanh()), IndexError);
  CHECK_THROWS_AS(list->ptr(5), IndexError);
  CHECK_THROWS_AS(list->at<nn::ReLUImpl>(0), Error);
  CHECK(std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone())->size() == 5);
  size_t count = 0;
  for (const auto& module : *list) count += module->parameters().size();
  CHECK(count == 6);
}

TEST_CASE("ModuleDict") {
  nn::ModuleDict dict(std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>>{{"fc", nn::Linear(1, 2).ptr()}, {"act", nn::ReLU().ptr()}});
  CHECK(dict->keys() == Names{"fc", "act"});
  CHECK(dict["fc"]->as<nn::Linear>() != nullptr);
  CHECK(dict->at<nn::LinearImpl>("fc").options.out_features() == 2);
  CHECK_THROWS_AS(dict->at<nn::ReLUImpl>("fc"), Error);
  CHECK_THROWS_AS(dict["none"], Error);
  OrderedDict<std::string, std::shared_ptr<nn::Module>> more;
  more.insert("fc", nn::Linear(1, 7).ptr());
  more.insert("new", nn::Tanh().ptr());
  dict->update(more);
  CHECK(dict->keys() == Names{"fc", "act", "new"});
  CHECK(dict->named_parameters()["fc.weight"].size(0) == 7);
  const auto taken = dict->pop("fc");
  CHECK(taken->as<nn::Linear>() != nullptr);
  CHECK_FALSE(dict->contains("fc"));
  CHECK(dict->parameters().empty());
  dict->update(more);
  CHECK(dict->size() == 3);
  CHECK(std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone())->keys() == dict->keys());
  CHECK_THROWS_WITH_AS(dict->update({{"fine", nn::Tanh().ptr()}, {"a.dot", nn::Tanh().ptr()}}), doctest::Contains("must not contain a dot"), Error);
  CHECK_THROWS_WITH_AS(dict->update({{"fine", nn::Tanh().ptr()}, {"act", nullptr}}), doctest::Contains("'act' must not be null"), Error);
  CHECK(dict->size() == 3);
  CHECK(dict->children().size() == 3);
  dict->clear();
  CHECK(dict->empty());
  CHECK(dict->children().empty());
}

TEST_CASE("ParameterList and ParameterDict") {
  nn::ParameterList list(ones({2}).requires_grad_(), zeros({3}));
  list->append(ones({1}));
  list->extend(std::vector<Tensor>{ones({4})});
  CHECK(list->size() == 4);
  CHECK(list->named_parameters().keys() == Names{"0", "1", "2", "3"});
  CHECK(list[0].requires_grad());
  CHECK_FALSE(list[1].requires_grad());
  CHECK_THROWS_AS(list->at(4), IndexError);

  nn::ParameterDict dict;
  dict->insert("a", ones({2}).requires_grad_());
  CHECK_THROWS_AS(dict->insert("a", ones({2})), Error);
  OrderedDict<std::string, Tensor> more;
  more.insert("a", zeros({3}));
  more.insert("b", zeros({1}));
  dict->update(more);
  CHECK(dict->keys() == Names{"a", "b"});
  CHECK(dict["a"].size(0) == 3);
  CHECK(dict->pop("a").size(0) == 3);
  CHECK_FALSE(dict->contains("a"));
  CHECK_THROWS_AS(dict->get("a"), Error);
  OrderedDict<std::string, Tensor> wrong;
  wrong.insert("b", zeros({5}));
  wrong.insert("a.dot", zeros({1}));
  CHECK_THROWS_WITH_AS(dict->update(wrong), doctest::Contains("must not contain a dot"), Error);
  CHECK(dict["b"].size(0) == 1);
}

TEST_CASE("Functional makes a function a module") {
  nn::Sequential net(nn::Linear(2, 2), nn::Functional(relu), nn::Functional([](Tensor x) { return x + 1; }), nn::Functional(elu, 0.5, 1, 1));
  CHECK(net->forward(ones({1, 2})).min().item<float>() >= 1);
  CHECK(nn::Functional(elu, 2.0, 1, 1)(-ones({1})).item<float>() == doctest::Approx(2 * std::expm1(-1.0)));
  CHECK_FALSE(nn::Functional(relu)->is_serializable());
  CHECK(nn::Functional(relu)->clone() != nullptr);
}

TEST_CASE("OrderedDict keeps order and refuses what is missing or there") {
  OrderedDict<std::string, int> dict("Thing");
  CHECK(dict.is_empty());
  dict.insert("b", 1);
  dict.insert("a", 2);
  dict.insert("c", 3);
  CHECK(dict.keys() == Names{"b", "a", "c"});
  CHECK(dict.values() == std::vector<int>{1, 2, 3});
  CHECK(dict["a"] == 2);
  CHECK(dict[0].key() == "b");
  CHECK(*dict.front() == 1);
  CHECK(*dict.back() == 3);
  dict.erase("b");
  CHECK(dict.keys() == Names{"a", "c"});
  CHECK(dict["c"] == 3);
  CHECK(dict.find("b") == nullptr);
  CHECK(contains(message_of([&] { dict["b"]; }), "Thing 'b' is not defined"));
  CHECK(contains(message_of([&] { dict.insert("a", 9); }), "Thing 'a' already defined"));
  CHECK(contains(message_of([&] { dict.erase("b"); }), "'b' doesn't exist"));
  CHECK(contains(message_of([&] { dict[size_t{2}]; }), "Index 2 is out of bounds"));
  OrderedDict<std::string, int> other{{"x", 1}, {"a", 1}};
  CHECK_THROWS_AS(dict.update(other), Error);
  CHECK(dict.keys() == Names{"a", "c"});
  other.erase("a");
  dict.update(other);
  CHECK(dict.keys() == Names{"a", "c", "x"});
  CHECK(contains(message_of([] { OrderedDict<std::string, int>().front(); }), "Called front() on an empty OrderedDict"));
  CHECK(contains(message_of([] { OrderedDict<std::string, int>().back(); }), "Called back() on an empty OrderedDict"));
  CHECK(dict == OrderedDict<std::string, int>(dict));
}
