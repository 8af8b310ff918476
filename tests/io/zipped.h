// Zip files in memory.
#pragma once

#include <functional>
#include <vector>

/// A sink that appends to `bytes`.
inline std::function<void(const void*, size_t)> append_to(std::vector<char>& bytes) {
  return
      [&bytes](const void* data, size_t size) { bytes.insert(bytes.end(), static_cast<const char*>(data), static_cast<const char*>(data) + size); };
}
