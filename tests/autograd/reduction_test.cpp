// Sums against a naive loop over every element, for layouts, axes and sizes around the cuts of the kernels.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include <xgrad/autograd/graph/node.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/copy.h>

using namespace xgrad;

namespace {

double at(const Tensor& t, const std::vector<int64_t>& index) {
  int64_t offset = 0;
  for (size_t a = 0; a < index.size(); ++a) offset += index[a] * t.stride(static_cast<int64_t>(a));
  if (t.dtype() == kDouble) return t.data_ptr<double>()[offset];
  return static_cast<double>(t.data_ptr<float>()[offset]);
}

// Sums of x and of |x| over the masked axes, in row-major order of the kept ones.
std::pair<std::vector<long double>, std::vector<long double>> naive_sums(const Tensor& x, const std::vector<int64_t>& axes) {
  std::vector<bool> reduced(static_cast<size_t>(x.dim()), axes.empty());
  for (int64_t a : axes) reduced[static_cast<size_t>(a)] = true;
  int64_t outputs = 1;
  for (int64_t a = 0; a < x.dim(); ++a)
    if (!reduced[static_cast<size_t>(a)]) outputs *= x.size(a);
  std::vector<long double> sums(static_cast<size_t>(outputs), 0), magnitudes = sums;
  std::vector<int64_t> index(static_cast<size_t>(x.dim()), 0);
  for (int64_t i = 0; i < x.numel(); ++i) {
    int64_t rest = i;
    for (int64_t a = x.dim() - 1; a >= 0; --a) {
      index[static_cast<size_t>(a)] = rest % x.size(a);
      rest /= x.size(a);
    }
    size_t output = 0;
    for (int64_t a = 0; a < x.dim(); ++a)
      if (!reduced[static_cast<size_t>(a)]) output = output * static_cast<size_t>(x.size(a)) + static_cast<size_t>(index[static_cast<size_t>(a)]);
    sums[output] += at(x, index);
    magnitudes[output] += std::abs(at(x, index));
  }
  return {sums, magnitudes};
}

void check_sum(const Tensor& x, const std::vector<int64_t>& axes) {
  const Tensor y = x.sum(IntArrayRef(axes));
  const auto [sums, magnitudes] = naive_sums(x, axes);
  REQUIRE(y.numel() == static_cast<int64_t>(sums.size()));
  const double eps = x.dtype() == kDouble ? 2.3e-16 : 1.2e-7;
  bool all_close = true;
  for (size_t i = 0; i < sums.size(); ++i) {
    const double got = y.dtype() == kDouble ? y.data_ptr<double>()[i] : static_cast<double>(y.data_ptr<float>()[i]);
    all_close &= std::abs(static_cast<long double>(got) - sums[i]) <= 4 * eps * magnitudes[i];
  }
  INFO("shape ", str(x.sizes()), " strides ", str(x.strides()), " axes ", str(IntArrayRef(axes)));
  CHECK(all_close);
}

}  // namespace

TEST_CASE("sum over any axes of any layout is within 4 eps of the sum of magnitudes") {
  manual_seed(1);
  // clang-format off
  const std::vector<std::vector<int64_t>> shapes = {{}, {1}, {5}, {127}, {128}, {129}, {40000}, {70000}, {3, 5}, {130, 3}, {3, 130}, {33, 300},
                                                    {5000, 7}, {2, 3, 4}, {17, 9, 21}, {3, 1, 5, 2}, {2, 0, 3}};
  // clang-format on
  for (const std::vector<int64_t>& shape : shapes) {
    const Tensor x64 = randn(shape, kDouble);
    for (const Tensor& x : {x64, copy_of(x64, kFloat)}) {
      const auto n = static_cast<unsigned>(x.dim());
      for (unsigned mask = 0; mask < 1u << n; ++mask) {
        std::vector<int64_t> axes;
        for (unsigned a = 0; a < n; ++a)
          if (mask >> a & 1) axes.push_back(a);
        check_sum(x, axes);
        if (n >= 2) check_sum(x.transpose(0, -1), axes);
        if (n >= 1 && x.size(0) > 2) check_sum(x.slice(0, 1, x.size(0), 2), axes);
        if (n >= 2) check_sum(x.select(0, 0).expand(x.sizes()), axes);
      }
    }
  }
}

TEST_CASE("sums have the same bits for every number of threads") {
  manual_seed(1);
  const int before = get_num_threads();
  for (const Tensor& x : {randn({300000}, kDouble), randn({20000, 11}, kDouble), randn({11, 20000}, kDouble), randn({300, 1000}, kDouble)}) {
    for (const std::vector<int64_t>& axes : std::vector<std::vector<int64_t>>{{}, {0}, {-1}}) {
      if (x.dim() == 1 && !axes.empty()) continue;
      set_num_threads(1);
      const Tensor one = x.sum(IntArrayRef(axes));
      for (int threads : {2, 3, 7}) {
        set_num_threads(threads);
        const Tensor many = x.sum(IntArrayRef(axes));
        CHECK(std::memcmp(one.data_ptr(), many.data_ptr(), one.nbytes()) == 0);
      }
    }
  }
  set_num_threads(before);
}

TEST_CASE("a float32 sum of many small parts keeps its digits") {
  const Tensor x = full({30000000}, 0.1f);
  CHECK(x.sum().item<float>() == doctest::Approx(3000000.0447).epsilon(1e-7));
  CHECK(x.mean().item<float>() == 0.1f);
}

TEST_CASE("an axis list of 64 dimensions and the one that is too many") {
  const std::vector<int64_t> shape(64, 1);
  CHECK(ones(shape).sum(IntArrayRef({63})).dim() == 63);
  CHECK_THROWS_WITH_AS(ones(std::vector<int64_t>(65, 1)).sum(), doctest::Contains("64 dimensions"), Error);
}

TEST_CASE("a variance keeps its digits under a large offset") {
  manual_seed(1);
  const Tensor x = randn({5000}, kDouble) + 1e7;
  const double* p = x.data_ptr<double>();
  long double mean = 0, squares = 0;
  for (int64_t i = 0; i < x.numel(); ++i) mean += p[i];
  mean /= x.numel();
  for (int64_t i = 0; i < x.numel(); ++i) squares += (p[i] - mean) * (p[i] - mean);
  CHECK(x.var().item<double>() == doctest::Approx(static_cast<double>(squares / (x.numel() - 1))).epsilon(1e-12));
  const Tensor rows = x.view({50, 100}).t();
  CHECK(rows.var({1}, true).equal(rows.contiguous().var({1}, true)));
}

TEST_CASE("an int is an axis of a variance, a bool says whether it is unbiased") {
  const Tensor x = randn({4, 3}, kDouble), rows = x.var(IntArrayRef{0}), columns = x.std(IntArrayRef{1});
  CHECK(rows.sizes() == IntArrayRef{3});
  CHECK(equal(x.var(0), rows));
  CHECK(equal(var(x, 0), rows));
  CHECK(equal(x.std(1), columns));
  CHECK(equal(xgrad::std(x, 1), columns));
  CHECK(equal(std::get<0>(var_mean(x, 0)), rows));
  CHECK(equal(std::get<0>(std_mean(x, 1)), columns));
  CHECK(x.var(false).item<double>() == doctest::Approx(x.var(true).item<double>() * 11 / 12));
}

TEST_CASE("a NaN is found at every place of a row, and its place is the first") {
  for (int64_t n : {1, 2, 15, 16, 17, 33, 130}) {
    for (int64_t at = 0; at < n; ++at) {
      const Tensor x = ones({n}), columns = ones({n, 5});
      x.data_ptr<float>()[at] = std::nanf("");
      columns.data_ptr<float>()[at * 5 + 3] = std::nanf("");
      CHECK(std::isnan(x.max().item<float>()));
      CHECK(std::isnan(x.min().item<float>()));
      CHECK(x.argmax().item<int64_t>() == at);
      CHECK(x.argmin().item<int64_t>() == at);
      CHECK(columns.argmax(0).select(0, 3).item<int64_t>() == at);
      CHECK(std::isnan(columns.amin({0}).select(0, 3).item<float>()));
      CHECK(columns.amax({0}).select(0, 2).item<float>() == 1);
    }
  }
}

TEST_CASE("the 1-norm and the 1-distance have a NaN gradient at NaN") {
  for (const bool distance : {false, true}) {
    const Tensor x = full({2}, std::nan(""), kDouble).requires_grad_();
    (distance ? pairwise_distance(x, ones({2}, kDouble), 1) : norm(x, 1)).backward();
    CHECK(isnan(x.grad()).all().item<bool>());
  }
}

TEST_CASE("a variance of one element has a NaN gradient of its shape") {
  const Tensor x = ones({1}, kDouble).requires_grad_();
  x.var().backward();
  CHECK(x.grad().sizes() == IntArrayRef({1}));
  CHECK(std::isnan(x.grad().item<double>()));
}

TEST_CASE("recorded reductions carry PyTorch's names") {
  const Tensor x = ones({2, 3}).requires_grad_();
  const auto name = [](const Tensor& y) { return y.grad_fn()->name(); };
  CHECK(name(x.sum()) == "SumBackward0");
  CHECK(name(x.sum(1)) == "SumBackward1");
  CHECK(name(x.mean()) == "MeanBackward0");
  CHECK(name(x.mean(1)) == "MeanBackward1");
  CHECK(name(x.prod()) == "ProdBackward0");
  CHECK(name(x.prod(1)) == "ProdBackward1");
  CHECK(name(x.var()) == "VarBackward0");
  CHECK(name(std::get<1>(std_mean(x))) == "StdMeanBackward0");
  CHECK(name(x.norm()) == "NormBackward0");
  CHECK(name(x.norm(2, {1})) == "NormBackward1");
  CHECK(name(x.max()) == "MaxBackward1");
  CHECK(name(std::get<0>(x.max(1))) == "MaxBackward0");
  CHECK(name(x.amin({1})) == "AminBackward0");
  CHECK(name(x.logsumexp(1)) == "LogsumexpBackward0");
  CHECK(name(x.cumprod(1)) == "CumprodBackward0");
  CHECK(name(std::get<0>(x.topk(2))) == "TopkBackward0");
  CHECK(name(std::get<0>(x.sort(std::optional<bool>(true), 1))) == "SortBackward1");
  CHECK(name(x.softmax(1)) == "SoftmaxBackward0");
  CHECK_FALSE(x.argmax(1).requires_grad());
}

TEST_CASE("the gradient of an element chosen of one is no alias of the seed, which edits of it would reach") {
  using Choice = Tensor (*)(const Tensor&);
  const Choice choices[] = {
      [](const Tensor& x) { return std::get<0>(xgrad::min(x, -1, true)); }, [](const Tensor& x) { return std::get<0>(xgrad::max(x, 0)); },
      [](const Tensor& x) { return std::get<0>(xgrad::median(x, 0)); },     [](const Tensor& x) { return std::get<0>(xgrad::kthvalue(x, 1, 0)); },
      [](const Tensor& x) { return std::get<0>(xgrad::mode(x, 0)); },       [](const Tensor& x) { return std::get<0>(xgrad::sort(x, 0)); },
      [](const Tensor& x) { return std::get<0>(xgrad::topk(x, 1)); },       [](const Tensor& x) { return std::get<0>(xgrad::cummax(x, 0)); },
  };
  for (const Choice choose : choices) {
    const Tensor x = tensor(-0.5).requires_grad_(), seed = tensor(-2.0);
    autograd::grad({choose(x)}, {x}, {seed})[0].add_(5);
    CHECK(seed.item<double>() == -2);
  }
}

TEST_CASE("the 0-distance of a NaN is NaN") {
  const Tensor x = tensor({std::nan(""), 1.0, 0.0, 2.0}, kDouble).view({2, 2});
  CHECK(cdist(x, x, 0).isnan().all().item<bool>() == false);
  CHECK(cdist(x, x, 0)[0].isnan().all().item<bool>());
  CHECK(pdist(x, 0).isnan().all().item<bool>());
  CHECK(cdist(x, x, 0)[1][1].item<double>() == 0);
}

TEST_CASE("a NaN gradient goes to the element that was chosen alone") {
  for (const auto choose : {+[](const Tensor& x) { return x.max(); }, +[](const Tensor& x) { return x.median(); },
                            +[](const Tensor& x) { return xgrad::nanmedian(x); }}) {
    const Tensor x = tensor({1.0, 2.0, 2.0, 3.0}).requires_grad_();
    const Tensor g = autograd::grad({choose(x)}, {x}, {tensor(std::nan("")).to(kFloat)})[0];
    CHECK(g[0].item<double>() == 0);
    CHECK(g.isnan().any().item<bool>());
  }
}
