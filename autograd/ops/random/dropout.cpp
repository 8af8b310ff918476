#include <cmath>
#include <limits>
#include <utility>

#include <xgrad/autograd/graph/in_place.h>
#include <xgrad/autograd/kernels/pointwise/arithmetic.h>
#include <xgrad/autograd/kernels/random/random.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/activation.h>
#include <xgrad/autograd/ops/pointwise/into.h>
#include <xgrad/autograd/ops/pointwise/zero_slope.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kDropout = operation_recorded_as<"dropout", "MulBackward0">;

void check_dropout(const Operation& operation, const Tensor& input, double p, bool train) {
  XGRAD_CHECK(p >= 0 && p <= 1, operation, "dropout probability has to be between 0 and 1, but got ", p);
  const bool draws = train && p > 0 && p < 1 && input.numel() > 0;
  XGRAD_CHECK_AS(TypeError, !draws || input.is_floating_point(), operation, "result type Float can't be cast to the desired output type ",
                 input.dtype());
}

// `value` with probability `keep`, else 0, in the memory of noise, which is row-major: PyTorch draws so whatever order the input's axes have.
Tensor drawn(const Operation& operation, const Tensor& noise, double keep, double value) {
  kernels::Iteration row;
  row.operands = row.axes = 1;
  row.sizes[0] = noise.numel();
  row.pointers[0] = static_cast<char*>(noise.data_ptr());
  row.strides[0][0] = noise.element_size();
  GeneratorImpl& generator = detail::getDefaultCPUGenerator().impl();
  launch(operation, kernels::fill_bernoulli, reads(generator), writes(noise, generator), row, noise.dtype(), &generator, keep, value);
  return noise;
}

// 1 / (1 - p) in the input's precision.
double scale_of_kept(const Tensor& input, double p) {
  const double keep = 1 - p;
  return input.dtype() == kFloat ? 1.0f / static_cast<float>(keep) : 1.0 / keep;
}

// What each element is multiplied with.
Tensor dropout_noise(const Tensor& input, double p) {
  return drawn(kDropout, allocate_tensor(Dims(input.sizes()), input.dtype()), 1 - p, scale_of_kept(input, p));
}

Tensor dropped(const Operation& operation, const Tensor& input) {
  return record(Forward(operation, zeros_like(input)), with("p", 1.0, "train", true), wrt(input, [](const Tensor& gy) { return zeros_like(gy); }));
}

}  // namespace

Tensor dropout(const Tensor& input, double p, bool train) {
  check_dropout(kDropout, input, p, train);
  if (p == 0 || !train || input.numel() == 0) return input;
  if (p == 1) return dropped(kDropout, input);
  const Tensor noise = dropout_noise(input, p);
  return record(pointwise(kDropout, kernels::mul, input.dtype(), {input, noise}), with("p", p, "train", train),
                wrt_in_place(input, [n = save(noise)](const Tensor& gy, Out out) { return into::mul(gy, *n, out); }), given(noise));
}

Tensor& dropout_(Tensor& input, double p, bool train) {
  check_dropout(kDropout, input, p, train);
  if (p == 0 || !train || input.numel() == 0) return input;
  if (p == 1) return write_in_place("dropout_", input, dropout(input, p, train));
  check_in_place("dropout_", input, false);
  return input.mul_(dropout_noise(input, p));
}

namespace {

// Dropout of elements or channels; alpha dropout is input * noise + shift.
class Variant {
 public:
  constexpr Variant(const Operation& operation, const char* in_place, bool features, bool alpha)
      : operation_(operation), in_place_(in_place), features_(features), alpha_(alpha) {}

  Tensor operator()(const Tensor& input, double p, bool train) const {
    if (!acts(input, p, train)) return input;
    if (p == 1) return dropped(operation_, input);
    const auto [noise, shift] = draw(input, p);
    return alpha_ ? input * noise + shift : input * noise;
  }
  Tensor& in_place(Tensor& input, double p, bool train) const {
    if (!acts(input, p, train)) return input;
    if (p == 1) return write_in_place(in_place_, input, dropped(operation_, input));
    check_in_place(in_place_, input, false);
    const auto [noise, shift] = draw(input, p);
    input.mul_(noise);
    return alpha_ ? input.add_(shift) : input;
  }

 private:
  bool acts(const Tensor& input, double p, bool train) const {
    check_dropout(operation_, input, p, train);
    const bool any = p > 0 && train && input.numel() > 0;
    XGRAD_CHECK(!any || !features_ || p == 1 || input.dim() >= 2, operation_,
                "Feature dropout requires at least 2 dimensions in the input, got shape ", input.sizes());
    return any;
  }
  std::pair<Tensor, Tensor> draw(const Tensor& input, double p) const {
    const StepsOfOne steps;
    Dims sizes(input.sizes());
    for (int axis = 2; features_ && axis < sizes.size(); ++axis) sizes[axis] = 1;
    const Tensor room = allocate_tensor(sizes, input.dtype());
    if (!alpha_) return {drawn(operation_, room, 1 - p, scale_of_kept(input, p)), Tensor()};
    constexpr double kAlpha = 1.7580993408473766;  // selu's scale times its alpha
    const double a = 1 / std::sqrt((kAlpha * kAlpha * p + 1) * (1 - p));
    const Tensor noise = drawn(operation_, room, 1 - p, 1), shift = noise.add(-1).mul_(kAlpha * a).add_(kAlpha * a * p);
    return {noise.mul_(a), shift};
  }

  const Operation& operation_;
  const char* in_place_;
  bool features_, alpha_;
};

constexpr Variant kFeatureDropout(operation<"feature_dropout">, "feature_dropout_", true, false);
constexpr Variant kAlphaDropout(operation<"alpha_dropout">, "alpha_dropout_", false, true);
constexpr Variant kFeatureAlphaDropout(operation<"feature_alpha_dropout">, "feature_alpha_dropout_", true, true);

}  // namespace

Tensor feature_dropout(const Tensor& input, double p, bool train) { return kFeatureDropout(input, p, train); }
Tensor& feature_dropout_(Tensor& input, double p, bool train) { return kFeatureDropout.in_place(input, p, train); }
Tensor alpha_dropout(const Tensor& input, double p, bool train) { return kAlphaDropout(input, p, train); }
Tensor& alpha_dropout_(Tensor& input, double p, bool train) { return kAlphaDropout.in_place(input, p, train); }
Tensor feature_alpha_dropout(const Tensor& input, double p, bool train) { return kFeatureAlphaDropout(input, p, train); }
Tensor& feature_alpha_dropout_(Tensor& input, double p, bool train) { return kFeatureAlphaDropout.in_place(input, p, train); }

namespace {

constexpr const Operation& kRrelu = operation_recorded_as<"rrelu", "RreluWithNoiseBackward0">;

// What x is multiplied with in training.
Tensor drawn_slopes(const Tensor& x, double low, double high, std::optional<Generator> generator) {
  const Tensor slopes = allocate_tensor(x.sizes(), x.dtype());
  GeneratorImpl& g = detail::generator_or_default(generator);
  launch(kRrelu, kernels::fill_slopes, reads(x, g), writes(slopes, g), x.data_ptr(), slopes.data_ptr(), x.numel(), x.dtype(), &g, low, high);
  return slopes;
}

// What x was multiplied with is left in `noise`, if given.
Tensor rrelu_of(const Tensor& self, const Tensor* noise, double low, double high, bool training, std::optional<Generator> generator) {
  XGRAD_CHECK(low <= high, kRrelu, "Lower bound should be less than or equal to the upper bound, got ", low, " and ", high);
  XGRAD_CHECK_AS(NotImplementedError, self.is_floating_point(), kRrelu, "\"leaky_relu_cpu\" not implemented for '", self.dtype(), "'");
  if (!training) return leaky_relu(self.contiguous(), (low + high) / 2);
  const Tensor x = contiguous_as(self, self.dtype()), slopes = drawn_slopes(x, low, high, std::move(generator));
  if (noise) noise->copy_(slopes);
  return record(pointwise(kRrelu, kernels::mul, x.dtype(), {x, slopes}), with("lower", low, "upper", high),
                wrt_in_place(self, [x = save(self), s = save(slopes)](
                                       const Tensor& gy, Out out) { return in_steps_of(operation<"rrelu_backward">, x, into::mul(gy, *s, out)); }),
                given(slopes));
}

}  // namespace

Tensor rrelu(const Tensor& self, const Scalar& lower, const Scalar& upper, bool training, std::optional<Generator> generator) {
  return rrelu_of(self, nullptr, lower.to<double>(), upper.to<double>(), training, std::move(generator));
}

Tensor& rrelu_(Tensor& self, const Scalar& lower, const Scalar& upper, bool training, std::optional<Generator> generator) {
  check_in_place("rrelu_", self, false);
  return write_in_place("rrelu_", self, rrelu(Recording::needs(self) ? self.clone() : self, lower, upper, training, std::move(generator)));
}

Tensor rrelu_with_noise(const Tensor& self, const Tensor& noise, const Scalar& lower, const Scalar& upper, bool training,
                        std::optional<Generator> generator) {
  XGRAD_CHECK_AS(TypeError, !training || noise.dtype() == self.dtype(), kRrelu, "expected scalar type ", self.dtype(), " but found ", noise.dtype());
  XGRAD_CHECK(!training || noise.sizes() == self.sizes(), kRrelu, "noise must have the shape of self, got ", noise.sizes(), " and ", self.sizes());
  return rrelu_of(self, &noise, lower.to<double>(), upper.to<double>(), training, std::move(generator));
}

Tensor& rrelu_with_noise_(Tensor& self, const Tensor& noise, const Scalar& lower, const Scalar& upper, bool training,
                          std::optional<Generator> generator) {
  const char* const name = "rrelu_with_noise_";
  check_in_place(name, self, false);
  const Tensor x = Recording::needs(self) ? self.clone() : self;
  return write_in_place(name, self, rrelu_with_noise(x, noise, lower, upper, training, std::move(generator)));
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

using Dropout = Tensor (*)(const Tensor&, double, bool);

void add_variant(catalogue::Samples& s, const std::string& name, Dropout f, bool features) {
  const auto call = [&](const char* arguments) { return "torch." + name + "(x[0], " + arguments + ")"; };
  std::vector<std::vector<int64_t> > shapes = {{3, 4}, {2, 3, 7}, {2, 20, 2, 2}, {0, 3}};
  if (!features) shapes.insert(shapes.end(), {{1}, {}, {40}});
  for (const auto& shape : shapes) {
    s.add(call("0.3, True"), {s.normal(shape)}, [f](Inputs x) { return f(x[0], 0.3, true); }).random = true;
    s.add(call("0.3, False"), {s.normal(shape)}, [f](Inputs x) { return f(x[0], 0.3, false); });
  }
  s.add(call("0.0, True"), {s.normal({3, 4})}, [f](Inputs x) { return f(x[0], 0, true); });
  s.add(call("1.0, True"), {s.normal({3, 4})}, [f](Inputs x) { return f(x[0], 1, true); });
  if (features) s.rejects("one axis", "Feature dropout requires at least 2 dimensions in the input", [f] { f(ones({2}), 0.5, true); });
  s.rejects("probability above 1", "dropout probability has to be between 0 and 1, but got 1.5", [f] { f(ones({2, 2}), 1.5, true); });
  s.rejects("integers", "can't be cast to the desired output type Long", [f] { f(ones({2, 2}, kLong), 0.5, true); });
}

const catalogue::Entry feature_dropout_entry("feature_dropout",
                                             [](catalogue::Samples& s) { add_variant(s, "feature_dropout", &feature_dropout, true); });
const catalogue::Entry alpha_dropout_entry("alpha_dropout", [](catalogue::Samples& s) { add_variant(s, "alpha_dropout", &alpha_dropout, false); });
const catalogue::Entry feature_alpha_dropout_entry("feature_alpha_dropout", [](catalogue::Samples& s) {
  add_variant(s, "feature_alpha_dropout", &feature_alpha_dropout, true);
});

const catalogue::Entry rrelu_entry("rrelu", [](catalogue::Samples& s) {
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {2, 3, 7}, {1}, {}, {0, 3}, {40}}) {
    const auto draws = [](Inputs x) { return rrelu(x[0], 0.1, 0.6, true); };
    s.add("F.rrelu(x[0], 0.1, 0.6, training=True)", {s.avoiding(shape, -2, 2, {0})}, draws).random = true;
    s.add("F.rrelu(x[0], 0.1, 0.6)", {s.avoiding(shape, -2, 2, {0})}, [](Inputs x) { return rrelu(x[0], 0.1, 0.6); });
  }
  s.rejects("bounds the wrong way round", "Lower bound should be less than or equal to the upper bound", [] { rrelu(ones({2}), 1, 0); });
  s.rejects("integers", "not implemented for 'Long'", [] { rrelu(ones({2}, kLong)); });
});

const catalogue::Entry rrelu_with_noise_entry("rrelu_with_noise", [](catalogue::Samples& s) {
  const std::string call = "(lambda n: (torch._C._nn.rrelu_with_noise(x[0], n, 0.1, 0.6, True), n))(torch.zeros_like(x[0]))";
  for (const auto& shape : std::vector<std::vector<int64_t> >{{3, 4}, {}, {0, 3}, {40}}) {
    s.add(call, {s.avoiding(shape, -2, 2, {0})}, [](Inputs x) {
       const Tensor noise = zeros_like(x[0]);
       return std::vector<Tensor>{rrelu_with_noise(x[0], noise, 0.1, 0.6, true), noise};
     }).random = true;
    s.add("torch._C._nn.rrelu_with_noise(x[0], torch.zeros_like(x[0]), 0.1, 0.6)", {s.avoiding(shape, -2, 2, {0})},
          [](Inputs x) { return rrelu_with_noise(x[0], zeros_like(x[0]), 0.1, 0.6); });
  }
  s.add("torch._C._nn.rrelu_with_noise_(x[0] * 1, torch.zeros_like(x[0]), 0.1, 0.6, True)", {s.avoiding({5}, -2, 2, {0})}, [](Inputs x) {
     Tensor y = x[0] * 1;
     return rrelu_with_noise_(y, zeros_like(x[0]), 0.1, 0.6, true);
   }).random = true;
  s.rejects("noise of another shape", "noise must have the shape of self", [] { rrelu_with_noise(ones({2}), ones({3}), 0.1, 0.6, true); });
  s.rejects("noise of another dtype", "expected scalar type Float but found Double",
            [] { rrelu_with_noise(ones({2}), ones({2}, kDouble), 0.1, 0.6, true); });
  s.rejects("bounds the wrong way round", "Lower bound should be less than or equal to the upper bound",
            [] { rrelu_with_noise(ones({2}), ones({2}), 1, 0, true); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
