#include <xgrad/autograd/kernels/convolution/batch_convolution.h>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include <xgrad/autograd/kernels/convolution/batch_loops.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/quotients.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kPackedFloats = 48 << 10;  // of lines that a task reads, at once
constexpr int64_t kSumFloats = 16 << 10;     // of results, or of their gradients, at once
constexpr int64_t kRowsAtOnce = 24;          // of results
constexpr int64_t kNearFloats = 6 << 10;     // of both operands of the weight's gradient, in the nearest cache
constexpr int64_t kRowsNear = 4;             // output channels there
constexpr int64_t kLeastTasks = 4;           // where there are so many lines
constexpr double kProductsPerNanosecond = 40;

// Along one axis, the taps of each position.
struct AxisTaps {
  // place(position, tap) is where it reads, or -1.
  template <class Place> AxisTaps(int64_t positions, int64_t size, int64_t kernel, Place place) : size(size) {
    for (int64_t p = 0; p < positions; ++p) {
      TapRange r{0, 0, 1, 0, 1};
      for (int64_t k = 0; k < kernel; ++k) {
        const int64_t at = place(p, k);
        if (at < 0 || at >= size) continue;
        if (r.count == 0) r.tap = k, r.place = at;
        if (r.count == 1) r.tap_step = k - r.tap, r.place_step = at - r.place;
        ++r.count;
      }
      ranges.push_back(r);
    }
  }

  // The places that positions from begin to end read: the first one and the one after the last.
  std::pair<int64_t, int64_t> extent(int64_t begin, int64_t end) const {
    int64_t first = size, last = -1;
    for (int64_t p = begin; p < end; ++p) {
      const TapRange& r = ranges[static_cast<size_t>(p)];
      if (r.count == 0) continue;
      const int64_t other = r.place + (r.count - 1) * r.place_step;
      first = std::min({first, r.place, other});
      last = std::max({last, r.place, other});
    }
    return {std::min(first, last + 1), last + 1};
  }

  int64_t size;
  std::vector<TapRange> ranges;
};

AxisTaps forward_taps(const ConvolutionSizes& n, int i) {
  return {n.out[i], n.in[i], n.kernel[i], [&n, i](int64_t p, int64_t k) { return p * n.stride[i] - n.padding[i] + k * n.dilation[i]; }};
}
AxisTaps backward_taps(const ConvolutionSizes& n, int i) {
  return {n.in[i], n.out[i], n.kernel[i], [&n, i](int64_t p, int64_t k) {
            const int64_t at = p + n.padding[i] - k * n.dilation[i];
            return at % n.stride[i] == 0 ? at / n.stride[i] : -1;
          }};
}

// Operands of sums over channels and taps, from one set of images to another.
struct BatchSums {
  AxisTaps height, width;
  int64_t batch, groups, channels, rows;  // in a group
  const float *x, *w, *bias;
  int64_t w_row, w_channel, w_group, w_line;
  float* y;

  int64_t lines() const { return static_cast<int64_t>(height.ranges.size()); }
  int64_t positions() const { return static_cast<int64_t>(width.ranges.size()); }
  int64_t line() const { return channels * width.size * kImages; }  // elements, of all channels
};

// Neighbouring lines of results that a task makes: as many as it has room for what they read.
struct Stripes {
  explicit Stripes(const BatchSums& s) {
    const int64_t tasks = divided_up(s.batch, kImages) * s.groups;
    lines = std::clamp<int64_t>(divided_up(s.lines(), divided_up(kLeastTasks, tasks)), 1, s.lines());
    while ((read = most_read(s)) * s.line() > kPackedFloats && lines > 1) lines = std::min(lines - 1, lines * kPackedFloats / (read * s.line()) + 1);
    count = divided_up(s.lines(), lines);
  }

  int64_t lines, count, read;  // of results; stripes; lines that one reads at most

 private:
  int64_t most_read(const BatchSums& s) const {
    int64_t most = 0;
    for (int64_t line = 0; line < s.lines(); line += lines) {
      const auto [first, end] = s.height.extent(line, std::min(line + lines, s.lines()));
      most = std::max(most, end - first);
    }
    return most;
  }
};

class BatchCorrelator {
 public:
  explicit BatchCorrelator(const BatchSums& s) : s_(s), loops_(*batch_loops()), stripes_(s) {}

  void run() {
    const int64_t packed = stripes_.read * s_.line(), stripes = stripes_.count, tasks = divided_up(s_.batch, kImages) * s_.groups * stripes;
    const double products = static_cast<double>(s_.rows * s_.channels * taps()) * static_cast<double>(stripes_.lines * s_.positions() * kImages);
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond / (products + 1)) + 1;
    const int64_t rows = std::min(s_.rows, kRowsAtOnce), line = rows * s_.positions() * kImages;
    lines_at_once_ = std::clamp<int64_t>(kSumFloats / line, 1, stripes_.lines);
    parallel_for_with_room<float>(tasks, grain, packed + lines_at_once_ * line, [&, this](int64_t begin, int64_t end, float* room) {
      for (int64_t task = begin; task < end; ++task) {
        const int64_t stripe = task % stripes, group = task / stripes % s_.groups, first = task / stripes / s_.groups * kImages;
        run_task(first, group, stripe * stripes_.lines, std::min((stripe + 1) * stripes_.lines, s_.lines()), room, room + packed);
      }
    });
  }

 private:
  int64_t taps() const {
    const auto most = [](const AxisTaps& a) {
      return std::max_element(a.ranges.begin(), a.ranges.end(), [](const TapRange& r, const TapRange& o) { return r.count < o.count; })->count;
    };
    return most(s_.height) * most(s_.width);
  }

  void run_task(int64_t image, int64_t group, int64_t begin, int64_t end, float* packed, float* sums) const {
    const int64_t images = std::min(kImages, s_.batch - image), line = s_.width.size, plane = s_.height.size * line;
    const auto [first, last] = s_.height.extent(begin, end);
    const int64_t channel = (last - first) * line, x_image = s_.groups * s_.channels * plane;
    const float* const x = s_.x + image * x_image + group * s_.channels * plane + first * line;
    for (int64_t c = 0; c < s_.channels; ++c) loops_.pack(channel, images, x + c * plane, x_image, packed + c * channel * kImages);

    const int64_t y_plane = s_.lines() * s_.positions(), y_image = s_.groups * s_.rows * y_plane;
    for (int64_t row = 0; row < s_.rows; row += kRowsAtOnce)
      for (int64_t h = begin; h < end; h += lines_at_once_) {
        const int64_t rows = std::min(kRowsAtOnce, s_.rows - row), lines = std::min(lines_at_once_, end - h), positions = lines * s_.positions();
        for (int64_t i = 0; i < lines; ++i) {
          TapRange range = s_.height.ranges[static_cast<size_t>(h + i)];
          range.place -= first;
          loops_.sum_line({s_.w + group * s_.w_group + row * s_.w_row, s_.w_row, s_.w_channel, s_.w_line, packed, channel * kImages, line * kImages,
                           rows, s_.channels, range, s_.width.ranges.data(), s_.positions(), s_.bias ? s_.bias + group * s_.rows + row : nullptr,
                           sums + i * s_.positions() * kImages, positions * kImages});
        }
        float* const y = s_.y + image * y_image + (group * s_.rows + row) * y_plane + h * s_.positions();
        for (int64_t r = 0; r < rows; ++r) loops_.unpack(positions, images, sums + r * positions * kImages, y + r * y_plane, y_image);
      }
  }

  const BatchSums& s_;
  const BatchLoops& loops_;
  const Stripes stripes_;
  int64_t lines_at_once_ = 1;  // of results that a task holds
};

// A task adds up the products of some lines of some images.
class BatchWeightGradient {
 public:
  BatchWeightGradient(const ConvolutionSizes& n, const float* y, const float* x, float* w)
      : n_(n), y_(y), x_(x), w_(w), loops_(*batch_loops()), kernel_(n.kernel[1] * n.kernel[2]), line_(reach(2, n.out[2])) {
    const int64_t of_line = n.out_channels * n.out[2] * kImages, of_x = n.in_channels * line_ * kImages;
    lines_ = std::clamp<int64_t>(kSumFloats / of_line, 1, n.out[1]);
    while (lines_ > 1 && reach(1, lines_) * of_x > kPackedFloats) --lines_;
  }

  void run() {
    const int64_t image_groups = divided_up(n_.batch, kImages), blocks = divided_up(n_.out[1], lines_), all = image_groups * blocks;
    const int64_t parts = std::min(all, kLeastTasks), weights = n_.out_channels * n_.in_channels * kernel_;
    const double products = static_cast<double>(weights) * static_cast<double>(n_.batch * n_.out[1] * n_.out[2]) / static_cast<double>(parts);
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond / (products + 1)) + 1;
    const int64_t packed_x = n_.in_channels * reach(1, lines_) * line_ * kImages, packed_y = n_.out_channels * lines_ * n_.out[2] * kImages;
    const Scratch<float> of_parts(n_.groups * parts * weights);
    parallel_for_with_room<float>(n_.groups * parts, grain, weights * kImages + packed_x + packed_y,
                                  [&, this](int64_t begin, int64_t end, float* room) {
                                    for (int64_t task = begin; task < end; ++task) {
                                      float* const sums = room + packed_x + packed_y;
                                      std::fill(sums, sums + weights * kImages, 0.f);
                                      const int64_t part = task % parts;
                                      for (int64_t i = all * part / parts; i < all * (part + 1) / parts; ++i)
                                        add(task / parts, i / blocks * kImages, i % blocks * lines_, room, room + packed_x, sums);
                                      loops_.join(weights, sums, of_parts.data() + task * weights);
                                    }
                                  });
    for (int64_t group = 0; group < n_.groups; ++group) {
      const float* from = of_parts.data() + group * parts * weights;
      float* const to = w_ + group * weights;
      std::copy_n(from, weights, to);
      for (int64_t part = 1; part < parts; ++part)
        for (int64_t k = 0; k < weights; ++k) to[k] += from[part * weights + k];
    }
  }

 private:
  // Elements along an axis that so many neighbouring positions read.
  int64_t reach(int axis, int64_t positions) const { return (positions - 1) * n_.stride[axis] + (n_.kernel[axis] - 1) * n_.dilation[axis] + 1; }

  // Lines of x, with zeros beside them.
  void pack_lines(int64_t lines, int64_t images, const float* x, int64_t x_image, float* to) const {
    const int64_t before = std::min(n_.padding[2], line_), inside = std::clamp<int64_t>(line_ - before, 0, n_.in[2]);
    if (before == 0 && inside == n_.in[2] && inside == line_) return loops_.pack(lines * line_, images, x, x_image, to);
    for (int64_t i = 0; i < lines; ++i, x += n_.in[2], to += line_ * kImages) {
      std::fill(to, to + before * kImages, 0.f);
      loops_.pack(inside, images, x, x_image, to + before * kImages);
      std::fill(to + (before + inside) * kImages, to + line_ * kImages, 0.f);
    }
  }

  // The products of lines from h on.
  void add(int64_t group, int64_t image, int64_t h, float* packed_x, float* packed_y, float* sums) const {
    const int64_t images = std::min(kImages, n_.batch - image), lines = std::min(lines_, n_.out[1] - h), stride = n_.stride[1];
    const int64_t y_plane = n_.out[1] * n_.out[2], y_image = n_.groups * n_.out_channels * y_plane, y_line = n_.out[2] * kImages;
    const float* const y = y_ + image * y_image + group * n_.out_channels * y_plane + h * n_.out[2];
    for (int64_t o = 0; o < n_.out_channels; ++o) loops_.pack(lines * n_.out[2], images, y + o * y_plane, y_image, packed_y + o * lines * y_line);

    const int64_t first = std::max<int64_t>(h * stride - n_.padding[1], 0);
    const int64_t end = std::min((h + lines - 1) * stride - n_.padding[1] + (n_.kernel[1] - 1) * n_.dilation[1] + 1, n_.in[1]);
    if (end <= first) return;
    const int64_t x_plane = n_.in[1] * n_.in[2], x_image = n_.groups * n_.in_channels * x_plane, channel = (end - first) * line_ * kImages;
    const float* const x = x_ + image * x_image + group * n_.in_channels * x_plane + first * n_.in[2];
    for (int64_t c = 0; c < n_.in_channels; ++c) pack_lines(end - first, images, x + c * x_plane, x_image, packed_x + c * channel);

    // As many lines, of so many output channels, as the nearest cache holds with what they read of a channel.
    const int64_t near = std::clamp<int64_t>(kNearFloats / (kRowsNear * y_line + stride * line_ * kImages), 1, lines);
    for (int64_t o = 0; o < n_.out_channels; o += kRowsNear)
      for (int64_t i = 0; i < lines; i += near)
        for (int64_t c = 0; c < n_.in_channels; ++c)
          for (int64_t k = 0; k < n_.kernel[1]; ++k) {
            // Line h + j reads line j * stride + shift.
            const int64_t shift = h * stride - n_.padding[1] + k * n_.dilation[1];
            const int64_t begin = std::max(i, shift < 0 ? divided_up(-shift, stride) : 0);
            const int64_t stop = std::min({lines, i + near, shift < n_.in[1] ? divided_up(n_.in[1] - shift, stride) : 0});
            if (stop <= begin) continue;
            loops_.add_products({packed_y + (o * lines + begin) * y_line, lines * y_line, y_line,
                                 packed_x + c * channel + (begin * stride + shift - first) * line_ * kImages, stride * line_ * kImages,
                                 n_.stride[2] * kImages, n_.dilation[2] * kImages, std::min(kRowsNear, n_.out_channels - o), n_.kernel[2],
                                 stop - begin, n_.out[2], sums + ((o * n_.in_channels + c) * kernel_ + k * n_.kernel[2]) * kImages,
                                 n_.in_channels * kernel_ * kImages});
          }
  }

  const ConvolutionSizes& n_;
  const float *y_, *x_;
  float* w_;
  const BatchLoops& loops_;
  const int64_t kernel_, line_;  // taps; elements of a packed line of x
  int64_t lines_;                // of y at once
};

BatchSums forward_sums(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y) {
  const int64_t kernel = n.kernel[1] * n.kernel[2];
  return {forward_taps(n, 1),
          forward_taps(n, 2),
          n.batch,
          n.groups,
          n.in_channels,
          n.out_channels,
          x,
          w,
          bias,
          n.in_channels * kernel,
          kernel,
          n.out_channels * n.in_channels * kernel,
          n.kernel[2],
          y};
}
BatchSums backward_sums(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x) {
  const int64_t kernel = n.kernel[1] * n.kernel[2];
  return {backward_taps(n, 1),
          backward_taps(n, 2),
          n.batch,
          n.groups,
          n.out_channels,
          n.in_channels,
          y,
          w,
          bias,
          kernel,
          n.in_channels * kernel,
          n.out_channels * n.in_channels * kernel,
          n.kernel[2],
          x};
}

// Whether the lanes can be filled well.
bool fill_lanes(const ConvolutionSizes& n) {
  const bool is_plane = n.in[0] == 1 && n.kernel[0] == 1 && n.out[0] == 1 && n.kernel[1] * n.kernel[2] > 1;
  const bool is_empty = n.in_channels * n.out_channels * n.in[1] * n.in[2] * n.out[1] * n.out[2] == 0;
  return batch_loops() && is_plane && !is_empty && n.batch >= 12 && 4 * n.batch >= 3 * kImages * divided_up(n.batch, kImages);
}

// Whether the products of taps that there are take less time, with the packing, than a direct sum. Times are those of so many products in full
// lanes.
bool pays(const ConvolutionSizes& n, const BatchSums& s, bool backward) {
  constexpr double kPacking = 4, kStriding = 20;  // for an element; of the direct sum, where it isn't next to the last one
  constexpr int64_t kLeastRows = 4;               // that a tile needs to hide its latency
  if (std::min(s.rows, kRowsAtOnce) * s.positions() * kImages > 2 * kSumFloats) return false;
  const Stripes stripes(s);
  if (stripes.read * s.line() > kPackedFloats) return false;
  const auto taps = [](const AxisTaps& a) {
    return std::accumulate(a.ranges.begin(), a.ranges.end(), int64_t{0}, [](int64_t sum, const TapRange& r) { return sum + r.count; });
  };
  const int64_t products = std::max(s.rows, kLeastRows) * s.channels * taps(s.height) * taps(s.width);
  const int64_t elements = s.channels * stripes.count * stripes.read * s.width.size + s.rows * s.lines() * s.positions();
  const double filled = static_cast<double>(n.batch) / static_cast<double>(kImages * divided_up(n.batch, kImages));

  // A direct sum computes the positions between lines, as far as lines don't share zeros. Its rows go by fours. In the gradient of a strided
  // convolution's image, each residue of the stride has its positions and its taps.
  const int64_t reach = (n.kernel[2] - 1) * n.dilation[2], padding = backward ? reach - n.padding[2] : n.padding[2];
  const int64_t between = n.stride[2] > 1 ? reach / n.stride[2] : reach - std::clamp<int64_t>(padding, 0, reach);
  const int64_t lines = backward ? divided_up(n.in[1], n.stride[1]) : n.out[1], positions = backward ? divided_up(n.in[2], n.stride[2]) : n.out[2];
  const double rows = static_cast<double>(s.rows / 4 * 4) + static_cast<double>(s.rows % 4) * 4 / 3;
  const double direct = rows * static_cast<double>(s.channels * n.kernel[1] * n.kernel[2] * lines * (positions + between));
  const int64_t strided = n.stride[2] == 1 ? 0 : n.in[1] * n.in[2] * n.in_channels;
  return (static_cast<double>(products) + kPacking * static_cast<double>(elements)) / filled < direct + kStriding * static_cast<double>(strided);
}

}  // namespace

bool suits_batch_convolution(const ConvolutionSizes& n) {
  return fill_lanes(n) && pays(n, forward_sums(n, nullptr, nullptr, nullptr, nullptr), false);
}
bool suits_batch_input_gradient(const ConvolutionSizes& n) {
  return fill_lanes(n) && pays(n, backward_sums(n, nullptr, nullptr, nullptr, nullptr), true);
}
bool suits_batch_weight_gradient(const ConvolutionSizes& n) {
  // More output channels fill the lanes themselves.
  if (!fill_lanes(n) || n.out_channels >= 16) return false;
  if (n.out_channels * n.in_channels * n.kernel[1] * n.kernel[2] * kImages > kPackedFloats) return false;
  const int64_t line = n.in_channels * ((n.out[2] - 1) * n.stride[2] + (n.kernel[2] - 1) * n.dilation[2] + 1) * kImages;
  const int64_t lines = (n.kernel[1] - 1) * n.dilation[1] + 1;
  if (lines * line > kPackedFloats || n.out_channels * n.out[2] * kImages > kSumFloats) return false;
  const int64_t positions = n.out[1] * n.out[2], elements = n.in_channels * n.in[1] * n.in[2] + n.out_channels * positions;
  return 8 * elements < n.in_channels * n.out_channels * n.kernel[1] * n.kernel[2] * positions;
}

void batch_convolution(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y) {
  const BatchSums s = forward_sums(n, x, w, bias, y);
  BatchCorrelator(s).run();
}

void batch_input_gradient(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x) {
  const BatchSums s = backward_sums(n, y, w, bias, x);
  BatchCorrelator(s).run();
}

void batch_weight_gradient(const ConvolutionSizes& n, const float* y, const float* x, float* w) { BatchWeightGradient(n, y, x, w).run(); }

}}}  // namespace torch::xgrad::kernels
