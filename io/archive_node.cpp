#include <xgrad/io/archive_node.h>

#include <algorithm>
#include <new>
#include <utility>
#include <vector>

namespace torch { inline namespace xgrad { namespace serialize {

ArchiveNode::~ArchiveNode() {
  if (archives.empty()) return;
  try {
    std::vector<decltype(archives)> left(1);
    for (left[0].swap(archives); !left.empty();) {
      const auto next = std::move(left.back());
      left.pop_back();
      for (const auto& [key, archive] : next)
        if (archive.use_count() == 1 && !archive->archives.empty()) left.emplace_back().swap(archive->archives);
    }
  } catch (const std::bad_alloc&) {  // they end one inside the other
  }
}

std::shared_ptr<ArchiveNode> tree_of(ArchiveEntries entries) {
  const auto root = std::make_shared<ArchiveNode>();
  for (auto& [path, entry] : entries) {
    const bool is_archive = entry.kind == ArchiveEntry::Kind::Archive;
    ArchiveNode* node = root.get();
    size_t begin = 0;
    for (size_t dot; (dot = std::min(path.find('.', begin), path.size())) < path.size() || is_archive; begin = dot + 1) {
      const auto [place, added] = node->archives.try_emplace(path.substr(begin, dot - begin));
      if (added) {
        place->second = std::make_shared<ArchiveNode>();
        place->second->parent = node;
        place->second->key = &place->first;
      }
      node = place->second.get();
      if (dot == path.size()) break;
    }
    if (!is_archive) node->entries.emplace(path.substr(begin), std::move(entry));
  }
  return root;
}

void each_entry(const ArchiveNode& root, bool marks, const std::function<void(const std::string&, const ArchiveEntry&)>& visit) {
  struct Place {
    const ArchiveNode* node;
    decltype(node->archives)::const_iterator next;
    size_t path_size;
  };
  std::string path;
  std::vector<Place> way;
  const auto enter = [&](const ArchiveNode& node) {
    const size_t size = path.size();
    way.push_back({&node, node.archives.begin(), size});
    for (const auto& [key, entry] : node.entries) {
      visit(path += key, entry);
      path.resize(size);
    }
    if (marks && way.size() > 1 && node.entries.empty() && node.archives.empty())
      visit(path.substr(0, size - 1), {ArchiveEntry::Kind::Archive, {}, false});
  };
  for (enter(root); !way.empty();) {
    Place& here = way.back();
    path.resize(here.path_size);
    if (here.next == here.node->archives.end()) {
      way.pop_back();
      continue;
    }
    const auto& [key, archive] = *here.next++;
    path += key;
    path += '.';
    enter(*archive);
  }
}

const ArchiveNode* find_archive(const ArchiveNode& root, std::string_view path) {
  const ArchiveNode* node = &root;
  while (true) {
    const size_t dot = path.find('.');
    const auto found = node->archives.find(path.substr(0, dot));
    if (found == node->archives.end()) return nullptr;
    node = found->second.get();
    if (dot == std::string_view::npos) return node;
    path.remove_prefix(dot + 1);
  }
}

const ArchiveEntry* find_entry(const ArchiveNode& root, std::string_view path) {
  const size_t dot = path.rfind('.');
  const ArchiveNode* const node = dot == std::string_view::npos ? &root : find_archive(root, path.substr(0, dot));
  if (!node) return nullptr;
  const auto found = node->entries.find(path.substr(dot == std::string_view::npos ? 0 : dot + 1));
  return found == node->entries.end() ? nullptr : &found->second;
}

std::string path_of(const ArchiveNode& node) {
  std::vector<const std::string*> keys;
  for (const ArchiveNode* n = &node; n->parent; n = n->parent) keys.push_back(n->key);
  std::string path;
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) path += **key + ".";
  return path;
}

}}}  // namespace torch::xgrad::serialize
