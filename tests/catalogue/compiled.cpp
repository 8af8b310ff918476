// What compile() records of an operation is what the operation does, for other values too; or it says that it isn't.
#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include <xgrad/autograd/compile/compiled_step.h>
#include <xgrad/autograd/ops/ops.h>

#include "catalogue/checks.h"
#include "catalogue/outcome.h"

namespace torch::catalogue {

namespace {

// The sample, and the gradients of its weighted outputs.
struct SampleStep {
  const Sample& sample;

  static void run(void* f, const Tensor* inputs, std::vector<Tensor>& results) {
    const Sample& sample = static_cast<SampleStep*>(f)->sample;
    const std::vector<Tensor> xs(inputs, inputs + sample.inputs.size());
    const std::vector<Tensor> ys = sample.run(xs);
    for (const Tensor& y : ys) results.push_back(y.defined() ? y.detach() : y);
    std::vector<Tensor> outputs, wanted, seeds;
    for (const Tensor& x : xs)
      if (x.requires_grad()) wanted.push_back(x);
    for (const Tensor& y : ys)
      if (y.defined() && y.requires_grad()) {
        outputs.push_back(y);
        seeds.push_back(full_like(y, 0.5));
      }
    if (outputs.empty() || wanted.empty()) return;
    for (const Tensor& gx : autograd::grad(outputs, wanted, seeds, std::nullopt, false, true)) results.push_back(gx);
  }
};

// Inputs in memory of their own, in the layout they come in. `reversed`: with the same elements in another order.
std::vector<Tensor> fresh_inputs(const Sample& sample, bool reversed) {
  std::vector<Tensor> inputs;
  for (const Tensor& x : leaves_of(sample)) {
    const Tensor other = x.detach().clone();
    if (reversed && x.is_floating_point()) other.copy_(x.detach().reshape({-1}).flip(0).reshape(x.sizes()));
    inputs.push_back(x.requires_grad() ? other.requires_grad_() : other);
  }
  return inputs;
}

std::vector<Tensor> run_eagerly(SampleStep& step, const std::vector<Tensor>& inputs) {
  std::vector<Tensor> results;
  manual_seed(0);
  SampleStep::run(&step, inputs.data(), results);
  return results;
}

// Empty, or what is wrong; `refusal`: why the sample goes on running as written.
std::string check_compiled(const Sample& sample, std::string& refusal) {
  SampleStep step{sample};
  compiled::CompiledStep compiled(SampleStep::run, {});
  const auto run = [&](const std::vector<Tensor>& inputs) {
    manual_seed(0);
    return compiled.run(&step, inputs.data(), inputs.size());
  };
  for (int i = 0; i < 3; ++i) {
    const std::vector<Tensor> inputs = fresh_inputs(sample, false);
    const std::vector<Tensor> eager = run_eagerly(step, inputs);
    if (const std::string wrong = difference("call " + std::to_string(i), run(inputs), eager); !wrong.empty()) return wrong;
  }
  if (!compiled.why_not().empty()) {
    refusal = compiled.why_not();
    return "";
  }
  const std::vector<Tensor> others = fresh_inputs(sample, true);
  std::vector<Tensor> eager;
  std::string error;
  try {
    eager = run_eagerly(step, others);
  } catch (const std::exception& e) {
    error = e.what();
  }
  try {
    const std::vector<Tensor> replayed = run(others);
    if (!error.empty()) return "other values are taken, which the operation refuses: " + error;
    if (compiled.statistics().replays != 1) return "the fourth call is no replay";
    return difference("a replay with other values", replayed, eager);
  } catch (const std::exception& e) {
    return error == e.what() ? "" : std::string("a replay throws '") + e.what() + "', the operation '" + error + "'";
  }
}

// Operations some of whose samples are not kernels alone: what they compute, or check, follows from values.
const std::set<std::string> kLookAtValues{"_histogramdd_bin_edges",
                                          "_pack_padded_sequence",
                                          "_pad_packed_sequence",
                                          "_unique",
                                          "_unique2",
                                          "allclose",
                                          "argwhere",
                                          "avg_pool1d",
                                          "avg_pool2d",
                                          "avg_pool3d",
                                          "bernoulli",
                                          "bincount",
                                          "bits_in_place",
                                          "corrcoef",
                                          "cov",
                                          "ctc_loss",
                                          "cumprod",
                                          "det",
                                          "div_floor",
                                          "div_trunc",
                                          "divide_rounded",
                                          "embedding",
                                          "embedding_bag",
                                          "embedding_renorm",
                                          "embedding_renorm_",
                                          "equal",
                                          "floor_divide",
                                          "fmod",
                                          "histc",
                                          "histogram",
                                          "histogramdd",
                                          "index",
                                          "index_put",
                                          "index_reduce",
                                          "is_nonzero",
                                          "linalg_det",
                                          "linalg_lstsq",
                                          "linalg_lu_solve",
                                          "lu_solve",
                                          "lu_unpack",
                                          "masked_fill",
                                          "masked_scatter",
                                          "masked_select",
                                          "multi_margin_loss",
                                          "multilabel_margin_loss",
                                          "nanquantile",
                                          "narrow_copy",
                                          "nonzero",
                                          "nonzero_numpy",
                                          "normal",
                                          "one_hot",
                                          "pdist",
                                          "poisson",
                                          "prod",
                                          "quantile",
                                          "remainder",
                                          "repeat_interleave",
                                          "scatter_reduce",
                                          "segment_reduce",
                                          "tensor_split",
                                          "unique_consecutive",
                                          "unique_dim",
                                          "unique_dim_consecutive",
                                          "vander",
                                          "linalg_vander",
                                          "where"};

}  // namespace

TEST_CASE("operations compiled give what they give") {
  for (const Entry* entry : chosen_entries()) {
    std::string refusal;
    for_each_sample([&](const Sample& sample) { return check_compiled(sample, refusal); }, {entry});
    if (!refusal.empty() && kLookAtValues.count(entry->name()) == 0) FAIL_CHECK(std::string(entry->name()), ": ", refusal);
  }
}

}  // namespace torch::catalogue
