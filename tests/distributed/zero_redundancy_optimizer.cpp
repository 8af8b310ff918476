// Optimizers with their state spread over ranks against the same ones unsharded.
#include <doctest/doctest.h>

#include <sstream>

#include <xgrad/io/checkpoint.h>

#include "distributed/ranks.h"
#include "message.h"

using namespace xgrad;
namespace dist = xgrad::distributed;

namespace {

/// Parameters of several shapes, in float64 too; the same on all ranks.
std::vector<Tensor> make_parameters() {
  std::vector<Tensor> parameters;
  uint64_t seed = 0;
  for (const Dims& sizes : {Dims({37, 11}), Dims({11}), Dims({300}), Dims({7, 3, 2}), Dims({1})})
    parameters.push_back(drawn(0, sizes, ++seed).set_requires_grad(true));
  parameters.push_back(drawn(0, {40}, 9).to(kDouble).set_requires_grad(true));
  return parameters;
}

void set_gradients(const std::vector<Tensor>& parameters, uint64_t step) {
  for (size_t i = 0; i < parameters.size(); ++i)
    // One parameter has no gradient in some steps.
    parameters[i].mutable_grad() = i == 1 && step % 3 == 0 ? Tensor() : drawn(0, parameters[i].sizes(), 100 * step + i).to(parameters[i].dtype());
}

bool all_same(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  for (size_t i = 0; i < a.size(); ++i)
    if (!same_bits(a[i].detach(), b[i].detach())) return false;
  return true;
}

std::string saved(const optim::Optimizer& optimizer) {
  std::ostringstream stream;
  serialize::OutputArchive archive;
  optimizer.save(archive);
  archive.save_to(stream);
  return stream.str();
}

// The state that a sharded optimizer saves, which has to be that of the whole one.
template <class Sharded> std::string whole_state(Sharded& sharded, const optim::Optimizer& whole) {
  sharded.consolidate_state();
  std::string bytes;
  dist::on_rank_0([&] {
    bytes = saved(sharded);
    CHECK(bytes == saved(whole));
  });
  return dist::broadcast_text(bytes, 0, dist::world());
}
void load_bytes(optim::Optimizer& optimizer, const std::string& bytes) {
  serialize::InputArchive archive;
  archive.load_from(bytes.data(), bytes.size());
  optimizer.load(archive);
}

template <class Base, class Options> void compare(const char* name, const Options& options) {
  CAPTURE(name);
  const std::vector<Tensor> whole = make_parameters(), sharded = make_parameters();
  Base reference(whole, options);
  dist::ZeroRedundancyOptimizer<Base> optimizer(sharded, options);
  bool same = true;
  for (uint64_t step = 0; step < 12; ++step) {
    set_gradients(whole, step);
    set_gradients(sharded, step);
    reference.step();
    optimizer.step();
    same = same && all_same(whole, sharded);
  }
  CHECK(same);

  // The whole state is what the optimizer itself has, and goes on in either.
  if (dist::world_size() > 1) CHECK(contains(message_of([&] { saved(optimizer); }), "consolidate_state() before"));
  const std::string bytes = whole_state(optimizer, reference);
  Base plain(whole, options);
  dist::ZeroRedundancyOptimizer<Base> again(sharded, options);
  load_bytes(plain, bytes);
  // As a checkpoint does, which keeps what was there in case another part fails.
  serialize::OutputArchive saved_checkpoint;
  serialize::Checkpoint(false).add("optimizer", plain).save(saved_checkpoint);
  std::ostringstream stream;
  saved_checkpoint.save_to(stream);
  serialize::InputArchive archive;
  const std::string file = stream.str();
  archive.load_from(file.data(), file.size());
  serialize::Checkpoint(false).add("optimizer", again).load(archive);
  for (uint64_t step = 12; step < 15; ++step) {
    set_gradients(whole, step);
    set_gradients(sharded, step);
    plain.step();
    again.step();
  }
  CHECK(all_same(whole, sharded));
}

}  // namespace

TEST_CASE("the same bits as unsharded, and the same file") {
  compare<optim::SGD>("SGD", optim::SGDOptions(0.1).momentum(0.9).nesterov(true).weight_decay(0.01));
  compare<optim::Adam>("Adam", optim::AdamOptions(0.01));
  compare<optim::Adam>("amsgrad", optim::AdamOptions(0.01).amsgrad(true));
  compare<optim::AdamW>("AdamW", optim::AdamWOptions(0.01));
  compare<optim::Adagrad>("Adagrad", optim::AdagradOptions(0.1));
  compare<optim::RMSprop>("RMSprop", optim::RMSpropOptions(0.01).momentum(0.5).centered(true));
  compare<optim::Adadelta>("Adadelta", optim::AdadeltaOptions());
  compare<optim::Adamax>("Adamax", optim::AdamaxOptions(0.01));
  compare<optim::ASGD>("ASGD", optim::ASGDOptions(0.01));
  compare<optim::NAdam>("NAdam", optim::NAdamOptions(0.01));
  compare<optim::RAdam>("RAdam", optim::RAdamOptions(0.01));
  compare<optim::Rprop>("Rprop", optim::RpropOptions(0.01));
  compare<optim::Lion>("Lion", optim::LionOptions(0.01));
}

TEST_CASE("those that look at whole parameters are spread by parameters") {
  compare<optim::LAMB>("LAMB", optim::LAMBOptions(0.01));
  compare<optim::Adafactor>("Adafactor", optim::AdafactorOptions(0.01));
}

TEST_CASE("each rank has the state of its share") {
  const std::vector<Tensor> parameters = {ones({784, 128}, requires_grad()), ones({128}, requires_grad()), ones({128, 10}, requires_grad())};
  dist::ZeroRedundancyOptimizer<optim::Adam> optimizer(parameters, optim::AdamOptions(0.1));
  const Tensor own = tensor(optimizer.own_elements());
  const int64_t total = 784 * 128 + 128 + 1280;
  CHECK(own.item<int64_t>() <= (total + dist::world_size() - 1) / dist::world_size() + 64);
  dist::all_reduce(own);
  CHECK(own.item<int64_t>() == total);
}

TEST_CASE("groups with their own options, a schedule, and fewer elements than ranks") {
  const std::vector<Tensor> whole = make_parameters(), sharded = make_parameters();
  const auto groups = [](const std::vector<Tensor>& p) {
    std::vector<optim::OptimizerParamGroup> made;
    made.emplace_back(std::vector<Tensor>{p[0], p[1]}, std::make_unique<optim::AdamOptions>(0.1));
    made.emplace_back(std::vector<Tensor>{p[2], p[3], p[4], p[5]});
    return made;
  };
  optim::Adam reference(groups(whole), optim::AdamOptions(0.01));
  dist::ZeroRedundancyOptimizer<optim::Adam> optimizer(groups(sharded), optim::AdamOptions(0.01));
  optim::StepLR schedule(reference, 2, 0.5), sharded_schedule(optimizer, 2, 0.5);
  for (uint64_t step = 0; step < 6; ++step) {
    set_gradients(whole, step);
    set_gradients(sharded, step);
    reference.step();
    optimizer.step();
    schedule.step();
    sharded_schedule.step();
  }
  CHECK(optimizer.param_groups()[0].lr() == doctest::Approx(0.1 / 8));
  CHECK(all_same(whole, sharded));

  const Tensor one = ones({1}, requires_grad());
  dist::ZeroRedundancyOptimizer<optim::SGD> tiny({one}, optim::SGDOptions(0.5).momentum(0.5));
  one.mutable_grad() = ones({1});
  tiny.step();
  CHECK(one.item<float>() == 0.5);
  tiny.consolidate_state(dist::world_size() - 1);
  if (dist::rank() == dist::world_size() - 1) CHECK_FALSE(saved(tiny).empty());
  optimizer.param_groups()[0].params().pop_back();
  CHECK(contains(message_of([&] { optimizer.step(); }), "[ZeroRedundancyOptimizer] expected the 6 parameters it has, got 5: none may be taken away"));
}

TEST_CASE("parameters that come later") {
  const auto later = [](uint64_t seed) { return drawn(0, {31, 7}, seed).set_requires_grad(true); };
  const std::vector<Tensor> first = make_parameters(), first_sharded = make_parameters();
  std::vector<Tensor> whole = first, sharded = first_sharded;
  optim::Adam reference(first, optim::AdamOptions(0.01));
  dist::ZeroRedundancyOptimizer<optim::Adam> optimizer(first_sharded, optim::AdamOptions(0.01));
  const auto steps = [&](uint64_t begin, uint64_t end) {
    for (uint64_t step = begin; step < end; ++step) {
      set_gradients(whole, step);
      set_gradients(sharded, step);
      reference.step();
      optimizer.step();
    }
    CHECK(all_same(whole, sharded));
  };
  steps(0, 3);
  // A group, then one more parameter in the group before it.
  for (const bool grouped : {true, false}) {
    for (auto* const of : {&whole, &sharded}) of->push_back(later(grouped));
    const std::vector<Tensor> a{whole.back()}, b{sharded.back()};
    if (grouped) {
      reference.add_param_group(optim::OptimizerParamGroup(a, std::make_unique<optim::AdamOptions>(0.1)));
      optimizer.add_param_group(optim::OptimizerParamGroup(b, std::make_unique<optim::AdamOptions>(0.1)));
    } else {
      reference.add_parameters(a);
      optimizer.add_parameters(b);
    }
    steps(3, 6);
  }
  const Tensor own = tensor(optimizer.own_elements());
  dist::all_reduce(own);
  int64_t total = 0;
  for (const Tensor& p : whole) total += p.numel();
  CHECK(own.item<int64_t>() == total);
  const std::string bytes = whole_state(optimizer, reference);
  load_bytes(optimizer, bytes);
  steps(6, 8);
}

TEST_CASE("ranks whose parameters are in another order, or of other values, are told so at the first step") {
  if (dist::world_size() == 1) return;
  const bool last = dist::rank() == dist::world_size() - 1;
  std::vector<Tensor> parameters = {drawn(0, {4}, 1), drawn(0, {4}, 2)};
  if (last) std::swap(parameters[0], parameters[1]);
  for (Tensor& p : parameters) {
    p.set_requires_grad(true);
    p.mutable_grad() = ones({4});
  }
  dist::ZeroRedundancyOptimizer<optim::SGD> optimizer(parameters, optim::SGDOptions(0.1));
  CHECK(contains(message_of([&] { optimizer.step(); }), "[ZeroRedundancyOptimizer] rank " + std::to_string(dist::world_size() - 1) +
                                                            " differs from rank 0 at parameter 0: it has Float [4] of group 0 with hash"));
}
