#include <xgrad/io/crc32.h>

#include <zlib.h>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define XGRAD_FOLDS_CRC 1
#else
#define XGRAD_FOLDS_CRC 0
#endif

namespace torch { inline namespace xgrad { namespace io {

namespace {

uint32_t crc32_by_tables(uint32_t crc, const unsigned char* data, size_t size) { return static_cast<uint32_t>(crc32_z(crc, data, size)); }

#if XGRAD_FOLDS_CRC

// Note: folding
//
// A message is a polynomial over {0, 1}, its checksum the remainder by one of degree 32, P. A block of 128 bits that stands
// `distance` bits before another may be replaced by two products, of its halves with x^(distance +- 32) mod P, added to that one:
// multiplications without carries, 16 bytes in two. What is left in the end are 16 bytes with the checksum of the whole.
// V. Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009.

// x^n mod P, its bits reflected like those of the message, which shifts a product by one.
constexpr long long power_of_x(int n) {
  uint32_t remainder = 0x80000000u;
  for (; n > 0; --n) remainder = remainder & 1 ? remainder >> 1 ^ 0xedb88320u : remainder >> 1;
  return static_cast<long long>(remainder) << 1;
}

#define XGRAD_CARRYLESS __attribute__((target("pclmul,sse4.1")))

template <int kDistance> XGRAD_CARRYLESS inline __m128i folded(__m128i block, __m128i onto) {
  constexpr long long before = power_of_x(kDistance - 32), behind = power_of_x(kDistance + 32);
  const __m128i powers = _mm_set_epi64x(before, behind);
  const __m128i low = _mm_clmulepi64_si128(block, powers, 0x00), high = _mm_clmulepi64_si128(block, powers, 0x11);
  return _mm_xor_si128(_mm_xor_si128(low, high), onto);
}

XGRAD_CARRYLESS inline __m128i block_at(const unsigned char* data) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data)); }

constexpr size_t kFewestFolded = 256;

XGRAD_CARRYLESS uint32_t crc32_by_folding(uint32_t crc, const unsigned char* data, size_t size) {
  // What has come before is as if added to the first bytes.
  __m128i a = _mm_xor_si128(block_at(data), _mm_cvtsi32_si128(static_cast<int>(~crc)));
  __m128i b = block_at(data + 16), c = block_at(data + 32), d = block_at(data + 48);
  for (data += 64, size -= 64; size >= 64; data += 64, size -= 64) {
    a = folded<512>(a, block_at(data));
    b = folded<512>(b, block_at(data + 16));
    c = folded<512>(c, block_at(data + 32));
    d = folded<512>(d, block_at(data + 48));
  }
  alignas(16) unsigned char last[16];
  _mm_store_si128(reinterpret_cast<__m128i*>(last), folded<128>(folded<128>(folded<128>(a, b), c), d));
  return crc32_by_tables(crc32_by_tables(~uint32_t{0}, last, sizeof last), data, size);
}

#endif

}  // namespace

uint32_t crc32_of(uint32_t crc, const void* data, size_t size) {
  const auto* const bytes = static_cast<const unsigned char*>(data);
  if (size == 0) return crc;
#if XGRAD_FOLDS_CRC
  static const bool folds = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
  if (folds && size >= kFewestFolded) return crc32_by_folding(crc, bytes, size);
#endif
  return crc32_by_tables(crc, bytes, size);
}

uint32_t crc32_joined(uint32_t first, uint32_t second, size_t second_size) {
  return static_cast<uint32_t>(crc32_combine(first, second, static_cast<z_off_t>(second_size)));
}

}}}  // namespace torch::xgrad::io
