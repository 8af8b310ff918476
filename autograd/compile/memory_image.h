// The bytes that launches leave, kept to be put back or compared.
#pragma once

#include <vector>

#include <xgrad/autograd/kernels/launch_list.h>

namespace torch { inline namespace xgrad { namespace compiled {

/// Where a list of launches writes, but for memory that was freed while it was recorded.
class WrittenMemory {
 public:
  explicit WrittenMemory(const kernels::LaunchList& list);

  using Image = std::vector<char>;
  Image read() const;
  void write(const Image& image) const;
  /// The operation that was the first to write where memory and image differ, in memory older than the recording; null if they don't.
  const Operation* difference(const Image& image) const;

 private:
  struct Range {
    char* begin;
    char* end;
    const Operation* writer;
    bool is_older;
  };
  std::vector<Range> ranges_;  // disjoint
};

}}}  // namespace torch::xgrad::compiled
