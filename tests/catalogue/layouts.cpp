// Inputs and seeds of gradients that lie in memory in other ways.
#include <cstring>
#include <set>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>

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
  const Tensor y = tensor_on(memory.storage(), t.dtype(), t.sizes(), strides, offset);
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

// The strides of axes of size 1, which mean nothing, are absurd.
Tensor with_absurd_strides(const Tensor& t) {
  static constexpr int64_t kAbsurd[] = {7, 0, int64_t{1} << 40, -3, 1};
  Dims strides = contiguous_strides(t.sizes());
  for (int a = 0, next = static_cast<int>(t.numel() % 5); a < strides.size(); ++a)
    if (t.sizes()[static_cast<size_t>(a)] == 1) strides[a] = kAbsurd[next++ % 5];
  return laid_out(t, strides, 2);
}

// Axes of size 1 are cut out of longer ones, in memory of another order.
Tensor cut_out(const Tensor& t) {
  Dims whole = t.sizes();
  for (int64_t& size : whole) size = size == 1 ? 3 : size;
  const Tensor memory = column_major(empty(whole, t.dtype()));
  std::memset(memory.data_ptr(), t.dtype() == kBool ? 1 : 0xff, memory.nbytes());
  Tensor y = memory;
  for (int64_t a = 0; a < t.dim(); ++a)
    if (t.size(a) == 1) y = y.narrow(a, 1, 1);
  copy_elements(y, t);
  return y.detach();
}

using Layout = Tensor (*)(const Tensor&);

std::vector<Tensor> laid_out(const std::vector<Tensor>& all, Layout layout) {
  std::vector<Tensor> out;
  for (const Tensor& t : all) out.push_back(layout(t));
  return out;
}

std::vector<Tensor> row_major_inputs(const Sample& sample) {
  std::vector<Tensor> inputs;
  for (const Input& x : sample.inputs) inputs.push_back(row_major_copy(x.value));
  return inputs;
}

// True iff the sample calls view() on what has the layout of an input.
bool refuses_layout(const Sample& sample, const std::vector<Tensor>& inputs) {
  try {
    call(sample, inputs);
    return false;
  } catch (const Error& e) {
    return std::string(e.what()).find("view size is not compatible") != std::string::npos;
  }
}

}  // namespace

std::string check_layouts(const Sample& sample) {
  if (sample.random) return "";  // numbers are drawn in memory order, as PyTorch does
  NoGradGuard no_grad;           // for the views made here; the runs turn it on
  const auto run = [&sample](const std::vector<Tensor>& inputs) {
    EnableGradGuard grad;
    return outcome_of(sample, as_leaves(inputs, differentiated(sample)));
  };
  const std::vector<Tensor> plain = row_major_inputs(sample);
  const Outcome expected = run(plain);
  const std::pair<const char*, Layout> layouts[] = {
      {"column-major", column_major}, {"with gaps", with_gaps}, {"at an offset", with_offset}, {"expanded", expanded}};
  for (const auto& [name, layout] : layouts) {
    const std::vector<Tensor> inputs = laid_out(plain, layout);
    if (refuses_layout(sample, inputs)) continue;
    const Outcome found = run(inputs);
    const Tolerance tolerance{sample.layout_tolerance, sample.layout_tolerance};
    std::string wrong = difference("value", found.values, expected.values, tolerance);
    if (wrong.empty()) wrong = difference("gradient of input", found.gradients, expected.gradients, tolerance);
    if (!wrong.empty()) return std::string("inputs ") + name + ": " + wrong;
  }
  return "";
}

namespace {

// Values, gradients, and the gradients of these, all of them weighted; `layout` is that of inputs and weights.
std::vector<Tensor> two_orders(const Sample& sample, const std::vector<Tensor>& inputs, Layout layout) {
  EnableGradGuard grad;
  const std::vector<Tensor> leaves = as_leaves(laid_out(inputs, layout), differentiated(sample));
  std::vector<Tensor> wanted, all = call(sample, leaves);
  for (const Tensor& x : leaves)
    if (x.requires_grad()) wanted.push_back(x);
  std::vector<Tensor> ys = all;
  for (int order = 1; order <= std::min(sample.orders, 2); ++order) {
    std::vector<Tensor> roots, seeds;
    for (const Tensor& y : ys) {
      if (!y.defined() || !y.requires_grad()) continue;
      roots.push_back(y);
      seeds.push_back(layout(weights_like(y)));
    }
    if (roots.empty() || wanted.empty()) break;
    ys = autograd::grad(roots, wanted, seeds, true, order == 1, true);
    all.insert(all.end(), ys.begin(), ys.end());
  }
  return all;
}

// What is left of the inputs where all axes of size `n`, or of any size if it is 0, have size 1.
std::vector<Tensor> narrowed(const std::vector<Tensor>& inputs, int64_t n) {
  std::vector<Tensor> all;
  for (Tensor x : inputs) {
    for (int64_t a = 0; a < x.dim(); ++a)
      if (x.size(a) > 1 && (n == 0 || x.size(a) == n)) x = x.narrow(a, 1, 1);
    all.push_back(row_major_copy(x));
  }
  return all;
}

bool runs(const Sample& sample, const std::vector<Tensor>& inputs) {
  try {
    two_orders(sample, inputs, row_major_copy);
    return true;
  } catch (const std::exception&) {
    return false;  // an operation, or the sample of what it returns, may ask for other sizes
  }
}

}  // namespace

std::string check_axes_of_size_one(const Sample& sample) {
  if (sample.random) return "";
  NoGradGuard no_grad;
  std::set<int64_t> sizes{0, 1};
  for (const Input& x : sample.inputs) sizes.insert(x.value.sizes().begin(), x.value.sizes().end());
  for (const int64_t n : sizes) {
    const std::vector<Tensor> inputs = narrowed(row_major_inputs(sample), n);
    if (!runs(sample, inputs)) continue;
    const std::vector<Tensor> expected = two_orders(sample, inputs, row_major_copy);
    const std::string among = n == 1 ? "" : n == 0 ? " (all axes narrowed)" : " (axes of " + std::to_string(n) + " narrowed)";
    // BLAS may be told other strides, by which it sums in another order.
    const Tolerance tolerance{sample.layout_tolerance, sample.layout_tolerance};
    std::string wrong = difference("tensor", two_orders(sample, inputs, with_absurd_strides), expected, tolerance);
    if (!wrong.empty()) return "absurd strides of axes of size 1" + among + ": " + wrong;
    if (refuses_layout(sample, laid_out(inputs, cut_out))) continue;
    wrong = difference("tensor", two_orders(sample, inputs, cut_out), expected, {1e-12, 1e-12});  // seeds are added up in another order
    if (!wrong.empty()) return "axes of size 1 cut out of longer ones" + among + ": " + wrong;
  }
  return "";
}

TEST_CASE("inputs in other layouts give the same bits") { for_each_sample(check_layouts); }

TEST_CASE("axes of size 1 may have any stride") { for_each_sample(check_axes_of_size_one); }

TEST_CASE("an operation that ignores strides is found") {
  Samples s("blind");
  const Sample blind = s.flat("x[0]", {s.normal({2, 3})}, [](Inputs x) {
    Tensor y = empty(x[0].sizes(), kDouble);
    std::memcpy(y.data_ptr(), x[0].data_ptr(), y.nbytes());
    return y;
  });
  CHECK(check_layouts(blind).find("inputs column-major: value 0, element 1") == 0);
}

TEST_CASE("an operation that walks along the stride of an axis of size 1 is found") {
  Samples s("walking");
  const Sample walking = s.flat("x[0][:, 0]", {s.normal({6, 2})},
                                [](Inputs x) { return x[0].size(1) == 1 ? x[0].as_strided({x[0].size(0)}, {x[0].stride(1)}) : x[0].select(1, 0); });
  CHECK(check_axes_of_size_one(walking).find("absurd strides of axes of size 1 (axes of 2 narrowed): tensor 0, element 1") == 0);
}

}  // namespace torch::catalogue
