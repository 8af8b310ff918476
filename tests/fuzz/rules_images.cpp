#include <algorithm>

#include "rules.h"

namespace graphs {
namespace {

/// [batch,] channels and `axes` further sizes; channels a multiple of `channels`.
int image(Chooser& c, int axes, int64_t channels = 1, bool batch = false) {
  const auto fits = [&](const Tensor& t) {
    const int64_t first = t.dim() - axes - 1;
    return t.is_floating_point() && (first == 0 || first == 1) && (first == 1 || !batch) && t.size(first) % channels == 0 && t.size(first) > 0;
  };
  const int found = c.random.chance(60) ? c.find(fits) : -1;
  if (found >= 0) return found;
  Sizes sizes;
  if (batch || c.random.chance(80)) sizes.push_back(c.random.between(1, 2));
  sizes.push_back(channels * c.random.between(1, channels > 1 ? 2 : 3));
  for (int d = 0; d < axes; ++d) sizes.push_back(c.random.between(axes == 3 ? 1 : 2, axes == 1 ? 7 : axes == 2 ? 5 : 3));
  const int x = c.leaf(sizes, c.floating_dtype(), kUniform);
  if (axes == 1 || c.dim(x) != axes + 2 || !c.random.chance(25)) return x;
  Step last;  // channels last
  static const int planes = operation_of("x.contiguous(torch::MemoryFormat::ChannelsLast)");
  static const int volumes = operation_of("x.contiguous(torch::MemoryFormat::ChannelsLast3d)");
  last.operation = axes == 2 ? planes : volumes;
  last.named = {x};
  return c.run(last);
}

int64_t channels_of(const Chooser& c, int x, int axes) { return c.size(x, -axes - 1); }

}  // namespace

template <int axes> bool image_rule(Chooser& c, Step& s) {
  s.named = {image(c, axes)};
  s.p.clear();
  for (int d = 0; d < axes; ++d) s.p.push_back(c.random.between(1, 5));
  return true;
}

template <int axes> bool window_rule(Chooser& c, Step& s) {
  const int x = image(c, axes);
  s.named = {x};
  for (int d = 0; d < axes; ++d) {
    s.p.push_back(c.random.between(1, std::clamp<int64_t>(c.size(x, d - axes) + c.random.chance(5), 1, 3)));
    s.q.push_back(c.random.chance(50) ? 0 : s.p.back() / 2);
  }
  s.i = c.random.between(1, 3);
  s.j = c.random.chance(75) ? 1 : 2;
  return true;
}

template <int axes> bool unpool_rule(Chooser& c, Step& s) {
  Sizes sizes = {c.random.between(1, 2), c.random.between(1, 2)};
  for (int d = 0; d < axes; ++d) sizes.push_back(2 * c.random.between(1, axes == 3 ? 1 : 2) + c.random.chance(20));
  return s.named = {c.of_sizes(sizes, c.floating())}, true;
}

template <int axes> bool convolution_rule(Chooser& c, Step& s) {
  s.i = c.random.chance(70) ? 1 : 2;
  const int x = image(c, axes, s.i);
  s.j = c.random.chance(75) ? 1 : 2;
  s.k = c.random.chance(25);
  Sizes weight = {s.i * c.random.between(1, 2), channels_of(c, x, axes) / s.i};
  for (int d = 0; d < axes; ++d) {
    weight.push_back(c.random.between(1, std::clamp<int64_t>(c.size(x, d - axes), 1, 3)));
    s.p.push_back(s.k + c.random.between(1, 2));
    s.q.push_back(c.random.chance(50) ? 0 : c.random.between(0, 2));
  }
  const int y = c.of_sizes(weight, x);
  return s.named = {x, y, c.random.chance(75) ? c.of_sizes({weight[0]}, x) : -1}, true;
}

template <int axes> bool transposed_rule(Chooser& c, Step& s) {
  convolution_rule<axes>(c, s);
  Sizes weight = c.sizes(s.named[1]);
  const int64_t out = c.random.between(1, 2);
  weight[0] = channels_of(c, s.named[0], axes), weight[1] = out;
  s.named[1] = c.of_sizes(weight, s.named[0]);
  if (s.named[2] >= 0) s.named[2] = c.of_sizes({out * s.i}, s.named[0]);
  return true;
}

template <int axes> bool grid_rule(Chooser& c, Step& s) {
  const int x = image(c, axes, 1, true);
  Sizes sizes = {c.size(x, 0)};
  for (int d = 0; d < axes; ++d) sizes.push_back(c.random.between(1, axes == 3 ? 2 : 3));
  sizes.push_back(axes);
  return s.named = {x, c.of_sizes(sizes, x)}, true;
}

template <int axes> bool padding_rule(Chooser& c, Step& s) {
  const int x = image(c, axes);
  s.named = {x};
  for (int d = 1; d <= axes; ++d) {
    const int64_t most = std::clamp<int64_t>(c.size(x, -d) - 1 + c.random.chance(5), 0, 2);
    s.p.push_back(c.random.between(0, most));
    s.p.push_back(c.random.between(0, most));
  }
  return true;
}

template bool image_rule<1>(Chooser&, Step&);
template bool image_rule<2>(Chooser&, Step&);
template bool image_rule<3>(Chooser&, Step&);
template bool window_rule<1>(Chooser&, Step&);
template bool window_rule<2>(Chooser&, Step&);
template bool window_rule<3>(Chooser&, Step&);
template bool unpool_rule<1>(Chooser&, Step&);
template bool unpool_rule<2>(Chooser&, Step&);
template bool unpool_rule<3>(Chooser&, Step&);
template bool convolution_rule<1>(Chooser&, Step&);
template bool convolution_rule<2>(Chooser&, Step&);
template bool convolution_rule<3>(Chooser&, Step&);
template bool transposed_rule<1>(Chooser&, Step&);
template bool transposed_rule<2>(Chooser&, Step&);
template bool transposed_rule<3>(Chooser&, Step&);
template bool grid_rule<2>(Chooser&, Step&);
template bool grid_rule<3>(Chooser&, Step&);
template bool padding_rule<1>(Chooser&, Step&);
template bool padding_rule<2>(Chooser&, Step&);
template bool padding_rule<3>(Chooser&, Step&);

bool affine_rule(Chooser& c, Step& s) {
  const int64_t n = c.random.between(1, 2);
  s.p = {n, c.random.between(1, 2), c.random.between(1, 3), c.random.between(1, 3)};
  return s.named = {c.of_sizes({n, 2, 3}, c.floating())}, true;
}

bool columns_rule(Chooser& c, Step& s) {
  s.p = {c.random.between(2, 4), c.random.between(2, 4)};
  s.q = {c.random.between(1, 2), c.random.between(1, 2)};
  Sizes sizes = {c.random.between(1, 2) * s.q[0] * s.q[1], (s.p[0] - s.q[0] + 1) * (s.p[1] - s.q[1] + 1)};
  if (c.random.chance(70)) sizes.insert(sizes.begin(), c.random.between(1, 2));
  return s.named = {c.of_sizes(sizes, c.floating())}, true;
}

bool shuffle_rule(Chooser& c, Step& s) {
  s.i = c.random.between(1, 2);
  Sizes sizes = {s.i * s.i * c.random.between(1, 2), s.i * c.random.between(1, 2), s.i * c.random.between(1, 2)};
  if (c.random.chance(70)) sizes.insert(sizes.begin(), c.random.between(1, 2));
  return s.named = {c.of_sizes(sizes, c.floating())}, true;
}

bool normalised_rule(Chooser& c, Step& s) {
  const int x = c.random.chance(50) ? image(c, static_cast<int>(c.random.between(1, 3)), 1, true) : c.floating(2);
  const int64_t channels = c.size(x, 1);
  const auto of_channels = [&] { return c.random.chance(80) ? c.of_sizes({channels}, x) : -1; };
  s.i = channels > 0 && channels % 2 == 0 && c.random.chance(70) ? 2 : 1;
  const int y = of_channels(), z = of_channels();
  const bool running = c.random.chance(70);
  const torch::ScalarType dtype = c.value(x).scalar_type();
  const int w = running ? c.still(c.leaf({channels}, dtype, kUniform)) : -1;
  if (running) s.list = {c.still(c.leaf({channels}, dtype, kPositive))};
  return s.named = {x, y, z, w}, true;
}

bool layer_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  const Sizes whole = c.sizes(x);
  s.p.assign(whole.begin() + c.random.below(c.dim(x)), whole.end());
  const int y = c.random.chance(80) ? c.of_sizes(s.p, x) : -1;
  return s.named = {x, y, c.random.chance(80) ? c.of_sizes(s.p, x) : -1}, true;
}

}  // namespace graphs
