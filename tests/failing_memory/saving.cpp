// Saving and loading that run out of memory change neither files nor modules.
#include <doctest/doctest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <xgrad/xgrad.h>

#include "failing_memory/failing_allocation.h"

using namespace xgrad;
using failing::Kind;
using failing::Outcome;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Folder {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / ("xgrad_failing_memory_" + std::to_string(getpid()));
  Folder() { std::filesystem::create_directory(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  int64_t files() const { return std::distance(std::filesystem::directory_iterator(path), {}); }
};

nn::Sequential net(uint64_t seed) {
  manual_seed(seed);
  return nn::Sequential(nn::Linear(10, 40), nn::ReLU(), nn::Linear(40, 3));
}

bool same(const nn::Sequential& a, const nn::Sequential& b) {
  const std::vector<Tensor> x = a->parameters(), y = b->parameters();
  bool equal = x.size() == y.size();
  for (size_t i = 0; equal && i < x.size(); ++i) equal = x[i].equal(y[i]) && x[i].requires_grad() == y[i].requires_grad();
  return equal;
}

}  // namespace

TEST_CASE("a save whose n-th allocation fails leaves the old file or the new one, and nothing beside it") {
  const Folder folder;
  const std::string file = (folder.path / "net.safetensors").string();
  const nn::Sequential first = net(1), second = net(2);
  save(second, file);
  const std::string new_bytes = bytes_of(file);
  save(first, file);
  const std::string old_bytes = bytes_of(file);
  const MemoryStats before = memory_stats();
  const int64_t allocations = failing::for_each_allocation([&](int64_t n, Kind kind) {
    bool happened;
    const Outcome outcome = failing::attempt(n, kind, happened, [&] { save(second, file); });
    const std::string now = bytes_of(file);
    if (outcome == Outcome::kDone) CHECK(now == new_bytes);
    else CHECK((now == old_bytes || now == new_bytes));
    CHECK(folder.files() == 1);
    CHECK(memory_stats().live_tensors == before.live_tensors);
    CHECK(memory_stats().live_nodes == before.live_nodes);
    save(second, file);
    CHECK(bytes_of(file) == new_bytes);
    save(first, file);
    return happened;
  });
  CHECK(allocations > 100);
}

TEST_CASE("a checkpoint whose n-th allocation fails while it is loaded leaves all parts as they were") {
  const Folder folder;
  const std::string file = (folder.path / "run.safetensors").string();
  struct Run {
    explicit Run(uint64_t seed) : model(net(seed)), optimizer(model->parameters(), 0.1), name(40, static_cast<char>('a' + seed)) {}
    serialize::Checkpoint checkpoint() {
      serialize::Checkpoint c;
      c.add("name", name).add("model", model).add("optimizer", optimizer);
      return c;
    }
    nn::Sequential model;
    optim::SGD optimizer;
    std::string name;
  };
  Run saved(1), other(2);
  saved.checkpoint().save(file);
  // With one failure only: where no memory is left at all, putting a part back may fail as well.
  bool happened = true;
  int64_t refused = 0;
  for (int64_t n = 1; happened; ++n) {
    Run target(2);
    serialize::Checkpoint checkpoint = target.checkpoint();
    const Outcome outcome = failing::attempt(n, Kind::kOnce, happened, [&] { checkpoint.load(file); });
    Run& expected = outcome == Outcome::kDone ? saved : other;
    CHECK(same(target.model, expected.model));
    CHECK(target.name == expected.name);
    refused += outcome == Outcome::kRefused;
  }
  CHECK(refused > 100);
}

TEST_CASE("a load whose n-th allocation fails leaves the module as it was, and then succeeds") {
  const Folder folder;
  const std::string file = (folder.path / "net.safetensors").string();
  const nn::Sequential saved = net(1), other = net(2);
  save(saved, file);
  const int64_t allocations = failing::for_each_allocation([&](int64_t n, Kind kind) {
    nn::Sequential target = net(2);
    const MemoryStats before = memory_stats();
    bool happened;
    const Outcome outcome = failing::attempt(n, kind, happened, [&] { load(target, file); });
    CHECK(same(target, outcome == Outcome::kDone ? saved : other));
    CHECK(memory_stats().live_tensors == before.live_tensors);
    CHECK(memory_stats().live_nodes == before.live_nodes);
    load(target, file);
    CHECK(same(target, saved));
    return happened;
  });
  CHECK(allocations > 100);
}
