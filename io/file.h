// Whole files: read at once, replaced as one step.
#pragma once

#include <cstddef>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace io {

/// The bytes of a regular file. Throws, naming the file and the reason.
XGRAD_API std::vector<char> read_file(const std::string& path);

/// The bytes from the stream's position to its end. `name` stands for the stream in errors.
std::vector<char> read_stream(std::istream& stream, const std::string& name);

/// Takes the next piece of a file.
using Sink = std::function<void(const void* data, size_t size)>;

/// Makes `path` a file of what `fill` gives to its sink. The bytes go to the file path + ".tmp", which is synced and takes the
/// place of the old file, whose mode it keeps. When anything fails, exceptions from `fill` included, the old file is as it was
/// and the new one is gone; one that a killed process left is used by the next call. Calls for one path wait for each other. Of a file of more
/// than 20 MB no more than the last 20 are in the page cache afterwards.
XGRAD_API void replace_file(const std::string& path, const std::function<void(const Sink&)>& fill);

/// What the name of a file ends in while it is written.
inline constexpr const char* kTemporary = ".tmp";

/// Removes what a killed process has left of replacing the file at `path`; a file that is being written, or cannot be removed, stays.
void remove_leftover(const std::string& path) noexcept;

}}}  // namespace torch::xgrad::io
