#include <xgrad/autograd/core/mersenne_twister.h>

#include <cstring>

namespace torch { inline namespace xgrad {

namespace {

// What PyTorch's get_rng_state holds, byte for byte; fields without a use here are 0.
struct StateBytes {
  uint64_t seed;
  int32_t left;
  int32_t seeded;
  uint64_t next;
  uint64_t state[624];
  double unused_x;
  double cached_normal;
  double unused_rho;
  int32_t has_cached_normal;
  int32_t padding;
  float cached_float_normal;
  uint8_t has_cached_float_normal;
  uint8_t tail[3];
};
static_assert(sizeof(StateBytes) == GeneratorImpl::kStateBytes);

}  // namespace

// mt19937: Matsumoto and Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed uniform pseudo-random number
// generator", 1998, with the 2002 initialisation.
void GeneratorImpl::set_current_seed(uint64_t seed) {
  seed_ = seed;
  state_[0] = static_cast<uint32_t>(seed);
  for (uint32_t i = 1; i < kState; ++i) state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  next_ = 0;
  left_ = 1;
  cached_normal = 0;
  has_cached_normal = 0;
  cached_float_normal_ = 0;
  has_cached_float_normal_ = 0;
}

void GeneratorImpl::refill() {
  constexpr int kShift = 397;
  const auto twist = [](uint32_t upper, uint32_t lower) {
    return (((upper & 0x80000000u) | (lower & 0x7fffffffu)) >> 1) ^ (lower & 1u ? 0x9908b0dfu : 0u);
  };
  int i = 0;
  for (; i < kState - kShift; ++i) state_[i] = state_[i + kShift] ^ twist(state_[i], state_[i + 1]);
  for (; i < kState - 1; ++i) state_[i] = state_[i + kShift - kState] ^ twist(state_[i], state_[i + 1]);
  state_[i] = state_[i + kShift - kState] ^ twist(state_[i], state_[0]);
  left_ = kState;
  next_ = 0;
}

void GeneratorImpl::save_state(unsigned char* bytes) const {
  StateBytes s{};
  s.seed = seed_;
  s.left = left_;
  s.seeded = 1;
  s.next = next_;
  for (int i = 0; i < kState; ++i) s.state[i] = state_[i];
  s.has_cached_normal = has_cached_normal != 0;
  s.cached_normal = cached_normal;
  s.has_cached_float_normal = has_cached_float_normal_ != 0;
  s.cached_float_normal = cached_float_normal_;
  std::memcpy(bytes, &s, sizeof s);
}

bool GeneratorImpl::restore_state(const unsigned char* bytes) {
  StateBytes s;
  std::memcpy(&s, bytes, sizeof s);
  // A refill comes before the draw that would read beyond the state.
  const bool valid = s.seeded == 1 && s.left > 0 && s.left <= kState && s.next <= kState && s.next + static_cast<uint64_t>(s.left) - 1 <= kState;
  if (!valid) return false;
  for (uint64_t word : s.state)
    if (word > UINT32_MAX) return false;
  seed_ = s.seed;
  left_ = s.left;
  next_ = static_cast<uint32_t>(s.next);
  for (int i = 0; i < kState; ++i) state_[i] = static_cast<uint32_t>(s.state[i]);
  has_cached_normal = s.has_cached_normal != 0;
  cached_normal = has_cached_normal ? s.cached_normal : 0;
  has_cached_float_normal_ = s.has_cached_float_normal != 0;
  cached_float_normal_ = has_cached_float_normal_ ? s.cached_float_normal : 0;
  return true;
}

}}  // namespace torch::xgrad
