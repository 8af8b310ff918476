#include <xgrad/autograd/kernels/convolution/winograd.h>

#include <algorithm>
#include <atomic>
#include <vector>

#include <xgrad/autograd/kernels/convolution/direct_convolution.h>
#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/product/tile_product.h>
#include <xgrad/autograd/kernels/quotients.h>
#include <xgrad/autograd/kernels/scratch.h>

// Note: what it takes, and how exact it is
//
// Forward, gradient of the image, gradient of the weight in microseconds, direct / by this algorithm, on a Xeon (model 167, AVX-512), one thread:
//
//   batch  channels  image             forward          image           weight
//   8      64-64     32x32         4310 / 1670     4310 / 1540     5910 / 1750
//   64     32-64     26x26         9550 / 4000    12220 / 5500    13870 / 4270
//   8      128-128   16x16         4000 / 2020     4320 / 1960     5260 / 1910
//   4      256-256   14x14         6840 / 4570     7840 / 4280     8040 / 4220
//   16     64-64     8x8            625 / 204       644 / 207       686 / 229
//   16     32-32     16x16          510 / 215       529 / 221       673 / 259
//   16     16-16     32x32          558 / 400       560 / 396       936 / 406
//   8      512-512   7x7         16810 / 12490   27310 / 10450   17760 / 10190
//   4      16-32     9x9             26 / 22         28 / 24         30 / 27
//   16     32-64     256, 5 taps    552 / 383       580 / 423       709 / 390
//   16     32-64     256, 3 taps    363 / 278       390 / 275       361 / 313
//
// F(2x2, 3x3), with tiles of 4 x 4 elements, took 2560, 2610 and 3290 in the first row, 565, 587 and 767 in the sixth; F(2, 5) 523, 525 and
// 576 for five taps. Of the first row 60% are products, 13% the image's way into lanes and tiles, 12% the results' way out; 16 to 48 tiles at once
// take the same time.
//
// The largest error was 0.4 to 2.8 of the direct one's in all of these, images of ReLU or of normal numbers alike, most for 16 channels, and the
// weight's 0.1 to 1.9. With the points 1, -1, 2 and -2 it would be 5 to 8 times the direct one's for 3 x 3 taps. In layers of random sizes it was
// at most 3.7 for 3 x 3 taps and 3.1 for three in a line. For five it is 1.2 with 64 channels, 1.8 with 32 and 2.7 with 17 in the median of
// layers of one size; 4 is exceeded by 1 of 1000 layers of 32 channels that have a single line, and by 1 of 50 of 17, which are convolved
// directly. Five taps have sums of 16 channels added up, for that: with sums of 32 the median is 2.3, and a layer of 32 channels takes four
// fifths of the time. Two axes of five taps would exceed 4.

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kStrip = WinogradLoops::kStrip, kResults = WinogradLoops::kResults;
constexpr int64_t kLeastPositions = 512;
constexpr int64_t kTiles = 32, kNeighbours = 16;  // tiles at once, and those whose window of a strip the first cache holds
constexpr int64_t kChannels = 64;                 // of the image and of the result, at once
constexpr double kProductsPerNanosecond = 60;

std::atomic<bool> enabled{true};

int64_t whole_strips(int64_t n) { return divided_up(n, kStrip) * kStrip; }

struct Block {
  int64_t first, size;
};

Block block_of(int64_t index, int64_t at_once, int64_t all) { return {index * at_once, std::min(at_once, all - index * at_once)}; }

// Planes of results in tiles, one plane after the other: of kResults along both axes, or of so many in a line where only neighbours in a line are
// taps.
class Tiles {
 public:
  Tiles(const int64_t* kernel, const int64_t* results)
      : both_axes(kernel[1] > 1),
        loops(winograd_loops(kernel[2])),
        lines(both_axes ? kResults : 1),
        columns_(divided_up(results[2], kResults)),
        in_plane_(divided_up(results[1], lines) * columns_) {}

  int64_t in_plane() const { return in_plane_; }
  int64_t points() const { return both_axes ? loops->points * loops->points : loops->points; }

  // f(plane, row, column, count, place in the block) for neighbours in a row.
  template <class F> void for_rows(const Block& block, F f) const {
    for (int64_t t = block.first; t < block.first + block.size;) {
      const int64_t column = t % columns_, count = std::min({columns_ - column, block.first + block.size - t, kNeighbours});
      f(t / in_plane_, t % in_plane_ / columns_, column, count, t - block.first);
      t += count;
    }
  }

  const bool both_axes;
  const WinogradLoops* const loops;
  const int64_t lines;  // of results of a tile

 private:
  int64_t columns_, in_plane_;
};

// [point][tile or channel][channel or row]. From a point to the next it is an odd number of cache lines, so that the points of one tile lie
// in different sets of a cache.
struct Points {
  Points(int64_t lines, int64_t length) : line(whole_strips(length)), point(lines * line + (lines * line / kStrip % 2 == 0 ? kStrip : 0)) {}
  int64_t line, point;
};

// What tiles read of an image: `reach` elements along an axis, the first ones `padding` before the image.
class TiledImage {
 public:
  TiledImage(const Tiles& tiles, const int64_t* size, const int64_t* padding, int64_t reach)
      : tiles_(tiles),
        height_(size[1]),
        width_(size[2]),
        above_(padding[1]),
        before_(padding[2]),
        lines_(tiles.both_axes ? reach : 1),
        reach_(reach) {}

  int64_t room() const { return lines_ * length(kNeighbours) * kStrip; }

  /// to[point][tile][channel] of `channels` planes from `image` on, whose planes lie `image_plane` apart from one of the batch
  /// to the next.
  void transform(void (*transformation)(const TilesOfStrip&), const float* image, int64_t image_plane, int64_t channels, const Block& block,
                 float* window, float* to, const Points& points) const {
    tiles_.for_rows(block, [&](int64_t b, int64_t row, int64_t column, int64_t count, int64_t at) {
      const int64_t n = length(count), start = column * kResults - before_, line = n * kStrip;
      const int64_t begin = std::clamp<int64_t>(-start, 0, n), end = std::clamp(width_ - start, begin, n);
      for (int64_t c = 0; c < channels; c += kStrip) {
        for (int64_t i = 0; i < lines_; ++i) {
          const int64_t y = row * tiles_.lines + i - above_;
          const bool inside = y >= 0 && y < height_ && begin < end;
          const float* const from = inside ? image + b * image_plane + (c * height_ + y) * width_ + start + begin : nullptr;
          tiles_.loops->take(
              {from, height_ * width_, inside ? std::min(kStrip, channels - c) : 0, begin, inside ? end - begin : 0, n, window + i * line});
        }
        transformation({window, kResults * kStrip, line, kStrip, to + at * points.line + c, points.line, tiles_.loops->points * points.point,
                        points.point, count, tiles_.both_axes});
      }
    });
  }

 private:
  int64_t length(int64_t tiles) const { return (tiles - 1) * kResults + reach_; }

  const Tiles& tiles_;
  int64_t height_, width_, above_, before_, lines_, reach_;
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
  Convolution(const ConvolutionSizes& n, const Tiles& tiles, const Direction& d, const float* image, const float* w, const float* bias, float* result)
      : n_(n),
        d_(d),
        image_(image),
        w_(w),
        bias_(bias),
        result_(result),
        tiles_(tiles),
        tiled_(tiles, d.in, d.padding, tiles.loops->points),
        depth_(n.kernel[2] == 3 ? kChannels : kStrip),
        weight_points_(d.channels, d.rows),
        image_points_(kTiles, std::min(d.channels, kChannels)),
        result_points_(kTiles, std::min(d.rows, kChannels)),
        weights_(n.groups * tiles.points() * weight_points_.point),
        infinite_(static_cast<size_t>(n.batch)) {
    transform_weights();
  }

  /// Calls again(i) for images whose results are not all finite.
  template <class F> void run(F again) {
    const int64_t all = n_.batch * tiles_.in_plane(), blocks = divided_up(all, kTiles), row_blocks = divided_up(d_.rows, kChannels);
    const double products = static_cast<double>(tiles_.points() * kTiles * d_.channels) * static_cast<double>(std::min(d_.rows, kChannels));
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond / products) + 1;
    const int64_t window = std::max(tiled_.room(), kNeighbours * tiles_.lines * kResults * kStrip);
    const int64_t v = tiles_.points() * image_points_.point, m = tiles_.points() * result_points_.point;
    parallel_for_with_room<float>(n_.groups * blocks * row_blocks, grain, window + v + m, [&](int64_t begin, int64_t end, float* room) {
      for (int64_t task = begin; task < end; ++task) {
        const int64_t row_block = task % row_blocks, group = task / row_blocks / blocks;
        // Blocks of rows of the same tiles follow each other.
        const bool transformed = d_.channels <= kChannels && row_block > 0 && task > begin;
        run_task(group, block_of(row_block, kChannels, d_.rows), block_of(task / row_blocks % blocks, kTiles, all), transformed, room, room + window,
                 room + window + v);
      }
    });
    for (size_t b = 0; b < infinite_.size(); ++b)
      if (infinite_[b].load(std::memory_order_relaxed)) again(static_cast<int64_t>(b));
  }

 private:
  float* weights(int64_t group) const { return weights_.data() + group * tiles_.points() * weight_points_.point; }

  void transform_weights() {
    const double sums = 10.0 * static_cast<double>(d_.rows);
    parallel_for(n_.groups * d_.channels, static_cast<int64_t>(least_shared_nanoseconds() / sums) + 1, [this](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const int64_t group = i / d_.channels, c = i % d_.channels;
        const float* const w = w_ + group * std::max(d_.rows * d_.w_row, d_.channels * d_.w_channel) + c * d_.w_channel;
        tiles_.loops->weights({w, d_.w_row, d_.rows, d_.flipped, tiles_.both_axes, weights(group) + c * weight_points_.line, weight_points_.point});
      }
    });
  }

  void run_task(int64_t group, const Block& rows, const Block& tiles, bool transformed, float* window, float* v, float* m) {
    const int64_t plane = d_.in[1] * d_.in[2], channels = n_.groups * d_.channels;
    for (int64_t first = 0; first < d_.channels; first += kChannels) {
      const int64_t count = std::min(kChannels, d_.channels - first);
      if (!transformed)
        tiled_.transform(tiles_.loops->image, image_ + (group * d_.channels + first) * plane, channels * plane, count, tiles, window, v,
                         image_points_);
      for (int64_t k = 0; k < tiles_.points(); ++k) {
        float* const sums = m + k * result_points_.point;
        for (int64_t c = 0; c < count; c += depth_) {
          const float* const w = weights(group) + k * weight_points_.point + (first + c) * weight_points_.line + rows.first;
          tile_loops<float>()->run(
              TileWay::kColumns,
              {tiles.size, whole_strips(rows.size), std::min(depth_, count - c), v + k * image_points_.point + c, image_points_.line, 1, w,
               weight_points_.line, 1, first + c > 0 ? sums : nullptr, result_points_.line, 1, sums, result_points_.line, 1, nullptr});
        }
      }
    }
    put(group * d_.rows + rows.first, rows.size, tiles, m, window);
  }

  void put(int64_t first_row, int64_t rows, const Block& tiles, const float* m, float* block) {
    const int64_t height = d_.out[1], width = d_.out[2];
    tiles_.for_rows(tiles, [&](int64_t b, int64_t row, int64_t column, int64_t count, int64_t at) {
      const int64_t line = count * kResults * kStrip, top = row * tiles_.lines, left = column * kResults;
      const int64_t lines = std::min(tiles_.lines, height - top), columns = std::min(count * kResults, width - left);
      bool finite = true;
      for (int64_t r = 0; r < rows; r += kStrip) {
        tiles_.loops->sums({m + at * result_points_.line + r, result_points_.line, tiles_.loops->points * result_points_.point, result_points_.point,
                            block, kResults * kStrip, line, kStrip, count, tiles_.both_axes});
        const int64_t n = std::min(kStrip, rows - r);
        float bias[kStrip] = {};
        if (bias_) std::copy_n(bias_ + first_row + r, n, bias);
        float* const to = result_ + ((b * n_.groups * d_.rows + first_row + r) * height + top) * width + left;
        for (int64_t i = 0; i < lines; ++i)
          finite = tiles_.loops->put({block + i * line, bias, n, columns, to + i * width, height * width}) && finite;
      }
      if (!finite) infinite_[static_cast<size_t>(b)].store(true, std::memory_order_relaxed);
    });
  }

  const ConvolutionSizes& n_;
  const Direction& d_;
  const float *image_, *w_, *bias_;
  float* result_;
  const Tiles& tiles_;
  TiledImage tiled_;
  int64_t depth_;  // channels that are added up before they are added to others: of five taps' points fewer, for exactness
  Points weight_points_, image_points_, result_points_;
  Scratch<float> weights_;
  std::vector<std::atomic<bool>> infinite_;
};

// Products of every output channel with every input channel, summed up over tiles: those of two blocks of channels, or of a part of the tiles if
// there are few blocks, in a task.
class WeightGradient {
 public:
  WeightGradient(const ConvolutionSizes& n, const Tiles& tiles, const float* y, const float* x, float* w)
      : n_(n),
        y_(y),
        x_(x),
        w_(w),
        tiles_(tiles),
        tiled_y_(tiles, n.out, kNoPadding, kResults),
        tiled_x_(tiles, n.in, n.padding, tiles.loops->points),
        row_blocks_(divided_up(n.out_channels, kChannels)),
        channel_blocks_(divided_up(n.in_channels, kChannels)),
        all_(n.batch * tiles_.in_plane()),
        blocks_(n.groups * row_blocks_ * channel_blocks_),
        parts_(std::clamp<int64_t>(divided_up(kLeastTasks, blocks_), 1, std::max<int64_t>(all_ / (2 * kTiles), 1))),
        y_points_(kTiles, std::min(n.out_channels, kChannels)),
        x_points_(kTiles, std::min(n.in_channels, kChannels)),
        sum_points_(std::min(n.out_channels, kChannels), std::min(n.in_channels, kChannels)) {}

  /// True iff all of w is finite.
  bool run() {
    const int64_t points = tiles_.points(), sums = points * sum_points_.point, rows = std::min(n_.out_channels, kChannels);
    const double products =
        static_cast<double>(points) * static_cast<double>(all_ / parts_) * static_cast<double>(rows * std::min(n_.in_channels, kChannels));
    const auto grain = static_cast<int64_t>(least_shared_nanoseconds() * kProductsPerNanosecond / products) + 1;
    const int64_t window = std::max(tiled_y_.room(), tiled_x_.room()), y = points * y_points_.point, x = points * x_points_.point;
    const Scratch<float> of_parts(parts_ > 1 ? blocks_ * parts_ * sums : 0);
    parallel_for_with_room<float>(blocks_ * parts_, grain, window + y + x + (parts_ > 1 ? 0 : sums), [&](int64_t begin, int64_t end, float* room) {
      for (int64_t task = begin; task < end; ++task) {
        const Channels c = channels(task / parts_);
        float* const s = parts_ > 1 ? of_parts.data() + task * sums : room + window + y + x;
        sum_up(c, all_ * (task % parts_) / parts_, all_ * (task % parts_ + 1) / parts_, room, room + window, room + window + y, s);
        if (parts_ == 1)
          for (int64_t r = 0; r < c.rows.size; ++r) put(c, r, s);
      }
    });
    if (parts_ > 1) {
      const double terms = 2.0 * static_cast<double>(points * parts_ * n_.in_channels);
      parallel_for(blocks_ * rows, static_cast<int64_t>(least_shared_nanoseconds() / terms) + 1, [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; ++i)
          if (const Channels c = channels(i / rows); i % rows < c.rows.size) put(c, i % rows, of_parts.data() + i / rows * parts_ * sums);
      });
    }
    return finite_.load(std::memory_order_relaxed);
  }

 private:
  static constexpr int64_t kNoPadding[3] = {0, 0, 0}, kLeastTasks = 4;

  struct Channels {
    int64_t group;
    Block rows, columns;  // output and input channels
  };
  Channels channels(int64_t block) const {
    return {block / channel_blocks_ / row_blocks_, block_of(block / channel_blocks_ % row_blocks_, kChannels, n_.out_channels),
            block_of(block % channel_blocks_, kChannels, n_.in_channels)};
  }

  void sum_up(const Channels& c, int64_t begin, int64_t end, float* window, float* y, float* x, float* s) const {
    const int64_t y_plane = n_.out[1] * n_.out[2], x_plane = n_.in[1] * n_.in[2];
    const float* const first_y = y_ + (c.group * n_.out_channels + c.rows.first) * y_plane;
    const float* const first_x = x_ + (c.group * n_.in_channels + c.columns.first) * x_plane;
    for (int64_t t = begin; t < end; t += kTiles) {
      const Block tiles{t, std::min(kTiles, end - t)};
      tiled_y_.transform(tiles_.loops->gradient, first_y, n_.groups * n_.out_channels * y_plane, c.rows.size, tiles, window, y, y_points_);
      tiled_x_.transform(tiles_.loops->image, first_x, n_.groups * n_.in_channels * x_plane, c.columns.size, tiles, window, x, x_points_);
      for (int64_t k = 0; k < tiles_.points(); ++k) {
        float* const sums = s + k * sum_points_.point;
        tile_loops<float>()->run(TileWay::kColumns,
                                 {c.rows.size, c.columns.size, tiles.size, y + k * y_points_.point, 1, y_points_.line, x + k * x_points_.point,
                                  x_points_.line, 1, t > begin ? sums : nullptr, sum_points_.line, 1, sums, sum_points_.line, 1, nullptr});
      }
    }
  }

  // The weights of row r of a block, from the sums of the block's first part.
  void put(const Channels& c, int64_t r, const float* s) {
    const int64_t row = c.group * n_.out_channels + c.rows.first + r;
    float* const to = w_ + (row * n_.in_channels + c.columns.first) * n_.kernel[1] * n_.kernel[2];
    if (!tiles_.loops->weight_gradient(
            {s + r * sum_points_.line, sum_points_.point, tiles_.points() * sum_points_.point, parts_, c.columns.size, tiles_.both_axes, to}))
      finite_.store(false, std::memory_order_relaxed);
  }

  const ConvolutionSizes& n_;
  const float *y_, *x_;
  float* w_;
  const Tiles& tiles_;
  TiledImage tiled_y_, tiled_x_;
  int64_t row_blocks_, channel_blocks_, all_, blocks_, parts_;
  Points y_points_, x_points_, sum_points_;
  std::atomic<bool> finite_{true};
};

ConvolutionSizes one_image(ConvolutionSizes n) {
  n.batch = 1;
  return n;
}

int64_t volume(const int64_t* sizes, int64_t channels) { return channels * sizes[0] * sizes[1] * sizes[2]; }

// Taps in neighbouring elements, three along both axes or three or five along the last.
bool has_such_taps(const ConvolutionSizes& n) {
  for (int i = 0; i < 3; ++i)
    if (n.stride[i] != 1 || n.dilation[i] != 1) return false;
  if (n.in[0] != 1 || n.kernel[0] != 1 || n.padding[0] != 0) return false;
  if (n.kernel[1] == 1) return n.kernel[2] == 3 || n.kernel[2] == 5;
  return n.kernel[1] == 3 && n.kernel[2] == 3;
}

}  // namespace

void set_winograd(bool on) { enabled.store(on, std::memory_order_relaxed); }
bool winograd() { return enabled.load(std::memory_order_relaxed); }

bool suits_winograd(const ConvolutionSizes& n) {
  if (!winograd() || !has_such_taps(n) || !winograd_loops(n.kernel[2])) return false;
  // Where a direct sum has few terms it is as exact: of few channels, or next to padding alone.
  if (std::min(n.in_channels, n.out_channels) < (n.kernel[2] == 3 ? 16 : 32)) return false;
  for (const int axis : {1, 2})
    if (n.kernel[axis] > 1 && std::min(n.in[axis], n.out[axis]) < kResults) return false;
  // Multiplications, and what else takes as long as so many of them: transforms of tiles and of weights, and, when computed directly, the
  // positions between lines.
  const Tiles tiles(n.kernel, n.out);
  const auto in = static_cast<double>(n.in_channels), out = static_cast<double>(n.out_channels), points = static_cast<double>(tiles.points());
  const double of_tile = in * out + 10 * static_cast<double>(whole_strips(n.in_channels) + whole_strips(n.out_channels));
  const auto positions = static_cast<double>(n.batch * n.out[1] * (n.out[2] + n.kernel[2] - 1));
  const double direct = 1.1 * in * out * static_cast<double>(n.kernel[1] * n.kernel[2]) * positions;
  return points * (static_cast<double>(n.batch * tiles.in_plane()) * of_tile + 15 * in * out) < direct;
}

bool suits_winograd_weight_gradient(const ConvolutionSizes& n) {
  return suits_winograd(n) && (n.kernel[2] == 3 || n.batch * n.out[1] * n.out[2] >= kLeastPositions);
}

void winograd_convolution(const ConvolutionSizes& n, const float* x, const float* w, const float* bias, float* y) {
  const int64_t taps = n.kernel[1] * n.kernel[2];
  const Direction d{n.in_channels, n.out_channels, n.in, n.out, {0, n.padding[1], n.padding[2]}, n.in_channels * taps, taps, false};
  Convolution(n, Tiles(n.kernel, n.out), d, x, w, bias, y).run([&](int64_t b) {
    direct_convolution(one_image(n), x + b * volume(n.in, n.groups * n.in_channels), w, bias, y + b * volume(n.out, n.groups * n.out_channels));
  });
}

void winograd_input_gradient(const ConvolutionSizes& n, const float* y, const float* w, const float* bias, float* x) {
  const int64_t taps = n.kernel[1] * n.kernel[2];
  const int64_t above = n.kernel[1] - 1 - n.padding[1], before = n.kernel[2] - 1 - n.padding[2];
  const Direction d{n.out_channels, n.in_channels, n.out, n.in, {0, above, before}, taps, n.in_channels * taps, true};
  Convolution(n, Tiles(n.kernel, n.in), d, y, w, bias, x).run([&](int64_t b) {
    direct_input_gradient(one_image(n), y + b * volume(n.out, n.groups * n.out_channels), w, bias, x + b * volume(n.in, n.groups * n.in_channels));
  });
}

void winograd_weight_gradient(const ConvolutionSizes& n, const float* y, const float* x, float* w) {
  if (!WeightGradient(n, Tiles(n.kernel, n.out), y, x, w).run()) direct_weight_gradient(n, y, x, w);
}

}}}  // namespace torch::xgrad::kernels
