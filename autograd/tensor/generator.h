// Handles on generators of random numbers.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <xgrad/autograd/core/device.h>
#include <xgrad/autograd/core/mersenne_twister.h>

namespace torch { inline namespace xgrad {

class Tensor;

/// A handle on a generator; copies share its stream. A default-constructed handle is undefined, and an operation given
/// one uses the default generator. Every member but defined() and get() throws on an undefined handle.
class XGRAD_API Generator {
 public:
  Generator() = default;
  explicit Generator(std::shared_ptr<GeneratorImpl> impl) : impl_(std::move(impl)) {}

  bool defined() const { return static_cast<bool>(impl_); }
  GeneratorImpl& impl() const;
  template <class Impl = GeneratorImpl> Impl* get() const { return impl_.get(); }
  std::mutex& mutex() const { return impl().mutex; }
  Device device() const { return Device(kCPU); }

  /// Starts the stream of this seed. Two seeds with equal low 32 bits give the same stream, as in PyTorch.
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const;
  /// Seeds from the system's entropy and returns the seed, below 2^53.
  uint64_t seed();
  /// A generator of its own that continues from the same state.
  Generator clone() const;
  /// The whole state as a uint8 tensor: PyTorch's layout and 5056 bytes.
  Tensor get_state() const;
  /// Throws, and changes nothing, when `state` is not what get_state returns.
  void set_state(const Tensor& state);

  friend bool operator==(const Generator& a, const Generator& b) { return a.impl_ == b.impl_; }
  friend bool operator!=(const Generator& a, const Generator& b) { return a.impl_ != b.impl_; }

 private:
  std::shared_ptr<GeneratorImpl> impl_;
};

namespace detail {
/// A generator of one's own, seeded.
XGRAD_API Generator createCPUGenerator(uint64_t seed = default_rng_seed_val);
/// The generator of operations that are given none; one for the process.
XGRAD_API const Generator& getDefaultCPUGenerator();
/// `generator` if it is defined, else the default one.
XGRAD_API GeneratorImpl& generator_or_default(const std::optional<Generator>& generator);
}  // namespace detail

/// `make_generator<CPUGeneratorImpl>(seed)`: a generator of one's own.
template <class Impl, class... Args> Generator make_generator(Args&&... args) {
  return Generator(std::make_shared<Impl>(std::forward<Args>(args)...));
}

/// Seeds the default generator and returns it; the same seed gives the numbers PyTorch gives on a CPU.
XGRAD_API Generator manual_seed(uint64_t seed);

}}  // namespace torch::xgrad
