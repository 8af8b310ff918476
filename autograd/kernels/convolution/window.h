// The part of an image that a block of positions reads, with zeros around it, in planes by residue of the stride.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include <xgrad/autograd/core/namespace.h>

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

  /// Copies what the block of positions from `first` on reads of `channels` images.
  template <class T> void load(const T* image, int64_t channels, const int64_t* first, T* to) const {
    const int64_t image_plane = axes[1].size * axes[2].size, image_volume = axes[0].size * image_plane;
    for (int64_t c = 0; c < channels; ++c, image += image_volume)
      for (const int64_t d : axes[0].phases)
        for (const int64_t h : axes[1].phases)
          for (const int64_t w : axes[2].phases)
            for (int64_t i = 0; i < axes[0].length(block[0]); ++i) {
              const int64_t z = axes[0].step * (first[0] + axes[0].least + i) + d;
              for (int64_t j = 0; j < axes[1].length(block[1]); ++j, to += line()) {
                const int64_t y = axes[1].step * (first[1] + axes[1].least + j) + h;
                const bool inside = z >= 0 && z < axes[0].size && y >= 0 && y < axes[1].size;
                load_line(inside ? image + z * image_plane + y * axes[2].size : nullptr, first[2] + axes[2].least, w, to);
              }
            }
  }

 private:
  // line[k] = row[step * (first + k) + phase], 0 beyond its ends and if there is no row.
  template <class T> void load_line(const T* row, int64_t first, int64_t phase, T* to) const {
    const int64_t n = line(), step = axes[2].step;
    const int64_t begin = row ? std::clamp<int64_t>(-floor_quotient(phase, step) - first, 0, n) : n;
    const int64_t end = row ? std::clamp<int64_t>(floor_quotient(axes[2].size - 1 - phase, step) + 1 - first, begin, n) : n;
    std::fill(to, to + begin, T(0));
    if (begin < end) {
      const T* from = row + step * (first + begin) + phase;
      if (step == 1) {
        std::memcpy(to + begin, from, static_cast<size_t>(end - begin) * sizeof(T));
      } else {
        for (int64_t k = begin; k < end; ++k, from += step) to[k] = *from;
      }
    }
    std::fill(to + end, to + n, T(0));
  }
};

}}}  // namespace torch::xgrad::kernels
