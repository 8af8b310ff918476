#include <xgrad/io/safetensors.h>

#include <algorithm>
#include <cstdio>
#include <cstring>

#include <zlib.h>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/safetensors_header.h>
#include <xgrad/io/safetensors_layout.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr uint64_t kLargestHeader = 100'000'000;
constexpr const char* kChecksum = "crc32/";

std::string checksum_of(const void* data, size_t size) {
  char digits[9];
  std::snprintf(digits, sizeof digits, "%08lx", crc32_z(0, static_cast<const Bytef*>(data), size));
  return digits;
}

bool is_reserved(const std::string& key) {
  return key == "format" || key == "version" || key == "crc32" || key.compare(0, std::strlen(kChecksum), kChecksum) == 0;
}

struct Named {
  std::string name;
  Tensor tensor;  // row-major
};

// In the order of the file: wide elements first, so that all are aligned without gaps.
std::vector<Named> arranged(const NamedTensors& tensors, const std::string& file) {
  std::vector<Named> list;
  for (const auto& [name, tensor] : tensors) {
    XGRAD_CHECK(tensor.defined(), "[save] ", file, ": ", name, ": the tensor is undefined");
    XGRAD_CHECK(name != "__metadata__", "[save] ", file, ": a tensor must not be named __metadata__");
    list.push_back({name, contiguous_as(tensor.detach(), tensor.dtype())});
  }
  std::stable_sort(list.begin(), list.end(), [](const Named& a, const Named& b) { return a.tensor.element_size() > b.tensor.element_size(); });
  return list;
}

void check_covered(const Header& header, uint64_t available, const std::string& file) {
  std::vector<std::pair<const TensorPlace*, const std::string*>> places;
  for (const auto& [name, place] : header.tensors) places.emplace_back(&place, &name);
  std::sort(places.begin(), places.end(),
            [](const auto& a, const auto& b) { return std::pair(a.first->begin, a.first->end) < std::pair(b.first->begin, b.first->end); });
  uint64_t at = 0;
  for (const auto& [place, name] : places) {
    XGRAD_CHECK(place->begin == at, "[load] ", file, ": ", *name, ": begins at byte ", place->begin, " where ", at,
                " is expected: ", place->begin < at ? "tensors overlap" : "there is a hole");
    at = place->end;
    XGRAD_CHECK(at <= available, "[load] ", file, ": ", *name, ": the file is truncated: ", available, " bytes of elements where ", at,
                " are needed");
  }
  XGRAD_CHECK(at == available, "[load] ", file, ": ", available - at, " bytes follow the last tensor");
}

Tensor read_tensor(const std::string& name, const TensorPlace& place, const char* data, const Metadata& metadata, const std::string& file) {
  const size_t size = place.end - place.begin;
  if (const auto stored = metadata.find(kChecksum + name); stored != metadata.end())
    XGRAD_CHECK(checksum_of(data, size) == stored->second, "[load] ", file, ": ", name, ": the elements are damaged: their checksum differs");
  if (place.dtype == kBool)
    XGRAD_CHECK(std::all_of(data, data + size, [](char c) { return c == 0 || c == 1; }), "[load] ", file, ": ", name, ": a bool is neither 0 nor 1");
  Tensor tensor = allocate_tensor(place.shape, place.dtype);
  if (size > 0) std::memcpy(tensor.data_ptr(), data, size);
  return tensor;
}

}  // namespace

void write_layout(const NamedTensors& tensors, const Metadata& metadata, const std::string& name, const Sink& sink) {
  const std::vector<Named> list = arranged(tensors, name);
  Header header;
  header.metadata = metadata;
  uint64_t at = 0;
  for (const Named& n : list) {
    header.tensors[n.name] = {n.tensor.dtype(), n.tensor.sizes().vec(), at, at + n.tensor.nbytes()};
    header.metadata[kChecksum + n.name] = checksum_of(n.tensor.data_ptr(), n.tensor.nbytes());
    at += n.tensor.nbytes();
  }
  const std::string text = header_text(header, name);
  XGRAD_CHECK(text.size() <= kLargestHeader, "[save] ", name, ": the header would have ", text.size(), " bytes, more than ", kLargestHeader);
  unsigned char length[8];
  for (int i = 0; i < 8; ++i) length[i] = static_cast<unsigned char>(text.size() >> (8 * i));
  sink(length, sizeof length);
  sink(text.data(), text.size());
  for (const Named& n : list) sink(n.tensor.data_ptr(), n.tensor.nbytes());
}

NamedTensors read_layout(const char* bytes, size_t size, const std::string& name, Metadata* metadata) {
  XGRAD_CHECK(size >= 8, "[load] ", name, ": the file is truncated: ", size, " bytes");
  uint64_t length = 0;
  for (int i = 0; i < 8; ++i) length |= static_cast<uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  XGRAD_CHECK(length <= std::min<uint64_t>(kLargestHeader, size - 8), "[load] ", name, ": a header of ", static_cast<unsigned long long>(length),
              " bytes is claimed in a file of ", size, ": not a safetensors file, or truncated");
  Header header = parse_header({bytes + 8, length}, name);
  const char* const elements = bytes + 8 + length;
  check_covered(header, size - 8 - length, name);
  NamedTensors tensors;
  for (const auto& [key, place] : header.tensors) tensors[key] = read_tensor(key, place, elements + place.begin, header.metadata, name);
  if (metadata) *metadata = std::move(header.metadata);
  return tensors;
}

void save_safetensors(const std::string& path, const NamedTensors& tensors, const Metadata& metadata) {
  for (const auto& [key, value] : metadata) XGRAD_CHECK(!is_reserved(key), "[save] ", path, ": the metadata name ", key, " is reserved");
  replace_file(path, [&](const Sink& sink) { write_layout(tensors, metadata, path, sink); });
}

NamedTensors load_safetensors(const std::string& path, Metadata* metadata) {
  const std::vector<char> bytes = read_file(path);
  return read_layout(bytes.data(), bytes.size(), path, metadata);
}

}}}  // namespace torch::xgrad::io
