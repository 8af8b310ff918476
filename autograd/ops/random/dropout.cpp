#include <limits>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/pointwise/arithmetic.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/memory_order.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kDropout = operation_recorded_as<"dropout", "MulBackward0">;

void check_dropout(const Tensor& input, double p, bool train) {
  XGRAD_CHECK(p >= 0 && p <= 1, kDropout, "dropout probability has to be between 0 and 1, but got ", p);
  const bool draws = train && p > 0 && p < 1 && input.numel() > 0;
  XGRAD_CHECK_AS(TypeError, !draws || input.is_floating_point(), kDropout, "result type Float can't be cast to the desired output type ",
                 input.dtype());
}

// What each element is multiplied with: 0, or 1 / (1 - p) in the input's precision.
Tensor dropout_noise(const Tensor& input, double p) {
  const double keep = 1 - p;
  const double scale = input.dtype() == kFloat ? 1.0f / static_cast<float>(keep) : 1.0 / keep;
  const Tensor noise = allocate_in_order_of(input, input.dtype());
  // Without gaps, the elements in memory order are one row.
  kernels::Iteration row;
  row.operands = row.axes = 1;
  row.sizes[0] = noise.numel();
  row.pointers[0] = static_cast<char*>(noise.data_ptr());
  row.strides[0][0] = noise.element_size();
  GeneratorImpl& generator = detail::getDefaultCPUGenerator().impl();
  launch(kDropout, kernels::fill_bernoulli, reads(generator), writes(noise, generator), row, noise.dtype(), &generator, keep, scale);
  return noise;
}

}  // namespace

Tensor dropout(const Tensor& input, double p, bool train) {
  check_dropout(input, p, train);
  if (p == 0 || !train || input.numel() == 0) return input;
  if (p == 1)
    return record(Forward(kDropout, zeros_like(input)), with("p", p, "train", train), wrt(input, [](const Tensor& gy) { return zeros_like(gy); }));
  const Tensor noise = dropout_noise(input, p);
  return record(pointwise(kDropout, kernels::mul, input.dtype(), {input, noise}), with("p", p, "train", train),
                wrt_in_place(input, [n = save(noise)](const Tensor& gy, Out out) { return into::mul(gy, *n, out); }));
}

Tensor& dropout_(Tensor& input, double p, bool train) {
  check_dropout(input, p, train);
  if (p == 0 || !train || input.numel() == 0) return input;
  if (p == 1) return write_in_place("dropout_", input, dropout(input, p, train));
  check_in_place("dropout_", input, false);
  return input.mul_(dropout_noise(input, p));
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry dropout_entry("dropout", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {2, 3, 7}, {1}, {}, {0, 3}, {40}}) {
    s.add("F.dropout(x[0], 0.3)", {s.normal(shape)}, [](Inputs x) { return dropout(x[0], 0.3, true); }).random = true;
    s.add("F.dropout(x[0], 0.3, training=False)", {s.normal(shape)}, [](Inputs x) { return dropout(x[0], 0.3, false); });
  }
  s.add("F.dropout(x[0], 0.0)", {s.normal({3, 4})}, [](Inputs x) { return dropout(x[0], 0, true); });
  s.add("F.dropout(x[0], 1.0)", {s.normal({3, 4})}, [](Inputs x) { return dropout(x[0], 1, true); });
  const double inf = std::numeric_limits<double>::infinity();
  s.at("F.dropout(x[0], 1.0)", {full({2}, inf, kDouble)}, [](Inputs x) { return dropout(x[0], 1, true); }).deviation = "dropout-of-everything";
  s.rejects("probability above 1", "dropout probability has to be between 0 and 1, but got 1.5", [] { dropout(ones({2}), 1.5, true); });
  s.rejects("negative probability", "dropout probability has to be between 0 and 1, but got -0.5", [] { dropout(ones({2}), -0.5, false); });
  s.rejects("integers", "can't be cast to the desired output type Long", [] { dropout(ones({2}, kLong), 0.5, true); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
