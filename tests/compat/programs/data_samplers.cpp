// The order of every sampler, for many sizes, shares and batches, and after reset, set_epoch, save and load.
#include <torch/torch.h>

#include <sstream>

namespace samplers = torch::data::samplers;

// Numbers that depend on nothing but the calls before.
static uint32_t draw(uint32_t below) {
  static uint32_t state = 12345;
  state = state * 1664525u + 1013904223u;
  return (state >> 8) % below;
}

static void show(const std::vector<size_t>& indices) {
  for (size_t i : indices) std::cout << i << " ";
  std::cout << "| ";
}

template <class Sampler> static void show_epoch(Sampler& sampler, size_t batch_size) {
  while (auto batch = sampler.next(batch_size)) show(*batch);
  std::cout << "\n";
}

template <class Sampler> static void distributed(const char* name) {
  for (int c = 0; c < 60; ++c) {
    // Not so many replicas that libtorch gives indices outside the dataset.
    const size_t replicas = 1 + draw(5), rank = draw(static_cast<uint32_t>(replicas)), size = replicas + draw(40), batch_size = 1 + draw(7);
    const bool duplicates = draw(2) == 0;
    std::cout << name << " " << size << " for " << rank << " of " << replicas << (duplicates ? " with" : " without") << " duplicates, by "
              << batch_size << ": ";
    Sampler sampler(size, replicas, rank, duplicates);
    if (c % 3 == 0) {
      sampler.set_epoch(c);
      sampler.reset();
    }
    show_epoch(sampler, batch_size);
    if (c % 4 == 0) {
      const size_t other = replicas + draw(30);
      sampler.reset(other);
      std::cout << "  reset to " << other << ", epoch " << sampler.epoch() << ": ";
      show_epoch(sampler, batch_size);
    }
    if (c % 5 == 0) {
      sampler.reset();
      sampler.next(2);
      std::stringstream stream;
      torch::save(sampler, stream);
      Sampler fresh(size, replicas, rank, duplicates);
      if (c % 4 != 0) {
        torch::load(fresh, stream);
        std::cout << "  loaded at " << fresh.index();
        if (std::is_same<Sampler, samplers::DistributedRandomSampler>::value) std::cout << " in epoch " << fresh.epoch();
        std::cout << ": ";
        show_epoch(fresh, 3);
      }
    }
  }
}

int main() {
  distributed<samplers::DistributedRandomSampler>("random");
  distributed<samplers::DistributedSequentialSampler>("sequential");

  torch::manual_seed(3);
  for (int c = 0; c < 20; ++c) {
    const int64_t size = 6 + draw(30);
    const size_t batch_size = 1 + draw(9);
    samplers::RandomSampler sampler(size, c % 2 == 0 ? torch::kInt64 : torch::kInt32);
    show_epoch(sampler, batch_size);
    sampler.reset();
    sampler.next(3);
    std::cout << "at " << sampler.index() << ": ";
    std::stringstream stream;
    torch::save(sampler, stream);
    samplers::RandomSampler other(size, c % 2 == 0 ? torch::kInt64 : torch::kInt32);
    torch::load(other, stream);
    show_epoch(other, 4);
    sampler.reset(5);
    show_epoch(sampler, 2);
  }
  for (int c = 0; c < 10; ++c) {
    samplers::SequentialSampler sampler(draw(20));
    show_epoch(sampler, 1 + draw(6));
    sampler.reset(7);
    sampler.next(2);
    std::cout << "at " << sampler.index() << ": ";
    show_epoch(sampler, 3);
  }
  for (int c = 0; c < 10; ++c) {
    samplers::StreamSampler sampler(draw(20));
    const size_t batch_size = 1 + draw(6);
    for (int epoch = 0; epoch < 2; ++epoch) {
      while (auto batch = sampler.next(batch_size)) std::cout << batch->size() << "=" << static_cast<size_t>(*batch) << " ";
      std::cout << "\n";
      sampler.reset(epoch == 0 ? torch::optional<size_t>(11) : torch::nullopt);
    }
  }
}
