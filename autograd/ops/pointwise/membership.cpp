// Which elements are among others, declared in comparison.h.
#include <xgrad/autograd/kernels/order/membership.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/pointwise.h>
#include <xgrad/autograd/tensor/tensor_memory.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

void refuse_bool(ScalarType t) { XGRAD_CHECK_AS(NotImplementedError, t != kBool, "[isin] Unsupported input type encountered for isin(): ", t); }

}  // namespace

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  refuse_bool(elements.dtype());
  refuse_bool(test_elements.dtype());
  const ScalarType dtype = computed_in(result_type(elements, test_elements));
  const Tensor x = contiguous_as(elements, dtype), tests = contiguous_as(test_elements, dtype);
  const Tensor sorted = allocate_tensor({tests.numel()}, dtype), found = allocate_tensor(elements.sizes(), kBool);
  if (found.numel() > 0)
    launch(operation<"isin">, kernels::membership, reads(x, tests), writes(sorted, found), dtype, x.numel(), x.data_ptr(), tests.numel(),
           tests.data_ptr(), invert, sorted.data_ptr(), found.data_ptr<bool>());
  return not_differentiable(Forward(operation<"isin">, found), with("invert", invert), elements, test_elements);
}

Tensor isin(const Tensor& elements, const Scalar& test_element, bool, bool invert) {
  refuse_bool(elements.dtype());
  refuse_bool(test_element.type());
  return invert ? ne(elements, test_element) : eq(elements, test_element);
}

Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique, bool invert) {
  refuse_bool(element.type());
  return isin(full({}, element, TensorOptions(result_type({test_elements, element}))), test_elements, assume_unique, invert);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <cmath>

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;
using catalogue::vector_of;

namespace {

const catalogue::Entry isin_entry("isin", [](Samples& s) {
  const std::string call = "torch.isin(x[0], x[1])", inverted = "torch.isin(x[0], x[1], invert=True)";
  const auto f = [](Inputs x) { return isin(x[0], x[1]); };
  const auto not_in = [](Inputs x) { return isin(x[0], x[1], false, true); };
  for (const auto& [a, b] :
       std::vector<std::pair<Dims, Dims> >{{{2, 3}, {4}}, {{40}, {200}}, {{}, {2, 2}}, {{3}, {}}, {{0, 2}, {3}}, {{3}, {0}}, {{2, 600}, {3}}}) {
    s.flat(call, {s.integers(a, 0, 9), s.integers(b, 0, 9)}, f);
    s.flat(inverted, {s.integers(a, 0, 9), s.integers(b, 0, 9)}, not_in);
  }
  for (const ScalarType a : {kDouble, kFloat, kLong, kInt, kByte})
    for (const ScalarType b : {kDouble, kFloat, kLong, kInt, kByte})
      s.flat(call, {constant(s.integers({2, 4}, 0, 6).to(a)), constant(s.integers({3}, 0, 6).to(b))}, f);
  s.flat(call, {constant(vector_of({0.0, -0.0, 1, NAN, INFINITY})), constant(vector_of({NAN, -0.0, INFINITY}))}, f);
  s.flat(inverted, {constant(vector_of({0.0, -0.0, 1, NAN, INFINITY})), constant(vector_of({NAN, -0.0, INFINITY}))}, not_in);
  s.flat("torch.isin(x[0], 2)", {s.integers({6}, 0, 4)}, [](Inputs x) { return isin(x[0], 2); });
  s.flat("torch.isin(x[0], 2.5)", {s.integers({6}, 0, 4)}, [](Inputs x) { return isin(x[0], 2.5); });
  s.flat("torch.isin(x[0], 2, invert=True)", {s.integers({6}, 0, 4)}, [](Inputs x) { return isin(x[0], 2, false, true); });
  s.flat("torch.isin(2, x[0])", {s.integers({6}, 0, 4)}, [](Inputs x) { return isin(2, x[0]); });
  s.flat("torch.isin(2.5, x[0])", {s.integers({6}, 0, 4)}, [](Inputs x) { return isin(2.5, x[0]); });
  s.rejects("Bool", "Unsupported input type encountered for isin(): Bool", [] { isin(ones({2}, kBool), ones({2}, kLong)); });
  s.rejects("Bool to look for", "Unsupported input type encountered for isin(): Bool", [] { isin(ones({2}), true); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
