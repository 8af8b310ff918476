// Random numbers: PyTorch's CPU generator, stream for stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad {

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
  // From here to the end there is no padding: generators in the same state have the same bytes.

  /// The second number of a Box-Muller pair, kept for the next call, if there is one.
  double cached_normal = 0;
  uint64_t has_cached_normal = 0;

 private:
  void refill();

  static constexpr int kState = 624;
  uint64_t seed_ = 0;
  uint32_t state_[kState] = {};
  uint32_t next_ = 0;
  int32_t left_ = 1;
  float cached_float_normal_ = 0;  // part of PyTorch's state, used by none of its CPU operations
  uint32_t has_cached_float_normal_ = 0;
};
using CPUGeneratorImpl = GeneratorImpl;

}}  // namespace torch::xgrad
