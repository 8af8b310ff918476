#include "catalogue/sample_text.h"

#include <xgrad/autograd/tensor/copy.h>

namespace torch::catalogue {

namespace {

std::string hex_of(const Tensor& t) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const Tensor row_major = contiguous_as(t, t.dtype());
  const auto* bytes = static_cast<const unsigned char*>(row_major.data_ptr());
  std::string text;
  text.reserve(2 * row_major.nbytes());
  for (size_t i = 0; i < row_major.nbytes(); ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text.empty() ? "-" : text;
}

}  // namespace

std::string text_of(const Sample& sample) {
  std::string text = "call " + sample.call + "\n";
  if (sample.random) text += "random\n";
  for (const Input& x : sample.inputs) {
    text += std::string("input ") + toString(x.value.dtype()) + (x.differentiated ? " 1 " : " 0 ") + std::to_string(x.value.dim());
    for (const int64_t s : x.value.sizes()) text += ' ' + std::to_string(s);
    text += ' ' + hex_of(x.value) + '\n';
  }
  return text;
}

// FNV-1a.
uint64_t key_of(const Sample& sample) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text_of(sample)) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace torch::catalogue
