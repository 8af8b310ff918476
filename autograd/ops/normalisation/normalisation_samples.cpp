#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/normalisation/normalisation.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::constant;
using catalogue::Input;
using catalogue::Inputs;
using catalogue::kInf;
using catalogue::kNaN;

using Shapes = std::vector<std::vector<int64_t> >;

std::optional<Tensor> none() { return std::nullopt; }

const catalogue::Entry batch_norm_entry("batch_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto call = [](const char* tensors, const char* rest) { return std::string("torch.batch_norm(x[0], ") + tensors + ", " + rest + ", False)"; };
  const auto plain = [](Inputs x) { return batch_norm(x[0], {}, {}, {}, {}, true, 0.1, 1e-5); };
  const auto affine = [](Inputs x) { return batch_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-2); };
  const auto fixed = [](Inputs x) { return batch_norm(x[0], x[1], x[2], x[3], x[4], false, 0.1, 1e-2); };
  const auto fixed_plain = [](Inputs x) { return batch_norm(x[0], {}, {}, x[1], x[2], false, 0.1, 1e-2); };
  for (const auto& shape : Shapes{{4, 3}, {3, 1}, {70, 2}, {2, 3, 4}, {2, 3, 2, 2}, {2, 2, 2, 1, 3}}) {
    const std::vector<int64_t> channels = {shape[1]};
    s.add(call("None, None, None, None", "True, 0.1, 1e-5"), {s.normal(shape)}, plain);
    s.add(call("x[1], x[2], None, None", "True, 0.1, 1e-2"), {s.normal(shape), s.normal(channels), s.normal(channels)}, affine);
    s.add(call("x[1], x[2], x[3], x[4]", "False, 0.1, 1e-2"),
          {s.normal(shape), s.normal(channels), s.normal(channels), constant(s.normal(channels)), constant(s.uniform(channels, 0.5, 2))}, fixed);
    s.add(call("None, None, x[1], x[2]", "False, 0.1, 1e-2"), {s.normal(shape), constant(s.normal(channels)), constant(s.uniform(channels, 0.5, 2))},
          fixed_plain);
  }
  for (const auto& shape : Shapes{{0, 3}, {2, 3, 0}}) {
    s.flat(call("None, None, None, None", "True, 0.1, 1e-5"), {constant(s.normal(shape))}, plain);
    s.flat(call("None, None, x[1], x[2]", "False, 0.1, 1e-2"), {constant(s.normal(shape)), constant(s.normal({3})), constant(s.uniform({3}, 0.5, 2))},
           fixed_plain);
  }
  s.add(call("x[1], None, None, None", "True, 0.1, 1e-5"), {s.normal({4, 3}), s.normal({3})},
        [](Inputs x) { return batch_norm(x[0], x[1], {}, {}, {}, true, 0.1, 1e-5); });
  s.add(call("None, x[1], None, None", "True, 0.1, 1e-5"), {s.normal({4, 3}), s.normal({3})},
        [](Inputs x) { return batch_norm(x[0], {}, x[1], {}, {}, true, 0.1, 1e-5); });
  // What the running statistics become.
  s.flat("(lambda m, v: (torch.batch_norm(x[0], None, None, m, v, True, 0.3, 1e-5, False), m, v))(x[1].clone(), x[2].clone())",
         {constant(s.normal({2, 3, 4})), constant(s.normal({3})), constant(s.uniform({3}, 0.5, 2))}, [](Inputs x) {
           const Tensor m = x[1].clone(), v = x[2].clone(), y = batch_norm(x[0], {}, {}, m, v, true, 0.3, 1e-5);
           return std::vector<Tensor>{y, m, v};
         });
  s.at(call("None, None, None, None", "True, 0.1, 1e-5"), {tensor({{1.0, 1.0, kNaN}, {1.0, kInf, 0.0}}, kDouble)}, plain);
  s.at(call("None, None, None, None", "True, 0.1, 1e-5"), {ones({1, 3}, kDouble)}, plain);
  s.at(call("None, None, None, None", "True, 0.1, 1e-5"), {s.normal({20, 2}) + 100}, plain);
  const Tensor x = ones({2, 3});
  s.rejects("a weight of another size", "weight should contain 3 elements not 2", [x] { batch_norm(x, ones({2}), {}, {}, {}, true, 0.1, 1e-5); });
  s.rejects("a bias of another size", "bias should contain 3 elements not 2", [x] { batch_norm(x, {}, ones({2}), {}, {}, true, 0.1, 1e-5); });
  s.rejects("running means of another size", "running_mean should contain 3 elements not 2",
            [x] { batch_norm(x, {}, {}, ones({2}), ones({2}), true, 0.1, 1e-5); });
  s.rejects("evaluation without running means", "running_mean must be defined in evaluation mode",
            [x] { batch_norm(x, {}, {}, {}, {}, false, 0.1, 1e-5); });
  s.rejects("evaluation without running variances", "running_var must be defined in evaluation mode",
            [x] { batch_norm(x, {}, {}, ones({3}), {}, false, 0.1, 1e-5); });
  s.rejects("a weight of another dtype", "mixed dtype (CPU): expect parameter to have scalar type of Float",
            [x] { batch_norm(x, ones({3}, kDouble), {}, {}, {}, true, 0.1, 1e-5); });
  s.rejects("integers", "\"batch_norm\" not implemented for 'Long'", [] { batch_norm(ones({2, 3}, kLong), {}, {}, {}, {}, true, 0.1, 1e-5); });
  s.rejects("one axis", "Dimension out of range", [] { batch_norm(ones({3}), {}, {}, {}, {}, true, 0.1, 1e-5); });
});

const catalogue::Entry instance_norm_entry("instance_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  const auto call = [](const char* tensors, const char* rest) {
    return std::string("torch.instance_norm(x[0], ") + tensors + ", " + rest + ", False)";
  };
  const auto plain = [](Inputs x) { return instance_norm(x[0], {}, {}, {}, {}, true, 0.1, 1e-5); };
  const auto affine = [](Inputs x) { return instance_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 1e-2); };
  s.flat(call("None, None, None, None", "True, 0.1, 1e-5"), {constant(s.normal({2, 3, 0}))}, plain);
  for (const auto& shape : Shapes{{2, 3, 4}, {2, 3, 2, 2}, {1, 2, 2, 1, 3}}) {
    const std::vector<int64_t> channels = {shape[1]};
    s.add(call("None, None, None, None", "True, 0.1, 1e-5"), {s.normal(shape)}, plain);
    s.add(call("x[1], x[2], None, None", "True, 0.1, 1e-2"), {s.normal(shape), s.normal(channels), s.normal(channels)}, affine);
    s.add(call("None, None, x[1], x[2]", "False, 0.1, 1e-2"), {s.normal(shape), constant(s.normal(channels)), constant(s.uniform(channels, 0.5, 2))},
          [](Inputs x) { return instance_norm(x[0], {}, {}, x[1], x[2], false, 0.1, 1e-2); });
  }
  s.flat("(lambda m, v: (torch.instance_norm(x[0], None, None, m, v, True, 0.3, 1e-5, False), m, v))(x[1].clone(), x[2].clone())",
         {constant(s.normal({2, 3, 4})), constant(s.normal({3})), constant(s.uniform({3}, 0.5, 2))}, [](Inputs x) {
           const Tensor m = x[1].clone(), v = x[2].clone(), y = instance_norm(x[0], {}, {}, m, v, true, 0.3, 1e-5);
           return std::vector<Tensor>{y, m, v};
         });
  const Tensor x = ones({2, 3, 4});
  s.rejects("evaluation without running statistics", "Expected running_mean and running_var to be defined when use_input_stats is false",
            [x] { instance_norm(x, {}, {}, {}, {}, false, 0.1, 1e-5); });
  s.rejects("a weight of another size", "weight should contain 6 elements not 4", [x] { instance_norm(x, ones({2}), {}, {}, {}, true, 0.1, 1e-5); });
  s.rejects("integers", "\"batch_norm\" not implemented for 'Long'", [] { instance_norm(ones({2, 3, 4}, kLong), {}, {}, {}, {}, true, 0.1, 1e-5); });
});

const catalogue::Entry layer_norm_entry("layer_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  struct Case {
    std::vector<int64_t> shape, normalized;
    const char* text;
  };
  for (const Case& c : {Case{{5}, {5}, "[5]"}, Case{{3, 4}, {4}, "[4]"}, Case{{40, 3}, {3}, "[3]"}, Case{{2, 3, 4}, {3, 4}, "[3, 4]"},
                        Case{{2, 3, 4}, {4}, "[4]"}, Case{{2, 70}, {70}, "[70]"}, Case{{0, 3}, {3}, "[3]"}, Case{{2, 0}, {0}, "[0]"}}) {
    const std::string call = std::string("F.layer_norm(x[0], ") + c.text;
    s.add(call + ")", {s.normal(c.shape)}, [c](Inputs x) { return layer_norm(x[0], c.normalized); });
    s.add(call + ", x[1], x[2], 1e-2)", {s.normal(c.shape), s.normal(c.normalized), s.normal(c.normalized)},
          [c](Inputs x) { return layer_norm(x[0], c.normalized, x[1], x[2], 1e-2); });
    s.add(call + ", x[1])", {s.normal(c.shape), s.normal(c.normalized)}, [c](Inputs x) { return layer_norm(x[0], c.normalized, x[1]); });
    s.add(call + ", None, x[1])", {s.normal(c.shape), s.normal(c.normalized)},
          [c](Inputs x) { return layer_norm(x[0], c.normalized, none(), x[1]); });
  }
  s.at("F.layer_norm(x[0], [2])", {tensor({{1.0, kNaN}, {kInf, 0.0}, {1.0, 1.0}}, kDouble)}, [](Inputs x) { return layer_norm(x[0], {2}); });
  s.at("F.layer_norm(x[0], [1])", {arange(1, 4, kDouble).view({3, 1})}, [](Inputs x) { return layer_norm(x[0], {1}); });
  s.rejects("another shape", "Given normalized_shape=[2], expected input with", [] { layer_norm(ones({2, 3}), {2}); });
  s.rejects("no shape", "Expected normalized_shape to be at least 1-dimensional", [] { layer_norm(ones({2, 3}), IntArrayRef()); });
  s.rejects("a weight of another shape", "Expected weight to be of same shape as normalized_shape, but got weight of shape [2]", [] {
    layer_norm(ones({2, 3}), {3}, ones({2}));
  });
  s.rejects("a bias of another shape", "Expected bias to be of same shape as normalized_shape, but got bias of shape [2]", [] {
    layer_norm(ones({2, 3}), {3}, none(), ones({2}));
  });
  s.rejects("a weight of another dtype", "expected scalar type Float but found Double", [] { layer_norm(ones({2, 3}), {3}, ones({3}, kDouble)); });
  s.rejects("integers", "\"LayerNormKernelImpl\" not implemented for 'Long'", [] { layer_norm(ones({2, 3}, kLong), {3}); });
});

const catalogue::Entry group_norm_entry("group_norm", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  s.flat("torch.group_norm(x[0], 2)", {constant(s.normal({2, 4, 0}))}, [](Inputs x) { return group_norm(x[0], 2); });
  for (const auto& shape : Shapes{{3, 6}, {2, 4, 3}, {2, 4, 2, 2}, {40, 6}, {1, 4, 2, 1, 3}, {0, 6}})
    for (const int64_t groups : {1, 2}) {
      const std::string call = "torch.group_norm(x[0], " + std::to_string(groups);
      const std::vector<int64_t> channels = {shape[1]};
      s.add(call + ")", {s.normal(shape)}, [groups](Inputs x) { return group_norm(x[0], groups); });
      s.add(call + ", x[1], x[2], 1e-2)", {s.normal(shape), s.normal(channels), s.normal(channels)},
            [groups](Inputs x) { return group_norm(x[0], groups, x[1], x[2], 1e-2); });
      s.add(call + ", x[1])", {s.normal(shape), s.normal(channels)}, [groups](Inputs x) { return group_norm(x[0], groups, x[1]); });
    }
  s.flat("torch.group_norm(x[0], 4)", {constant(arange(8, kDouble).view({2, 4}))}, [](Inputs x) { return group_norm(x[0], 4); });
  s.rejects("groups that don't divide the channels",
            "Expected number of channels in input to be divisible by num_groups, but got input of shape [2, 4]", [] {
              group_norm(ones({2, 4}), 3);
            });
  s.rejects("no groups", "Expected num groups to be greater than 0, got -1", [] { group_norm(ones({2, 4}), -1); });
  s.rejects("a weight of another size", "Expected weight to be a vector of size equal to the number of channels in input", [] {
    group_norm(ones({2, 4}), 2, ones({2}));
  });
  s.rejects("a weight of another dtype", "expected scalar type Float but found Double", [] { group_norm(ones({2, 4}), 2, ones({4}, kDouble)); });
  s.rejects("integers", "\"GroupNormKernelImpl\" not implemented for 'Long'", [] { group_norm(ones({2, 4}, kLong), 2); });
  s.rejects("one axis", "Dimension out of range", [] { group_norm(ones({4}), 4); });
});

}  // namespace

}}  // namespace torch::xgrad
