#include <xgrad/data/idx.h>

#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/io/elements.h>
#include <xgrad/io/zip/stream.h>

namespace torch { inline namespace xgrad { namespace data {

namespace {

ScalarType dtype_of(unsigned char type, const std::string& path) {
  switch (type) {
    case 0x08: return kByte;
    case 0x09: return kChar;
    case 0x0b: return kShort;
    case 0x0c: return kInt;
    case 0x0d: return kFloat;
    case 0x0e: return kDouble;
    default: detail::raise<Error>("[read_idx] ", path, ": not an IDX file: unknown type of elements ", static_cast<int>(type));
  }
}

Tensor read_elements(io::Stream& source, const std::string& path) {
  unsigned char magic[4];
  source.read(magic, sizeof magic);
  XGRAD_CHECK(magic[0] == 0 && magic[1] == 0, "[read_idx] ", path, ": not an IDX file: it must begin with two zero bytes");
  const ScalarType dtype = dtype_of(magic[2], path);
  const int axes = magic[3];
  XGRAD_CHECK(axes >= 1 && axes <= 8, "[read_idx] ", path, ": 1 to 8 axes are supported, got ", axes);
  Dims shape(axes, 0);
  uint64_t bytes = elementSize(dtype);
  bool overflow = false, empty = false;
  for (int a = 0; a < axes; ++a) {
    unsigned char size[4];
    source.read(size, sizeof size);
    shape[a] = static_cast<int64_t>(size[0]) << 24 | static_cast<int64_t>(size[1]) << 16 | static_cast<int64_t>(size[2]) << 8 | size[3];
    empty = empty || shape[a] == 0;
    overflow = overflow || __builtin_mul_overflow(bytes, static_cast<uint64_t>(shape[a]), &bytes);
  }
  if (empty) bytes = 0;
  XGRAD_CHECK(empty || (!overflow && bytes <= source.most_left()), "[read_idx] ", path, ": sizes ", shape, " are more than the file can hold");
  Tensor tensor = allocate_tensor(shape, dtype);
  char* const data = static_cast<char*>(tensor.data_ptr());
  source.read(data, bytes);
  source.finish();
  io::reverse_bytes(data, static_cast<size_t>(tensor.numel()), elementSize(dtype));
  return tensor;
}

}  // namespace

Tensor read_idx(const std::string& path) {
  const io::Source source = io::open_source(path);
  char mark[2] = {0, 0};
  if (source.size >= sizeof mark) source.read(0, mark, sizeof mark);
  const bool compressed = mark[0] == '\x1f' && mark[1] == '\x8b';
  return read_elements(*io::open_stream(source, 0, source.size, compressed ? io::Compression::gzip : io::Compression::none, "[read_idx] " + path),
                       path);
}

}}}  // namespace torch::xgrad::data
