// The part of an image that a block of positions reads, with zeros around it, in planes by residue of the stride.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <xgrad/autograd/kernels/convolution/convolution_loops.h>

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
  std::vector<int64_t> phases;  ///< the different ones

  void find_extent() {
    for (size_t i = 0; i < taps.size(); ++i) {
      least = i == 0 ? taps[i].shift : std::min(least, taps[i].shift);
      most = i == 0 ? taps[i].shift : std::max(most, taps[i].shift);
      if (std::find(phases.begin(), phases.end(), taps[i].phase) == phases.end()) phases.push_back(taps[i].phase);
    }
  }
  /// Elements of a plane that n positions read.
  int64_t length(int64_t n) const { return n + most - least; }
  int64_t planes() const { return static_cast<int64_t>(phases.size()); }
  int64_t plane(int64_t phase) const { return std::find(phases.begin(), phases.end(), phase) - phases.begin(); }
};

/// Quotient rounded down, for a positive divisor.
inline int64_t floor_quotient(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

/// A window of channels, over which blocks of positions move.
struct Window {
  const WindowAxis* axes;
  int64_t block[3];  ///< positions at once along each axis

  int64_t line() const { return axes[2].length(block[2]); }
  int64_t plane() const { return axes[1].length(block[1]) * line(); }
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
    const int64_t image_plane = axes[1].size * axes[2].size, image_volume = axes[0].size * image_plane;
    for (int64_t c = 0; c < channels; ++c, image += image_volume)
      for (const int64_t d : axes[0].phases) {
        const Inside z = inside(0, first[0], d);
        for (const int64_t h : axes[1].phases) {
          const Inside y = inside(1, first[1], h);
          for (const int64_t w : axes[2].phases) {
            const Inside x = inside(2, first[2], w);
            PaddedLines<T> lines{nullptr, axes[1].step * axes[2].size, axes[2].step, y.count, x.before, x.count, line(), nullptr};
            for (int64_t i = 0; i < axes[0].length(block[0]); ++i, to += plane()) {
              const bool whole = i < z.before || i >= z.before + z.count || y.count == 0 || x.count == 0;
              std::fill(to, to + (whole ? axes[1].length(block[1]) : y.before) * line(), T(0));
              if (whole) continue;
              lines.from = image + (z.first + axes[0].step * (i - z.before)) * image_plane + y.first * axes[2].size + x.first;
              lines.to = to + y.before * line();
              loops.pad(lines);
              std::fill(lines.to + y.count * line(), to + plane(), T(0));
            }
          }
        }
      }
  }

 private:
  // Of what a block reads along an axis, the part inside of the image, whose first element is `first` there.
  struct Inside {
    int64_t before, count, first;
  };
  Inside inside(int axis, int64_t position, int64_t phase) const {
    const WindowAxis& a = axes[axis];
    const int64_t n = a.length(block[axis]), start = position + a.least;
    const int64_t begin = std::clamp<int64_t>(-start, 0, n);
    const int64_t end = std::clamp<int64_t>(floor_quotient(a.size - 1 - phase, a.step) + 1 - start, begin, n);
    return {begin, end - begin, a.step * (start + begin) + phase};
  }
};

}}}  // namespace torch::xgrad::kernels
