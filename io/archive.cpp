#include <xgrad/io/archive.h>

#include <algorithm>
#include <istream>
#include <mutex>
#include <ostream>
#include <unordered_set>

#include <xgrad/io/archive_format.h>

namespace torch { inline namespace xgrad { namespace serialize {

namespace {

using Kind = ArchiveEntry::Kind;

// The node, or where other archives share it, a copy that takes its place here.
ArchiveNode& own(std::shared_ptr<ArchiveNode>& node) {
  if (!node) node = std::make_shared<ArchiveNode>();
  else if (node.use_count() > 1) node = std::make_shared<ArchiveNode>(*node);
  return *node;
}

}  // namespace

// ---- writing

OutputArchive::OutputArchive() : node_(std::make_shared<ArchiveNode>()) {}
OutputArchive::OutputArchive(OutputArchive&& other) noexcept : node_(std::move(other.node_)) {}
OutputArchive& OutputArchive::operator=(OutputArchive&&) noexcept = default;
OutputArchive::~OutputArchive() = default;

OutputArchive OutputArchive::clone() const {
  ArchiveEntries entries = entries_of(node_);
  for (auto& [path, entry] : entries)
    if (entry.tensor.defined()) entry.tensor = entry.tensor.clone();
  OutputArchive copy;
  copy.node_ = tree_of(std::move(entries));
  return copy;
}

ArchiveNode& OutputArchive::writable(const std::string& key) {
  XGRAD_CHECK(!key.empty() && key.find('.') == std::string::npos, "[OutputArchive] a key must not be empty or contain a dot, got \"", key, "\"");
  XGRAD_CHECK(!node_ || !(node_->entries.count(key) || node_->archives.count(key)), "[OutputArchive] ", key, " has been written already");
  return own(node_);
}

void OutputArchive::write(const std::string& key, const Tensor& tensor, bool is_buffer) {
  writable(key).entries.emplace(key, entry_of(tensor, is_buffer));
}

void OutputArchive::write_at(const std::string& path, const Tensor& tensor, bool is_buffer) {
  // All is checked before the first archive is made.
  std::vector<std::string> keys(1);
  for (const char c : path) {
    if (c == '.') keys.emplace_back();
    else keys.back() += c;
  }
  const ArchiveNode* there = node_.get();
  for (const std::string& key : keys) {
    XGRAD_CHECK(!key.empty(), "[OutputArchive] the keys of a path must not be empty, got \"", path, "\"");
    if (!there) continue;
    const auto inner = there->archives.find(key);
    const bool is_archive = inner != there->archives.end();
    XGRAD_CHECK(!there->entries.count(key) && !(is_archive && &key == &keys.back()), "[OutputArchive] ", path, ": ", key,
                " has been written already");
    there = is_archive ? inner->second.get() : nullptr;
  }
  ArchiveEntry entry = entry_of(tensor, is_buffer);
  ArchiveNode* node = &own(node_);
  for (size_t i = 0; i + 1 < keys.size(); ++i) node = &own(node->archives[keys[i]]);
  node->entries.emplace(keys.back(), std::move(entry));
}

void OutputArchive::write(const std::string& key, const IValue& value) {
  if (value.isTensor()) return write(key, value.toTensor());
  writable(key).entries.emplace(key, entry_of(key, value));
}

void OutputArchive::write(const std::string& key, const OutputArchive& nested) {
  const std::shared_ptr<ArchiveNode> inner = nested.node_ ? nested.node_ : std::make_shared<ArchiveNode>();
  writable(key).archives.emplace(key, inner);
}

void OutputArchive::save_to(const std::string& filename) const {
  io::replace_file(filename, [&](const io::Sink& sink) { write_entries(node_, filename, sink); });
}

void OutputArchive::save_to(std::ostream& stream) const {
  write_entries(node_, "the stream",
                [&](const void* data, size_t size) { stream.write(static_cast<const char*>(data), static_cast<std::streamsize>(size)); });
  stream.flush();
  XGRAD_CHECK(stream.good(), "[save] writing to the stream failed");
}

void OutputArchive::save_to(const std::function<size_t(const void*, size_t)>& write) const {
  write_entries(node_, "the function", [&](const void* data, size_t size) {
    XGRAD_CHECK(size == 0 || write(data, size) == size, "[save] the function took fewer bytes than it was given");
  });
}

// ---- reading

// Note: what is read is given away
//
// A large tensor should exist once. So the tensors of a file are handed to their first reader, who may do with them as he likes, and
// who asks again gets what he asks for from the file, which stays open. Where there is no file to go back to, every reader gets a copy.
struct InputArchive::Contents {
  std::string name;
  std::shared_ptr<const ArchiveNode> root = std::make_shared<ArchiveNode>();
  std::shared_ptr<const io::LayoutReader> file;  // null: there is none

  /// The entry has been read. False if that is not news.
  bool note(const ArchiveEntry& entry) const {
    const std::lock_guard lock(mutex);
    return read.insert(&entry).second;
  }

  /// The tensor of an entry of such a kind: the caller's own.
  Tensor take(const ArchiveEntry& entry, const std::string& path) const {
    XGRAD_CHECK(entry.unreadable.empty(), "[load] ", name, ": ", path, ": dtype ", entry.unreadable, " is that of no tensor");
    const bool is_first = note(entry);
    if (!file) return entry.tensor.clone();
    if (is_first) return std::move(entry.tensor);
    return file->read({path}).begin()->second;
  }

  mutable std::mutex mutex;
  mutable std::unordered_set<const ArchiveEntry*> read;
};

InputArchive::InputArchive() : contents_(std::make_shared<Contents>()), node_(contents_->root.get()) {}
InputArchive::InputArchive(const OutputArchive& saved) : InputArchive() { set("the archive", tree_of(entries_of(saved.node_)), nullptr); }
InputArchive::InputArchive(InputArchive&&) noexcept = default;
InputArchive& InputArchive::operator=(InputArchive&&) noexcept = default;
InputArchive::~InputArchive() = default;

void InputArchive::refuse(const char* what, const std::string& key) const {
  detail::raise<Error>("[load] ", contents_->name, ": No such serialized ", what, " '", path_of(*node_), key, "'");
}

bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) const {
  const ArchiveEntry* entry = find_entry(*node_, key);
  if (!entry || !(is_tensor(entry->kind) || entry->kind == Kind::None)) return false;
  if (entry->kind == Kind::None) {
    contents_->note(*entry);
    tensor = Tensor();
    return true;
  }
  const Tensor value = contents_->take(*entry, path_of(*node_) + key);
  if (tensor.defined()) tensor.set_data(value);
  else tensor = value.set_requires_grad(entry->requires_grad);
  return true;
}

bool InputArchive::try_read(const std::string& key, IValue& value) const {
  const ArchiveEntry* entry = find_entry(*node_, key);
  if (!entry) return false;
  if (is_tensor(entry->kind)) {
    value = contents_->take(*entry, path_of(*node_) + key);
  } else {
    value = value_of(*entry);
    contents_->note(*entry);
  }
  return true;
}

bool InputArchive::try_read(const std::string& key, InputArchive& archive) const {
  const ArchiveNode* node = find_archive(*node_, key);
  if (!node) return false;
  archive.contents_ = contents_;
  archive.node_ = node;
  return true;
}

void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) const {
  if (!try_read(key, tensor, is_buffer)) refuse("tensor", key);
}
void InputArchive::read(const std::string& key, IValue& value) const {
  if (!try_read(key, value)) refuse("IValue", key);
}
void InputArchive::read(const std::string& key, InputArchive& archive) const {
  if (!try_read(key, archive)) refuse("submodule", key);
}

std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, entry] : node_->entries) keys.push_back(key);
  for (const auto& [key, archive] : node_->archives) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<std::string> InputArchive::paths() const {
  std::vector<std::string> paths;
  each_entry(*node_, /*marks=*/false, [&](const std::string& path, const ArchiveEntry&) { paths.push_back(path); });
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> InputArchive::unread() const {
  std::vector<std::string> paths;
  const std::lock_guard lock(contents_->mutex);
  each_entry(*node_, /*marks=*/false, [&](const std::string& path, const ArchiveEntry& entry) {
    if (!contents_->read.count(&entry)) paths.push_back(path);
  });
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string InputArchive::describe(const std::string& path) const {
  const ArchiveEntry* const entry = find_entry(*node_, path);
  if (!entry) return find_archive(*node_, path) ? "archive" : "nothing";
  if (!is_tensor(entry->kind)) return value_of(*entry).tagKind();
  if (!entry->unreadable.empty()) return entry->unreadable;
  if (entry->tensor.defined()) return detail::concatenate(entry->tensor);
  const io::TensorPlace& place = contents_->file->readable(path_of(*node_) + path);  // it was given away
  return detail::concatenate(place.dtype, IntArrayRef(place.shape));
}

void InputArchive::set(const std::string& name, std::shared_ptr<const ArchiveNode> root, std::shared_ptr<const io::LayoutReader> file) {
  const auto contents = std::make_shared<Contents>();
  contents->name = name;
  contents->root = std::move(root);
  contents->file = std::move(file);
  contents_ = contents;
  node_ = contents->root.get();
}

void InputArchive::load_from(const std::string& filename, std::optional<Device> device) {
  check_device("load", device.value_or(Device(kCPU)));
  io::Source source = io::open_source(filename);
  if (auto tree = foreign_tree(source)) return set(filename, std::move(tree), nullptr);
  const auto file = std::make_shared<const io::LayoutReader>(std::move(source));
  set(filename, tree_of(read_entries(*file)), file);
}

void InputArchive::load_from(std::istream& stream, std::optional<Device> device) {
  check_device("load", device.value_or(Device(kCPU)));
  const std::vector<char> bytes = io::read_stream(stream, "the stream");
  load(io::memory_source(bytes.data(), bytes.size(), "the stream"));
}

void InputArchive::load_from(const char* data, size_t size, std::optional<Device> device) {
  check_device("load", device.value_or(Device(kCPU)));
  load(io::memory_source(data, size, "the memory block"));
}

void InputArchive::load_from(const std::function<size_t(uint64_t, void*, size_t)>& read, const std::function<size_t()>& size,
                             std::optional<Device> device) {
  check_device("load", device.value_or(Device(kCPU)));
  const auto read_whole = [&](uint64_t position, void* to, size_t n) {
    XGRAD_CHECK(n == 0 || read(position, to, n) == n, "[load] the function gave fewer bytes than it has");
  };
  load({"the function", size(), read_whole, /*concurrent=*/false});
}

void InputArchive::load(io::Source source) {
  const std::string name = source.name;
  if (auto tree = foreign_tree(source)) return set(name, std::move(tree), nullptr);
  set(name, tree_of(read_entries(io::LayoutReader(std::move(source)))), nullptr);
}

}}}  // namespace torch::xgrad::serialize
