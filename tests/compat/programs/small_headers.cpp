// The small headers of c10 and ATen that programs borrow from, functions in place, dispatch on dtypes, containers written to streams.
#include <torch/torch.h>

#include <ATen/Dispatch.h>
#include <c10/util/FunctionRef.h>
#include <c10/util/MaybeOwned.h>
#include <c10/util/ScopeExit.h>
#include <c10/util/Synchronized.h>
#include <c10/util/accumulate.h>
#include <c10/util/flat_hash_map.h>
#include <c10/util/hash.h>
#include <c10/util/overloaded.h>
#include <c10/util/tempfile.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

template <class Call> static void attempt(const char* what, Call call) {
  try {
    call();
    std::cout << what << ": fine\n";
  } catch (const std::exception&) {
    std::cout << what << ": Error\n";
  }
}

static double total(const torch::Tensor& t) {
  return AT_DISPATCH_ALL_TYPES(t.scalar_type(), "total", [&] {
    double sum = 0;
    const scalar_t* p = t.data_ptr<scalar_t>();
    for (int64_t i = 0; i < t.numel(); ++i) sum += static_cast<double>(p[i]);
    return sum;
  });
}

static std::string width(torch::ScalarType type) {
  return AT_DISPATCH_SWITCH(type, "width", AT_DISPATCH_CASE_FLOATING_TYPES_AND_HALF([&] {
                              return "floating " + std::to_string(sizeof(scalar_t));
                            }) AT_DISPATCH_CASE(at::kBool, [&] { return std::string("bool"); }));
}

static int64_t twice(c10::function_ref<int64_t(int64_t)> f, int64_t x) { return f(f(x)); }

static void dispatches() {
  for (auto type : {torch::kByte, torch::kChar, torch::kShort, torch::kInt, torch::kLong, torch::kFloat, torch::kDouble})
    std::cout << total(torch::arange(5).to(type)) << " ";
  std::cout << width(torch::kHalf) << ", " << width(torch::kDouble) << ", " << width(torch::kBool) << "\n";
  attempt("bool", [] { total(torch::ones({2}, torch::kBool)); });
  attempt("integers", [] { width(torch::kInt); });
  const auto half = torch::ones({3}, torch::kHalf);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kHalf, at::kBFloat16, half.scalar_type(), "size", [&] { std::cout << sizeof(scalar_t) << "\n"; });
  AT_DISPATCH_INTEGRAL_TYPES(torch::kShort, "size", [&] { std::cout << sizeof(scalar_t) << "\n"; });
  AT_DISPATCH_INDEX_TYPES(torch::kInt, "size", [&] { std::cout << sizeof(index_t) << "\n"; });
  AT_DISPATCH_ALL_TYPES_AND3(at::kBool, at::kHalf, at::kBFloat16, torch::kBool, "size", [&] { std::cout << sizeof(scalar_t) << "\n"; });
}

static void containers() {
  ska::flat_hash_map<std::string, int> counts{{"a", 1}};
  ++counts["b"];
  counts.emplace("c", 5);
  counts.erase("a");
  std::cout << counts.size() << counts.count("a") << counts.at("c") << (counts.find("z") == counts.end()) << "\n";
  ska::flat_hash_set<int64_t> seen;
  std::cout << seen.insert(3).second << seen.insert(3).second << "\n";
  std::cout << std::vector<int64_t>{1, 2, 3} << "|" << std::vector<std::string>{"x", "y"} << "|" << std::map<std::string, int>{{"k", 1}, {"l", 2}}
            << "|" << torch::ones({2, 3}).sizes().vec() << "|" << std::vector<int>(103, 7) << "\n";
  std::unordered_map<std::vector<int64_t>, int, c10::hash<std::vector<int64_t>>> by_shape;
  by_shape[{2, 3}] = 1;
  std::cout << by_shape.count({2, 3}) << by_shape.count({3, 2}) << (c10::get_hash(1, 2.5) == c10::get_hash(1, 2.5))
            << (c10::get_hash(1, 2) == c10::get_hash(2, 1)) << (c10::hash<std::pair<int, int>>()({1, 2}) == c10::get_hash(1, 2)) << "\n";
  const std::vector<int64_t> sizes = {2, 3, 4};
  std::cout << c10::sum_integers(sizes) << " " << c10::multiply_integers(sizes) << " " << c10::numelements_from_dim(1, sizes) << " "
            << c10::numelements_to_dim(1, sizes) << "\n";
}

static void tools() {
  std::cout << twice([](int64_t x) { return x + 3; }, 1) << "\n";
  {
    auto guard = c10::make_scope_exit([] { std::cout << "left\n"; });
    auto released = c10::make_scope_exit([] { std::cout << "never\n"; });
    released.release();
    std::cout << "inside\n";
  }
  c10::Synchronized<std::vector<int>> shared;
  shared.withLock([](std::vector<int>& v) { v.push_back(4); });
  std::cout << shared.withLock([](std::vector<int>& v) { return v.size(); }) << "\n";
  const auto x = torch::ones({2});
  auto borrowed = c10::MaybeOwned<torch::Tensor>::borrowed(x), owned = c10::MaybeOwned<torch::Tensor>::owned(x + 1);
  std::cout << borrowed->is_same(x) << owned->sum().item<float>() << "\n";
  c10::variant<int, std::string> either = std::string("text");
  std::cout << c10::visit(c10::overloaded([](int) { return 1; }, [](const std::string& s) { return static_cast<int>(s.size()); }), either) << "\n";
  std::string text = "a-b-c";
  std::cout << c10::ReplaceAll(text, "-", "+") << text << c10::guts::to_string(2) << "\n";
  const auto* impl = x.unsafeGetTensorImpl();
  std::ostringstream address;
  address << impl;
  std::cout << (c10::guts::to_string(impl) == address.str()) << "\n";
}

static void in_place() {
  auto x = torch::linspace(-2, 2, 5);
  torch::relu_(x);
  torch::clamp_(x, 0.5, 1.5);
  std::cout << x << "\n" << torch::neg_(x).is_same(x) << torch::sigmoid_(x).sum().item<float>() << "\n";
  torch::leaky_relu_(torch::fill_(x, -2), 0.1);
  std::cout << x << "\n" << torch::zero_(x).sum().item<float>() << "\n";
  auto w = torch::tensor({-1.0, 0.5, 3.0}, torch::requires_grad());
  auto h = w * 1;
  torch::elu_(h);
  h.sum().backward();
  std::cout << h.detach() << "\n" << w.grad() << "\n";
  attempt("a leaf", [&] { torch::selu_(w); });
}

static void options() {
  auto o = torch::TensorOptions().dtype(torch::kInt).merge_in(torch::requires_grad(false)).merge_in(torch::kDouble);
  std::cout << o.dtype() << o.has_requires_grad() << o.is_sparse() << o.has_device() << " " << torch::get_default_dtype_as_scalartype() << "\n";
  torch::Device device("cpu");
  device.set_index(0);
  std::cout << device << (std::hash<torch::Device>()(device) == std::hash<torch::Device>()(torch::Device(torch::kCPU, 0))) << "\n";
  c10::DeviceGuard guard(device);
  const auto t = torch::ones({2, 2});
  std::cout << t.is_quantized() << t.is_mkldnn() << t.is_meta() << t.is_xla() << t.is_nested() << t.has_names() << t.is_sparse_csr()
            << t.has_storage() << " " << t.view({4})._base().is_same(t) << "\n";
  torch::IntList sizes = t.sizes();
  std::cout << sizes << c10::makeArrayRef(std::vector<int64_t>{7}) << torch::zeros(at::DimVector{1, 2}).sizes() << "\n";
  attempt("no base", [&] { t._base(); });
}

static void files() {
  std::string name;
  {
    const c10::TempFile file = c10::make_tempfile("numbers-");
    name = file.name;
    torch::save(torch::arange(4), name);
    torch::Tensor back;
    torch::load(back, name);
    std::cout << total(back) << (file.fd >= 0) << (name.find("numbers-") != std::string::npos) << '\n';
  }
  std::cout << std::ifstream(name).good() << c10::try_make_tempdir("no/such/folder-").has_value() << '\n';
}

int main() {
  dispatches();
  containers();
  tools();
  in_place();
  options();
  files();
}
