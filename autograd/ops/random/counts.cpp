// Random numbers of events.
#include <cmath>
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/no_derivative.h>
#include <xgrad/autograd/ops/random/draw.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

Tensor poisson(const Tensor& self, OptionalGenerator generator) {
  const Operation& op = operation<"poisson">;
  check_floating(op, "poisson_cpu", self.dtype());
  XGRAD_CHECK(elements_within(detail::alias(self), 0, std::numeric_limits<double>::infinity()), op,
              "invalid Poisson rate, expected rate to be non-negative");
  const Tensor out = allocate_tensor(self.sizes(), self.dtype()), rates = detail::alias(self);
  if (out.numel() > 0) {
    GeneratorImpl& g = detail::generator_or_default(generator);
    launch(op, kernels::fill_poisson, reads(g, rates), writes(out, g), in_memory_order(out, {&rates}), out.dtype(), &g);
  }
  return record(Forward(op, out), wrt(self, [](const Tensor& gy) { return zeros_like(gy); }));
}

Tensor binomial(const Tensor& count, const Tensor& prob, OptionalGenerator generator) {
  const Operation& op = operation<"binomial">;
  check_floating(op, "binomial_cpu", count.dtype());
  XGRAD_CHECK_AS(TypeError, prob.dtype() == count.dtype(), op, "Found dtype ", prob.dtype(), " but expected ", count.dtype());
  const Dims shape = broadcast_shapes(op.name(), count.sizes(), prob.sizes());
  const Tensor out = allocate_tensor(shape, count.dtype()), trials = untraced([&] { return count.detach().expand(shape); }),
               p = untraced([&] { return prob.detach().expand(shape); });
  if (out.numel() > 0) {
    GeneratorImpl& g = detail::generator_or_default(generator);
    launch(op, kernels::fill_binomial, reads(g, trials, p), writes(out, g), in_memory_order(out, {&trials, &p}), out.dtype(), &g);
  }
  return record(Forward(op, out), wrt(count, no_derivative<"binomial">), wrt(prob, no_derivative<"binomial">));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

// Rates and numbers of trials for each of the algorithms.
const catalogue::Entry poisson_entry("poisson", [](catalogue::Samples& s) {
  const auto random = [&](const char* call, std::vector<catalogue::Input> inputs, auto f) { s.at(call, std::move(inputs), f).random = true; };
  for (const double rate : {0.5, 8., 10., 300.})
    for (const auto& shape : std::vector<std::vector<int64_t> >{{40}, {3, 4}, {}, {0}})
      random("torch.poisson(x[0])", {s.uniform(shape, 0, 2 * rate)}, [](Inputs x) { return poisson(x[0]); });
  s.flat("torch.poisson(x[0].float())", {catalogue::constant(s.uniform({30}, 0, 40))}, [](Inputs x) { return poisson(x[0].to(kFloat)); }).random =
      true;
  random("torch.poisson(x[0].t())", {s.uniform({3, 4}, 0, 20)}, [](Inputs x) { return poisson(x[0].t()); });
  random("torch.poisson(x[0])", {tensor({0., 1e30, 9.999, 10.}, kDouble)}, [](Inputs x) { return poisson(x[0]); });
  s.rejects("a negative rate", "invalid Poisson rate, expected rate to be non-negative", [] { poisson(tensor({1., -1.})); });
  s.rejects("a NaN", "invalid Poisson rate", [] { poisson(tensor({std::nan("")})); });
  s.rejects("integers", "\"poisson_cpu\" not implemented for 'Long'", [] { poisson(tensor({1})); });
});

const catalogue::Entry binomial_entry("binomial", [](catalogue::Samples& s) {
  const auto add = [&](const char* call, Tensor count, Tensor p, auto f) {
    s.flat(call, {catalogue::constant(count), catalogue::constant(p)}, f).random = true;
  };
  const auto add_drawn = [&](const char* call, IntArrayRef counts, int64_t most, IntArrayRef probabilities, auto f) {
    const Tensor p = s.uniform(probabilities, 0, 1);
    add(call, s.integers(counts, 0, most).to(kDouble), p, f);
  };
  for (const int64_t most : {5, 40, 1000})
    for (const auto& shape : std::vector<std::vector<int64_t> >{{60}, {3, 4}, {}, {0}}) {
      add_drawn("torch.binomial(x[0], x[1])", shape, most, shape, [](Inputs x) { return binomial(x[0], x[1]); });
      add_drawn("torch.binomial(x[0].float(), x[1].float())", shape, most, shape,
                [](Inputs x) { return binomial(x[0].to(kFloat), x[1].to(kFloat)); });
    }
  add_drawn("torch.binomial(x[0].t(), x[1])", {3, 4}, 40, {4, 3}, [](Inputs x) { return binomial(x[0].t(), x[1]); });
  add_drawn("torch.binomial(x[0], x[1])", {3, 1}, 40, {4}, [](Inputs x) { return binomial(x[0], x[1]); });
  add("torch.binomial(x[0], x[1])", tensor({3., -1., 4., 7., 7.}, kDouble), tensor({.5, .5, std::nan(""), 1., 0.}, kDouble),
      [](Inputs x) { return binomial(x[0], x[1]); });
  s.rejects("integers", "not implemented for 'Long'", [] { binomial(tensor({3}), tensor({0.5})); });
  s.rejects("two dtypes", "Found dtype Double but expected Float", [] { binomial(tensor({3.f}, kFloat), tensor({0.5}, kDouble)); });
  s.rejects("a derivative", "the derivative for 'binomial' is not implemented",
            [] { binomial(ones({2}), full({2}, 0.5).requires_grad_()).sum().backward(); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
