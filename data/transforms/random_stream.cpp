#include <xgrad/data/transforms/random_stream.h>

#include <xgrad/data/batch_number.h>

namespace torch { inline namespace xgrad { namespace data::transforms {

namespace {

// Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: a bijection that scatters neighbours.
uint64_t scattered(uint64_t x) {
  x += 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

}  // namespace

RandomStream::RandomStream(const Generator& generator) : counted_(std::make_shared<std::atomic<uint64_t>>(0)) {
  GeneratorImpl& g = xgrad::detail::generator_or_default(generator);
  const std::lock_guard lock(g.mutex);
  seed_ = g.random64();
}

Generator RandomStream::for_batch() const {
  const std::optional<uint64_t> number = current_batch_number();
  // Batches of loaders and those counted here never have the same number: loaders count epochs from 1.
  return make_generator<GeneratorImpl>(scattered(seed_ ^ scattered(number ? *number : counted_->fetch_add(1) & 0xffffffffu)));
}

}}}  // namespace torch::xgrad::data::transforms
