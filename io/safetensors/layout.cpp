#include <xgrad/io/safetensors.h>

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/crc32.h>
#include <xgrad/io/elements.h>
#include <xgrad/io/safetensors/layout.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

constexpr uint64_t kLargestHeader = 100'000'000;
constexpr const char* kChecksum = "crc32/";

// What is read and checked at once: it stays in a core's cache between the two.
constexpr size_t kBite = size_t{1} << 18;
// What one thread does at a time.
constexpr size_t kPiece = size_t{1} << 22;

// A piece of a tensor and its checksum.
struct Piece {
  size_t tensor;
  size_t begin, size;
  uint32_t checksum = 0;
};

std::vector<Piece> pieces_of(const std::vector<Tensor>& tensors) {
  std::vector<Piece> pieces;
  for (size_t i = 0; i < tensors.size(); ++i)
    for (size_t at = 0; at < tensors[i].nbytes(); at += kPiece) pieces.push_back({i, at, std::min(kPiece, tensors[i].nbytes() - at)});
  return pieces;
}

// The checksums of the tensors as text.
std::vector<std::string> checksums_of(const std::vector<Piece>& pieces, size_t tensors) {
  std::vector<uint32_t> sums(tensors, 0);
  for (const Piece& piece : pieces) sums[piece.tensor] = crc32_joined(sums[piece.tensor], piece.checksum, piece.size);
  std::vector<std::string> texts;
  for (const uint32_t sum : sums) texts.push_back(checksum_text(sum));
  return texts;
}

template <class Work> void for_pieces(std::vector<Piece>& pieces, bool concurrent, const Work& work) {
  const int64_t n = static_cast<int64_t>(pieces.size());
  parallel_for(0, n, concurrent ? 1 : std::max<int64_t>(n, 1), [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i) work(pieces[static_cast<size_t>(i)]);
  });
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

}  // namespace

void write_layout(const NamedTensors& tensors, const Metadata& metadata, const std::string& name, const Sink& sink) {
  const std::vector<Named> list = arranged(tensors, name);
  std::vector<Tensor> elements;
  for (const Named& n : list) elements.push_back(n.tensor);
  std::vector<Piece> pieces = pieces_of(elements);
  for_pieces(pieces, /*concurrent=*/true, [&](Piece& piece) {
    piece.checksum = crc32_of(0, static_cast<const char*>(elements[piece.tensor].data_ptr()) + piece.begin, piece.size);
  });
  const std::vector<std::string> checksums = checksums_of(pieces, list.size());

  Header header;
  header.metadata = metadata;
  uint64_t at = 0;
  for (size_t i = 0; i < list.size(); ++i) {
    const Tensor& t = list[i].tensor;
    header.tensors[list[i].name] = {{}, t.dtype(), t.dtype(), t.sizes().vec(), at, at + t.nbytes()};
    header.metadata[kChecksum + list[i].name] = checksums[i];
    at += t.nbytes();
  }
  const std::string text = header_text(header, name);
  XGRAD_CHECK(text.size() <= kLargestHeader, "[save] ", name, ": the header would have ", text.size(), " bytes, more than ", kLargestHeader);
  unsigned char length[8];
  for (int i = 0; i < 8; ++i) length[i] = static_cast<unsigned char>(text.size() >> (8 * i));
  sink(length, sizeof length);
  sink(text.data(), text.size());
  for (const Named& n : list) sink(n.tensor.data_ptr(), n.tensor.nbytes());
}

LayoutReader::LayoutReader(Source source) : source_(std::move(source)) {
  XGRAD_CHECK(source_.size >= 8, "[load] ", name(), ": the file is truncated: ", source_.size, " bytes");
  unsigned char bytes[8];
  source_.read(0, bytes, sizeof bytes);
  uint64_t length = 0;
  for (int i = 0; i < 8; ++i) length |= static_cast<uint64_t>(bytes[i]) << (8 * i);
  XGRAD_CHECK(length <= std::min<uint64_t>(kLargestHeader, source_.size - 8), "[load] ", name(), ": a header of ",
              static_cast<unsigned long long>(length), " bytes is claimed in a file of ", source_.size, ": not a safetensors file, or truncated");
  std::string text(length, '\0');
  source_.read(8, text.data(), text.size());
  header_ = parse_header(text, name());
  elements_ = 8 + length;
  check_covered(header_, source_.size - elements_, name());
}

const TensorPlace& LayoutReader::readable(const std::string& key) const {
  const auto found = header_.tensors.find(key);
  XGRAD_CHECK(found != header_.tensors.end(), "[load] ", name(), ": there is no tensor ", key);
  XGRAD_CHECK(found->second.stored != ScalarType::Undefined, "[load] ", name(), ": ", key, ": dtype ", found->second.dtype_name,
              " is that of no tensor");
  return found->second;
}

Tensor LayoutReader::map(const std::string& key) const {
  const TensorPlace& place = readable(key);
  const size_t bytes = static_cast<size_t>(place.end - place.begin);
  // A bool must be looked at, and numbers stand where the processor wants them.
  const bool is_plain = place.dtype == place.stored && place.dtype != kBool && (elements_ + place.begin) % elementSize(place.dtype) == 0;
  if (!is_plain || bytes == 0 || !source_.map) return read({key}).begin()->second;
  std::shared_ptr<char> file;
  {
    const std::lock_guard lock(mapping_);
    if (!mapped_) mapped_ = source_.map();
    file = mapped_;
  }
  const Dims shape(place.shape);
  char* const data = file.get() + elements_ + place.begin;
  return tensor_on(Storage::foreign(data, bytes, [file](void*) {}), place.dtype, shape, contiguous_strides(shape), 0);
}

NamedTensors LayoutReader::read_all() const {
  std::vector<std::string> names;
  for (const auto& [key, place] : header_.tensors) names.push_back(key);
  return read(names);
}

NamedTensors LayoutReader::read(const std::vector<std::string>& names) const {
  std::vector<const TensorPlace*> places;
  std::vector<Tensor> tensors;
  for (const std::string& key : names) places.push_back(&readable(key));
  for (const TensorPlace* place : places) tensors.push_back(allocate_tensor(place->shape, place->stored));
  std::vector<Piece> pieces = pieces_of(tensors);
  for_pieces(pieces, source_.concurrent, [&](Piece& piece) {
    char* const to = static_cast<char*>(tensors[piece.tensor].data_ptr()) + piece.begin;
    for (size_t at = 0; at < piece.size; at += kBite) {
      const size_t bite = std::min(kBite, piece.size - at);
      source_.read(elements_ + places[piece.tensor]->begin + piece.begin + at, to + at, bite);
      piece.checksum = crc32_of(piece.checksum, to + at, bite);
    }
  });

  const std::vector<std::string> checksums = checksums_of(pieces, names.size());
  NamedTensors read;
  for (size_t i = 0; i < names.size(); ++i) {
    const auto stored = header_.metadata.find(kChecksum + names[i]);
    XGRAD_CHECK(stored == header_.metadata.end() || checksums[i] == stored->second, "[load] ", name(), ": ", names[i],
                ": the elements are damaged: their checksum differs");
    check_elements(tensors[i].data_ptr(), tensors[i].nbytes(), tensors[i].dtype(), detail::concatenate("[load] ", name(), ": ", names[i]));
    const ScalarType dtype = places[i]->dtype;
    read.emplace(names[i], dtype == tensors[i].dtype() ? std::move(tensors[i]) : widened_unsigned(tensors[i], dtype));
  }
  return read;
}

void save_safetensors(const std::string& path, const NamedTensors& tensors, const Metadata& metadata) {
  for (const auto& [key, value] : metadata) XGRAD_CHECK(!is_reserved(key), "[save] ", path, ": the metadata name ", key, " is reserved");
  replace_file(path, [&](const Sink& sink) { write_layout(tensors, metadata, path, sink); });
}

NamedTensors load_safetensors(const std::string& path, Metadata* metadata) {
  const LayoutReader reader(open_source(path));
  NamedTensors tensors = reader.read_all();
  if (metadata) *metadata = reader.header().metadata;
  return tensors;
}

}}}  // namespace torch::xgrad::io
