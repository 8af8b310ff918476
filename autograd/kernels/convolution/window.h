// The part of an image that a block of positions reads, with zeros around it, in planes by residue of the stride.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>
#include <xgrad/autograd/kernels/quotients.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// A tap at position o reads the image at step * (o + shift) + phase, 0 <= phase < step; `index` is its place in the kernel.
struct Tap {
  int64_t index, shift, phase;
};

/// The taps along one axis, and the positions whose sums they are.
struct WindowAxis {
  int64_t size;  ///< of the image
  int64_t step;
  int64_t positions;
  std::vector<Tap> taps;
  int64_t least = 0, most = 0;  ///< shift

  struct Phase {
    int64_t first, last;  ///< the last element of the image is step * last + first
  };
  std::vector<Phase> phases;  ///< the different ones

  void find_extent() {
    for (size_t i = 0; i < taps.size(); ++i) {
      least = i == 0 ? taps[i].shift : std::min(least, taps[i].shift);
      most = i == 0 ? taps[i].shift : std::max(most, taps[i].shift);
      const int64_t phase = taps[i].phase;
      if (plane(phase) == planes()) phases.push_back({phase, floor_quotient(size - 1 - phase, step)});
    }
  }
  /// Elements of a plane that n positions read.
  int64_t length(int64_t n) const { return n + most - least; }
  int64_t planes() const { return static_cast<int64_t>(phases.size()); }
  int64_t plane(int64_t phase) const {
    return std::find_if(phases.begin(), phases.end(), [phase](const Phase& p) { return p.first == phase; }) - phases.begin();
  }
};

/// A window of channels, over which blocks of positions move.
struct Window {
  const WindowAxis* axes;
  int64_t block[3];  ///< positions at once along each axis

  /// Zeros behind a line that are those before the next: whole lines of the image need them only once, as long as no two positions coincide.
  int64_t shared() const {
    const WindowAxis& a = axes[2];
    if (a.step != 1 || block[2] != a.positions) return 0;
    return std::max<int64_t>(std::min({-a.least, a.length(a.positions) + a.least - a.size, a.most - a.least}), 0);
  }
  int64_t line() const { return axes[2].length(block[2]) - shared(); }  ///< from one to the next
  int64_t plane() const { return axes[1].length(block[1]) * line() + shared(); }
  int64_t volume() const { return axes[0].length(block[0]) * plane(); }
  int64_t planes() const { return axes[0].planes() * axes[1].planes() * axes[2].planes(); }
  int64_t channel() const { return planes() * volume(); }

  /// Where a combination of taps reads, from the place of the first position.
  int64_t offset(const Tap& d, const Tap& h, const Tap& w) const {
    const int64_t which = (axes[0].plane(d.phase) * axes[1].planes() + axes[1].plane(h.phase)) * axes[2].planes() + axes[2].plane(w.phase);
    return which * volume() + (d.shift - axes[0].least) * plane() + (h.shift - axes[1].least) * line() + w.shift - axes[2].least;
  }

  /// Copies what the block of positions from `first` on reads of `channels` images; up to loops.lanes elements more are overwritten.
  template <class T> void load(const ConvolutionLoops<T>& loops, const T* image, int64_t channels, const int64_t* first, T* to) const {
    for (int64_t c = 0; c < channels; ++c, image += axes[0].size * axes[1].size * axes[2].size)
      for (const auto& d : axes[0].phases) {
        const Inside z = inside(0, first[0], d);
        for (const auto& h : axes[1].phases) {
          const Inside y = inside(1, first[1], h);
          for (const auto& w : axes[2].phases) load_plane(loops, image, z, y, inside(2, first[2], w), to), to += volume();
        }
      }
  }

 private:
  // Of what a block reads along an axis, the part inside of the image, whose first element is `first` there.
  struct Inside {
    int64_t before, count, first;
  };
  Inside inside(int axis, int64_t position, const WindowAxis::Phase& phase) const {
    const WindowAxis& a = axes[axis];
    const int64_t n = a.length(block[axis]), start = position + a.least, begin = std::clamp<int64_t>(-start, 0, n);
    return {begin, std::clamp(phase.last + 1 - start, begin, n) - begin, a.step * (start + begin) + phase.first};
  }

  template <class T>
  void load_plane(const ConvolutionLoops<T>& loops, const T* image, const Inside& z, const Inside& y, const Inside& x, T* to) const {
    const int64_t image_line = axes[2].size, image_plane = axes[1].size * image_line, size = plane(), end = (y.before + y.count) * line();
    image += z.first * image_plane + y.first * image_line + x.first;
    for (int64_t i = 0; i < axes[0].length(block[0]); ++i, to += size) {
      if (i < z.before || i >= z.before + z.count || y.count == 0 || x.count == 0) {
        std::fill(to, to + size, T(0));
        continue;
      }
      if (y.before > 0) std::fill(to, to + y.before * line(), T(0));
      loops.pad({image + axes[0].step * (i - z.before) * image_plane, axes[1].step * image_line, axes[2].step, y.count, x.before, x.count, line(),
                 to + y.before * line()});
      if (end < size) std::fill(to + end, to + size, T(0));
    }
  }
};

}}}  // namespace torch::xgrad::kernels
