#include <limits>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/sorting.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kMultinomial = operation<"multinomial">;

// Every number of a row, and one row's sum at least, must make a distribution.
void check_probabilities(const Tensor& rows) {
  dispatch_floating(rows.scalar_type(), kMultinomial.name(), [&](auto zero) {
    using T = decltype(zero);
    const int64_t n = rows.size(1);
    const T* row = rows.data_ptr<T>();
    for (int64_t r = 0; r < rows.size(0); ++r, row += n) {
      T sum = 0;
      for (int64_t i = 0; i < n; ++i) {
        XGRAD_CHECK(row[i] >= 0 && row[i] <= std::numeric_limits<T>::max(), kMultinomial,
                    "probability tensor contains either `inf`, `nan` or element < 0: got ", row[i], " for category ", i);
        sum += row[i];
      }
      XGRAD_CHECK(sum > 0, kMultinomial, "invalid multinomial distribution (sum of probabilities <= 0) in row ", r);
    }
  });
}

}  // namespace

Tensor multinomial(const Tensor& self, int64_t num_samples, bool replacement, std::optional<Generator> generator) {
  const int64_t axes = self.dim();
  XGRAD_CHECK(axes == 1 || axes == 2, kMultinomial, "prob_dist must be 1 or 2 dim, got shape ", self.sizes());
  XGRAD_CHECK(self.is_floating_point(), kMultinomial, "multinomial only supports floating-point dtypes for input, got: ", self.scalar_type());
  XGRAD_CHECK(num_samples > 0, kMultinomial, "cannot sample n_sample <= 0 samples, got ", num_samples);
  const int64_t categories = self.size(-1);
  XGRAD_CHECK(replacement || num_samples <= categories, kMultinomial,
              "cannot sample n_sample > prob_dist.size(-1) samples without replacement: ", num_samples, " of ", categories);
  constexpr int64_t kMostCategories = int64_t{1} << 24;
  XGRAD_CHECK(categories <= kMostCategories, kMultinomial, "number of categories cannot exceed 2^24, got ", categories);

  const auto value = [&]() -> Tensor {
    const StepsOfOne steps;
    const Tensor p = self.detach(), rows = contiguous_as(axes == 1 ? p.unsqueeze(0) : p, p.scalar_type());
    check_probabilities(rows);
    if (!replacement) {
      // The categories whose exponential clock, of the rate of their probability, rings first.
      const Tensor times = empty_like(p).exponential_(1, generator), first = p / times;
      if (first.numel() == 0) return empty(axes == 1 ? std::vector<int64_t>{num_samples} : std::vector<int64_t>{rows.size(0), num_samples}, kLong);
      return num_samples == 1 ? argmax(first, -1, true) : std::get<1>(topk(first, num_samples));
    }
    const Tensor out = allocate_tensor({rows.size(0), num_samples}, kLong);
    GeneratorImpl& g = detail::generator_or_default(generator);
    launch(kMultinomial, kernels::sample_categories, reads(rows, g), writes(out, g), rows.data_ptr(), rows.scalar_type(), rows.size(0), categories,
           out.data_ptr<int64_t>(), num_samples, &g);
    return axes == 1 ? detail::alias(out.squeeze(0)) : out;
  };
  return not_differentiable(Forward(kMultinomial, value()), with("num_samples", num_samples, "replacement", replacement), self);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry multinomial_entry("multinomial", [](catalogue::Samples& s) {
  const auto add = [&](const char* call, std::vector<int64_t> shape, auto f) { s.flat(call, {s.uniform(shape, 0, 1)}, f).random = true; };
  for (const auto& shape : std::vector<std::vector<int64_t> >{{6}, {3, 5}, {0, 4}}) {
    add("torch.multinomial(x[0], 1)", shape, [](Inputs x) { return multinomial(x[0], 1); });
    add("torch.multinomial(x[0], 3)", shape, [](Inputs x) { return multinomial(x[0], 3); });
    add("torch.multinomial(x[0], 7, True)", shape, [](Inputs x) { return multinomial(x[0], 7, true); });
  }
  add("torch.multinomial(x[0].t(), 2)", {4, 3}, [](Inputs x) { return multinomial(x[0].t(), 2); });
  add("torch.multinomial(x[0].float(), 9, True)", {2, 40}, [](Inputs x) { return multinomial(x[0].to(kFloat), 9, true); });
  s.rejects("three axes", "prob_dist must be 1 or 2 dim", [] { multinomial(ones({2, 2, 2}), 1); });
  s.rejects("integers", "only supports floating-point dtypes for input, got: Long", [] { multinomial(ones({2}, kLong), 1); });
  s.rejects("no sample", "cannot sample n_sample <= 0 samples", [] { multinomial(ones({2}), 0); });
  s.rejects("more samples than categories", "cannot sample n_sample > prob_dist.size(-1) samples without replacement",
            [] { multinomial(ones({2}), 3); });
  s.rejects("no probability", "sum of probabilities <= 0", [] { multinomial(zeros({2}), 3, true); });
  s.rejects("a negative probability", "element < 0", [] { multinomial(tensor({0.5, -0.5}), 1); });
  s.rejects("a NaN", "contains either `inf`, `nan`", [] { multinomial(full({2}, std::numeric_limits<double>::quiet_NaN()), 1); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
