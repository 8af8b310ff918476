#include <cmath>
#include <cstring>
#include <ostream>

#include <doctest/doctest.h>
#include "values.h"
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/data/data.h>

using namespace xgrad;
using namespace xgrad::data;

namespace {

template <class T> Tensor of(IntArrayRef shape, const std::vector<T>& v) {
  Tensor t = empty(shape, CppTypeToScalarType<T>::value);
  std::copy(v.begin(), v.end(), t.data_ptr<T>());
  return t;
}

std::vector<Example<>> images(int64_t n) {
  std::vector<Example<>> batch;
  for (int64_t i = 0; i < n; ++i) batch.emplace_back(full({1, 4, 5}, static_cast<float>(i + 1)), full({}, i, kLong));
  return batch;
}

struct Images : datasets::Dataset<Images> {
  Example<> get(size_t i) override { return {arange(20, kFloat).view({1, 4, 5}), full({}, static_cast<int64_t>(i), kLong)}; }
  std::optional<size_t> size() const override { return 12; }
};

}  // namespace

TEST_CASE("a shift moves pixels and fills what comes in") {
  const Tensor image = of<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(same_bits(transforms::shifted(image, 0, 0), image));
  CHECK(same_bits(transforms::shifted(image, 1, 0), of<float>({2, 3}, {0, 0, 0, 1, 2, 3})));
  CHECK(same_bits(transforms::shifted(image, 0, -1), of<float>({2, 3}, {2, 3, 0, 5, 6, 0})));
  CHECK(same_bits(transforms::shifted(image, -1, 2, 9), of<float>({2, 3}, {9, 9, 4, 9, 9, 9})));
  for (int64_t far : {2, 100, -2, -100}) CHECK(same_bits(transforms::shifted(image, far, 0), zeros({2, 3})));
  for (int64_t far : {3, 100, -3, -100}) CHECK(same_bits(transforms::shifted(image, 0, far), zeros({2, 3})));
  CHECK(same_bits(transforms::shifted(of<uint8_t>({2, 1, 2}, {1, 2, 3, 4}), 0, 1, 7), of<uint8_t>({2, 1, 2}, {7, 1, 7, 3})));
  CHECK(same_bits(transforms::shifted(image.t(), 1, 0), of<float>({3, 2}, {0, 0, 1, 4, 2, 5})));
  CHECK(transforms::shifted(zeros({0, 3}), 1, 1).numel() == 0);
  CHECK_THROWS_AS(transforms::shifted(zeros({3}), 1, 1), Error);
}

TEST_CASE("a mirrored image") {
  CHECK(same_bits(transforms::mirrored(of<float>({2, 3}, {1, 2, 3, 4, 5, 6})), of<float>({2, 3}, {3, 2, 1, 6, 5, 4})));
  CHECK(transforms::mirrored(zeros({2, 0})).numel() == 0);
  CHECK_THROWS_AS(transforms::mirrored(ones({})), Error);
}

TEST_CASE("random transforms repeat with their generator and differ between batches") {
  const auto run = [](uint64_t seed) {
    transforms::GaussianNoise<> noise(0.5, make_generator<CPUGeneratorImpl>(seed));
    return std::pair(noise.apply_batch(images(3)), noise.apply_batch(images(3)));
  };
  const auto [a1, a2] = run(1);
  const auto [b1, b2] = run(1);
  const auto [c1, c2] = run(2);
  CHECK(same_bits(a1[2].data, b1[2].data));
  CHECK(same_bits(a2[0].data, b2[0].data));
  CHECK_FALSE(same_bits(a1[0].data, a2[0].data));
  CHECK_FALSE(same_bits(a1[0].data, c1[0].data));
  CHECK(same_bits(a1[1].target, full({}, 1, kLong)));
}

TEST_CASE("random transforms do what they say, as often as they say") {
  const Tensor image = arange(20, kFloat).view({1, 4, 5});
  std::vector<Example<>> batch(2000, Example<>(image, Tensor()));
  int64_t flipped = 0;
  for (const auto& e : transforms::RandomHorizontalFlip<>(0.3, xgrad::detail::createCPUGenerator(5)).apply_batch(batch)) {
    const bool mirrored = !same_bits(e.data, image);
    if (mirrored) CHECK(same_bits(e.data, transforms::mirrored(image)));
    flipped += mirrored;
  }
  CHECK(std::abs(static_cast<double>(flipped) - 600) < 5 * std::sqrt(2000 * 0.3 * 0.7));

  int64_t counts[3][3] = {};
  for (const auto& e : transforms::RandomShift<>(1, xgrad::detail::createCPUGenerator(5)).apply_batch(batch))
    for (int64_t d = -1; d <= 1; ++d)
      for (int64_t r = -1; r <= 1; ++r) counts[d + 1][r + 1] += same_bits(e.data, transforms::shifted(image, d, r));
  int64_t total = 0;
  for (const auto& row : counts)
    for (int64_t n : row) {
      CHECK(std::abs(static_cast<double>(n) - 2000.0 / 9) < 5 * std::sqrt(2000.0 / 9));
      total += n;
    }
  CHECK(total == 2000);

  double sum = 0, squares = 0;
  for (const auto& e : transforms::GaussianNoise<>(0.25, xgrad::detail::createCPUGenerator(5))
                           .apply_batch(std::vector<Example<>>(1000, {zeros({1, 4, 5}), Tensor()})))
    for (int i = 0; i < 20; ++i) {
      sum += e.data.data_ptr<float>()[i];
      squares += std::pow(e.data.data_ptr<float>()[i], 2);
    }
  CHECK(std::abs(sum / 20000) < 5 * 0.25 / std::sqrt(20000));
  CHECK(std::sqrt(squares / 20000) == doctest::Approx(0.25).epsilon(0.03));
}

TEST_CASE("augmented batches are the same for every number of workers") {
  const auto run = [](size_t workers) {
    manual_seed(11);
    auto dataset = Images()
                       .map(transforms::RandomShift<>(2))
                       .map(transforms::RandomHorizontalFlip<>(0.5))
                       .map(transforms::GaussianNoise<>(0.1))
                       .map(transforms::Stack<>());
    auto loader = make_data_loader(std::move(dataset), DataLoaderOptions(5).workers(workers));
    std::vector<Tensor> all;
    for (int e = 0; e < 3; ++e)
      for (auto& batch : *loader) all.insert(all.end(), {batch.data, batch.target});
    return all;
  };
  const std::vector<Tensor> expected = run(0);
  REQUIRE(expected.size() == 18);
  CHECK_FALSE(same_bits(expected[0], expected[2]));
  for (size_t workers : {1, 3}) {
    const std::vector<Tensor> got = run(workers);
    for (size_t i = 0; i < expected.size(); ++i) CHECK(same_bits(got[i], expected[i]));
  }
}

TEST_CASE("bad settings are refused") {
  CHECK_THROWS_AS(transforms::RandomShift<>(-1), ValueError);
  CHECK_THROWS_AS(transforms::RandomHorizontalFlip<>(1.5), ValueError);
  CHECK_THROWS_AS(transforms::GaussianNoise<>(-0.1), ValueError);
  CHECK_THROWS_AS(transforms::GaussianNoise<>(std::nan("")), ValueError);
}

TEST_CASE("Normalize, functions and Stack") {
  const Tensor y = transforms::Normalize<>({0.5, 0.1}, {2.0, 3.0})(ones({2, 2, 2}));
  CHECK(y.data_ptr<float>()[0] == 0.25f);
  CHECK(y.data_ptr<float>()[4] == (1.0f - 0.1f) / 3.0f);
  CHECK(transforms::Normalize<>(0.5, 0.5)(ones({3, 2, 2})).sizes() == IntArrayRef({3, 2, 2}));

  auto dataset = Images()
                     .map(transforms::TensorLambda<>([](Tensor t) { return t.add(1); }))
                     .map(transforms::Lambda<Example<>>([](Example<> e) { return Example<>(e.data, e.target.add(100)); }))
                     .map(transforms::BatchLambda<std::vector<Example<>>>([](std::vector<Example<>> b) {
                       b.pop_back();
                       return b;
                     }))
                     .map(transforms::Stack<>());
  CHECK(dataset.size() == 12u);
  const Example<> batch = dataset.get_batch(std::vector<size_t>{3, 1, 2});
  CHECK(batch.data.sizes() == IntArrayRef({2, 1, 4, 5}));
  CHECK(batch.data.data_ptr<float>()[0] == 1);
  CHECK(batch.target.data_ptr<int64_t>()[1] == 101);
}
