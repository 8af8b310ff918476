#include <xgrad/io/file.h>
#include <xgrad/io/numpy/array.h>
#include <xgrad/io/numpy/numpy.h>
#include <xgrad/io/utf8.h>
#include <xgrad/io/zip/reader.h>
#include <xgrad/io/zip/writer.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr std::string_view kArrayEnding = ".npy";

}  // namespace

void save_npy(const std::string& path, const Tensor& tensor) {
  const ArrayBytes bytes = array_bytes(tensor, "[save] " + path);
  replace_file(path, [&](const Sink& sink) {
    sink(bytes.front.data(), bytes.front.size());
    sink(bytes.elements.data_ptr(), bytes.elements.nbytes());
  });
}

Tensor load_npy(const std::string& path) {
  const Source source = open_source(path);
  const std::string where = "[load] " + path;
  return read_array(*open_stream(source, 0, source.size, Compression::none, where), where);
}

void save_npz(const std::string& path, const std::map<std::string, Tensor>& tensors, bool compressed) {
  replace_file(path, [&](const Sink& sink) {
    ZipWriter zip(sink);
    for (const auto& [name, tensor] : tensors) {
      XGRAD_CHECK(!name.empty() && name.find('\0') == std::string::npos && is_utf8(name), "[save] ", path,
                  ": names must be UTF-8, not empty and without zero bytes, got \"", name, "\"");
      const ArrayBytes bytes = array_bytes(tensor, detail::concatenate("[save] ", path, ": ", name));
      zip.add(name + std::string(kArrayEnding), {{bytes.front.data(), bytes.front.size()}, {bytes.elements.data_ptr(), bytes.elements.nbytes()}},
              compressed);
    }
    zip.finish();
  });
}

std::map<std::string, Tensor> read_arrays(const ZipReader& file) {
  std::map<std::string, Tensor> arrays;
  for (const std::string& record : file.names()) {
    const size_t size = record.size() < kArrayEnding.size() ? 0 : record.size() - kArrayEnding.size();
    XGRAD_CHECK(size > 0 && record.substr(size) == kArrayEnding, "[load] ", file.name(), ": ", record, " is no .npy");
    arrays[record.substr(0, size)] = read_array(*file.open(record), detail::concatenate("[load] ", file.name(), ": ", record));
  }
  return arrays;
}

std::map<std::string, Tensor> load_npz(const std::string& path, uint64_t most_inflated) {
  Source source = open_source(path);
  XGRAD_CHECK(ZipReader::recognises(source), "[load] ", path, ": no zip file, as a .npz is");
  return read_arrays(ZipReader(std::move(source), most_inflated));
}

}}}  // namespace torch::xgrad::io
