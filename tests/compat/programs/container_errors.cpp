// What modules, containers and small helpers refuse, and with which class of error.
#include <torch/torch.h>

#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <typeinfo>

namespace nn = torch::nn;

// Whether it is an error of libtorch, and whether its text holds the phrase.
static void expect(const char* what, const std::function<void()>& f, const std::string& phrase) {
  const char* kind = "nothing";
  std::string text;
  try {
    f();
  } catch (const c10::Error& e) {
    kind = "Error", text = e.what();
  } catch (const std::exception& e) {
    kind = "std::exception", text = e.what();
  }
  const bool found = text.find(phrase) != std::string::npos;
  std::cout << what << ": " << kind << (found ? ", " + phrase : std::string(", another text")) << std::endl;
}

struct Custom : nn::Module {
  explicit Custom(std::string name = "Custom") : nn::Module(std::move(name)) {}
  torch::Tensor forward(torch::Tensor x, int64_t n) { return x * n; }
};
struct NoClone : nn::Module {};
struct EmptyNet : nn::Module {};
TORCH_MODULE_IMPL(EmptyHolder, EmptyNet);

int main() {
  auto x = torch::ones({2, 3});
  // Names.
  Custom module;
  module.register_parameter("weight", torch::ones({2}));
  module.register_module("part", nn::Linear(3, 2));
  module.register_buffer("count", torch::zeros({1}));
  expect(
      "parameter twice", [&] { module.register_parameter("weight", x); }, "Parameter 'weight' already defined");
  expect(
      "buffer twice", [&] { module.register_buffer("count", x); }, "Buffer 'count' already defined");
  expect(
      "module twice", [&] { module.register_module("part", nn::ReLU()); }, "Submodule 'part' already defined");
  expect(
      "dot in a name", [&] { module.register_parameter("a.b", x); }, "Parameter name must not contain a dot (got 'a.b')");
  expect(
      "dot in a module's name", [&] { module.register_module("a.b", nn::ReLU()); }, "Submodule name must not contain a dot (got 'a.b')");
  expect(
      "no name", [&] { module.register_parameter("", x); }, "Parameter name must not be empty");
  expect(
      "no module's name", [&] { module.register_module("", nn::ReLU()); }, "Submodule name must not be empty");
  expect(
      "no buffer's name", [&] { module.register_buffer("", x); }, "Buffer name must not be empty");
  expect(
      "replace what is missing", [&] { module.replace_module("other", nn::ReLU()); }, "is not defined");
  expect(
      "unregister", [&] { module.unregister_module("other"); }, "No Module with name `other` is registered");
  expect(
      "missing parameter", [&] { module.named_parameters()["bias"]; }, "No such key: 'bias'");
  expect(
      "missing buffer", [&] { module.named_buffers()["bias"]; }, "'bias'");
  expect(
      "no clone", [&] { NoClone().clone(); }, "clone() has not been implemented for");
  expect(
      "integers that need gradients", [&] { module.register_parameter("n", torch::ones({1}, torch::kLong)); }, "gradients");
  std::cout << module.named_parameters().size() << module.children().size() << module.buffers().size() << "\n";

  // Holders.
  nn::Linear none = nullptr;
  std::cout << none.is_empty() << !none << "\n";
  expect(
      "empty holder", [&] { none->forward(x); }, "Accessing empty ModuleHolder");
  expect(
      "empty holder's get", [&] { none.get(); }, "");

  // Sequential.
  nn::Sequential empty, net(nn::Linear(3, 4), nn::ReLU());
  expect(
      "empty sequential", [&] { empty->forward(x); }, "Cannot call forward() on an empty Sequential");
  expect(
      "place", [&] { net->ptr(2); }, "Index out of range");
  expect(
      "another module", [&] { net->at<nn::ReLUImpl>(0); }, "Attempted to cast module of type torch::nn::LinearImpl to type torch::nn::ReLUImpl");
  expect(
      "another result", [&] { net->forward<int>(x); }, "The type of the return value is");
  expect(
      "another argument", [&] { net->forward(5); }, "Expected argument #0 to be of type");
  nn::Sequential two_arguments;
  two_arguments->push_back(Custom());
  expect(
      "too few", [&] { two_arguments->forward(x); }, "forward() method expects 2 argument(s), but received 1.");

  // AnyModule.
  nn::AnyModule nothing, any(nn::Linear(3, 1));
  std::cout << nothing.is_empty() << any.is_empty() << " " << (any.type_info() == typeid(nn::LinearImpl)) << "\n";
  expect(
      "empty any", [&] { nothing.forward(x); }, "Cannot call forward() on an empty AnyModule");
  expect(
      "empty any's get", [&] { nothing.get<nn::LinearImpl>(); }, "Cannot call get() on an empty AnyModule");
  expect(
      "empty any's pointer", [&] { nothing.ptr(); }, "on an empty AnyModule");
  expect(
      "empty any's type", [&] { nothing.type_info(); }, "Cannot call type_info() on an empty AnyModule");
  expect(
      "empty any's clone", [&] { nothing.ptr<nn::LinearImpl>(); }, "on an empty AnyModule");
  expect(
      "any of another", [&] { any.get<nn::ReLUImpl>(); }, "Attempted to cast module of type torch::nn::LinearImpl to type torch::nn::ReLUImpl");
  nn::AnyValue value(5);
  std::cout << value.get<int>() << (value.try_get<float>() == nullptr) << "\n";
  expect(
      "any value", [&] { value.get<float>(); }, "Attempted to cast AnyValue to float, but its actual type is int");

  // Dictionaries and lists.
  nn::ModuleDict dict;
  dict->update({{"a", nn::Linear(3, 3).ptr()}});
  expect(
      "missing module", [&] { dict["b"]; }, "Module 'b' is not defined");
  expect(
      "missing pop", [&] { dict->pop("b"); }, "Module 'b' is not defined");
  nn::ModuleList list(nn::Linear(1, 1));
  expect(
      "list's end", [&] { list->ptr(1); }, "Index out of range");
  expect(
      "insert behind the end", [&] { list->insert(3, nn::ReLU()); }, "Index out of range");
  nn::ParameterDict parameters;
  parameters->insert("p", torch::ones({1}));
  expect(
      "missing parameter of a dict", [&] { parameters->get("q"); }, "'q'");
  expect(
      "missing parameter popped", [&] { parameters->pop("q"); }, "'q'");
  nn::ParameterList tensors(torch::ones({1}));
  std::cout << dict->size() << list->size() << parameters->size() << tensors->size() << "\n";

  torch::OrderedDict<std::string, int> ordered("Key");
  ordered.insert("one", 1);
  expect(
      "key twice", [&] { ordered.insert("one", 2); }, "Key 'one' already defined");
  expect(
      "no key", [&] { ordered["two"]; }, "Key 'two' is not defined");
  std::cout << ordered.front().key() << ordered.contains("two") << (ordered.find("two") == nullptr) << ordered.is_empty() << "\n";
  expect(
      "update",
      [&] {
        ordered.update(torch::OrderedDict<std::string, int>({{"one", 3}}));
      },
      "Key 'one' already defined");
  expect(
      "front of none", [&] { torch::OrderedDict<std::string, int>().front(); }, "empty");

  // Options.
  expect(
      "groups", [&] { nn::Conv2d(nn::Conv2dOptions(3, 4, 3).groups(2)); }, "in_channels must be divisible by groups");
  expect(
      "dropout", [&] { nn::Dropout(1.5); }, "dropout probability has to be between 0 and 1, but got 1.5");
  expect(
      "fan", [&] { nn::init::xavier_uniform_(torch::ones({3})); }, "Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
  expect(
      "learning rate", [&] { torch::optim::SGD(net->parameters(), -1); }, "Invalid learning rate: -1");
  expect(
      "betas",
      [&] {
        torch::optim::Adam(net->parameters(), torch::optim::AdamOptions().betas({1.5, 0.9}));
      },
      "Invalid beta parameter at index 0: 1.5");
  expect(
      "no leaf", [&] { torch::optim::SGD({(x.requires_grad_() * 2)}, 0.1); }, "can't optimize a non-leaf Tensor");
  expect(
      "padding index", [&] { nn::Embedding(nn::EmbeddingOptions(3, 2).padding_idx(4)); }, "Padding_idx must be within num_embeddings");
}
