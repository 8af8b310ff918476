// type() and what programs ask of it, printing to a width, layouts and devices by name, the default dtype.
#include <sstream>

#include <torch/torch.h>

static void types() {
  const auto x = torch::ones({2, 2}), y = torch::ones({2}, torch::kInt64);
  std::cout << x.type() << " " << y.type().toString() << " " << x.toString() << " " << x.type().scalarType() << " " << x.type().typeMeta() << " "
            << x.type().layout() << " " << x.type().device_type() << "\n";
  std::cout << (x.type() == torch::zeros({3}).type()) << (x.type() == y.type()) << (x.type() != y.type()) << x.type().is_cuda()
            << x.type().is_sparse() << "\n";
  auto& type = y.type();
  at::DeprecatedTypeProperties& wide = type.toScalarType(torch::kDouble);
  std::cout << wide << " " << torch::zeros({1}, wide).dtype() << " " << x.to(wide).dtype() << " " << torch::empty({1}, x.type().options()).dtype()
            << " " << at::CPU(at::kByte) << "\n";
  AT_DISPATCH_FLOATING_TYPES(x.type().scalarType(), "sum", [&] { std::cout << x.data_ptr<scalar_t>()[0] << "\n"; });
}

static void printing() {
  const auto x = torch::arange(60, torch::kFloat32).view({3, 20}) / 4;
  std::stringstream narrow, wide;
  torch::print(narrow, x, 40);
  torch::print(wide, x, 200);
  std::cout << narrow.str() << "\n" << wide.str() << "\n";
  torch::print(torch::ones({2, 2, 3}));
  std::cout << "\n";
  torch::print(torch::arange(30).view({1, 30}), 50);
  std::cout << "\n";
}

static void places() {
  for (const auto layout : {torch::kStrided, torch::kSparse, torch::kSparseCsr, torch::kMkldnn, torch::kSparseCsc}) std::cout << layout << " ";
  std::cout << "\n";
  for (const auto type : {torch::kCPU, torch::kCUDA, torch::kHIP, torch::kXLA, torch::kVulkan, torch::kMPS, torch::kMeta, torch::kXPU})
    std::cout << type << " " << static_cast<int>(type) << " " << torch::Device(type) << " ";
  std::cout << "\n" << torch::Device("mps").type() << " " << torch::Device("cuda:1") << " " << torch::Device("meta") << "\n";
  for (const auto format :
       {at::MemoryFormat::Contiguous, at::MemoryFormat::Preserve, at::MemoryFormat::ChannelsLast, at::MemoryFormat::ChannelsLast3d})
    std::cout << format << " ";
  std::cout << "\n" << torch::TensorOptions().layout(torch::kSparseCsr).device(torch::kMPS).memory_format(at::MemoryFormat::ChannelsLast) << "\n";
}

static void default_dtype() {
  const auto show = [](const char* when) {
    std::cout << when << ": " << torch::get_default_dtype() << " " << torch::get_default_dtype_as_scalartype() << " " << torch::ones({1}).dtype()
              << " " << torch::tensor({1.5, 2.5}).dtype() << " " << torch::tensor(1.5f).dtype() << " " << torch::tensor({1, 2}).dtype() << " "
              << torch::tensor(true).dtype() << " " << torch::arange(3).dtype() << " " << torch::arange(3.0).dtype() << " "
              << torch::arange(0, 1, 0.25).dtype() << " " << torch::linspace(0, 1, 3).dtype() << " " << torch::full({1}, 2).dtype() << " "
              << torch::full({1}, 2.5).dtype() << " " << torch::rand({1}).dtype() << " " << torch::randint(5, {1}).dtype() << " "
              << torch::eye(2).dtype() << " " << torch::randperm(3).dtype() << " " << torch::hann_window(4).dtype() << "\n";
    const auto i = torch::ones({2}, torch::kInt);
    std::cout << "  " << (i + 1.5).dtype() << " " << (i / 2).dtype() << " " << torch::sqrt(i).dtype() << " " << i.to(torch::kBool).mul(0.5).dtype()
              << " " << torch::nn::Linear(2, 1)->weight.dtype() << " " << torch::scalar_tensor(1.5).dtype() << " "
              << torch::empty({0}).options().dtype() << " " << torch::TensorOptions().dtype() << " " << torch::result_type(i, 2.5) << " "
              << torch::zeros_like(i).dtype() << " " << torch::from_blob(i.data_ptr(), {2}).dtype() << " " << torch::mean(torch::ones({2})).dtype()
              << "\n";
  };
  show("float");
  torch::set_default_dtype(caffe2::TypeMeta::Make<double>());
  show("double");
  torch::set_default_dtype(torch::scalarTypeToTypeMeta(torch::kFloat));
  show("float again");
}

static void braces() {
  std::cout << torch::tensor({{1, 2}, {3, 4}}) << "\n"
            << torch::tensor({{{1.5}}, {{2.5}}}).sizes() << " " << torch::tensor({}).sizes() << " " << torch::tensor({{}, {}}).sizes() << "\n";
  const auto refused = [](auto make) {
    try {
      std::cout << make().sizes() << "\n";
    } catch (const c10::Error&) {
      std::cout << "ragged\n";
    }
  };
  refused([] { return torch::tensor({{1, 2}, {3}}); });
  refused([] { return torch::tensor({{1}, {2, 3}}); });
  refused([] { return torch::tensor({{{1, 2}}, {{1, 2}, {3, 4}}}); });
  refused([] { return torch::tensor({{1.5, 2.5}, {}}); });
  refused([] { return torch::tensor({{1}, {2}, {3}, {4, 5}}); });
}

static void putting() {
  const auto values = [](std::vector<int64_t> shape) {
    int64_t n = 1;
    for (const int64_t s : shape) n *= s;
    return torch::arange(1, n + 1, torch::kFloat32).view(shape);
  };
  const auto rows = torch::tensor({2, 0}), columns = torch::tensor({1, 3});
  const auto put = [&](const char* what, auto f) {
    auto x = torch::zeros({3, 4});
    try {
      f(x);
      std::cout << what << "\n" << x << "\n";
    } catch (const c10::Error&) {
      std::cout << what << ": refused\n";
    }
  };
  using namespace torch::indexing;
  put("rows", [&](torch::Tensor& x) { x.index_put_({rows}, values({1, 1, 2, 4})); });
  put("points", [&](torch::Tensor& x) { x.index_put_({rows, columns}, values({1, 1, 2})); });
  put("slice", [&](torch::Tensor& x) { x.index_put_({Slice(0, 2), Slice(1, 3)}, values({1, 2, 2})); });
  put("slice and points", [&](torch::Tensor& x) { x.index_put_({Slice(), columns}, values({1, 1, 3, 2})); });
  put("row", [&](torch::Tensor& x) { x.index_put_({1}, values({1, 1, 4})); });
  put("mask", [&](torch::Tensor& x) { x.index_put_({torch::arange(12).view({3, 4}) % 5 == 0}, values({1, 3})); });
  put("added up", [&](torch::Tensor& x) { x.index_put_({torch::tensor({1, 1})}, values({2, 4}), true); });
  put("added up, one for all", [&](torch::Tensor& x) { x.index_put_({rows, columns}, values({1}), true); });
  put("added up, more axes", [&](torch::Tensor& x) { x.index_put_({rows, columns}, values({1, 2}), true); });
  put("too many", [&](torch::Tensor& x) { x.index_put_({rows}, values({1, 3, 4})); });
}

int main() {
  types();
  printing();
  places();
  default_dtype();
  braces();
  putting();
}
