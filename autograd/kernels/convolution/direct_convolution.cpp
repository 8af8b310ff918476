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

// Along one axis, the places first + step * position of the result that the same taps contribute to, for positions from begin to end.
struct Places {
  int64_t first, begin, end;
  std::vector<Tap> taps;
};

// Those of the result, and all taps' windows of the image.
struct Sums {
  WindowAxis axes[3];
  int64_t step[3], size[3];  // of the result
  std::vector<Places> places[3];
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
  Correlator(const Sums& sums, const Operands<T>& o) : sums_(sums), o_(o), window_{sums.axes, {}}, loops_(convolution_loops<T>()) {
    choose_block();
    for (const Places& d : sums.places[0])
      for (const Places& h : sums.places[1])
        for (const Places& w : sums.places[2]) add_class({{&d, &h, &w}, {}, {}});
  }

  void run() {
    const int64_t tasks = o_.batch * o_.groups * blocks(0) * blocks(1) * blocks(2);
    const double products =
        static_cast<double>(o_.rows * o_.channels * taps_) * static_cast<double>(window_.block[0] * window_.block[1] * window_.block[2]);
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond / (products + 1)) + 1;
    const int64_t image = o_.channels * window_.channel() + loops_.slack, room = image + kBlockBytes / static_cast<int64_t>(sizeof(T));
    parallel_for_with_room<T>(tasks, grain, room, [&, this](int64_t begin, int64_t end, T* memory) {
      for (int64_t task = begin; task < end; ++task) run_task(task, memory, memory + image);
    });
  }

 private:
  // Places along all axes, and where their taps read.
  struct Class {
    const Places* places[3];
    std::vector<int64_t> w_at, x_at;
  };

  const WindowAxis& axis(int i) const { return sums_.axes[i]; }
  int64_t blocks(int i) const { return divided_up(axis(i).positions, window_.block[i]); }

  void add_class(Class c) {
    for (const Tap& d : c.places[0]->taps)
      for (const Tap& h : c.places[1]->taps)
        for (const Tap& w : c.places[2]->taps) {
          c.w_at.push_back((d.index * o_.kernel[1] + h.index) * o_.kernel[2] + w.index);
          c.x_at.push_back(window_.offset(d, h, w));
        }
    taps_ += static_cast<int64_t>(c.w_at.size());
    classes_.push_back(std::move(c));
  }

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
    const int64_t volume = axis(0).size * axis(1).size * axis(2).size;
    window_.load(loops_, o_.image + task * o_.channels * volume, o_.channels, first, image);

    for (const Class& c : classes_)
      if (first[0] >= c.places[0]->begin && first[0] < c.places[0]->end) sum_up(c, task, first, count, image, block);
  }

  // Positions are counted along the lines of the window: those between the lines of the result are nobody's.
  void sum_up(const Class& of, int64_t task, const int64_t* first, const int64_t* count, const T* image, T* block) const {
    const int64_t line = window_.line(), positions = (count[1] - 1) * line + count[2], rows_at_once = std::min<int64_t>(o_.rows, 8);
    const int64_t at_once = (kBlockBytes / static_cast<int64_t>(sizeof(T)) / rows_at_once - loops_.slack) / loops_.slack * loops_.slack;
    Correlation<T> c{};
    c.w_row = o_.w_row;
    c.w_channel = o_.w_channel;
    c.w_at = of.w_at.data();
    c.x_channel = window_.channel();
    c.x_at = of.x_at.data();
    c.channels = o_.channels;
    c.taps = static_cast<int64_t>(of.w_at.size());
    c.y = block;
    c.y_row = at_once + loops_.lanes;
    for (int64_t q = 0; q < positions; q += at_once)
      for (int64_t row = 0; row < o_.rows; row += rows_at_once) {
        c.rows = std::min(rows_at_once, o_.rows - row);
        c.positions = std::min(at_once, positions - q);
        c.x = image + q;
        const int64_t group = task % o_.groups;
        c.w = o_.w + w_of(group, row);
        c.bias = o_.bias ? o_.bias + group * o_.rows + row : nullptr;
        loops_.correlate(c);
        put(c, of.places, task * o_.rows + row, first, count, q);
      }
  }

  // In one direction groups divide the rows of w, in the other its channels; both lie in a slice of w.
  int64_t w_of(int64_t group, int64_t row) const { return group * std::max(o_.rows * o_.w_row, o_.channels * o_.w_channel) + row * o_.w_row; }

  // The sums of positions q to q + c.positions into the result.
  void put(const Correlation<T>& c, const Places* const* places, int64_t channel, const int64_t* first, const int64_t* count, int64_t q) const {
    const auto part = [&](int i) {
      return std::pair(std::max<int64_t>(places[i]->begin - first[i], 0), std::min(places[i]->end - first[i], count[i]));
    };
    const auto [top, bottom] = part(1);
    const auto [left, right] = part(2);
    const int64_t plane = sums_.size[1] * sums_.size[2], line = window_.line(), end = q + c.positions;
    T* const slice = o_.result + channel * sums_.size[0] * plane + place(places, 0, first[0]) * plane;
    // Of lines that are cut off at the beginning, of whole ones, and of one that is cut off at the end.
    for (int64_t i = q / line; i * line < end;) {
      const int64_t start = std::max(q - i * line, left), stop = std::min(end - i * line, right);
      const int64_t lines = q > i * line ? 1 : std::max<int64_t>((end - right + line) / line - i, 1);
      const int64_t begin = std::max(i, top), n = std::min(i + lines, bottom) - begin;
      i += lines;
      if (n <= 0 || start >= stop) continue;
      T* const to = slice + place(places, 1, first[1] + begin) * sums_.size[2] + place(places, 2, first[2] + start);
      for (int64_t row = 0; row < c.rows; ++row)
        loops_.spread({c.y + row * c.y_row + begin * line + start - q, line, n, stop - start, to + row * sums_.size[0] * plane,
                       sums_.step[1] * sums_.size[2], sums_.step[2]});
    }
  }
  int64_t place(const Places* const* places, int i, int64_t position) const { return places[i]->first + sums_.step[i] * position; }

  const Sums& sums_;
  const Operands<T>& o_;
  Window window_;
  const ConvolutionLoops<T>& loops_;
  std::vector<Class> classes_;
  int64_t taps_ = 0;
};

// Along one axis of a convolution, the image being x.
void add_forward_axis(const ConvolutionSizes& n, int i, Sums& sums) {
  WindowAxis& axis = sums.axes[i] = {n.in[i], n.stride[i], n.out[i], {}, 0, 0, {}};
  for (int64_t k = 0; k < n.kernel[i]; ++k) {
    const int64_t place = k * n.dilation[i] - n.padding[i], shift = floor_quotient(place, n.stride[i]);
    axis.taps.push_back({k, shift, place - shift * n.stride[i]});
  }
  axis.find_extent();
  sums.step[i] = 1;
  sums.size[i] = n.out[i];
  sums.places[i] = {{0, 0, n.out[i], axis.taps}};
}

// Along one axis of a convolution, the image being y. Position p stands for x[stride * (start + p) + residue - padding], to which output
// start + p - m of tap k contributes where k * dilation = stride * m + residue.
void add_backward_axis(const ConvolutionSizes& n, int i, Sums& sums) {
  const int64_t stride = n.stride[i], start = -floor_quotient(stride - 1 - n.padding[i], stride);
  const int64_t positions = floor_quotient(n.in[i] - 1 + n.padding[i], stride) - start + 1;
  WindowAxis& axis = sums.axes[i] = {n.out[i], 1, positions, {}, 0, 0, {}};
  for (int64_t residue = 0; residue < stride; ++residue) {
    const int64_t first = stride * start + residue - n.padding[i];
    Places places{
        first, std::max<int64_t>(-floor_quotient(first, stride), 0), std::min(floor_quotient(n.in[i] - 1 - first, stride) + 1, positions), {}};
    for (int64_t k = 0; k < n.kernel[i]; ++k)
      if (k * n.dilation[i] % stride == residue) places.taps.push_back({k, start - (k * n.dilation[i] - residue) / stride, 0});
    axis.taps.insert(axis.taps.end(), places.taps.begin(), places.taps.end());
    sums.places[i].push_back(std::move(places));
  }
  axis.find_extent();
  sums.step[i] = stride;
  sums.size[i] = n.in[i];
}

template <class T> Operands<T> operands(const ConvolutionSizes& n, const T* image, const T* w, const T* bias, T* result) {
  return {n.batch, n.groups, 0, 0, image, w, bias, 0, 0, {n.kernel[0], n.kernel[1], n.kernel[2]}, result};
}

int64_t kernel_volume(const ConvolutionSizes& n) { return n.kernel[0] * n.kernel[1] * n.kernel[2]; }

}  // namespace

template <class T> void direct_convolution(const ConvolutionSizes& n, const T* x, const T* w, const T* bias, T* y) {
  Sums sums{};
  for (int i = 0; i < 3; ++i) add_forward_axis(n, i, sums);
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
  for (int i = 0; i < 3; ++i) add_backward_axis(n, i, sums);
  Correlator<T>(sums, o).run();
}

#define XGRAD_INSTANTIATE(T)                                                                   \
  template void direct_convolution(const ConvolutionSizes&, const T*, const T*, const T*, T*); \
  template void direct_input_gradient(const ConvolutionSizes&, const T*, const T*, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(uint64_t)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
