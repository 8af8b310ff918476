#include <xgrad/autograd/kernels/index/zeros_between.h>

#include <cstring>

#include <xgrad/autograd/kernels/index/row_copy.h>
#include <xgrad/autograd/kernels/parallel.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr double kNanosecondsPerByte = 0.02;

class ZerosBetween {
 public:
  explicit ZerosBetween(const Iteration& it) : it_(it), bytes_(it.bytes[0]), inner_(it.axes - 1) {}

  // True iff every step along an axis goes beyond all elements of the axes inside it, and a row of the source is one
  // element or elements side by side: then the array can be written from front to back.
  bool in_one_pass() const {
    int64_t extent = bytes_;
    for (int a = inner_; a >= 0; --a) {
      if (it_.strides[0][a] < extent) return false;
      extent += (it_.sizes[a] - 1) * it_.strides[0][a];
    }
    const int64_t from_step = it_.strides[1][inner_];
    return it_.strides[0][inner_] % bytes_ == 0 && (from_step == 0 || from_step == bytes_);
  }

  // Positions [first, last) along `axis`, of which `to` and `from` are the first, and all up to to + length.
  void write(int axis, char* to, int64_t length, const char* from, int64_t positions) const {
    const int64_t step = it_.strides[0][axis], from_step = it_.strides[1][axis];
    if (axis == inner_) {
      spread_row(bytes_, to, length, step / bytes_, from, from_step, positions);
      return;
    }
    for (int64_t i = 0; i < positions; ++i)
      write(axis + 1, to + i * step, i + 1 < positions ? step : length - i * step, from + i * from_step, it_.sizes[axis + 1]);
  }

 private:
  const Iteration& it_;
  const int64_t bytes_;
  const int inner_;
};

}  // namespace

void write_between_zeros(const Iteration& it, char* array, int64_t length) {
  const ZerosBetween zeros(it);
  if (!zeros.in_one_pass()) {
    std::memset(array, 0, static_cast<size_t>(length));
    copy(it);
    return;
  }
  char* const first = it.pointers[0];
  const int64_t before = first - array, step = it.strides[0][0], n = it.sizes[0];
  std::memset(array, 0, static_cast<size_t>(before));
  const auto write = [&](int64_t begin, int64_t end) {
    const int64_t bytes = end < n ? (end - begin) * step : length - before - begin * step;
    zeros.write(0, first + begin * step, bytes, it.pointers[1] + begin * it.strides[1][0], end - begin);
  };
  const bool alone = static_cast<double>(length) * kNanosecondsPerByte < least_shared_nanoseconds() || num_threads() == 1;
  if (alone) write(0, n);
  else parallel_for(n, it.axes == 1 ? 1024 : 1, write);
}

}}}  // namespace torch::xgrad::kernels
