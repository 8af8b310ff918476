#include <xgrad/autograd/kernels/convolution/direct_convolution.h>

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>
#include <xgrad/autograd/kernels/convolution/window.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kWindowBytes = 128 << 10;  // of x that a task holds
constexpr int64_t kOuterBytes = 96 << 10;    // of y, turned so that its channels lie in the lanes of registers
constexpr int64_t kMostTaps = 96;            // rows of sums of a task, if a channel has no more
constexpr int64_t kLeastTasks = 4;           // where the batch is large enough to be cut for them
constexpr double kLeastProducts = 1e6;       // of a part of the batch
constexpr double kProductsPerNanosecond = 20;

// A task sums up one block of output channels by one of input channels over the batch, or over a part of it if there are few blocks, in an
// order that follows from the sizes. Many output channels go to the lanes of registers; with few of them the positions of a line do.
template <class T> class WeightGradient {
 public:
  WeightGradient(const ConvolutionSizes& n, const T* y, const T* x, T* w)
      : n_(n), y_(y), x_(x), w_(w), loops_(convolution_loops<T>()), by_lines_(2 * n.out_channels <= 16), window_{axes_, {}} {
    for (int i = 0; i < 3; ++i) {
      // Planes by residue let the positions of a line be neighbours; where single elements are read none is needed.
      const int64_t step = by_lines_ ? n.stride[i] : 1;
      axes_[i] = {n.in[i], step, by_lines_ ? n.out[i] : (n.out[i] - 1) * n.stride[i] + 1, {}, 0, 0, {}};
      for (int64_t k = 0; k < n.kernel[i]; ++k) {
        const int64_t place = k * n.dilation[i] - n.padding[i], shift = floor_quotient(place, step);
        axes_[i].taps.push_back({k, shift, place - shift * step});
      }
      axes_[i].find_extent();
    }
    kernel_ = n.kernel[0] * n.kernel[1] * n.kernel[2];
    lanes_ = by_lines_ ? n.out_channels : std::min(n.out_channels, loops_.width);
    choose_block();
    channels_ =
        std::clamp<int64_t>(std::min(kMostTaps / kernel_, kWindowBytes / static_cast<int64_t>(sizeof(T)) / window_.channel()), 1, n.in_channels);
    for (int64_t c = 0; c < channels_; ++c)
      for (const Tap& d : axes_[0].taps)
        for (const Tap& h : axes_[1].taps)
          for (const Tap& v : axes_[2].taps) x_at_.push_back(c * window_.channel() + window_.offset(d, h, v));
  }

  void run() {
    const int64_t outer = divided_up(n_.out_channels, lanes_), inner = divided_up(n_.in_channels, channels_);
    const double products = static_cast<double>(lanes_ * channels_ * kernel_) * static_cast<double>(n_.batch * n_.out[0] * n_.out[1] * n_.out[2]);
    const int64_t blocks = n_.groups * outer * inner, wanted = divided_up(kLeastTasks, std::max<int64_t>(blocks, 1));
    const int64_t parts = std::clamp<int64_t>(std::min(static_cast<double>(wanted), products / kLeastProducts), 1, std::max<int64_t>(n_.batch, 1));
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond * static_cast<double>(parts) / (products + 1)) + 1;
    const int64_t rows = channels_ * kernel_, sums = rows * (by_lines_ ? lanes_ : loops_.width);
    const int64_t image = channels_ * window_.channel() + loops_.slack, turned = by_lines_ ? 0 : lines_ * columns_ * loops_.width;
    const auto block = [&](int64_t i) { return Block{i / inner / outer, i / inner % outer * lanes_, i % inner * channels_}; };
    const Scratch<T> of_parts(parts > 1 ? blocks * parts * sums : 0);
    parallel_for_with_room<T>(blocks * parts, grain, image + turned + (parts > 1 ? 0 : sums), [&, this](int64_t begin, int64_t end, T* room) {
      for (int64_t task = begin; task < end; ++task) {
        const int64_t part = task % parts;
        T* const s = parts > 1 ? of_parts.data() + task * sums : room + image + turned;
        std::fill(s, s + sums, T(0));
        sum_up(block(task / parts), n_.batch * part / parts, n_.batch * (part + 1) / parts, room, room + image, s);
        if (parts == 1) put(block(task), s);
      }
    });
    for (int64_t i = 0; parts > 1 && i < blocks; ++i) {
      T* const s = of_parts.data() + i * parts * sums;
      for (int64_t part = 1; part < parts; ++part)
        for (int64_t k = 0; k < sums; ++k) s[k] += s[part * sums + k];
      put(block(i), s);
    }
  }

 private:
  struct Block {
    int64_t group, lane, channel;  // the first of its output and of its input channels
  };

  // As many lines of y as the caches hold with what they read of x.
  void choose_block() {
    const auto size = static_cast<int64_t>(sizeof(T));
    const int64_t most = kOuterBytes / size / loops_.width;
    columns_ = std::min(n_.out[2], by_lines_ ? kWindowBytes / 4 / size : most);
    const int64_t turned = by_lines_ ? n_.out[1] : most / std::max<int64_t>(columns_, 1);
    window_.block[0] = window_.block[1] = 1;
    window_.block[2] = by_lines_ ? columns_ : (columns_ - 1) * n_.stride[2] + 1;
    const int64_t line = window_.channel() / axes_[1].length(1), extra = axes_[1].most - axes_[1].least;
    int64_t lines = kWindowBytes / size / std::max<int64_t>(line, 1) - extra;
    if (!by_lines_) lines = (lines - 1) / n_.stride[1] + 1;
    lines_ = std::clamp<int64_t>(std::min(lines, turned), 1, n_.out[1]);
    window_.block[1] = by_lines_ ? lines_ : (lines_ - 1) * n_.stride[1] + 1;
  }

  // to[line * columns + q][lane] = y[lane][line][q].
  void turn(const T* y, int64_t volume, int64_t lines, int64_t columns, int64_t lanes, T* to) const {
    if (columns == n_.out[2]) return loops_.transpose(lines * columns, lanes, y, volume, to);
    for (int64_t line = 0; line < lines; ++line) loops_.transpose(columns, lanes, y + line * n_.out[2], volume, to + line * columns * loops_.width);
  }

  int64_t lanes_of(const Block& k) const { return std::min(lanes_, n_.out_channels - k.lane); }
  int64_t rows_of(const Block& k) const { return std::min(channels_, n_.in_channels - k.channel) * kernel_; }

  void sum_up(const Block& k, int64_t begin, int64_t end, T* image, T* turned, T* sums) const {
    const int64_t lanes = lanes_of(k), rows = rows_of(k), volume = n_.out[0] * n_.out[1] * n_.out[2], in_volume = n_.in[0] * n_.in[1] * n_.in[2];
    for (int64_t b = begin; b < end; ++b) {
      const T* const y = y_ + ((b * n_.groups + k.group) * n_.out_channels + k.lane) * volume;
      const T* const x = x_ + ((b * n_.groups + k.group) * n_.in_channels + k.channel) * in_volume;
      for (int64_t d = 0; d < n_.out[0]; ++d)
        for (int64_t h = 0; h < n_.out[1]; h += lines_)
          for (int64_t v = 0; v < n_.out[2]; v += columns_) {
            const int64_t lines = std::min(lines_, n_.out[1] - h), columns = std::min(columns_, n_.out[2] - v);
            const int64_t place[] = {d, h, v}, in_x[] = {d * n_.stride[0], h * n_.stride[1], v * n_.stride[2]};
            window_.load(loops_, x, rows / kernel_, by_lines_ ? place : in_x, image);
            const T* const block = y + (d * n_.out[1] + h) * n_.out[2] + v;
            if (by_lines_) {
              loops_.add_dots({block, volume, n_.out[2], image, x_at_.data(), window_.line(), lanes, rows, lines, columns, sums, rows});
            } else {
              turn(block, volume, lines, columns, lanes, turned);
              loops_.add_outer(
                  {image, x_at_.data(), n_.stride[1] * window_.line(), n_.stride[2], turned, rows, lanes, lines, columns, sums, loops_.width});
            }
          }
    }
  }

  void put(const Block& block, const T* sums) const {
    const int64_t rows = rows_of(block);
    for (int64_t r = 0; r < lanes_of(block); ++r) {
      T* const to = w_ + ((block.group * n_.out_channels + block.lane + r) * n_.in_channels + block.channel) * kernel_;
      for (int64_t k = 0; k < rows; ++k) to[k] = by_lines_ ? sums[r * rows + k] : sums[k * loops_.width + r];
    }
  }

  const ConvolutionSizes& n_;
  const T *y_, *x_;
  T* w_;
  const ConvolutionLoops<T>& loops_;
  const bool by_lines_;
  WindowAxis axes_[3];
  Window window_;
  int64_t kernel_, lanes_, channels_, lines_, columns_;  // of y at once
  std::vector<int64_t> x_at_;
};

}  // namespace

template <class T> void direct_weight_gradient(const ConvolutionSizes& n, const T* y, const T* x, T* w) { WeightGradient<T>(n, y, x, w).run(); }

template void direct_weight_gradient(const ConvolutionSizes&, const float*, const float*, float*);
template void direct_weight_gradient(const ConvolutionSizes&, const double*, const double*, double*);
template void direct_weight_gradient(const ConvolutionSizes&, const uint64_t*, const uint64_t*, uint64_t*);

}}}  // namespace torch::xgrad::kernels
