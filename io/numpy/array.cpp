#include <xgrad/io/numpy/array.h>

#include <algorithm>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/elements.h>
#include <xgrad/io/numpy/header.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

// NumPy itself writes headers of a few hundred bytes at most for what tensors can be.
constexpr size_t kLargestNumpyHeader = size_t{1} << 16;

Dims fortran_strides(const Dims& shape) {
  Dims strides(shape.size(), 1);
  for (int i = 1; i < shape.size(); ++i) strides[i] = strides[i - 1] * std::max<int64_t>(shape[i - 1], 1);
  return strides;
}

// True iff the elements lie in Fortran's order and not in C's.
bool is_fortran(const Tensor& t) {
  return !t.is_contiguous() && t.numel() > 0 && t.dim() > 1 &&
         is_contiguous(Dims(std::vector<int64_t>(t.sizes().rbegin(), t.sizes().rend())),
                       Dims(std::vector<int64_t>(t.strides().rbegin(), t.strides().rend())));
}

}  // namespace

Tensor read_array(Stream& stream, const std::string& where) {
  char mark[8];
  XGRAD_CHECK(stream.most_left() >= sizeof mark, where, ": it is truncated, or no .npy");
  stream.read(mark, sizeof mark);
  XGRAD_CHECK(std::string_view(mark, kNumpyMark.size()) == kNumpyMark, where, ": no .npy");
  const int version = mark[6];
  XGRAD_CHECK(version >= 1 && version <= 3 && mark[7] == 0, where, ": version ", version, ".", static_cast<int>(mark[7]),
              " of the format is unknown");
  unsigned char length[4] = {};
  stream.read(length, version == 1 ? 2 : 4);
  const size_t header_size = length[0] | size_t{length[1]} << 8 | size_t{length[2]} << 16 | size_t{length[3]} << 24;
  XGRAD_CHECK(header_size <= kLargestNumpyHeader && header_size <= stream.most_left(), where, ": a header of ", header_size, " bytes is claimed");
  std::string text(header_size, '\0');
  stream.read(text.data(), text.size());
  const NumpyHeader header = parse_numpy_header(text, where);

  uint64_t bytes = elementSize(header.type.stored);
  bool fits = true;
  const bool is_empty = std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end();
  for (const int64_t size : header.shape) fits = fits && !__builtin_mul_overflow(bytes, static_cast<uint64_t>(size), &bytes);
  if (is_empty) bytes = 0;
  XGRAD_CHECK((is_empty || fits) && bytes <= stream.most_left(), where, ": the file is truncated: shape ", header.shape, " is more than the ",
              stream.most_left(), " bytes that are left can hold");
  const Tensor stored = allocate_tensor(Dims{static_cast<int64_t>(bytes / elementSize(header.type.stored))}, header.type.stored);
  char* const data = static_cast<char*>(stored.data_ptr());
  stream.read(data, bytes);
  stream.finish();
  check_elements(data, bytes, stored.dtype(), where);
  if (header.type.high_byte_first) reverse_bytes(data, static_cast<size_t>(stored.numel()), stored.element_size());
  const Tensor elements = header.type.dtype == header.type.stored ? stored : widened_unsigned(stored, header.type.dtype);
  const Dims strides = header.fortran_order && !is_empty ? fortran_strides(header.shape) : contiguous_strides(header.shape);
  return tensor_on(elements.storage(), elements.dtype(), header.shape, strides, 0);
}

ArrayBytes array_bytes(const Tensor& tensor, const std::string& where) {
  XGRAD_CHECK(tensor.defined(), where, ": the tensor is undefined");
  XGRAD_CHECK(!tensor.is_sparse(), where, ": a sparse tensor cannot be saved");
  NumpyHeader header;
  header.type.dtype = tensor.dtype();
  header.fortran_order = is_fortran(tensor);
  header.shape = Dims(tensor.sizes());
  return {numpy_front(header, where), header.fortran_order ? tensor.detach() : contiguous_as(tensor.detach(), tensor.dtype())};
}

}}}  // namespace torch::xgrad::io
