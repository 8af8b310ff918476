#include <xgrad/io/archive.h>

#include <algorithm>
#include <cstring>
#include <istream>
#include <mutex>
#include <ostream>
#include <unordered_set>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/io/archive_node.h>
#include <xgrad/io/file.h>
#include <xgrad/io/safetensors_layout.h>

// Note: archives as safetensors
//
// An entry is a tensor of its path's name; what the layout cannot say stands in the metadata under "kind/" and the path:
// "buffer", "int", "string", ..., and "parameter" with "+grad" when it requires a gradient. Undefined tensors and empty
// archives are nothing but such a line. A tensor without one, as in files from other programs, is a parameter.

namespace torch { inline namespace xgrad { namespace serialize {

namespace {

using Kind = ArchiveEntry::Kind;

constexpr const char* kKind = "kind/";
constexpr const char* kRequiresGrad = "+grad";
constexpr std::pair<Kind, const char*> kKindNames[] = {
    {Kind::Parameter, "parameter"}, {Kind::Buffer, "buffer"}, {Kind::Bool, "bool"},      {Kind::Int, "int"},
    {Kind::Double, "double"},       {Kind::String, "string"}, {Kind::BoolList, "bools"}, {Kind::IntList, "ints"},
    {Kind::DoubleList, "doubles"},  {Kind::None, "none"},     {Kind::Archive, "archive"}};

bool has_tensor(Kind kind) { return kind != Kind::None && kind != Kind::Archive; }
bool is_tensor(Kind kind) { return kind == Kind::Parameter || kind == Kind::Buffer; }

template <class T> Tensor tensor_of(IntArrayRef shape, const std::vector<T>& values) {
  Tensor t = allocate_tensor(shape, CppTypeToScalarType<T>::value);
  std::copy(values.begin(), values.end(), static_cast<T*>(t.data_ptr()));
  return t;
}
template <class T> Tensor tensor_of(T value) { return tensor_of<T>({}, {value}); }
template <class T> Tensor tensor_of(const std::vector<T>& values) { return tensor_of<T>({static_cast<int64_t>(values.size())}, values); }

ArchiveEntry entry_of(const Tensor& tensor, bool is_buffer) {
  if (!tensor.defined()) return {};
  return {is_buffer ? Kind::Buffer : Kind::Parameter, tensor.detach(), tensor.requires_grad()};
}

ArchiveEntry entry_of(const std::string& key, const IValue& v) {
  if (v.isNone()) return {};
  if (v.isTensor()) return {Kind::Parameter, v.toTensor(), false};
  if (v.isBool()) return {Kind::Bool, tensor_of<bool>(v.toBool()), false};
  if (v.isInt()) return {Kind::Int, tensor_of<int64_t>(v.toInt()), false};
  if (v.isDouble()) return {Kind::Double, tensor_of<double>(v.toDouble()), false};
  if (v.isBoolList()) return {Kind::BoolList, tensor_of(v.toBoolVector()), false};
  if (v.isIntList()) return {Kind::IntList, tensor_of(v.toIntVector()), false};
  if (v.isDoubleList()) return {Kind::DoubleList, tensor_of(v.toDoubleVector()), false};
  XGRAD_CHECK(v.isString(), "[OutputArchive] ", key, ": a ", v.tagKind(), " cannot be saved as a value");
  const std::string& s = v.toStringRef();
  return {Kind::String, tensor_of(std::vector<uint8_t>(s.begin(), s.end())), false};
}

template <class T> std::vector<T> values_of(const Tensor& t) {
  const T* p = t.data_ptr<T>();
  return std::vector<T>(p, p + t.numel());
}

IValue value_of(const ArchiveEntry& e) {
  switch (e.kind) {
    case Kind::Bool: return *e.tensor.data_ptr<bool>();
    case Kind::Int: return *e.tensor.data_ptr<int64_t>();
    case Kind::Double: return *e.tensor.data_ptr<double>();
    case Kind::BoolList: return values_of<bool>(e.tensor);
    case Kind::IntList: return values_of<int64_t>(e.tensor);
    case Kind::DoubleList: return values_of<double>(e.tensor);
    case Kind::String: {
      const std::vector<uint8_t> bytes = values_of<uint8_t>(e.tensor);
      return std::string(bytes.begin(), bytes.end());
    }
    default: return {};
  }
}

// True iff a tensor can hold a value of this kind.
bool fits(Kind kind, const Tensor& t) {
  const auto is = [&](ScalarType dtype, int64_t axes) { return t.dtype() == dtype && t.dim() == axes; };
  switch (kind) {
    case Kind::Bool: return is(kBool, 0);
    case Kind::Int: return is(kLong, 0);
    case Kind::Double: return is(kDouble, 0);
    case Kind::BoolList: return is(kBool, 1);
    case Kind::IntList: return is(kLong, 1);
    case Kind::DoubleList: return is(kDouble, 1);
    case Kind::String: return is(kByte, 1);
    default: return is_tensor(kind);
  }
}

// The node, or where other archives share it, a copy that takes its place here.
ArchiveNode& own(std::shared_ptr<ArchiveNode>& node) {
  if (!node) node = std::make_shared<ArchiveNode>();
  else if (node.use_count() > 1) node = std::make_shared<ArchiveNode>(*node);
  return *node;
}

// All below `root`, with the marks of empty archives.
ArchiveEntries entries_of(const std::shared_ptr<ArchiveNode>& root) {
  ArchiveEntries entries;
  const auto collect = [&](const std::string& path, const ArchiveEntry& entry) { entries[path] = entry; };
  if (root) each_entry(*root, /*marks=*/true, collect);
  return entries;
}

void write_entries(const std::shared_ptr<ArchiveNode>& root, const std::string& name, const io::Sink& sink) {
  io::NamedTensors tensors;
  io::Metadata metadata;
  for (const auto& [path, entry] : entries_of(root)) {
    if (has_tensor(entry.kind)) tensors[path] = entry.tensor;
    for (const auto& [kind, kind_name] : kKindNames)
      if (kind == entry.kind) metadata[kKind + path] = std::string(kind_name) + (entry.requires_grad ? kRequiresGrad : "");
  }
  io::write_layout(tensors, metadata, name, sink);
}

ArchiveEntries read_entries(const io::LayoutReader& reader) {
  const std::string& name = reader.name();
  ArchiveEntries entries;
  for (const auto& [path, tensor] : reader.read_all()) entries[path] = {Kind::Parameter, tensor, false};
  for (const auto& [key, text] : reader.header().metadata) {
    if (key.compare(0, std::strlen(kKind), kKind) != 0) continue;
    const std::string path = key.substr(std::strlen(kKind));
    const size_t plus = text.find(kRequiresGrad);
    const Kind* kind = nullptr;
    for (const auto& [k, kind_name] : kKindNames)
      if (text.substr(0, plus) == kind_name) kind = &k;
    XGRAD_CHECK(kind, "[load] ", name, ": ", path, ": unknown kind \"", text, "\"");
    const auto found = entries.find(path);
    XGRAD_CHECK(has_tensor(*kind) ? found != entries.end() && fits(*kind, found->second.tensor) : found == entries.end(), "[load] ", name, ": ", path,
                ": its tensor cannot be \"", text, "\"");
    ArchiveEntry& entry = entries[path];
    entry.kind = *kind;
    entry.requires_grad = plus != std::string::npos;
    XGRAD_CHECK(!entry.requires_grad || (entry.tensor.defined() && entry.tensor.is_floating_point()), "[load] ", name, ": ", path,
                ": its dtype cannot require a gradient");
  }
  return entries;
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
  const auto file = std::make_shared<const io::LayoutReader>(io::open_source(filename));
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
  set(name, tree_of(read_entries(io::LayoutReader(std::move(source)))), nullptr);
}

}}}  // namespace torch::xgrad::serialize
