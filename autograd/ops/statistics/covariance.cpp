#include <cmath>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kCov = operation<"cov">;

void check_weights(const char* name, const Tensor& w, int64_t observations) {
  XGRAD_CHECK(w.dim() <= 1, kCov, "cov(): expected ", name, " to have one or fewer dimensions but got ", name, " with ", w.dim(), " dimensions");
  XGRAD_CHECK(w.numel() == observations, kCov, "cov(): expected ", name, " to have the same numel as there are observations in the input but got ",
              w.numel(), " != ", observations);
  XGRAD_CHECK(observations == 0 || w.min().item<double>() >= 0, kCov, "cov(): ", name, " cannot be negative");
}

}  // namespace

Tensor cov(const Tensor& self, int64_t correction, const std::optional<Tensor>& fweights, const std::optional<Tensor>& aweights) {
  XGRAD_CHECK(self.dim() <= 2, kCov, "cov(): expected input to have two or fewer dimensions but got an input with ", self.dim(), " dimensions");
  XGRAD_CHECK(self.dtype() != kBool, kCov, "cov(): bool dtype is not supported for input");
  const Tensor x = self.dim() < 2 ? self.reshape({1, -1}) : self;
  const int64_t observations = x.size(1);
  Tensor w;
  if (fweights && fweights->defined()) {
    w = *fweights;
    XGRAD_CHECK(isIntegralType(w.dtype(), false), kCov, "cov(): expected fweights to have integral dtype but got fweights with ", w.dtype(),
                " dtype");
    check_weights("fweights", w, observations);
  }
  const Tensor aw = aweights ? *aweights : Tensor();
  if (aw.defined()) {
    XGRAD_CHECK(aw.is_floating_point(), kCov, "cov(): expected aweights to have floating point dtype but got aweights with ", aw.dtype(), " dtype");
    check_weights("aweights", aw, observations);
    w = w.defined() ? w * aw : aw;
  }
  const Tensor total = w.defined() ? w.sum() : scalar_tensor(observations, kLong);
  XGRAD_CHECK(!w.defined() || total.item<double>() != 0, kCov, "cov(): weights sum to zero, can't be normalized");
  const auto weighted = [&](const Tensor& t) { return w.defined() ? t * w : t; };
  const Tensor centred = x - (weighted(x).sum(1) / total).unsqueeze(1);
  Tensor divisor = aw.defined() && correction != 0 ? total - (w * aw).sum() * correction / total : total - correction;
  if (divisor.item<double>() <= 0) divisor = zeros_like(divisor);
  return (centred.mm(weighted(centred).t()) / divisor).squeeze();
}

Tensor corrcoef(const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2, operation<"corrcoef">, "corrcoef(): expected input to have two or fewer dimensions but got an input with ", self.dim(),
              " dimensions");
  const Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  const Tensor deviations = c.diag().sqrt();
  return clip(c / deviations.view({-1, 1}) / deviations.view({1, -1}), -1, 1);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kNaN;

const catalogue::Entry cov_entry("cov", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {3, 5}, {1, 4}, {2, 1}})
    for (const int64_t correction : {0, 1}) {
      const auto run = [correction](Inputs x) { return cov(x[0], correction); };
      const bool divides = shape.empty() || shape.back() == 1 ? correction == 0 : true;
      const std::string call = "torch.cov(x[0], correction=" + std::to_string(correction) + ")";
      if (divides) s.add(call, {s.normal(shape)}, run);
      else s.at(call, {s.normal(shape)}, run);
    }
  for (const int64_t correction : {0, 1, 2}) {
    const std::string call = "torch.cov(x[0], correction=" + std::to_string(correction);
    const Tensor often = tensor({1, 3, 0, 2, 1});
    s.add(call + ", fweights=x[1])", {s.normal({3, 5}), often}, [correction](Inputs x) { return cov(x[0], correction, x[1]); });
    s.add(call + ", aweights=x[1])", {s.normal({3, 5}), s.uniform({5}, 1, 2)}, [correction](Inputs x) { return cov(x[0], correction, {}, x[1]); });
    s.add(call + ", fweights=x[1], aweights=x[2])", {s.normal({3, 5}), often, s.uniform({5}, 1, 2)},
          [correction](Inputs x) { return cov(x[0], correction, x[1], x[2]); });
  }
  s.flat("torch.cov(x[0])", {tensor({{1, 3, 5}, {2, 2, 8}})}, [](Inputs x) { return cov(x[0]); });
  s.at("torch.cov(x[0])", {tensor({{1.0, kNaN, 2.0}, {1.0, 3.0, 2.0}}, kDouble)}, [](Inputs x) { return cov(x[0]); });
  s.rejects("three axes", "cov(): expected input to have two or fewer dimensions", [] { cov(ones({2, 2, 2})); });
  s.rejects("booleans", "cov(): bool dtype is not supported for input", [] { cov(ones({2}, kBool)); });
  s.rejects("floating fweights", "expected fweights to have integral dtype", [] { cov(ones({2}), 1, ones({2})); });
  s.rejects("integers as aweights", "expected aweights to have floating point dtype", [] { cov(ones({2}), 1, {}, ones({2}, kLong)); });
  s.rejects("a matrix of weights", "expected aweights to have one or fewer dimensions", [] { cov(ones({2}), 1, {}, ones({1, 2})); });
  s.rejects("fewer weights", "the same numel as there are observations", [] { cov(ones({3}), 1, {}, ones({2})); });
  s.rejects("negative weights", "cov(): fweights cannot be negative", [] { cov(ones({2}), 1, tensor({1, -1})); });
  s.rejects("weights of 0", "cov(): weights sum to zero", [] { cov(ones({2}), 1, {}, zeros({2})); });
});

const catalogue::Entry corrcoef_entry("corrcoef", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto run = [](Inputs x) { return corrcoef(x[0]); };
  // Without the diagonal, which rounding may put on either side of 1.
  s.add("torch.corrcoef(x[0]).tril(-1)", {s.normal({3, 5})}, [](Inputs x) { return corrcoef(x[0]).tril(-1); });
  s.flat("torch.corrcoef(x[0])", {constant(s.normal({4, 6}))}, run);
  s.flat("torch.corrcoef(x[0])", {tensor({{1, 3, 5}, {2, 2, 8}})}, run);
  s.flat("torch.corrcoef(x[0])", {constant(s.normal({4}))}, run);
  s.flat("torch.corrcoef(x[0])", {constant(ones({4}, kDouble))}, run);
  s.rejects("three axes", "corrcoef(): expected input to have two or fewer dimensions", [] { corrcoef(ones({2, 2, 2})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
