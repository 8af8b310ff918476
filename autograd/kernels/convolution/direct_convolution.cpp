#include <xgrad/autograd/kernels/convolution/direct_convolution.h>

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>
#include <xgrad/autograd/kernels/convolution/window.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kWindowBytes = 256 << 10;  // that a task copies at once, if a line of positions needs no more
constexpr int64_t kBlockBytes = 16 << 10;    // of sums at once
constexpr double kProductsPerNanosecond = 30;

// Sums of one set of taps: positions o along each axis go to places first + step * o of the result.
struct Sums {
  WindowAxis axes[3];
  int64_t first[3], step[3], size[3];  // of the result
};

template <class T> struct Operands {
  int64_t batch, groups, channels, rows;  // of the image and of the result, in a group
  const T *image, *w, *bias;
  int64_t w_row, w_channel;
  int64_t kernel[3];
  T* result;
};

template <class T> class Correlator {
 public:
  Correlator(const Sums& sums, const Operands<T>& o)
      : sums_(sums), o_(o), window_{sums.axes, {}}, loops_(convolution_loops<T>()), w_at_(taps()), x_at_(taps()) {
    choose_block();
    int64_t tap = 0;
    for (const Tap& d : axis(0).taps)
      for (const Tap& h : axis(1).taps)
        for (const Tap& w : axis(2).taps) {
          w_at_[static_cast<size_t>(tap)] = (d.index * o_.kernel[1] + h.index) * o_.kernel[2] + w.index;
          x_at_[static_cast<size_t>(tap++)] = window_.offset(d, h, w);
        }
  }

  void run() {
    const int64_t tasks = o_.batch * o_.groups * blocks(0) * blocks(1) * blocks(2);
    const double products = static_cast<double>(o_.rows * o_.channels * static_cast<int64_t>(taps())) *
                            static_cast<double>(window_.block[0] * window_.block[1] * window_.block[2]);
    const auto grain = static_cast<int64_t>(kParallelNanoseconds * kProductsPerNanosecond / (products + 1)) + 1;
    parallel_for(tasks, grain, [this](int64_t begin, int64_t end) {
      Scratch<T> image(o_.channels * window_.channel() + loops_.slack), block(kBlockBytes / static_cast<int64_t>(sizeof(T)));
      for (int64_t task = begin; task < end; ++task) run_task(task, image.data(), block.data());
    });
  }

 private:
  const WindowAxis& axis(int i) const { return sums_.axes[i]; }
  size_t taps() const { return axis(0).taps.size() * axis(1).taps.size() * axis(2).taps.size(); }
  int64_t blocks(int i) const { return (axis(i).positions + window_.block[i] - 1) / window_.block[i]; }

  // A slice of the first axis, and as much of the others as the cache holds.
  void choose_block() {
    const int64_t most = kWindowBytes / static_cast<int64_t>(sizeof(T)) / std::max<int64_t>(o_.channels, 1);
    window_.block[0] = 1;
    window_.block[1] = 1;
    window_.block[2] = axis(2).positions;
    const int64_t slices = std::max<int64_t>(window_.planes(), 1) * axis(0).length(1);
    if (slices * window_.plane() > most) {
      const int64_t lines = slices * axis(1).length(1);
      window_.block[2] =
          std::clamp<int64_t>(most / lines - (axis(2).most - axis(2).least), std::min<int64_t>(axis(2).positions, 64), axis(2).positions);
    } else {
      window_.block[1] = std::clamp<int64_t>(most / (slices * window_.line()) - (axis(1).most - axis(1).least), 1, axis(1).positions);
    }
  }

  void run_task(int64_t task, T* image, T* block) const {
    int64_t first[3], count[3];
    for (int i = 2; i >= 0; --i) {
      first[i] = task % blocks(i) * window_.block[i];
      count[i] = std::min(window_.block[i], axis(i).positions - first[i]);
      task /= blocks(i);
    }
    const int64_t volume = axis(0).size * axis(1).size * axis(2).size, group = task % o_.groups;
    window_.load(loops_, o_.image + task * o_.channels * volume, o_.channels, first, image);

    // Positions are counted along the lines of the window: those between the lines of the result are nobody's.
    const int64_t line = window_.line(), positions = (count[1] - 1) * line + count[2];
    const int64_t rows_at_once = std::min<int64_t>(o_.rows, 8);
    const int64_t at_once = (kBlockBytes / static_cast<int64_t>(sizeof(T)) / rows_at_once - loops_.slack) / loops_.slack * loops_.slack;
    Correlation<T> c{};
    c.w_row = o_.w_row;
    c.w_channel = o_.w_channel;
    c.w_at = w_at_.data();
    c.x_channel = window_.channel();
    c.x_at = x_at_.data();
    c.channels = o_.channels;
    c.taps = static_cast<int64_t>(taps());
    c.y = block;
    c.y_row = at_once + loops_.lanes;
    for (int64_t q = 0; q < positions; q += at_once)
      for (int64_t row = 0; row < o_.rows; row += rows_at_once) {
        c.rows = std::min(rows_at_once, o_.rows - row);
        c.positions = std::min(at_once, positions - q);
        c.x = image + q;
        c.w = o_.w + w_of(group, row);
        c.bias = o_.bias ? o_.bias + group * o_.rows + row : nullptr;
        loops_.correlate(c);
        put(c, task * o_.rows + row, first, count, line, q);
      }
  }

  // In one direction groups divide the rows of w, in the other its channels; both lie in a slice of w.
  int64_t w_of(int64_t group, int64_t row) const { return group * std::max(o_.rows * o_.w_row, o_.channels * o_.w_channel) + row * o_.w_row; }

  // The sums of positions q to q + c.positions into the result.
  void put(const Correlation<T>& c, int64_t channel, const int64_t* first, const int64_t* count, int64_t line, int64_t q) const {
    const int64_t plane = sums_.size[1] * sums_.size[2], step = sums_.step[2], end = q + c.positions;
    T* const slice = o_.result + channel * sums_.size[0] * plane + (sums_.first[0] + sums_.step[0] * first[0]) * plane;
    // Of lines that are cut off at the beginning, of whole ones, and of one that is cut off at the end.
    for (int64_t at = q; at < end;) {
      const int64_t i = at / line, begin = at - i * line;
      const int64_t lines = begin > 0 ? 1 : std::max<int64_t>((end - at + line - count[2]) / line, 1);
      const int64_t n = std::min(count[2] - begin, end - at);
      at = (i + lines) * line;
      if (n <= 0) continue;
      T* const to = slice + (sums_.first[1] + sums_.step[1] * (first[1] + i)) * sums_.size[2] + sums_.first[2] + step * (first[2] + begin);
      for (int64_t row = 0; row < c.rows; ++row)
        loops_.spread(
            {c.y + row * c.y_row + i * line + begin - q, line, lines, n, to + row * sums_.size[0] * plane, sums_.step[1] * sums_.size[2], step});
    }
  }

  const Sums& sums_;
  const Operands<T>& o_;
  Window window_;
  const ConvolutionLoops<T>& loops_;
  std::vector<int64_t> w_at_, x_at_;
};

// Along one axis of a convolution, the image being x.
WindowAxis forward_axis(const ConvolutionSizes& n, int i) {
  WindowAxis axis{n.in[i], n.stride[i], n.out[i], {}, 0, 0, {}};
  for (int64_t k = 0; k < n.kernel[i]; ++k) {
    const int64_t place = k * n.dilation[i] - n.padding[i], shift = floor_quotient(place, n.stride[i]);
    axis.taps.push_back({k, shift, place - shift * n.stride[i]});
  }
  axis.find_extent();
  return axis;
}

// The places of x, `residue` beyond a multiple of the stride and the padding, that output o = position + shift of tap k contributes to; the
// image is y. False if x has none.
bool backward_axis(const ConvolutionSizes& n, int i, int64_t residue, Sums& sums) {
  const int64_t stride = n.stride[i], start = -floor_quotient(residue - n.padding[i], stride);
  const int64_t first = stride * start + residue - n.padding[i];
  if (first >= n.in[i]) return false;
  WindowAxis axis{n.out[i], 1, (n.in[i] - 1 - first) / stride + 1, {}, 0, 0, {}};
  for (int64_t k = 0; k < n.kernel[i]; ++k)
    if (k * n.dilation[i] % stride == residue) axis.taps.push_back({k, start - (k * n.dilation[i] - residue) / stride, 0});
  axis.find_extent();
  sums.axes[i] = axis;
  sums.first[i] = first;
  sums.step[i] = stride;
  sums.size[i] = n.in[i];
  return true;
}

template <class T> Operands<T> operands(const ConvolutionSizes& n, const T* image, const T* w, const T* bias, T* result) {
  return {n.batch, n.groups, 0, 0, image, w, bias, 0, 0, {n.kernel[0], n.kernel[1], n.kernel[2]}, result};
}

int64_t kernel_volume(const ConvolutionSizes& n) { return n.kernel[0] * n.kernel[1] * n.kernel[2]; }

}  // namespace

template <class T> void direct_convolution(const ConvolutionSizes& n, const T* x, const T* w, const T* bias, T* y) {
  Sums sums{};
  for (int i = 0; i < 3; ++i) {
    sums.axes[i] = forward_axis(n, i);
    sums.step[i] = 1;
    sums.size[i] = n.out[i];
  }
  Operands<T> o = operands(n, x, w, bias, y);
  o.channels = n.in_channels;
  o.rows = n.out_channels;
  o.w_channel = kernel_volume(n);
  o.w_row = n.in_channels * o.w_channel;
  Correlator<T>(sums, o).run();
}

template <class T> void direct_input_gradient(const ConvolutionSizes& n, const T* y, const T* w, const T* bias, T* x) {
  Operands<T> o = operands(n, y, w, bias, x);
  o.channels = n.out_channels;
  o.rows = n.in_channels;
  o.w_row = kernel_volume(n);
  o.w_channel = n.in_channels * o.w_row;
  Sums sums{};
  for (int64_t d = 0; d < n.stride[0]; ++d)
    for (int64_t h = 0; h < n.stride[1]; ++h)
      for (int64_t v = 0; v < n.stride[2]; ++v)
        if (backward_axis(n, 0, d, sums) && backward_axis(n, 1, h, sums) && backward_axis(n, 2, v, sums)) Correlator<T>(sums, o).run();
}

#define XGRAD_INSTANTIATE(T)                                                                   \
  template void direct_convolution(const ConvolutionSizes&, const T*, const T*, const T*, T*); \
  template void direct_input_gradient(const ConvolutionSizes&, const T*, const T*, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(uint64_t)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
