// The tree that an archive is. Internal.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace serialize {

/// One thing in an archive.
struct ArchiveEntry {
  enum class Kind : uint8_t { Parameter, Buffer, Bool, Int, Double, String, BoolList, IntList, DoubleList, None, Archive };
  Kind kind = Kind::None;
  mutable Tensor
      tensor;  ///< a value is held as the tensor of its numbers, or of a string's bytes; undefined for None, Archive and what is given away
  bool requires_grad = false;
  std::string unreadable = {};  ///< the dtype of a tensor that cannot be read, as the file names it
};

/// Entries by their path: the keys of the archives that lead to them, joined by dots. An archive is marked by an entry
/// of its own only where it is empty.
using ArchiveEntries = std::map<std::string, ArchiveEntry>;

/// The entries and the archives of one archive by key. A path of keys is as long as the tree is deep, so paths are made only for files
/// and texts.
struct ArchiveNode {
  ArchiveNode() = default;
  /// The entries and archives of `other`, which are shared.
  ArchiveNode(const ArchiveNode& other) : entries(other.entries), archives(other.archives) {}
  ArchiveNode& operator=(const ArchiveNode&) = delete;
  /// Without recursion: a tree may be deeper than a thread's stack.
  ~ArchiveNode();

  std::map<std::string, ArchiveEntry, std::less<>> entries;
  std::map<std::string, std::shared_ptr<ArchiveNode>, std::less<>> archives;
  // In a tree that was read: the archive that holds this one, and its key there.
  const ArchiveNode* parent = nullptr;
  const std::string* key = nullptr;
};

/// The tree of these entries.
std::shared_ptr<ArchiveNode> tree_of(ArchiveEntries entries);

/// Calls visit(path, entry) for all below `root`, with the marks of empty archives if `marks`.
void each_entry(const ArchiveNode& root, bool marks, const std::function<void(const std::string&, const ArchiveEntry&)>& visit);

/// The archive at `path` below `root`, keys joined by dots; null if there is none.
const ArchiveNode* find_archive(const ArchiveNode& root, std::string_view path);
const ArchiveEntry* find_entry(const ArchiveNode& root, std::string_view path);

/// The path of a node in a tree that was read, with a dot at its end unless it is the root.
std::string path_of(const ArchiveNode& node);

}}}  // namespace torch::xgrad::serialize
