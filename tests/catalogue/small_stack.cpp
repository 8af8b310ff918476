// Every operation on a thread with a small stack.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "small_stack.h"

namespace torch::catalogue {

namespace {

// Their sum, as a root of the next derivative; undefined if there is none that has one.
Tensor sum_of(const std::vector<Tensor>& ys) {
  Tensor sum;
  for (const Tensor& y : ys)
    if (y.defined() && y.requires_grad()) sum = sum.defined() ? sum + y.sum() : y.sum();
  return sum;
}

std::string differentiate_twice(const Sample& sample) {
  std::vector<Tensor> inputs, differentiated;
  for (const Input& x : sample.inputs) {
    inputs.push_back(row_major_copy(x.value));
    if (x.differentiated && sample.orders > 0) differentiated.push_back(inputs.back().requires_grad_());
  }
  Tensor root = sum_of(call(sample, inputs));
  for (int order = 1; order <= sample.orders && root.defined(); ++order) {
    const bool further = order < sample.orders;
    root = sum_of(autograd::grad({root}, differentiated, {}, further, further, true));
  }
  return "";
}

}  // namespace

TEST_CASE("every operation and its derivatives run on 128 KiB of stack") {
  const int before = get_num_threads();
  for (const int threads : {1, 3}) {
    set_num_threads(threads);
    on_small_stack([] { for_each_sample(differentiate_twice); });
  }
  set_num_threads(before);
}

}  // namespace torch::catalogue
