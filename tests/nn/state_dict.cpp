// The tensors of modules by their names, to and from files that Python reads and writes.
#include <doctest/doctest.h>

#include <io/folder.h>
#include <message.h>
#include <xgrad/io/tensor_files.h>
#include <xgrad/nn/state_dict.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
namespace nn = xgrad::nn;

namespace {

using State = OrderedDict<std::string, Tensor>;

nn::Sequential small_net(uint64_t seed) {
  manual_seed(seed);
  const nn::Linear first(2, 3), last(3, 1);
  return nn::Sequential(first, nn::BatchNorm1d(3), last);
}

bool same_state(const nn::Module& a, const nn::Module& b) {
  const State x = a.state_dict(), y = b.state_dict();
  return x.keys() == y.keys() && std::equal(x.begin(), x.end(), y.begin(), [](const auto& s, const auto& t) { return equal(s.value(), t.value()); });
}

}  // namespace

TEST_CASE("a module's state goes through every format") {
  const Folder folder;
  const nn::Sequential net = small_net(0);
  for (const char* name : {"a.pt", "a.npz", "a.safetensors"}) {
    nn::save_state_dict(*net, folder / name);
    nn::Sequential other = small_net(1);
    REQUIRE_FALSE(same_state(*net, *other));
    const nn::IncompatibleKeys keys = nn::load_state_dict(*other, folder / name);
    CHECK(keys.missing_keys.empty());
    CHECK(same_state(*net, *other));
    CHECK(other->parameters()[0].requires_grad());
  }
}

TEST_CASE("a prefix takes a part of a larger state, and puts a state into one") {
  const Folder folder;
  const nn::Sequential net = small_net(0);
  nn::save_state_dict(*net, folder / "a.npz", "encoder.");
  CHECK(io::load_tensors(folder / "a.npz").count("encoder.0.weight") == 1);
  CHECK(nn::state_dict(*net, "encoder.").keys()[0] == "encoder.0.weight");

  State large = nn::state_dict(*net, "encoder.");
  large.insert("decoder.weight", ones({1}));
  nn::Sequential other = small_net(1);
  CHECK_THROWS_WITH_AS(nn::load_state_dict(*other, large), doctest::Contains("Unexpected key(s): decoder.weight (Float[1]), encoder.0.bias"), Error);
  nn::load_state_dict(*other, large, nn::StateDictOptions().prefix("encoder."));
  CHECK(same_state(*net, *other));
  other = small_net(2);
  nn::load_state_dict(*other, folder / "a.npz", nn::StateDictOptions().prefix("encoder."));
  CHECK(same_state(*net, *other));
  // A Python checkpoint around a state; what is beside it is not looked at.
  other = small_net(3);
  nn::load_state_dict(*other, XGRAD_TEST_DATA "/pickles/training.pt", nn::StateDictOptions().prefix("model."));
  CHECK(same_state(*small_net(0), *other));
  const std::string message = message_of([&] { nn::load_state_dict(*other, XGRAD_TEST_DATA "/pickles/training.pt"); });
  CHECK(contains(message, "Unexpected key(s): epoch (Int), losses.0 (Double), losses.1 (Double), model.0.bias (Float[3])"));
}

TEST_CASE("names are changed by a function") {
  nn::Sequential net = small_net(0), other = small_net(1);
  State state;
  for (const auto& item : net->state_dict()) state.insert("module.layer" + item.key(), item.value());
  state.insert("module.head.weight", ones({5}));
  const auto rename = [](const std::string& name) { return name.compare(0, 5, "layer") == 0 ? name.substr(5) : std::string(); };
  nn::load_state_dict(*other, state, nn::StateDictOptions().prefix("module.").rename(rename));
  CHECK(same_state(*net, *other));
  const std::string message =
      message_of([&] { nn::load_state_dict(*other, state, nn::StateDictOptions().rename([](const std::string&) { return "0.weight"; })); });
  CHECK(contains(message, "[load_state_dict] both module.layer0.weight and module.layer0.bias become 0.weight"));
}

TEST_CASE("what does not fit is told in one error and changes nothing; what is lenient is returned") {
  const Folder folder;
  nn::Sequential net = small_net(0), other = small_net(1), before = small_net(1);
  State state = net->state_dict();
  State changed;
  for (const auto& item : state)
    if (item.key() != "2.bias") changed.insert(item.key(), item.key() == "2.weight" ? ones({2, 3}) : item.value());
  changed.insert("3.weight", ones({4, 4}, kLong));
  for (const char* name : {"a.pt", "a.npz", "a.safetensors"}) {
    io::NamedTensors tensors;
    for (const auto& item : changed) tensors.emplace(item.key(), item.value());
    io::save_tensors(folder / name, tensors);
    const std::string message = message_of([&] { nn::load_state_dict(*other, folder / name); });
    CHECK(contains(message, "Missing key(s): 2.bias (Float[1])."));
    CHECK(contains(message, "Unexpected key(s): 3.weight (Long[4, 4])."));
    CHECK(contains(message, "size mismatch for 2.weight: Float[2, 3] in the archive, Float[1, 3] in the module."));
    CHECK(same_state(*other, *before));
  }
  const auto skip = [](const std::string& name) { return name == "2.weight" ? std::string() : name; };
  const nn::IncompatibleKeys keys = nn::load_state_dict(*other, folder / "a.pt", nn::StateDictOptions().strict(false).rename(skip));
  CHECK(keys.missing_keys == std::vector<std::string>{"2.weight", "2.bias"});
  CHECK(keys.unexpected_keys == std::vector<std::string>{"3.weight"});
  CHECK(equal(other->state_dict()["0.weight"], state["0.weight"]));
  CHECK(equal(other->state_dict()["2.weight"], before->state_dict()["2.weight"]));
}

TEST_CASE("narrower numbers are widened, wider ones refused") {
  nn::Sequential net = small_net(0), other = small_net(1);
  for (const ScalarType dtype : {kHalf, kBFloat16}) {
    State half;
    for (const auto& item : net->state_dict())
      half.insert(item.key(), item.value().is_floating_point() ? item.value().to(dtype) : item.value().to(kInt));
    nn::load_state_dict(*other, half);
    const State read = other->state_dict();
    CHECK(read["0.weight"].dtype() == kFloat);
    CHECK(equal(read["0.weight"], half["0.weight"].to(kFloat)));
    CHECK(read["1.num_batches_tracked"].dtype() == kLong);
  }
  State wide;
  for (const auto& item : net->state_dict()) wide.insert(item.key(), item.value().to(kDouble));
  const std::string message = message_of([&] { nn::load_state_dict(*other, wide); });
  CHECK(contains(message, "dtype mismatch for 0.weight: Double[3, 2] in the archive, Float[3, 2] in the module."));
  CHECK(contains(message, "dtype mismatch for 1.num_batches_tracked: Double[] in the archive, Long[] in the module."));
  State integers;
  for (const auto& item : net->state_dict()) integers.insert(item.key(), item.value().to(kLong));
  CHECK(contains(message_of([&] { nn::load_state_dict(*other, integers); }), "dtype mismatch for 0.weight: Long[3, 2]"));
}
