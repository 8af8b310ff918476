// The two kinds of files that torch.save writes.
//
// Since PyTorch 1.6 it is a zip file: the pickle is a record, and every storage one of its own. Before that it was five pickles, a number that
// marks the file, the format's version, a dictionary about the machine, the value, and the keys of its storages; then, in the order of these
// keys, each storage's number of elements and the elements.
#include <algorithm>
#include <map>
#include <string_view>

#include <xgrad/io/elements.h>
#include <xgrad/io/pickle/pickle.h>
#include <xgrad/io/pickle/reader.h>
#include <xgrad/io/zip/reader.h>

namespace torch { inline namespace xgrad {

namespace {

constexpr std::string_view kPickleRecord = "data.pkl";
// 0x1950a86a20f9469cfc6c, as pickles have integers.
constexpr std::string_view kLegacyMark("\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 13);
constexpr int64_t kLegacyVersion = 1001;

Storage no_storage(const std::string& key, ScalarType, uint64_t) { detail::raise<Error>("[load] a storage ", key, " where there is none"); }

// Storages of a file whose elements follow the pickle: first promised, then read.
class PromisedStorages {
 public:
  explicit PromisedStorages(const io::Source& source) : source_(source) {}

  Storage promise(const std::string& key, ScalarType dtype, uint64_t numel) {
    const uint64_t bytes = numel * elementSize(dtype);
    XGRAD_CHECK(numel <= source_.size && bytes <= source_.size - promised_, "[load] ", source_.name, ": storage ", key, ": ", numel,
                " elements are claimed, more than the file can hold");
    promised_ += bytes;
    return storages_.emplace(key, Promised{Storage::allocate(bytes), dtype, false}).first->second.storage;
  }

  /// Reads what the keys name from `position` on. Throws unless that is every storage once, and the file ends there.
  void fulfil(const std::vector<IValue>& keys, uint64_t position) {
    for (const IValue& key : keys) {
      const auto found = storages_.find(key.toStringRef());
      XGRAD_CHECK(found != storages_.end() && !found->second.is_read, "[load] ", source_.name, ": storage ", key.toStringRef(),
                  " is not needed, or stands in the file twice");
      Promised& storage = found->second;
      const std::string where = detail::concatenate("[load] ", source_.name, ": storage ", found->first);
      unsigned char number[8];
      XGRAD_CHECK(source_.size - position >= sizeof number, where, ": the file is truncated");
      source_.read(position, number, sizeof number);
      position += sizeof number;
      uint64_t numel = 0;
      for (size_t i = sizeof number; i-- > 0;) numel = numel << 8 | number[i];
      const uint64_t bytes = storage.storage.nbytes();
      XGRAD_CHECK(numel == bytes / elementSize(storage.dtype), where, ": it has ", numel, " elements where ", bytes / elementSize(storage.dtype),
                  " are claimed");
      XGRAD_CHECK(source_.size - position >= bytes, where, ": the file is truncated");
      if (bytes > 0) source_.read(position, storage.storage.data(), bytes);
      io::check_elements(storage.storage.data(), bytes, storage.dtype, where);
      storage.is_read = true;
      position += bytes;
    }
    for (const auto& [key, storage] : storages_) XGRAD_CHECK(storage.is_read, "[load] ", source_.name, ": storage ", key, " is missing");
    XGRAD_CHECK(position == source_.size, "[load] ", source_.name, ": ", source_.size - position, " bytes follow the last storage");
  }

 private:
  struct Promised {
    Storage storage;
    ScalarType dtype;
    bool is_read;
  };
  const io::Source& source_;
  uint64_t promised_ = 0;
  std::map<std::string, Promised> storages_;
};

}  // namespace

bool io::is_legacy_pickle(const Source& source) {
  // The operation that names the version stands in front, and from version 4 on the length of a frame.
  char front[2 + 9 + kLegacyMark.size()];
  const size_t n = static_cast<size_t>(std::min<uint64_t>(source.size, sizeof front));
  source.read(0, front, n);
  return n > 0 && front[0] == '\x80' && std::string_view(front, n).find(kLegacyMark) != std::string_view::npos;
}

IValue io::read_legacy_pickle(const Source& source) {
  char front[2 + 9 + kLegacyMark.size()];
  source.read(0, front, std::min<uint64_t>(source.size, sizeof front));
  const Pickled version = read_one_pickle(source, std::string_view(front, sizeof front).find(kLegacyMark) + kLegacyMark.size(), no_storage);
  XGRAD_CHECK(version.value.isInt() && version.value.toInt() == kLegacyVersion, "[load] ", source.name,
              ": an unknown version of PyTorch's old format");
  const Pickled machine = read_one_pickle(source, version.end, no_storage);
  if (machine.value.isGenericDict() && machine.value.toGenericDict().contains("little_endian")) {
    const IValue little = machine.value.toGenericDict().at("little_endian");
    XGRAD_CHECK(little.isBool() && little.toBool(), "[load] ", source.name, ": its numbers have the high byte first");
  }
  PromisedStorages storages(source);
  const Pickled value = read_one_pickle(
      source, machine.end, [&](const std::string& key, ScalarType dtype, uint64_t numel) { return storages.promise(key, dtype, numel); });
  const Pickled keys = read_one_pickle(source, value.end, no_storage);
  XGRAD_CHECK(keys.value.isList(), "[load] ", source.name, ": the keys of its storages are no list");
  storages.fulfil(keys.value.toListRef(), keys.end);
  return value.value;
}

bool io::is_pickle(const ZipReader& file) {
  const std::vector<std::string> names = file.names();
  return std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.substr(name.find('/') + 1) == kPickleRecord; });
}

IValue io::read_pickle(const ZipReader& file) {
  for (const std::string& record : file.names()) {
    const size_t slash = record.find('/') + 1;
    if (slash == 0 || record.substr(slash) != kPickleRecord) continue;
    const std::string folder = record.substr(0, slash), order = folder + "byteorder";
    std::string little(file.has(order) ? file.size_of(order) : 0, '\0');
    if (!little.empty()) file.read(order, little.data());
    XGRAD_CHECK(little.empty() || little == "little", "[load] ", file.name(), ": its numbers have the byte order \"", little, "\"");

    std::string text(file.size_of(record), '\0');
    file.read(record, text.data());
    const auto find_storage = [&](const std::string& key, ScalarType dtype, uint64_t) {
      const std::string elements = folder + "data/" + key;
      const Storage storage = Storage::allocate(file.size_of(elements));
      file.read(elements, storage.data());
      check_elements(storage.data(), storage.nbytes(), dtype, detail::concatenate("[load] ", file.name(), ": ", elements));
      return storage;
    };
    return read_one_pickle(memory_source(text.data(), text.size(), file.name()), 0, find_storage).value;
  }
  detail::raise<Error>("[load] ", file.name(), ": a zip file without data.pkl");
}

IValue pickle_load(const std::vector<char>& data) {
  const io::Source source = io::memory_source(data.data(), data.size(), "the pickle");
  if (io::is_legacy_pickle(source)) return io::read_legacy_pickle(source);
  XGRAD_CHECK(io::ZipReader::recognises(source),
              "[load] the pickle is neither a zip file, as torch.save writes since PyTorch 1.6, nor of the format before");
  return io::read_pickle(io::ZipReader(source));
}

}}  // namespace torch::xgrad
