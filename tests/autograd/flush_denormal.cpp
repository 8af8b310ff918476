#include <doctest/doctest.h>

#include <cmath>
#include <thread>

#include <xgrad/autograd/core/flush_denormal.h>
#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "values.h"

using namespace xgrad;

TEST_CASE("flushing takes denormal operands and results for zeros, until it is off") {
  const Tensor denormal = full({37}, 1e-40), smallest = full({37}, 1.5e-38), one = ones({37});
  const Tensor wide = full({37}, 1e-320, kDouble);
  {
    const FlushDenormal flushing(true);
    CHECK(same_bits(denormal * one, zeros({37})));
    CHECK(same_bits(smallest * 0.5, zeros({37})));
    CHECK(same_bits(wide * 2, zeros({37}, kDouble)));
    CHECK(std::signbit(*(smallest * -0.5).data_ptr<float>()));
  }
  CHECK(*(denormal * one).data_ptr<float>() == 1e-40f);
  CHECK(*(smallest * 0.5).data_ptr<float>() == 0.75e-38f);
  CHECK(*(wide * 2).data_ptr<double>() == 2e-320);
}

TEST_CASE("flushing ends with its scope, and what was set before it stays") {
  CHECK(!get_flush_denormal());
  CHECK(set_flush_denormal(true));
  {
    const FlushDenormal inner(false);
    CHECK(!get_flush_denormal());
  }
  CHECK(get_flush_denormal());
  { const FlushDenormal inner(true); }
  CHECK(get_flush_denormal());
  CHECK(set_flush_denormal(false));
  CHECK(!get_flush_denormal());
}

TEST_CASE("flushing is the calling thread's, and that of all that compute for it") {
  const int before = get_num_threads();
  const Tensor x = full({1 << 20}, 1e-40);
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    {
      const FlushDenormal flushing(true);
      CHECK((x * 1).sum().item<float>() == 0);
      CHECK((x * 1).gt(0).sum().item<int64_t>() == 0);
    }
    CHECK((x * 1).gt(0).sum().item<int64_t>() == x.numel());
  }
  set_num_threads(before);
  int64_t elsewhere = 0;
  std::thread([&] {
    set_flush_denormal(true);
    std::thread([&] { elsewhere = (x * 1).gt(0).sum().item<int64_t>(); }).join();  // inherits
  }).join();
  CHECK(elsewhere == 0);
  CHECK((x * 1).gt(0).sum().item<int64_t>() == x.numel());
}
