#include <xgrad/autograd/kernels/convolution/winograd.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>
#include <xgrad/autograd/kernels/convolution/direct_convolution.h>
#include <xgrad/autograd/kernels/convolution/window.h>
#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/tile_product.h>
#include <xgrad/autograd/kernels/scratch.h>

// Note: what it takes, and how exact it is
//
// Forward, gradient of the image, gradient of the weight in microseconds, direct / by this algorithm, on an EPYC (Zen 5, AVX-512), one thread:
//
//   batch  channels  image        forward          image           weight
//   8      64-64     32x32     2680 / 1590     2710 / 1560     3070 / 1930
//   64     32-64     26x26     7770 / 6660     7610 / 6610    10300 / 6790
//   8      128-128   16x16     2710 / 1840     2700 / 1870     2940 / 2340
//   4      256-256   14x14     4160 / 3440     4150 / 3460     4760 / 4470
//   16     64-64     8x8        411 / 356       414 / 354       438 / 407
//   1      64-64     56x56      987 / 674       986 / 662      1190 / 888
//   16     32-32     16x16      368 / 346       373 / 349       395 / 418
//   16     16-16     32x32      361 / 357       371 / 359       470 / 551
//   8      512-512   7x7      10600 / 11900   10800 / 12900   11100 / 15900
//   8      32-32     8x8         58 / 72         57 / 73         55 / 81
//
// The last four are computed directly. The multiplications run at 92% of what the processor can; the rest is transforms. They would take
// twice as long in planes of all channels: a tile's sixteen elements then lie in one set of the cache.
//
// The largest error was 0.14 to 0.6 of the direct one's in all of these, images of ReLU or of normal numbers alike: a sum over channels alone is a
// ninth as long as one over channels and taps.

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kSlack = WinogradLoops::kSlack, kPlanes = 16;
constexpr int64_t kLeastChannels = 32, kLeastChannelsTogether = 96, kLeastTiles = 192;
constexpr int64_t kTiles = 48, kTilesOfFewChannels = 96;  // at once
constexpr int64_t kChannels = 64;                         // of the image and of the result, at once
constexpr double kProductsPerNanosecond = 60;

std::atomic<bool> enabled{true};

int64_t divided_up(int64_t a, int64_t b) { return (a + b - 1) / b; }
int64_t whole_registers(int64_t n) { return divided_up(n, kSlack) * kSlack; }

struct Block {
  int64_t first, size;
};

Block block_of(int64_t index, int64_t at_once, int64_t all) { return {index * at_once, std::min(at_once, all - index * at_once)}; }

// The tiles of 2 x 2 results of planes, one plane after the other.
struct Tiles {
  int64_t rows, columns;
  int64_t in_plane() const { return rows * columns; }

  // f(plane, row, column, count, place in the block) for neighbours in a row.
  template <class F> void for_rows(const Block& block, F f) const {
    for (int64_t t = block.first; t < block.first + block.size;) {
      const int64_t column = t % columns, count = std::min(columns - column, block.first + block.size - t);
      f(t / in_plane(), t / columns % rows, column, count, t - block.first);
      t += count;
    }
  }
};

// The sixteen elements of tiles lie in planes, with those of one channel together; from a channel to the next it is an odd number of cache
// lines, so that few lie in the same set of a cache.
constexpr int64_t planes_of(int64_t plane) { return kPlanes * plane + kSlack; }

Tiles tiles_of(const int64_t* results) { return {divided_up(results[1], 2), divided_up(results[2], 2)}; }

// What tiles read of an image, `taps` by `taps` elements each, two apart, the first ones `padding` before the image.
class TiledImage {
 public:
  TiledImage(const Tiles& tiles, const int64_t* size, const int64_t* padding, int64_t taps)
      : tiles_(tiles),
        taps_(taps),
        axes_{{1, 1, 1, {{0, 0, 0}}, 0, 0, {}}, {size[1], 1, 0, {{0, -padding[1], 0}}, 0, 0, {}}, {size[2], 2, tiles.columns, {}, 0, 0, {}}} {
    for (int64_t k = 0; k < taps; ++k) {
      const int64_t shift = floor_quotient(k - padding[2], 2);
      axes_[2].taps.push_back({k, shift, k - padding[2] - 2 * shift});
    }
    for (WindowAxis& axis : axes_) axis.find_extent();
  }

  // Elements of windows on as many tiles.
  int64_t room(int64_t tiles) const {
    const Window w =
        by_rows() ? window(1, std::min(tiles, tiles_.columns)) : window(std::min(tiles_.rows, divided_up(tiles, tiles_.columns) + 1), tiles_.columns);
    return kWindows * w.channel() + kSlack;
  }

  /// to[channel][plane][tile] of `channels` planes from `image` on, whose planes lie `image_plane` apart from one of the batch
  /// to the next.
  void transform(void (*transformation)(const TilesIn&), const float* image, int64_t image_plane, int64_t channels, const Block& block, float* room,
                 float* to, int64_t to_plane) const {
    const ConvolutionLoops<float>& loops = convolution_loops<float>();
    const int64_t plane = axes_[1].size * axes_[2].size;
    for (int64_t t = block.first; t < block.first + block.size;) {
      const int64_t b = t / tiles_.in_plane(), piece = by_rows() ? tiles_.columns : tiles_.in_plane();
      const int64_t end = std::min((t / piece + 1) * piece, block.first + block.size);
      const int64_t first_row = t / tiles_.columns % tiles_.rows, last_row = (end - 1) / tiles_.columns % tiles_.rows;
      const int64_t first_column = by_rows() ? t % tiles_.columns : 0;
      const Window w = window(last_row - first_row + 1, by_rows() ? end - t : tiles_.columns);
      const int64_t start[] = {0, 2 * first_row, first_column};
      TilesIn in{};
      for (int64_t k = 0; k < taps_; ++k) in.x_at[k] = w.offset(axes_[0].taps[0], axes_[1].taps[0], axes_[2].taps[static_cast<size_t>(k)]);
      in.x_line = w.line();
      in.to_plane = to_plane;
      // Several channels, so that what is read has been written a while ago.
      for (int64_t c = 0; c < channels; ++c) {
        const float* const from = room + c % kWindows * w.channel();
        if (c % kWindows == 0) w.load(loops, image + b * image_plane + c * plane, std::min(kWindows, channels - c), start, room);
        for (int64_t i = t; i < end; i += in.count) {
          const int64_t column = i % tiles_.columns;
          in.count = std::min(tiles_.columns - column, end - i);
          in.x = from + 2 * (i / tiles_.columns % tiles_.rows - first_row) * in.x_line + column - first_column;
          in.to = to + c * planes_of(to_plane) + i - block.first;
          transformation(in);
        }
      }
      t = end;
    }
  }

 private:
  static constexpr int64_t kWindows = 16;

  // Whether windows hold a stretch of one long row of tiles, or whole rows.
  bool by_rows() const { return tiles_.columns > kTilesOfFewChannels; }
  Window window(int64_t rows, int64_t columns) const { return {axes_, {1, 2 * rows + taps_ - 2, columns}}; }

  Tiles tiles_;
  int64_t taps_;
  WindowAxis axes_[3];
};

// The image of a convolution or, with weights in reverse order, of its gradient.
struct Direction {
  int64_t channels, rows;  // of the image and of the result, in a group
  const int64_t *in, *out;
  int64_t padding[3];
  int64_t w_row, w_channel;
  bool flipped;
};

class Convolution {
 public:
  Convolution(const ConvolutionSizes& n, const Direction& d, const float* image, const float* w, const float* bias, float* result)
      : n_(n),
        d_(d),
        image_(image),
        w_(w),
        bias_(bias),
        result_(result),
        tiles_(tiles_of(d.out)),
        tiled_(tiles_, d.in, d.padding, 4),
        at_once_(d.channels > kChannels / 2 ? kTiles : kTilesOfFewChannels),
        row_(whole_registers(at_once_) + kSlack),
        channel_blocks_(divided_up(d.channels, kChannels)),
        row_blocks_(divided_up(d.rows, kChannels)),
        depth_(whole_registers(std::min(d.channels, kChannels))),
        weights_(n.groups * channel_blocks_ * d.rows * planes_of(depth_)),
        infinite_(static_cast<size_t>(n.batch)) {
    transform_weights();
  }

  /// Calls again(i) for images whose results are not all finite.
  template <class F> void run(F again) {
    const int64_t all = n_.batch * tiles_.in_plane(), blocks = divided_up(all, at_once_);
    const double products = static_cast<double>(kPlanes * at_once_ * d_.channels) * static_cast<double>(std::min(d_.rows, kChannels));
    const auto grain = static_cast<int64_t>(kParallelNanoseconds * kProductsPerNanosecond / products) + 1;
    const int64_t tasks = n_.groups * row_blocks_ * blocks, v = whole_registers(tiled_.room(at_once_));
    const int64_t m = v + std::min(d_.channels, kChannels) * planes_of(row_), room = m + std::min(d_.rows, kChannels) * planes_of(row_);
    parallel_for_with_room<float>(tasks, grain, room, [&](int64_t begin, int64_t end, float* window) {
      for (int64_t task = begin; task < end; ++task) {
        const Block tiles = block_of(task % blocks, at_once_, all);
        run_task(task / blocks / row_blocks_, block_of(task / blocks % row_blocks_, kChannels, d_.rows), tiles, window, window + v, window + m);
      }
    });
    for (size_t b = 0; b < infinite_.size(); ++b)
      if (infinite_[b].load(std::memory_order_relaxed)) again(static_cast<int64_t>(b));
  }

 private:
  float* weights(int64_t group, int64_t block) const { return weights_.data() + (group * channel_blocks_ + block) * d_.rows * planes_of(depth_); }

  void transform_weights() {
    const double sums = 10.0 * static_cast<double>(d_.channels);
    parallel_for(n_.groups * d_.rows, static_cast<int64_t>(kParallelNanoseconds / sums) + 1, [this](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const int64_t group = r / d_.rows, row = r % d_.rows;
        for (int64_t i = 0; i < channel_blocks_; ++i) {
          const Block c = block_of(i, kChannels, d_.channels);
          const float* const w = w_ + group * std::max(d_.rows * d_.w_row, d_.channels * d_.w_channel) + row * d_.w_row + c.first * d_.w_channel;
          winograd_loops()->weights({w, d_.w_channel, c.size, d_.flipped, weights(group, i) + row * planes_of(depth_), depth_});
        }
      }
    });
  }

  void run_task(int64_t group, const Block& rows, const Block& tiles, float* window, float* v, float* m) {
    const int64_t plane = d_.in[1] * d_.in[2], channels = n_.groups * d_.channels, channel = planes_of(row_);
    for (int64_t i = 0; i < channel_blocks_; ++i) {
      const Block c = block_of(i, kChannels, d_.channels);
      tiled_.transform(winograd_loops()->image, image_ + (group * d_.channels + c.first) * plane, channels * plane, c.size, tiles, window, v, row_);
      for (int64_t k = 0; k < kPlanes; ++k) {
        float* const sums = m + k * row_;
        tile_loops<float>()->run(
            TileWay::kColumns, {rows.size, tiles.size, c.size, weights(group, i) + rows.first * planes_of(depth_) + k * depth_, planes_of(depth_), 1,
                                v + k * row_, channel, 1, i > 0 ? sums : nullptr, channel, 1, sums, channel, 1, nullptr});
      }
    }
    const int64_t width = d_.out[2];
    tiles_.for_rows(tiles, [&](int64_t b, int64_t row, int64_t column, int64_t count, int64_t at) {
      TilesOut out{m + at, row_, count, 0, nullptr, width, std::min<int64_t>(2, d_.out[1] - 2 * row), std::min(2 * count, width - 2 * column)};
      const int64_t first = group * d_.rows + rows.first;
      out.y = result_ + ((b * n_.groups * d_.rows + first) * d_.out[1] + 2 * row) * width + 2 * column;
      bool finite = true;
      for (int64_t r = 0; r < rows.size; ++r, out.m += channel, out.y += d_.out[1] * width) {
        if (bias_) out.bias = bias_[first + r];
        finite = winograd_loops()->results(out) && finite;
      }
      if (!finite) infinite_[static_cast<size_t>(b)].store(true, std::memory_order_relaxed);
    });
  }

  const ConvolutionSizes& n_;
  const Direction& d_;
  const float *image_, *w_, *bias_;
  float* result_;
  Tiles tiles_;
  TiledImage tiled_;
  int64_t at_once_, row_;  // tiles, and from one plane of them to the next
  int64_t channel_blocks_, row_blocks_, depth_;
  Scratch<float> weights_;
  std::vector<std::atomic<bool>> infinite_;
};

// Products of every output channel with every input channel, summed up over tiles: those of a part of them in a task.
class WeightGradient {
 public:
  WeightGradient(const ConvolutionSizes& n, const float* y, const float* x)
      : n_(n),
        y_(y),
        x_(x),
        tiles_(tiles_of(n.out)),
        tiled_y_(tiles_, n.out, kNoPadding, 2),
        tiled_x_(tiles_, n.in, n.padding, 4),
        row_blocks_(divided_up(n.out_channels, kChannels)),
        channel_blocks_(divided_up(n.in_channels, kChannels)),
        all_(n.batch * tiles_.in_plane()),
        blocks_(n.groups * row_blocks_ * channel_blocks_),
        parts_(std::clamp<int64_t>(divided_up(kLeastTasks, blocks_), 1, std::max<int64_t>(all_ / kTilesOfFewChannels, 1))),
        width_(whole_registers(n.in_channels)),
        plane_(n.groups * n.out_channels * width_),
        sums_(parts_ * kPlanes * plane_) {}

  /// True iff all of w is finite.
  bool run(float* w) {
    const double products = static_cast<double>(kPlanes) * static_cast<double>(all_ / parts_) *
                            static_cast<double>(std::min(n_.out_channels, kChannels) * std::min(n_.in_channels, kChannels));
    const auto grain = static_cast<int64_t>(kParallelNanoseconds * kProductsPerNanosecond / products) + 1;
    const int64_t y = whole_registers(std::max(tiled_y_.room(kTiles), tiled_x_.room(kTiles)));
    const int64_t x = y + std::min(n_.out_channels, kChannels) * kChannel, copies = x + std::min(n_.in_channels, kChannels) * kChannel;
    const int64_t room = copies + kChannels * kTiles;
    parallel_for_with_room<float>(blocks_ * parts_, grain, room, [&](int64_t begin, int64_t end, float* window) {
      for (int64_t task = begin; task < end; ++task) run_task(task, window, window + y, window + x, window + copies);
    });
    std::atomic<bool> finite{true};
    const double sums = 2.0 * static_cast<double>(kPlanes * parts_ * n_.in_channels);
    parallel_for(n_.groups * n_.out_channels, static_cast<int64_t>(kParallelNanoseconds / sums) + 1, [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const bool all = winograd_loops()->weight_gradient(
            {sums_.data() + r * width_, plane_, kPlanes * plane_, parts_, n_.in_channels, w + r * n_.in_channels * 9});
        if (!all) finite.store(false, std::memory_order_relaxed);
      }
    });
    return finite.load(std::memory_order_relaxed);
  }

 private:
  static constexpr int64_t kNoPadding[3] = {0, 0, 0}, kLeastTasks = 4, kRow = kTiles + kSlack, kChannel = planes_of(kRow);

  void run_task(int64_t task, float* window, float* y, float* x, float* room) const {
    const int64_t part = task % parts_, group = task / parts_ / channel_blocks_ / row_blocks_;
    const Block rows = block_of(task / parts_ / channel_blocks_ % row_blocks_, kChannels, n_.out_channels);
    const Block channels = block_of(task / parts_ % channel_blocks_, kChannels, n_.in_channels);
    const int64_t begin = all_ * part / parts_, end = all_ * (part + 1) / parts_;
    const int64_t y_plane = n_.out[1] * n_.out[2], x_plane = n_.in[1] * n_.in[2];
    const int64_t first_row = group * n_.out_channels + rows.first, first_channel = group * n_.in_channels + channels.first;
    for (int64_t t = begin; t < end; t += kTiles) {
      const Block tiles{t, std::min(kTiles, end - t)};
      tiled_y_.transform(winograd_loops()->gradient, y_ + first_row * y_plane, n_.groups * n_.out_channels * y_plane, rows.size, tiles, window, y,
                         kRow);
      tiled_x_.transform(winograd_loops()->image, x_ + first_channel * x_plane, n_.groups * n_.in_channels * x_plane, channels.size, tiles, window, x,
                         kRow);
      for (int64_t k = 0; k < kPlanes; ++k) {
        float* const sums = sums_.data() + (part * kPlanes + k) * plane_ + first_row * width_ + channels.first;
        tile_loops<float>()->run(TileWay::kColumns, {rows.size, channels.size, tiles.size, y + k * kRow, kChannel, 1, x + k * kRow, 1, kChannel,
                                                     t > begin ? sums : nullptr, width_, 1, sums, width_, 1, room});
      }
    }
  }

  const ConvolutionSizes& n_;
  const float *y_, *x_;
  Tiles tiles_;
  TiledImage tiled_y_, tiled_x_;
  int64_t row_blocks_, channel_blocks_, all_, blocks_, parts_, width_, plane_;
  Scratch<float> sums_;  // [part][plane][row][channel]
};

ConvolutionSizes one_image(ConvolutionSizes n) {
  n.batch = 1;
  return n;
}

int64_t volume(const int64_t* sizes, int64_t channels) { return channels * sizes[0] * sizes[1] * sizes[2]; }

}  // namespace

void set_winograd(bool on) { enabled.store(on, std::memory_order_relaxed); }
bool winograd() { return enabled.load(std::memory_order_relaxed); }

bool suits_winograd(const ConvolutionSizes& n) {
  const auto all = [](const int64_t(&values)[3], int64_t value) { return values[1] == value && values[2] == value; };
  if (!winograd() || !winograd_loops() || n.in[0] != 1 || n.kernel[0] != 1 || n.padding[0] != 0) return false;
  if (!all(n.kernel, 3) || !all(n.stride, 1) || !all(n.dilation, 1) || std::min(n.in_channels, n.out_channels) < kLeastChannels) return false;
  if (n.in_channels + n.out_channels < kLeastChannelsTogether) return false;
  const Tiles tiles = tiles_of(n.out);
  // Where many tiles stick out of the results, as many products are computed directly.
  return n.batch * tiles.in_plane() >= kLeastTiles && 3 * n.out[1] * n.out[2] >= 2 * 4 * tiles.in_plane();
}

void winograd_convolution(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y) {
  const Direction d{n.in_channels, n.out_channels, n.in, n.out, {0, n.padding[1], n.padding[2]}, n.in_channels * 9, 9, false};
  Convolution(n, d, x, w, bias, y).run([&](int64_t b) {
    direct_convolution(one_image(n), x + b * volume(n.in, n.groups * n.in_channels), w, bias, y + b * volume(n.out, n.groups * n.out_channels));
  });
}

void winograd_input_gradient(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x) {
  const Direction d{n.out_channels, n.in_channels, n.out, n.in, {0, 2 - n.padding[1], 2 - n.padding[2]}, 9, n.in_channels * 9, true};
  Convolution(n, d, y, w, bias, x).run([&](int64_t b) {
    direct_input_gradient(one_image(n), y + b * volume(n.out, n.groups * n.out_channels), w, bias, x + b * volume(n.in, n.groups * n.in_channels));
  });
}

void winograd_weight_gradient(const ConvolutionSizes& n, const float* y, const float* x, float* w) {
  if (!WeightGradient(n, y, x).run(w)) direct_weight_gradient(n, y, x, w);
}

}}}  // namespace torch::xgrad::kernels
