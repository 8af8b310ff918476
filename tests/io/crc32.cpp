#include <random>
#include <vector>

#include <zlib.h>

#include <doctest/doctest.h>
#include <xgrad/io/crc32.h>

using xgrad::io::crc32_of;

TEST_CASE("checksums are zlib's, for every length, place and beginning") {
  CHECK(crc32_of(0, "123456789", 9) == 0xcbf43926u);  // the check value of the algorithm's definition
  CHECK(crc32_of(0x1234u, nullptr, 0) == 0x1234u);
  std::mt19937 bits(0);
  std::vector<unsigned char> bytes(5000);
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(bits());
  size_t wrong = 0;
  for (size_t size = 0; size < 1500; ++size)
    for (const uint32_t crc : {0u, ~0u, 0x89abcdefu})
      wrong += crc32_of(crc, bytes.data() + size % 17, size) != crc32_z(crc, bytes.data() + size % 17, size);
  CHECK(wrong == 0);
  CHECK(crc32_of(crc32_of(0, bytes.data(), 3001), bytes.data() + 3001, 1999) == crc32_z(0, bytes.data(), bytes.size()));
}

TEST_CASE("no flipped bit and no burst of 32 bits has the checksum of what it was") {
  std::mt19937 bits(1);
  std::vector<unsigned char> bytes(700);
  for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(bits());
  const uint32_t sum = crc32_of(0, bytes.data(), bytes.size());
  size_t missed = 0;
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] ^= static_cast<unsigned char>(1 << (bit % 8));
    missed += crc32_of(0, bytes.data(), bytes.size()) == sum;
    bytes[bit / 8] ^= static_cast<unsigned char>(1 << (bit % 8));
  }
  for (size_t at = 0; at + 4 <= bytes.size(); ++at) {
    const auto burst = static_cast<uint32_t>(bits() | 1);
    for (size_t i = 0; i < 4; ++i) bytes[at + i] ^= static_cast<unsigned char>(burst >> (8 * i));
    missed += crc32_of(0, bytes.data(), bytes.size()) == sum;
    for (size_t i = 0; i < 4; ++i) bytes[at + i] ^= static_cast<unsigned char>(burst >> (8 * i));
  }
  CHECK(missed == 0);
}
