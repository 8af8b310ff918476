
#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/catalogue/loss_samples.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/loss/loss.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::kInf;
using catalogue::kNaN;
using catalogue::kReductions;

// 1 and -1.
Tensor signs(catalogue::Samples& s, IntArrayRef shape) { return s.integers(shape, 0, 2).to(kDouble) * 2 - 1; }

const catalogue::Entry soft_margin_loss_entry("soft_margin_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions) {
    const std::string call = std::string("F.soft_margin_loss(x[0], x[1]") + text + ")";
    const auto run = [r = reduction](Inputs x) { return soft_margin_loss(x[0], x[1], r); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}})
      s.add(call, {s.normal(shape), constant(signs(s, shape))}, run);
    s.add(call, {s.normal({2, 3}), constant(signs(s, {3}))}, run);
    s.at(call, {tensor({kInf, -kInf, kNaN, 40.0}, kDouble), constant(ones({4}, kDouble))}, run);
  }
  s.rejects("a target that doesn't broadcast to the input", "doesn't match the broadcast shape", [] { soft_margin_loss(ones({2}), ones({3, 2})); });
  s.rejects("integers", "can't be cast to the desired output type Long", [] { soft_margin_loss(ones({2}, kLong), ones({2}, kLong)); });
  s.rejects("a target that asks for a gradient", "not differentiable with respect to argument 'target'",
            [] { soft_margin_loss(ones({2}), ones({2}).requires_grad_()); });
  s.rejects("an unknown reduction", "reduction must be", [] { soft_margin_loss(ones({2}), ones({2}), 3); });
});

const catalogue::Entry hinge_embedding_loss_entry("hinge_embedding_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions) {
    const std::string call = std::string("F.hinge_embedding_loss(x[0], x[1], margin=0.5") + text + ")";
    const auto run = [r = reduction](Inputs x) { return hinge_embedding_loss(x[0], x[1], 0.5, r); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}})
      s.add(call, {s.avoiding(shape, -2, 2, {0.5}), constant(signs(s, shape))}, run);
    s.add(call, {s.avoiding({2, 3}, -2, 2, {0.5}), constant(signs(s, {3}))}, run);
    s.add(call, {s.avoiding({4}, -2, 2, {0.5}), constant(tensor({1.0, -1.0, 0.0, 2.0}, kDouble))}, run);
    s.at(call, {tensor({0.5, kInf, -kInf}, kDouble), constant(tensor({-1, -1, 1}))}, run);
  }
  s.rejects("shapes that don't broadcast", "must match", [] { hinge_embedding_loss(ones({2}), ones({3})); });
});

const catalogue::Entry margin_ranking_loss_entry("margin_ranking_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions) {
    const std::string call = std::string("F.margin_ranking_loss(x[0], x[1], x[2], margin=0.3") + text + ")";
    const auto run = [r = reduction](Inputs x) { return margin_ranking_loss(x[0], x[1], x[2], 0.3, r); };
    for (const auto& shape : std::vector<std::vector<int64_t> >{{}, {1}, {5}, {2, 3}, {0}})
      s.add(call, {s.avoiding(shape, -2, 2, {0.3, -0.3}), zeros(shape, kDouble), constant(signs(s, shape))}, run);
    s.add(call, {s.avoiding({2, 3}, -2, 2, {0.3, -0.3}), zeros({1, 3}, kDouble), constant(signs(s, {1, 1}))}, run);
    s.at(call, {tensor({0.3, kInf, kNaN}, kDouble), zeros({3}, kDouble), constant(ones({3}, kDouble))}, run);
  }
  s.rejects("shapes that don't broadcast", "must match", [] { margin_ranking_loss(ones({2}), ones({3}), ones({2})); });
});

const catalogue::Entry cosine_embedding_loss_entry("cosine_embedding_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions) {
    const std::string call = std::string("F.cosine_embedding_loss(x[0], x[1], x[2], margin=-1.5") + text + ")";
    const auto run = [r = reduction](Inputs x) { return cosine_embedding_loss(x[0], x[1], x[2], -1.5, r); };
    s.add(call, {s.normal({3, 4}), s.normal({3, 4}), constant(tensor({1, -1, 1}))}, run);
    s.add(call, {s.normal({4}), s.normal({4}), constant(tensor(-1))}, run);
    s.add(call, {s.normal({3, 4}), s.normal({3, 4}), constant(tensor({1, -1, 0}))}, run);
    s.add(call, {s.normal({0, 4}), s.normal({0, 4}), constant(zeros({0}, kLong))}, run);
    s.at(call, {constant(zeros({2, 3}, kDouble)), s.normal({2, 3}), constant(tensor({1, -1}))}, run);
  }
  s.rejects("a target with two axes", "0D or 1D target tensor expected, multi-target not supported", [] {
    cosine_embedding_loss(ones({2, 3}), ones({2, 3}), ones({2, 1}));
  });
  s.rejects("vectors for many targets", "1D target tensor expects 2D input tensors, but found inputs with sizes [3] and [3].",
            [] { cosine_embedding_loss(ones({3}), ones({3}), ones({2})); });
});

const catalogue::Entry triplet_margin_loss_entry("triplet_margin_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions)
    for (const bool swap : {false, true}) {
      const std::string call = std::string("F.triplet_margin_loss(x[0], x[1], x[2], margin=9., p=3., swap=") + catalogue::text(swap) + text + ")";
      const auto run = [r = reduction, swap](Inputs x) { return triplet_margin_loss(x[0], x[1], x[2], 9, 3, 1e-6, swap, r); };
      s.add(call, {s.distinct({3, 4}), s.distinct({3, 4}) + 9, s.distinct({3, 4}) - 9}, run);
      s.add(call, {s.distinct({4}), s.distinct({4}) + 9, s.distinct({4}) - 9}, run);
      s.add(call, {s.distinct({3, 4}), s.distinct({1, 4}) + 9, s.distinct({3, 4}) - 9}, run);
    }
  s.add("F.triplet_margin_loss(x[0], x[1], x[2])", {s.normal({2, 3}), s.normal({2, 3}) + 9, s.normal({2, 3}) - 2},
        [](Inputs x) { return triplet_margin_loss(x[0], x[1], x[2]); });
  s.rejects("other numbers of axes", "All inputs should have same dimension but got 2D, 1D and 2D inputs.", [] {
    triplet_margin_loss(ones({2, 3}), ones({3}), ones({2, 3}));
  });
});

const catalogue::Entry multi_margin_loss_entry("multi_margin_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions)
    for (const int64_t p : {1, 2}) {
      const std::string end = ", p=" + std::to_string(p) + ", margin=0.85" + text + ")";
      const auto run = [r = reduction, p](Inputs x) { return multi_margin_loss(x[0], x[1], p, 0.85, {}, r); };
      const auto weighted = [r = reduction, p](Inputs x) { return multi_margin_loss(x[0], x[1], p, 0.85, x[2], r); };
      // PyTorch has no second derivative.
      const auto add = [&](const char* call, std::vector<catalogue::Input> inputs, auto f) { s.add(call + end, std::move(inputs), f).orders = 1; };
      add("F.multi_margin_loss(x[0], x[1]", {s.distinct({3, 4}), tensor({0, 3, 1})}, run);
      add("F.multi_margin_loss(x[0], x[1]", {s.distinct({4}), tensor({2})}, run);
      add("F.multi_margin_loss(x[0], x[1]", {s.distinct({4}), tensor(2)}, run);
      add("F.multi_margin_loss(x[0], x[1], weight=x[2]", {s.distinct({3, 4}), tensor({0, 3, 1}), constant(s.uniform({4}, 0.5, 2))}, weighted);
      s.at("F.multi_margin_loss(x[0], x[1]" + end, {tensor({{0.85, 0.0}, {1.0, 1.0}}, kDouble), tensor({0, 1})}, run).orders = 1;
    }
  s.rejects("a label beyond the classes", "target out of range", [] { multi_margin_loss(ones({2, 3}), tensor({0, 3})); });
  s.rejects("another number of labels", "inconsistent target size, got: [1]", [] { multi_margin_loss(ones({2, 3}), tensor({0})); });
  s.rejects("labels of another dtype", "expected scalar type Long but found Int", [] { multi_margin_loss(ones({2, 3}), zeros({2}, kInt)); });
  s.rejects("p of 3", "only p == 1 and p == 2 supported", [] { multi_margin_loss(ones({2, 3}), tensor({0, 1}), 3); });
  s.rejects("three axes", "Expected non-empty vector or matrix with optional 0-dim batch size, but got: [2, 3, 1]", [] {
    multi_margin_loss(ones({2, 3, 1}), tensor({0, 1}));
  });
  s.rejects("a weight of another dtype", "expected scalar type Float but found Double", [] {
    multi_margin_loss(ones({2, 3}), tensor({0, 1}), 1, 1, ones({3}, kDouble));
  });
  s.rejects("integers", "not implemented for 'Long'", [] { multi_margin_loss(ones({2, 3}, kLong), tensor({0, 1})); });
});

const catalogue::Entry multilabel_margin_loss_entry("multilabel_margin_loss", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [reduction, text] : kReductions) {
    const std::string call = std::string("F.multilabel_margin_loss(x[0], x[1]") + text + ")";
    const auto run = [r = reduction](Inputs x) { return multilabel_margin_loss(x[0], x[1], r); };
    const auto add = [&](std::vector<catalogue::Input> inputs) { s.add(call, std::move(inputs), run).orders = 1; };
    add({s.distinct({3, 4}) * 0.37, tensor({{0, 2, -1, 3}, {-1, 1, 2, 3}, {3, 2, 1, 0}})});
    add({s.distinct({4}) * 0.37, tensor({1, 1, -1, 0})});
    s.at(call, {tensor({{1.0, 0.0}, {0.0, 0.0}}, kDouble), tensor({{0, -1}, {1, -1}})}, run).orders = 1;
  }
  s.rejects("a label beyond the classes", "argument #2 'target' is out of range", [] {
    multilabel_margin_loss(ones({2, 3}), tensor({{0, -1, 5}, {0, 3, -1}}));
  });
  s.rejects("another shape", "inconsistent size [2, 2] for argument #2 'target'", [] { multilabel_margin_loss(ones({2, 3}), zeros({2, 2}, kLong)); });
  s.rejects("no classes", "Expected non-empty vector or matrix with optional 0-dim batch size, but got: [2, 0]", [] {
    multilabel_margin_loss(ones({2, 0}), zeros({2, 0}, kLong));
  });
  s.rejects("integers", "not implemented for 'Long'", [] { multilabel_margin_loss(ones({2, 3}, kLong), zeros({2, 3}, kLong)); });
});

}  // namespace

}}  // namespace torch::xgrad
