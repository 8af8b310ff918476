#include <xgrad/autograd/compile/memory_image.h>

#include <algorithm>
#include <cstring>

namespace torch { inline namespace xgrad { namespace compiled {

WrittenMemory::WrittenMemory(const kernels::LaunchList& list) {
  std::vector<Range> all;
  for (const kernels::LaunchList::Entry& e : list.entries())
    for (const kernels::MemoryRange& w : e.writes) {
      if (w.bytes == 0 || list.freed().keeps_at(w.begin)) continue;
      char* const begin = static_cast<char*>(const_cast<void*>(w.begin));
      all.push_back({begin, begin + w.bytes, e.operation, !list.freed().gave_at(w.begin)});
    }
  std::stable_sort(all.begin(), all.end(), [](const Range& a, const Range& b) { return a.begin < b.begin; });
  for (const Range& r : all) {
    if (!ranges_.empty() && r.begin < ranges_.back().end) ranges_.back().end = std::max(ranges_.back().end, r.end);
    else ranges_.push_back(r);
  }
}

WrittenMemory::Image WrittenMemory::read() const {
  size_t bytes = 0;
  for (const Range& r : ranges_) bytes += static_cast<size_t>(r.end - r.begin);
  Image image;
  image.reserve(bytes);
  for (const Range& r : ranges_) image.insert(image.end(), r.begin, r.end);
  return image;
}

void WrittenMemory::write(const Image& image) const {
  const char* from = image.data();
  for (const Range& r : ranges_) {
    std::memcpy(r.begin, from, static_cast<size_t>(r.end - r.begin));
    from += r.end - r.begin;
  }
}

const Operation* WrittenMemory::difference(const Image& image) const {
  const char* from = image.data();
  for (const Range& r : ranges_) {
    if (r.is_older && std::memcmp(r.begin, from, static_cast<size_t>(r.end - r.begin)) != 0) return r.writer;
    from += r.end - r.begin;
  }
  return nullptr;
}

}}}  // namespace torch::xgrad::compiled
