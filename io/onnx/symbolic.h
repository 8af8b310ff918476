// Sizes that depend on the size of a batch. Internal.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace torch { inline namespace xgrad { namespace onnx {

/// per_batch * (size of the batch) + rest.
struct Symbolic {
  int64_t per_batch = 0, rest = 0;

  bool is_fixed() const { return per_batch == 0; }
  int64_t at(int64_t batch) const { return per_batch * batch + rest; }
  friend bool operator==(const Symbolic& a, const Symbolic& b) { return a.per_batch == b.per_batch && a.rest == b.rest; }
};
using SymbolicSizes = std::vector<Symbolic>;

/// A number as it was for batches of three sizes (of one size three times, if only one was looked at), if that is linear.
inline std::optional<Symbolic> fitted(const std::array<int64_t, 3>& batches, const std::array<int64_t, 3>& values) {
  if (values[0] == values[1] && values[0] == values[2]) return Symbolic{0, values[0]};
  const int64_t step = batches[1] - batches[0];
  if (step == 0 || (values[1] - values[0]) % step != 0) return std::nullopt;
  const int64_t per_batch = (values[1] - values[0]) / step;
  const Symbolic s{per_batch, values[0] - per_batch * batches[0]};
  return s.at(batches[2]) == values[2] ? std::optional(s) : std::nullopt;
}

}}}  // namespace torch::xgrad::onnx
