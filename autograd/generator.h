// Random numbers: PyTorch's CPU generator, stream for stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include <xgrad/autograd/device.h>
#include <xgrad/autograd/export.h>

namespace torch { inline namespace xgrad {

class Tensor;

constexpr uint64_t default_rng_seed_val = 67280421310721;

/// mt19937 with the caches PyTorch's normal distribution keeps. Not thread-safe by itself: lock mutex.
class XGRAD_API GeneratorImpl {
 public:
  explicit GeneratorImpl(uint64_t seed = default_rng_seed_val) { set_current_seed(seed); }

  /// Starts the stream of this seed; only its low 32 bits choose the stream.
  void set_current_seed(uint64_t seed);
  uint64_t current_seed() const { return seed_; }
  /// The next 32 bits of the stream.
  uint32_t random() {
    if (--left_ == 0) refill();
    uint32_t y = state_[next_++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    return y ^ (y >> 18);
  }
  /// The next two draws as one number: the later draw is the low half.
  uint64_t random64() {
    const uint64_t high = random();
    return high << 32 | random();
  }

  static constexpr size_t kStateBytes = 5056;
  /// Writes the whole state, in PyTorch's layout of kStateBytes.
  void save_state(unsigned char* bytes) const;
  /// Takes over such a state; false, and nothing changed, when the bytes are none.
  bool restore_state(const unsigned char* bytes);

  std::mutex mutex;
  /// The second number of a Box-Muller pair, kept for the next call.
  std::optional<double> cached_normal;

 private:
  void refill();

  static constexpr int kState = 624;
  uint64_t seed_ = 0;
  uint32_t state_[kState] = {};
  uint32_t next_ = 0;
  int32_t left_ = 1;
  std::optional<float> cached_float_normal_;  // part of PyTorch's state, used by none of its CPU operations
};
using CPUGeneratorImpl = GeneratorImpl;

/// A handle on a generator; copies share its stream. A default-constructed handle is undefined, and an operation given
/// one uses the default generator. Every member but defined() and get() throws on an undefined handle.
class XGRAD_API Generator {
 public:
  Generator() = default;
  explicit Generator(std::shared_ptr<GeneratorImpl> impl) : impl_(std::move(impl)) {}

  bool defined() const { return static_cast<bool>(impl_); }
  GeneratorImpl& impl() const;
  template <class Impl = GeneratorImpl>
  Impl* get() const { return impl_.get(); }
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
template <class Impl, class... Args>
Generator make_generator(Args&&... args) { return Generator(std::make_shared<Impl>(std::forward<Args>(args)...)); }

/// Seeds the default generator and returns it; the same seed gives the numbers PyTorch gives on a CPU.
XGRAD_API Generator manual_seed(uint64_t seed);

}}  // namespace torch::xgrad
