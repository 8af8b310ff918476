// int8, int16, float16 and bfloat16: making, converting, computing, ordering, indexing.
#include <torch/torch.h>

#include <functional>
#include <limits>

namespace {

void show(const std::string& what, const torch::Tensor& t) { std::cout << what << ": " << t << "\n"; }

void makes(torch::Dtype dtype) {
  const auto options = torch::TensorOptions().dtype(dtype);
  std::cout << "==== " << dtype << " " << options.dtype() << " " << torch::elementSize(dtype) << " " << torch::isFloatingType(dtype)
            << torch::isIntegralType(dtype, false) << "\n";
  show("zeros", torch::zeros({2}, options));
  show("ones", torch::ones({2}, options));
  show("full", torch::full({2}, 3, options));
  show("arange", torch::arange(-2, 5, options));
  show("tensor", torch::tensor({1, -2, 3}, options));
  show("zeros_like", torch::zeros_like(torch::ones({2, 1}, options)));
  show("fill", torch::empty({2}, options).fill_(5));
  show("randint", (torch::manual_seed(3), torch::randint(-5, 100, {8}, options)));
  show("random_", torch::empty({6}, options).random_(0, 50));
  show("randperm", torch::randperm(7, options));
  std::cout << torch::ones({1}, options).item() << " " << torch::ones({1}, options).item<double>() << " " << torch::ones({3}, options).nbytes()
            << "\n";
}

// What they share: of small whole numbers, which every dtype holds.
void computes(torch::Dtype dtype) {
  const auto x = torch::tensor({{7, -3, 0}, {2, 5, -6}}, dtype), y = torch::tensor({{2, 2, -1}, {-4, 5, 3}}, dtype);
  show("add", x + y);
  show("alpha", torch::add(x, y, 3));
  show("number", x + 3);
  show("sub", x - y);
  show("rsub", 2 - x);
  show("mul", x * y);
  show("div", x / y);
  show("floor", torch::div(x, y, "floor"));
  show("trunc", torch::div(x, y, "trunc"));
  show("remainder", torch::remainder(x, y));
  show("fmod", torch::fmod(x, y));
  show("neg", -x);
  show("abs", x.abs());
  show("sign", x.sign());
  show("square", x.square());
  show("pow", x.pow(2));
  show("lt", x < y);
  show("eq", x == 5);
  show("where", torch::where(x > 0, x, y));
  show("masked_fill", x.masked_fill(x < 0, 9));
  show("masked_select", x.masked_select(x > 0));
  show("in place", x.clone().add_(y).mul_(2).sub_(1));
  show("copy_", x.clone().copy_(torch::tensor({1.5, -2.5, 3.0})));
  show("sum", x.sum());
  show("sum 0", x.sum(0));
  show("max", x.max());
  show("min 1", std::get<0>(x.min(1)));
  show("where max", std::get<1>(x.max(1)));
  show("argmin", x.argmin(1));
  show("any", x.any());
  show("all", x.all(1));
  show("sort", std::get<0>(x.sort(1)));
  show("argsort", x.argsort(1, true));
  show("nonzero", x.nonzero());
  show("count_nonzero", x.count_nonzero());
  show("cat", torch::cat({x, y}, 1));
  show("stack", torch::stack({x, y}));
  show("t", x.t().contiguous());
  show("flip", x.flip({1}));
  show("roll", x.roll(1, 1));
  show("row", x[1]);
  show("slice", x.index({torch::indexing::Slice(), torch::indexing::Slice(0, 3, 2)}));
  show("index", x.index({torch::tensor({1, 0, 1})}));
  show("mask", x.index({x < 0}));
  show("index_select", x.index_select(1, torch::tensor({2, 0})));
  show("gather", x.gather(1, torch::tensor({{0, 0}, {2, 1}})));
  show("scatter", torch::zeros_like(x).scatter(1, torch::tensor({{2}, {0}}), y));
  show("index_add", x.index_add(0, torch::tensor({1, 0, 1}), torch::ones({3, 3}, dtype)));
  show("index_put", x.index_put({torch::tensor({0}), torch::tensor({1})}, torch::tensor({8}, dtype)));
  show("repeat", x.repeat({1, 2}));
  show("tril", x.tril());
  show("diagonal", x.diagonal());
  show("with float", x + torch::tensor(0.5));
  show("with floats", x + torch::tensor({0.5f, 0.25f, 0.125f}));
  show("with doubles", x * torch::tensor({0.1, 0.2, 0.3}, torch::kFloat64));
  show("with longs", x + torch::tensor({1, 2, 3}));
  std::cout << x.equal(x.clone()) << x.equal(y) << " " << x.is_signed() << x.is_floating_point() << "\n";
}

void computes_integers(torch::Dtype dtype, int64_t high) {
  const auto x = torch::tensor({high, -high - 1, int64_t{77}, int64_t{-1}}, dtype), y = torch::tensor({1, 3, 60, 7}, dtype);
  show("wraps", x + y);
  show("wraps", x * y);
  show("wraps", x - 100);
  show("least", x.abs());
  show("sum", x.sum());
  show("prod", x.slice(0, 2).prod());
  show("and", x & y);
  show("or", x | 3);
  show("xor", x ^ y);
  show("not", ~x);
  show("left", torch::bitwise_left_shift(x, 2));
  show("right", torch::bitwise_right_shift(x, 1));
  show("bernoulli_", torch::zeros({6}, dtype).bernoulli_(0.5));
  show("eye", torch::eye(2, dtype));
  show("prod", y.prod(0));
  show("cumsum", x.cumsum(0));
  show("topk", std::get<0>(x.topk(2)));
  show("gcd", torch::gcd(x, y));
  show("median", x.median());
  show("mode", std::get<0>(x.mode()));
  show("kthvalue", std::get<0>(x.kthvalue(2)));
  show("unique", std::get<0>(torch::_unique2(torch::cat({x, y, x}))));
  show("bincount", y.bincount());
  show("searchsorted", torch::searchsorted(std::get<0>(x.sort()), y));
  show("mm", torch::mm(torch::tensor({{1, 2}, {3, -4}}, dtype), torch::tensor({{5, -6}, {7, 8}}, dtype)));
  show("mv", torch::mv(torch::tensor({{1, 2}, {3, -4}}, dtype), torch::tensor({5, 7}, dtype)));
  show("dot", torch::dot(y, y));
  show("matmul", torch::matmul(torch::ones({2, 1, 3}, dtype), torch::full({2, 3, 2}, 2, dtype)));
  show("clamp", x.clamp(-5, 5));
  show("maximum", torch::maximum(x, y));
  show("cummax", std::get<0>(x.cummax(0)));
  show("from float", torch::tensor({300.0f, -1.9f, 40000.0f, -129.0f, 70000.0f}).to(dtype));
  show("from double", torch::tensor({3e9, -3e9, 1e300, 127.999}, torch::kFloat64).to(dtype));
  show("from long", torch::tensor({int64_t{1} << 40, int64_t{65537}, int64_t{-129}, int64_t{200}}).to(dtype));
  try {
    x.clone().fill_(1 << 20);
  } catch (const std::exception& e) {
    std::cout << (std::string(e.what()).find("without overflow") != std::string::npos) << "\n";
  }
}

void computes_floats(torch::Dtype dtype) {
  const auto x = torch::tensor({0.1, -2.7, 1000.3, 3.14159}, dtype), y = torch::tensor({7.7, 0.03, -1.5, 2.0}, dtype);
  show("value", x);
  show("double", x.to(torch::kFloat64));
  show("add", (x + y).to(torch::kFloat64));
  show("mul", (x * y).to(torch::kFloat64));
  show("div", (x / y).to(torch::kFloat64));
  show("number", (x * 0.3).to(torch::kFloat64));
  show("float", (x + torch::tensor({0.1f, 0.2f, 0.3f, 0.4f})));
  show("sum", x.sum().to(torch::kFloat64));
  show("mean", x.mean().to(torch::kFloat64));
  show("isnan", x.div(x - x).isnan());
  show("long", x.to(torch::kLong));
  show("infinity", torch::tensor({1e6, -1e39, 65504.0, 65520.0, 1e-8, 6e-8, 3.4e38}, torch::kFloat64).to(dtype));
  for (const int64_t n : {5, 20, 32}) {
    torch::manual_seed(n);
    show("rand", torch::rand({n}, dtype).to(torch::kFloat64));
    show("randn", torch::randn({n}, dtype).to(torch::kFloat64));
    show("uniform_", torch::empty({n}, dtype).uniform_(-1, 2).to(torch::kFloat64));
    show("exponential_", torch::empty({n}, dtype).exponential_().to(torch::kFloat64));
    show("geometric_", torch::empty({n}, dtype).geometric_(0.3));
  }
  show("linspace", torch::linspace(0, 1, 5, dtype));
  std::cout << x[0].item().type() << "\n";
}

template <class T> void limits(const char* name) {
  using L = std::numeric_limits<T>;
  std::cout << name << " " << float(L::max()) << " " << float(L::min()) << " " << float(L::epsilon()) << " " << float(L::lowest()) << " "
            << float(L::denorm_min()) << " " << L::digits << "\n";
  const T a = 1.1f, b = 2.3f;
  for (const T v : {a, a + b, a * b, a - b, a / b, -a, a + 1}) std::cout << float(v) << " ";
  std::cout << (a < b) << " " << sizeof(a + b) << " " << sizeof(a + 1) << " " << sizeof(a + 1.0f) << "\n";
  T c = a;
  c += b;
  std::cout << float(c) << " " << c.x << "\n";
}

}  // namespace

int main() {
  const std::vector<torch::Dtype> all = {torch::kBool,  torch::kUInt8, torch::kInt8,     torch::kInt16,   torch::kInt32,
                                         torch::kInt64, torch::kHalf,  torch::kBFloat16, torch::kFloat32, torch::kFloat64};
  for (const auto a : all) {
    for (const auto b : all) std::cout << torch::promote_types(a, b) << " " << torch::can_cast(a, b) << " ";
    std::cout << "\n";
  }
  for (const auto dtype : {torch::kInt8, torch::kInt16, torch::kHalf, torch::kBFloat16}) {
    makes(dtype);
    computes(dtype);
  }
  computes_integers(torch::kInt8, 127);
  computes_integers(torch::kInt16, 32767);
  computes_floats(torch::kHalf);
  computes_floats(torch::kBFloat16);
  limits<at::Half>("half");
  limits<at::BFloat16>("bfloat16");
  std::cout << at::Half(0.1f) << "\n";

  auto w = torch::tensor({1.5, -2.25}, torch::dtype(torch::kBFloat16).requires_grad(true));
  (w * w * torch::tensor({3.0, 0.5}, torch::kBFloat16)).sum().backward();
  show("gradient", w.grad());
  auto v = torch::tensor({1.5f, -2.25f}, torch::requires_grad());
  v.to(torch::kHalf).mul(3).to(torch::kFloat32).sum().backward();
  show("through half", v.grad());
  torch::nn::Linear net(2, 2);
  {
    torch::NoGradGuard guard;
    net->weight.copy_(torch::tensor({{1.0, 2.0}, {3.0, 4.0}}));
    net->bias.zero_();
  }
  net->to(torch::kBFloat16);
  std::cout << net->weight.dtype() << "\n";
  show("bfloat16 layer", net(torch::tensor({{1.0, 0.5}}, torch::kBFloat16)));
  const auto blob = std::vector<at::Half>{1.5f, 2.5f};
  show("from_blob", torch::from_blob(const_cast<at::Half*>(blob.data()), {2}, torch::kHalf));
  const auto half = torch::tensor({1.5}, torch::kHalf), byte = torch::tensor({3}, torch::kChar);
  std::cout << half.data_ptr<at::Half>()[0] << " " << byte.accessor<int8_t, 1>()[0] + 0 << "\n";
}
