// Inputs that lie in memory in other ways.
#include <cstring>

#include <doctest/doctest.h>

#include <xgrad/autograd/copy.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/shape.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

// A tensor with the elements of `t` at the given strides and offset; memory in between holds NaN patterns.
Tensor laid_out(const Tensor& t, const Dims& strides, int64_t offset) {
  int64_t last = offset;
  for (int a = 0; a < strides.size(); ++a) last += std::max<int64_t>(t.sizes()[static_cast<size_t>(a)] - 1, 0) * strides[a];
  const Tensor memory = empty({last + 1}, t.dtype());
  std::memset(memory.data_ptr(), t.dtype() == kBool ? 1 : 0xff, memory.nbytes());
  const Tensor y = memory.as_strided(t.sizes(), strides, offset).detach();
  copy_elements(y, t);
  return y;
}

Tensor column_major(const Tensor& t) {
  Dims strides(static_cast<int>(t.dim()), 0);
  int64_t step = 1;
  for (int a = 0; a < strides.size(); ++a) {
    strides[a] = step;
    step *= std::max<int64_t>(t.sizes()[static_cast<size_t>(a)], 1);
  }
  return laid_out(t, strides, 0);
}

Tensor with_gaps(const Tensor& t) {
  Dims strides = contiguous_strides(t.sizes());
  for (int64_t& s : strides) s *= 2;
  return laid_out(t, strides, 0);
}

Tensor with_offset(const Tensor& t) { return laid_out(t, contiguous_strides(t.sizes()), 3); }

bool is_constant_along(const Tensor& t, int64_t axis) {
  const Tensor first = row_major_copy(t.narrow(axis, 0, 1).expand(t.sizes())), all = row_major_copy(t);
  return std::memcmp(first.data_ptr(), all.data_ptr(), all.nbytes()) == 0;
}

// Equal elements along an axis share memory.
Tensor expanded(const Tensor& t) {
  Tensor y = t;
  for (int64_t axis = 0; axis < t.dim(); ++axis)
    if (t.numel() > 0 && t.size(axis) > 1 && is_constant_along(t, axis)) y = y.narrow(axis, 0, 1);
  return y.expand(t.sizes()).detach();
}

}  // namespace

std::string check_layouts(const Sample& sample) {
  if (sample.random) return "";  // numbers are drawn in memory order, as PyTorch does
  NoGradGuard no_grad;  // for the views made here; the runs turn it on
  const auto run = [&sample](const std::vector<Tensor>& inputs) {
    EnableGradGuard grad;
    return outcome_of(sample, as_leaves(inputs, differentiated(sample)));
  };
  std::vector<Tensor> plain;
  for (const Input& x : sample.inputs) plain.push_back(row_major_copy(x.value));
  const Outcome expected = run(plain);
  const std::pair<const char*, Tensor (*)(const Tensor&)> layouts[] = {
      {"column-major", column_major}, {"with gaps", with_gaps}, {"at an offset", with_offset}, {"expanded", expanded}};
  for (const auto& [name, layout] : layouts) {
    std::vector<Tensor> inputs;
    for (const Tensor& x : plain) inputs.push_back(layout(x));
    const Outcome found = run(inputs);
    const Tolerance tolerance{sample.layout_tolerance, sample.layout_tolerance};
    std::string wrong = difference("value", found.values, expected.values, tolerance);
    if (wrong.empty()) wrong = difference("gradient of input", found.gradients, expected.gradients, tolerance);
    if (!wrong.empty()) return std::string("inputs ") + name + ": " + wrong;
  }
  return "";
}

TEST_CASE("inputs in other layouts give the same bits") { for_each_sample(check_layouts); }

TEST_CASE("an operation that ignores strides is found") {
  Samples s("blind");
  const Sample blind = s.flat("x[0]", {s.normal({2, 3})}, [](Inputs x) {
    Tensor y = empty(x[0].sizes(), kDouble);
    std::memcpy(y.data_ptr(), x[0].data_ptr(), y.nbytes());
    return y;
  });
  CHECK(check_layouts(blind).find("inputs column-major: value 0, element 1") == 0);
}

}  // namespace torch::catalogue
