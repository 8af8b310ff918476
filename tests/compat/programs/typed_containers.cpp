// Lists and dictionaries of c10: shared by copies, kept by custom functions, and what an IValue tells of them.
#include <torch/torch.h>

static void lists() {
  c10::List<int64_t> numbers({3, 1, 2});
  const c10::List<int64_t> same = numbers, other = numbers.copy();
  numbers.push_back(7);
  numbers.set(0, 10);
  std::cout << same.size() << " " << same.get(0) << " " << other.size() << " " << other.get(0) << " " << same.is(numbers) << other.is(numbers)
            << "\n";
  int64_t sum = 0;
  for (int64_t n : numbers) sum += n;
  std::cout << sum << " " << numbers.vec() << " " << numbers.empty() << "\n";
  numbers.erase(numbers.begin() + 1);
  numbers.insert(numbers.begin(), 5);
  numbers.pop_back();
  numbers.append(c10::List<int64_t>({8, 9}));
  numbers.emplace_back(11);
  std::cout << numbers.vec() << " " << numbers.extract(1) << "\n";
  numbers.resize(2);
  std::cout << numbers.size() << " " << (numbers == c10::List<int64_t>({5, 10})) << "\n";
  numbers.clear();
  std::cout << numbers.empty() << "\n";
  c10::List<std::string> words;
  words.reserve(2);
  words.push_back("one");
  words.emplace_back("two");
  for (size_t i = 0; i < words.size(); ++i) std::cout << words.get(i) << " ";
  std::cout << "\n";
  try {
    words.get(2);
  } catch (const std::out_of_range&) {
    std::cout << "outside\n";
  } catch (const c10::Error&) {
    std::cout << "outside\n";
  }
}

static void dictionaries() {
  c10::Dict<std::string, int64_t> ages;
  std::cout << ages.insert("ada", 36).second << ages.insert("alan", 41).second << ages.insert("ada", 1).second << " " << ages.size() << "\n";
  ages.insert_or_assign("alan", 42);
  const auto same = ages;
  std::cout << same.at("alan") << " " << ages.contains("grace") << ages.contains("ada") << " " << (ages.find("grace") == ages.end()) << " "
            << ages.find("ada")->value() << "\n";
  for (const auto& item : ages) std::cout << item.key() << "=" << item.value() << " ";
  std::cout << "\n";
  std::cout << ages.erase("ada") << ages.erase("ada") << " " << same.size() << " " << ages.begin()->key() << "\n";
  try {
    ages.at("ada");
  } catch (const std::out_of_range&) {
    std::cout << "no such key\n";
  } catch (const c10::Error&) {
    std::cout << "no such key\n";
  }
  c10::Dict<int64_t, torch::Tensor> tensors;
  tensors.insert(2, torch::ones({2}));
  tensors.insert(0, torch::zeros({3}));
  for (auto it = tensors.begin(); it != tensors.end(); ++it) std::cout << it->key() << " " << it->value().sizes() << " ";
  std::cout << "\n";
  tensors.clear();
  std::cout << tensors.empty() << "\n";
}

static void values() {
  c10::IValue list = c10::List<double>({0.5, 1.5}), dict = [] {
    c10::Dict<std::string, torch::Tensor> d;
    d.insert("weight", torch::ones({2, 2}));
    d.insert("bias", torch::zeros({2}));
    return d;
  }();
  std::cout << list.isDoubleList() << list.isList() << list.isTensorList() << " " << list.toDoubleVector().size() << " " << list.toDoubleList().get(1)
            << "\n";
  std::cout << dict.isGenericDict() << " " << dict.toGenericDict().size() << " " << dict.toGenericDict().at("bias").toTensor().sizes() << "\n";
  c10::impl::GenericDict generic = dict.toGenericDict();
  for (auto& entry : generic) std::cout << entry.key().toStringRef() << " " << entry.value().toTensor().sizes() << " ";
  std::cout << "\n";
  const auto typed = dict.to<c10::Dict<std::string, torch::Tensor>>();
  std::cout << typed.at("weight").sum().item<float>() << "\n";
  const c10::IValue tensors(std::vector<torch::Tensor>{torch::ones({1}), torch::ones({2})}), ints(std::vector<int64_t>{4, 5});
  std::cout << tensors.toTensorList().get(1).sizes() << " " << tensors.toTensorVector().size() << " " << ints.toIntList().vec() << " "
            << ints.toList().get(0).toInt() << "\n";
}

class Scaled : public torch::autograd::Function<Scaled> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* ctx, torch::Tensor x, double scale) {
    c10::Dict<std::string, double> settings;
    settings.insert("scale", scale);
    ctx->saved_data["settings"] = std::move(settings);
    c10::List<std::string> names({"x"});
    ctx->saved_data["names"] = std::move(names);
    ctx->saved_data["twice"] = std::vector<torch::Tensor>{x, x};
    return x * scale;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* ctx, torch::autograd::variable_list grads) {
    const double scale = ctx->saved_data["settings"].toGenericDict().at("scale").toDouble();
    std::cout << ctx->saved_data["names"].toList().get(0).toStringRef() << " " << ctx->saved_data["twice"].toTensorList().size() << "\n";
    return {grads[0] * scale, torch::Tensor()};
  }
};

int main() {
  lists();
  dictionaries();
  values();
  auto x = torch::ones({2}, torch::requires_grad());
  Scaled::apply(x, 2.5).sum().backward();
  std::cout << x.grad() << "\n";
}
