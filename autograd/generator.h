// Random numbers: PyTorch's CPU generator, stream for stream.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>

#include <xgrad/autograd/export.h>

namespace xgrad {

class Tensor;

/// mt19937 with the caches PyTorch's normal distribution keeps. Not thread-safe by itself: lock mutex.
class XGRAD_API GeneratorImpl {
 public:
  explicit GeneratorImpl(uint64_t seed);
  void seed(uint64_t seed);
  uint64_t current_seed() const { return seed_; }
  /// The next 32 bits of the stream.
  uint32_t random();
  /// The next two draws as one number: the later draw is the low half.
  uint64_t random64();

  std::mutex mutex;

 private:
  friend struct GeneratorState;
  void refill();

  static constexpr int kState = 624;
  uint64_t seed_ = 0;
  uint32_t state_[kState];
  int next_ = 0;
  int left_ = 1;

 public:
  // The second number of a Box-Muller pair, kept for the next call (PyTorch caches one per type).
  double cached_normal = 0;
  bool has_cached_normal = false;
  float cached_float_normal = 0;
  bool has_cached_float_normal = false;
};

/// A handle on a generator; copies share its stream.
class XGRAD_API Generator {
 public:
  /// The default generator of the process.
  Generator();
  explicit Generator(std::shared_ptr<GeneratorImpl> impl) : impl_(std::move(impl)) {}
  bool defined() const { return static_cast<bool>(impl_); }
  GeneratorImpl& impl() const { return *impl_; }
  std::mutex& mutex() const { return impl_->mutex; }
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const;
  /// Seeds from the system's entropy and returns the seed.
  uint64_t seed();
  Generator clone() const;
  /// The whole state as a uint8 tensor: PyTorch's layout and 5056 bytes.
  Tensor get_state() const;
  /// Throws when `state` is not what get_state returns.
  void set_state(const Tensor& state);

 private:
  std::shared_ptr<GeneratorImpl> impl_;
};

namespace detail {
/// A generator of one's own, seeded.
XGRAD_API Generator createCPUGenerator(uint64_t seed = 67280421310721);
XGRAD_API const Generator& getDefaultCPUGenerator();
}  // namespace detail

using CPUGeneratorImpl = GeneratorImpl;
template <class Impl>
Generator make_generator(uint64_t seed = 67280421310721) { return Generator(std::make_shared<Impl>(seed)); }

/// Seeds the default generator; the same seed gives the numbers PyTorch gives on a CPU.
XGRAD_API Generator manual_seed(uint64_t seed);

}  // namespace xgrad
