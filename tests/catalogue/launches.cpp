// Everything that an operation computes is a list of launches, which can be run again.
#include <doctest/doctest.h>

#include <xgrad/autograd/tensor/tensor_memory.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"
#include "launch_tape.h"

namespace torch::catalogue {

namespace {

bool is_part_of(const Tensor& t, const std::vector<Tensor>& others) {
  for (const Tensor& x : others)
    if (t.is_alias_of(x)) return true;
  return false;
}

std::string check_launches(const Sample& sample) {
  std::vector<Tensor> known = leaves_of(sample), ys, wanted, results;
  for (const Tensor& x : known)
    if (x.requires_grad()) wanted.push_back(x);
  LaunchTape tape;
  tape.record([&] { results = call(sample, known); });
  std::vector<Tensor> seeds;
  for (const Tensor& y : results)
    if (y.defined() && y.requires_grad()) {
      ys.push_back(y);
      seeds.push_back(weights_like(y));
    }
  if (!ys.empty() && !wanted.empty())
    tape.record([&] {
      for (Tensor& gx : autograd::grad(ys, wanted, seeds, std::nullopt, false, true)) results.push_back(std::move(gx));
    });
  known.insert(known.end(), seeds.begin(), seeds.end());
  for (const Tensor& t : results) {
    if (!t.defined() || t.numel() == 0 || is_part_of(t, known)) continue;
    kernels::MemoryRanges memory;
    append_memory(memory, t);
    if (!tape.knows(memory[0].begin, memory[0].bytes)) return "no launch wrote a result of shape " + str(t.sizes());
  }
  return tape.replay();
}

}  // namespace

TEST_CASE("launches run again give the same bits") { for_each_sample(check_launches); }

}  // namespace torch::catalogue
