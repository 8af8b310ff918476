#include <xgrad/autograd/ops/loss/distance.h>

#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/pointwise.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

// x divided by max(its norm, eps). The derivative of the divisor passes through the maximum, as in PyTorch.
Tensor direction(const Tensor& x, int64_t dim, double eps) {
  Tensor divisor;
  {
    const StepsOfOne steps;
    divisor = clamp_min(linalg_vector_norm(x, 2, dim, true), eps);
  }
  divisor = record(Forward(operation<"linalg_vector_norm">, divisor), with("ord", 2, "dim", IntArrayRef(dim), "keepdim", true, "eps", eps),
                   wrt(x, [x = save(x)](const Tensor& gy, const Tensor& y) { return gy * *x / y; }));
  return x / divisor;
}

Tensor as_floating(const Tensor& t, ScalarType common) { return t.is_floating_point() ? t : t.to(common); }

}  // namespace

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  const ScalarType common = result_type({x1, x2});
  XGRAD_CHECK(isFloatingType(common), operation<"cosine_similarity">, "expected common dtype to be floating point, yet common dtype is ", common);
  const auto xs = broadcast_tensors({as_floating(x1, common), as_floating(x2, common)});
  return (direction(xs[0], dim, eps) * direction(xs[1], dim, eps)).sum(dim);
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) { return (x1 - x2 + eps).norm(p, {-1}, keepdim); }

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

const catalogue::Entry cosine_similarity_entry("cosine_similarity", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const std::string call = "F.cosine_similarity(x[0], x[1]";
  const auto along = [](int64_t dim) { return [dim](Inputs x) { return cosine_similarity(x[0], x[1], dim); }; };
  s.add(call + ")", {s.normal({3, 4}), s.normal({3, 4})}, along(1));
  s.add(call + ", 0)", {s.normal({3, 4}), s.normal({3, 4})}, along(0));
  s.add(call + ", -1)", {s.normal({2, 1, 3}), s.normal({4, 3})}, along(-1));
  s.add(call + ", 0, 2.)", {s.distinct({3}) * 0.1 + 0.05, s.normal({3}) + 9}, [](Inputs x) { return cosine_similarity(x[0], x[1], 0, 2); }).smooth =
      false;
  s.add(call + ", 0)", {s.normal({}), s.normal({})}, along(0));
  s.at(call + ")", {s.normal({2, 0}), s.normal({2, 0})}, along(1));
  for (const double norm : {0.0, 1e-9, 1e-8}) s.at(call + ", 0)", {tensor({norm, 0.0}, kDouble), tensor({3.0, 4.0}, kDouble)}, along(0));
  s.at(call + ", 0)", {s.integers({3}, 1, 9), s.normal({3})}, along(0));
  s.rejects("integers", "expected common dtype to be floating point, yet common dtype is Long",
            [] { cosine_similarity(ones({2}, kLong), ones({2}, kLong), 0); });
  s.rejects("an axis too far", "Dimension out of range", [] { cosine_similarity(ones({2}), ones({2})); });
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { cosine_similarity(ones({2, 3}), ones({2})); });
});

const catalogue::Entry pairwise_distance_entry("pairwise_distance", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const std::string call = "F.pairwise_distance(x[0], x[1]";
  for (const double p : {2.0, 1.0, 3.0})
    s.add(call + ", p=" + std::to_string(p) + ", keepdim=True)", {s.distinct({3, 4}) + 9, s.distinct({3, 4}) - 9},
          [p](Inputs x) { return pairwise_distance(x[0], x[1], p, 1e-6, true); });
  const auto run = [](Inputs x) { return pairwise_distance(x[0], x[1]); };
  s.add(call + ")", {s.normal({2, 3}), s.normal({3}) + 9}, run);
  s.add(call + ")", {s.normal({}), s.normal({}) + 9}, run);
  s.at(call + ")", {ones({2, 3}, kDouble), ones({2, 3}, kDouble)}, run);
  s.rejects("shapes that don't broadcast", "must match the size of tensor b", [] { pairwise_distance(ones({2, 3}), ones({2})); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
