#include <xgrad/io/archive_format.h>

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/io/numpy/array.h>
#include <xgrad/io/pickle/pickle.h>
#include <xgrad/io/pickle/reader.h>
#include <xgrad/io/zip/reader.h>

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

template <class T> Tensor tensor_of(IntArrayRef shape, const std::vector<T>& values) {
  Tensor t = allocate_tensor(shape, CppTypeToScalarType<T>::value);
  std::copy(values.begin(), values.end(), static_cast<T*>(t.data_ptr()));
  return t;
}
template <class T> Tensor tensor_of(T value) { return tensor_of<T>({}, {value}); }
template <class T> Tensor tensor_of(const std::vector<T>& values) { return tensor_of<T>({static_cast<int64_t>(values.size())}, values); }

template <class T> std::vector<T> values_of(const Tensor& t) {
  const T* p = t.data_ptr<T>();
  return std::vector<T>(p, p + t.numel());
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

// The entries of a value that PyTorch saved: what lies in dictionaries and lists under keys and numbers.
class PickledEntries {
 public:
  PickledEntries(const std::string& name, uint64_t most) : name_(name), left_(most) {}

  ArchiveEntries collect(const IValue& value) {
    if (value.isGenericDict() || value.isTuple() || value.isList()) add_all("", value);
    else add("0", value);  // as save() calls a tensor alone
    return std::move(entries_);
  }

 private:
  void add_all(const std::string& front, const IValue& value) {
    if (value.isGenericDict()) {
      for (const GenericDict::Item& item : value.toGenericDict())
        add(front + (item.key().isInt() ? std::to_string(item.key().toInt()) : item.key().toStringRef()), item.value());
      return;
    }
    const std::vector<IValue> elements = value.isTuple() ? value.toTupleRef().elements() : value.toListRef();
    for (size_t i = 0; i < elements.size(); ++i) add(front + std::to_string(i), elements[i]);
  }

  void add(const std::string& path, const IValue& value) {
    XGRAD_CHECK(left_-- > 0, "[load] ", name_, ": it refers to one value too often");
    const bool is_plain_list = value.isIntList() || value.isDoubleList() || value.isBoolList();
    if (value.isGenericDict() || value.isTuple() || (value.isList() && !is_plain_list)) return add_all(path + '.', value);
    XGRAD_CHECK(entries_.emplace(path, value.isTensor() ? entry_of(value.toTensor(), /*is_buffer=*/false) : entry_of(path, value)).second, "[load] ",
                name_, ": ", path, " appears twice");
  }

  const std::string& name_;
  uint64_t left_;  // how many values there may be
  ArchiveEntries entries_;
};

}  // namespace

bool is_tensor(ArchiveEntry::Kind kind) { return kind == Kind::Parameter || kind == Kind::Buffer; }

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
  std::vector<std::string> readable;
  for (const auto& [path, place] : reader.header().tensors) {
    if (place.stored != ScalarType::Undefined) readable.push_back(path);
    else entries[path] = {Kind::Parameter, {}, false, place.dtype_name};
  }
  for (const auto& [path, tensor] : reader.read(readable)) entries[path] = {Kind::Parameter, tensor, false};
  for (const auto& [key, text] : reader.header().metadata) {
    if (key.compare(0, std::strlen(kKind), kKind) != 0) continue;
    const std::string path = key.substr(std::strlen(kKind));
    const size_t plus = text.find(kRequiresGrad);
    const Kind* kind = nullptr;
    for (const auto& [k, kind_name] : kKindNames)
      if (text.substr(0, plus) == kind_name) kind = &k;
    XGRAD_CHECK(kind, "[load] ", name, ": ", path, ": unknown kind \"", text, "\"");
    const auto found = entries.find(path);
    XGRAD_CHECK(
        has_tensor(*kind) ? found != entries.end() && found->second.tensor.defined() && fits(*kind, found->second.tensor) : found == entries.end(),
        "[load] ", name, ": ", path, ": its tensor cannot be \"", text, "\"");
    ArchiveEntry& entry = entries[path];
    entry.kind = *kind;
    entry.requires_grad = plus != std::string::npos;
    XGRAD_CHECK(!entry.requires_grad || (entry.tensor.defined() && entry.tensor.is_floating_point()), "[load] ", name, ": ", path,
                ": its dtype cannot require a gradient");
  }
  return entries;
}

std::shared_ptr<ArchiveNode> foreign_tree(const io::Source& source) {
  const auto tree_of_pickle = [&](const IValue& value) { return tree_of(PickledEntries(source.name, source.size).collect(value)); };
  if (io::is_legacy_pickle(source)) return tree_of_pickle(io::read_legacy_pickle(source));
  if (!io::ZipReader::recognises(source)) return nullptr;
  const io::ZipReader file(source);
  if (io::is_pickle(file)) return tree_of_pickle(io::read_pickle(file));
  ArchiveEntries entries;
  for (const auto& [path, array] : io::read_arrays(file)) entries[path] = entry_of(array, /*is_buffer=*/false);
  return tree_of(std::move(entries));
}

}}}  // namespace torch::xgrad::serialize
