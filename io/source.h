// Where the bytes of a file come from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace io {

/// `size` bytes that are read from where one likes. `name` stands for them in errors.
struct Source {
  std::string name;
  uint64_t size = 0;
  /// Copies bytes [position, position + n), which are there, to `to`, or throws.
  std::function<void(uint64_t position, void* to, size_t n)> read;
  bool concurrent = true;  ///< several threads may read at a time
  /// All bytes as memory, whose pages are read when they are touched and copied when they are written to; empty where there is no file.
  std::function<std::shared_ptr<char>()> map = nullptr;
};

/// A regular file, open for as long as the source lives: one that takes its name later is another one. Throws, naming the file and the reason.
Source open_source(const std::string& path);

/// Memory, which must stay where it is.
Source memory_source(const char* data, size_t size, const std::string& name);

}}}  // namespace torch::xgrad::io
