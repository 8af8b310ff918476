// Collectives against sums in a loop, on every rank.
#include <doctest/doctest.h>

#include <limits>

#include <xgrad/distributed/collective.h>

#include "distributed/ranks.h"
#include "message.h"

using namespace xgrad;
namespace dist = xgrad::distributed;

namespace {

/// The sum over ranks of drawn(), in double.
Tensor exact_sum(IntArrayRef sizes, uint64_t seed = 0) {
  Tensor sum = zeros(sizes, kDouble);
  for (int r = 0; r < dist::world_size(); ++r) sum += drawn(r, sizes, seed).to(kDouble);
  return sum;
}

}  // namespace

TEST_CASE("all_reduce sums over ranks, for few and many elements, with the same bits on all") {
  for (const int64_t n : {0, 1, 3, 7, 1000, 8192, 8193, 50001, 300007}) {
    CAPTURE(n);
    const Tensor x = drawn(dist::rank(), {n});
    dist::all_reduce(x);
    CHECK(allclose(x.to(kDouble), exact_sum({n}), 1e-5, 1e-5));
    CHECK(same_everywhere(x));
    const Tensor again = drawn(dist::rank(), {n});
    dist::all_reduce(again);
    CHECK(same_bits(x, again));
  }
}

TEST_CASE("the bits of a sum don't depend on the message that it comes in") {
  const Tensor whole = drawn(dist::rank(), {100003});
  const Tensor sum = whole.clone();
  dist::all_reduce(sum);
  for (const int64_t begin : {0, 1, 40000})
    for (const int64_t n : {1, 64, 8192, 8193, 20000, 60003}) {
      const Tensor part = whole.narrow(0, begin, n).clone();
      dist::all_reduce(part);
      CHECK(same_bits(part, sum.narrow(0, begin, n)));
    }
}

TEST_CASE("each operation and dtype") {
  const int64_t ranks = dist::world_size(), mine = dist::rank() + 2;
  for (const ScalarType dtype : {kFloat, kDouble, kInt, kLong, kByte}) {
    CAPTURE(dtype);
    for (const int64_t n : {5, 40000}) {
      const auto reduced = [&](dist::ReduceOp op) {
        const Tensor x = full({n}, mine, dtype);
        dist::all_reduce(x, op);
        CHECK(x.min().item<double>() == x.max().item<double>());
        return x[n - 1].item<double>();
      };
      int64_t sum = 0, product = 1;
      for (int64_t r = 2; r < ranks + 2; ++r) {
        sum += r;
        product *= r;
      }
      CHECK(reduced(dist::ReduceOp::Sum) == static_cast<double>(sum));
      CHECK(reduced(dist::ReduceOp::Product) == static_cast<double>(dtype == kByte ? product % 256 : product));
      CHECK(reduced(dist::ReduceOp::Min) == 2);
      CHECK(reduced(dist::ReduceOp::Max) == static_cast<double>(ranks + 1));
      if (isFloatingType(dtype)) CHECK(reduced(dist::ReduceOp::Average) == doctest::Approx(static_cast<double>(sum) / static_cast<double>(ranks)));
    }
  }
}

TEST_CASE("a NaN of one rank is everywhere, whatever the operation") {
  for (const auto op : {dist::ReduceOp::Sum, dist::ReduceOp::Min, dist::ReduceOp::Max, dist::ReduceOp::Product, dist::ReduceOp::Average}) {
    for (const int64_t n : {4, 30000}) {
      const Tensor x = ones({n});
      if (dist::rank() == dist::world_size() - 1) x[n - 1].fill_(std::numeric_limits<float>::quiet_NaN());
      dist::all_reduce(x, op);
      CHECK(x.isnan().sum().item<int64_t>() == 1);
    }
  }
}

TEST_CASE("strided tensors and those without axes") {
  const Tensor storage = zeros({4, 6}), x = storage.slice(1, 0, 6, 2).t();
  x.copy_(drawn(dist::rank(), {3, 4}));
  dist::all_reduce(x);
  CHECK(allclose(x.to(kDouble), exact_sum({3, 4})));
  CHECK(storage.slice(1, 1, 6, 2).abs().sum().item<float>() == 0);
  const Tensor one = full({}, dist::rank());
  dist::broadcast(one, dist::world_size() - 1);
  CHECK(one.item<float>() == static_cast<float>(dist::world_size() - 1));
}

TEST_CASE("broadcast from each rank") {
  for (int root = 0; root < dist::world_size(); ++root) {
    const Tensor x = drawn(dist::rank(), {2, 70000});
    dist::broadcast(x, root);
    CHECK(same_bits(x, drawn(root, {2, 70000})));
  }
  CHECK(contains(message_of([] { dist::broadcast(ones({2}), dist::world_size()); }), "[broadcast] root must be a rank below"));
}

TEST_CASE("all_gather, also of rows in different numbers") {
  const Tensor all = dist::all_gather(drawn(dist::rank(), {3, 2}));
  CHECK(all.sizes() == IntArrayRef({dist::world_size(), 3, 2}));
  Tensor expected_rows = zeros({0, 5});
  for (int r = 0; r < dist::world_size(); ++r) {
    CHECK(same_bits(all[r], drawn(r, {3, 2})));
    expected_rows = cat({expected_rows, drawn(r, {2 * r, 5})}, 0);
  }
  CHECK(same_bits(dist::all_gather_rows(drawn(dist::rank(), {2 * dist::rank(), 5})), expected_rows));
  const Tensor flags = dist::all_gather(full({3}, dist::rank() % 2 == 1, kBool));
  CHECK(flags.dtype() == kBool);
}

TEST_CASE("reduce_scatter has the bits of all_reduce") {
  for (const int64_t rows : {1, 5, 5000}) {
    const int64_t n = rows * dist::world_size();
    const Tensor whole = drawn(dist::rank(), {n, 7});
    const Tensor part = dist::reduce_scatter(whole, dist::ReduceOp::Average);
    CHECK(same_bits(whole, drawn(dist::rank(), {n, 7})));
    dist::all_reduce(whole, dist::ReduceOp::Average);
    CHECK(same_bits(part, whole.narrow(0, rows * dist::rank(), rows)));
  }
}

TEST_CASE("what cannot be reduced is refused before anything is sent") {
  CHECK(contains(message_of([] { dist::all_reduce(ones({2}, kHalf)); }), "[all_reduce] expected float32, float64, int32, int64 or uint8"));
  CHECK(contains(message_of([] { dist::all_reduce(ones({2}, kLong), dist::ReduceOp::Average); }), "Average needs floating-point"));
  CHECK(contains(message_of([] { dist::all_reduce(ones({2}, requires_grad())); }), "requires grad"));
  if (dist::world_size() > 1)
    CHECK(contains(message_of([] { dist::reduce_scatter(ones({dist::world_size() + 1})); }), "[reduce_scatter] expected a first axis"));
  dist::barrier();
}

TEST_CASE("an edit by a collective is noticed where a derivative needs the old value") {
  const Tensor x = ones({3}), w = ones({3}, requires_grad());
  const Tensor y = (x * w).sum();
  dist::all_reduce(x);
  CHECK(contains(message_of([&] { y.backward(); }), "modified by an inplace operation"));
}

TEST_CASE("duplicates don't mix their messages") {
  const dist::Communicator other = dist::world().duplicate();
  const Tensor a = full({2}, 1), b = full({2}, 10);
  const dist::Call call{"test", 0};
  if (dist::world_size() == 2) {
    // Rank 0 begins with one group, rank 1 sends in both first.
    if (dist::rank() == 0) {
      other.transport().exchange(call, {}, {1, b.data_ptr(), 8});
      dist::world().transport().exchange(call, {}, {1, a.data_ptr(), 8});
      CHECK(a[0].item<float>() == 1);
      CHECK(b[0].item<float>() == 20);
    } else {
      b.mul_(2);
      dist::world().transport().exchange(call, {0, a.data_ptr(), 8}, {});
      other.transport().exchange(call, {0, b.data_ptr(), 8}, {});
    }
  }
  dist::all_reduce(a, dist::ReduceOp::Sum, other);
  CHECK(a[0].item<float>() == static_cast<float>(dist::world_size()));
}

TEST_CASE("ranks that call different operations of the same number of bytes are told so") {
  if (dist::world_size() == 1) return;
  const bool last = dist::rank() == dist::world_size() - 1;
  // On a group of its own each, as none is of use afterwards.
  const auto told = [last](const auto& f, const auto& other) {
    const dist::Communicator group = dist::world().duplicate();
    const std::string text = message_of([&] { last ? other(group) : f(group); });
    std::string all;
    for (const std::string& t : dist::all_gather_texts(text, dist::world())) all += t + '\n';
    dist::barrier();
    return all;
  };
  const std::string who = std::to_string(dist::world_size() - 1);
  const auto sum_of = [](const Tensor& t) { return [t](const dist::Communicator& group) { dist::all_reduce(t, dist::ReduceOp::Sum, group); }; };
  if (dist::world_size() == 2) {
    CHECK(contains(told(sum_of(ones({2, 3})), sum_of(ones({3, 2}))),
                   "[all_reduce] rank 1 calls all_reduce of Float with another shape, root or kind of reduction than rank 0, or after another "
                   "number of calls: all ranks must call the same operations in the same order, with tensors of the same shape and dtype"));
    CHECK(contains(told(sum_of(ones({6})), sum_of(ones({6}, kInt))),
                   "[all_reduce] rank 1 calls all_reduce of Int where rank 0 calls all_reduce of Float"));
    CHECK(contains(told(sum_of(ones({6})), [](const dist::Communicator& group) { dist::all_reduce(ones({6}), dist::ReduceOp::Max, group); }),
                   "kind of reduction"));
    CHECK(contains(told(sum_of(ones({6})), [](const dist::Communicator& group) { dist::all_gather(ones({6}), group); }),
                   "[all_reduce] rank 1 calls all_gather of Float where rank 0 calls all_reduce of Float"));
    CHECK(contains(told(sum_of(ones({8})), sum_of(ones({7}))), "[all_reduce] rank 1 sent 28 bytes where rank 0 expects 32"));
    CHECK(contains(told([](const dist::Communicator& group) { dist::broadcast(ones({6}), 0, group); },
                        [](const dist::Communicator& group) {
                          dist::broadcast(ones({6}), 1, group);  // sends, and waits for nothing
                          dist::broadcast(ones({6}), 0, group);
                        }),
                   "[broadcast] rank 0 calls broadcast of Float with another shape, root"));
    return;
  }
  // With more ranks those in between would wait for one that has given up.
  const std::string text = told(
      [](const dist::Communicator& group) {
        const dist::Collective call(group.transport(), dist::CollectiveKind::AllGather, kFloat, {{2, 3}});
        const int other = group.size() - 1;
        if (group.rank() == 0) call.exchange({other, nullptr, 0}, {other, nullptr, 0});
      },
      [](const dist::Communicator& group) {
        const dist::Collective call(group.transport(), dist::CollectiveKind::AllGather, kFloat, {{3, 2}});
        call.exchange({0, nullptr, 0}, {0, nullptr, 0});
      });
  CHECK(contains(text, "[all_gather] rank 0 calls all_gather of Float with another shape"));
  CHECK(contains(text, "[all_gather] rank " + who + " calls all_gather of Float with another shape"));
}
