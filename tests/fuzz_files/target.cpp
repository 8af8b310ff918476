// One file, as libFuzzer makes it up, given to the readers of io. The variable FORMAT names the reader: safetensors, archive (anything that load()
// takes), zip, npy, or pickle, for which the input is the pickle in a file of PyTorch's, since a checksum would keep changed ones out.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/io/archive.h>
#include <xgrad/io/numpy/array.h>
#include <xgrad/io/pickle/pickle.h>
#include <xgrad/io/safetensors/layout.h>
#include <xgrad/io/zip/reader.h>
#include <xgrad/io/zip/writer.h>

using namespace xgrad;

namespace {

constexpr uint64_t kMostInflated = uint64_t{1} << 20;

// Every element, by its strides: memory that is not the tensor's is found.
uint64_t touch(const Tensor& t) {
  uint64_t sum = 0;
  std::vector<int64_t> index(static_cast<size_t>(t.dim()), 0);
  const auto* const data = static_cast<const unsigned char*>(t.data_ptr());
  for (int64_t i = 0; i < t.numel(); ++i) {
    int64_t at = 0;
    for (size_t a = 0; a < index.size(); ++a) at += index[a] * t.stride(static_cast<int64_t>(a));
    for (size_t b = 0; b < t.element_size(); ++b) sum += data[static_cast<size_t>(at) * t.element_size() + b];
    for (size_t a = index.size(); a-- > 0 && ++index[a] == t.size(static_cast<int64_t>(a));) index[a] = 0;
  }
  return sum;
}

uint64_t touch(const IValue& value) {
  if (value.isTensor()) return touch(value.toTensor());
  if (value.isString()) return value.toStringRef().size();
  return 1;
}

io::Source as_source(const std::vector<char>& bytes) { return io::memory_source(bytes.data(), bytes.size(), "the file"); }

void read_safetensors(const std::vector<char>& bytes) {
  const io::LayoutReader reader(as_source(bytes));
  for (const auto& [name, place] : reader.header().tensors) try {
      touch(reader.read({name}).begin()->second);
    } catch (const Error&) {}
}

void read_archive(const std::vector<char>& bytes) {
  serialize::InputArchive archive;
  archive.load_from(bytes.data(), bytes.size());
  for (const std::string& path : archive.paths()) try {
      IValue value;
      archive.read(path, value);
      touch(value);
    } catch (const Error&) {}
}

void read_zip(const std::vector<char>& bytes) {
  const io::ZipReader zip(as_source(bytes), kMostInflated);
  for (const std::string& name : zip.names()) try {
      std::vector<char> record(zip.size_of(name));
      zip.read(name, record.data());
    } catch (const Error&) {}
}

void read_npy(const std::vector<char>& bytes) {
  const io::Source source = as_source(bytes);
  touch(io::read_array(*io::open_stream(source, 0, source.size, io::Compression::none, "[load] the file"), "[load] the file"));
}

void read_pickle(const std::vector<char>& bytes) {
  std::vector<char> file;
  io::ZipWriter zip(
      [&](const void* data, size_t size) { file.insert(file.end(), static_cast<const char*>(data), static_cast<const char*>(data) + size); });
  const float elements[] = {1, 2, 3, 4};
  zip.add("a/data/0", elements, sizeof elements);
  zip.add("a/data.pkl", bytes.data(), bytes.size());
  zip.finish();
  touch(pickle_load(file));
}

using Reader = void (*)(const std::vector<char>&);
Reader chosen_reader() {
  const char* const format = std::getenv("FORMAT");
  const std::pair<const char*, Reader> readers[] = {
      {"safetensors", read_safetensors}, {"archive", read_archive}, {"zip", read_zip}, {"npy", read_npy}, {"pickle", read_pickle}};
  for (const auto& [name, reader] : readers)
    if (format && std::strcmp(format, name) == 0) return reader;
  std::fprintf(stderr, "FORMAT must be safetensors, archive, zip, npy or pickle\n");
  std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Reader read = chosen_reader();
  try {
    read({data, data + size});
  } catch (const Error& error) {
    if (error.what()[0] != '[') std::abort();  // every refusal says who refuses
  }
  return 0;
}
