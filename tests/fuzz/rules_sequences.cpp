#include <algorithm>

#include "rules.h"

namespace graphs {
namespace {

/// The parameters of recurrent layers, each direction's after the other's.
std::vector<int> parameters(Chooser& c, int x, int64_t features, int gates, int64_t layers, int64_t units, int64_t directions) {
  std::vector<int> all;
  for (int64_t layer = 0; layer < layers; ++layer) {
    for (int64_t direction = 0; direction < directions; ++direction) {
      all.push_back(c.of_sizes({gates * units, layer == 0 ? features : directions * units}, x));
      all.push_back(c.of_sizes({gates * units, units}, x));
      all.push_back(c.of_sizes({gates * units}, x));
      all.push_back(c.of_sizes({gates * units}, x));
    }
  }
  return all;
}

}  // namespace

template <int gates> bool recurrent_rule(Chooser& c, Step& s) {
  const int x = c.floating(3, 3);
  s.i = c.random.chance(70) ? 1 : 2;
  s.j = c.random.between(1, 3);
  s.k = c.random.chance(40);
  const int64_t directions = s.flag ? 2 : 1;
  const Sizes state = {s.i * directions, c.size(x, s.k ? 0 : 1), s.j};
  const int y = c.of_sizes(state, x);
  s.named = {x, y, gates == 4 ? c.of_sizes(state, x) : -1};
  s.list = parameters(c, x, c.size(x, 2), gates, s.i, s.j, directions);
  return true;
}

template <int gates> bool packed_rule(Chooser& c, Step& s) {
  s.i = c.random.chance(70) ? 1 : 2;
  s.j = c.random.between(1, 3);
  const int64_t batch = c.random.between(1, 3), steps = c.random.between(1, 3), features = c.random.between(1, 3);
  int64_t rows = 0, size = batch;
  for (int64_t step = 0; step < steps; ++step) {
    s.p.push_back(size);
    rows += size;
    size = c.random.between(1, size);
  }
  const int64_t directions = s.flag ? 2 : 1;
  const int x = c.of_sizes({rows, features}, c.floating());
  const Sizes state = {s.i * directions, batch, s.j};
  const int y = c.of_sizes(state, x);
  s.named = {x, y, gates == 4 ? c.of_sizes(state, x) : -1};
  s.list = parameters(c, x, features, gates, s.i, s.j, directions);
  return true;
}

template <int gates> bool cell_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  s.j = c.random.between(1, 3);
  const Sizes state = {c.size(x, 0), s.j};
  const int y = c.of_sizes(state, x);
  s.named = {x, y, gates == 4 ? c.of_sizes(state, x) : -1};
  s.list = parameters(c, x, c.size(x, 1), gates, 1, s.j, 1);
  return true;
}

template bool recurrent_rule<1>(Chooser&, Step&);
template bool recurrent_rule<3>(Chooser&, Step&);
template bool recurrent_rule<4>(Chooser&, Step&);
template bool packed_rule<1>(Chooser&, Step&);
template bool packed_rule<3>(Chooser&, Step&);
template bool packed_rule<4>(Chooser&, Step&);
template bool cell_rule<1>(Chooser&, Step&);
template bool cell_rule<3>(Chooser&, Step&);
template bool cell_rule<4>(Chooser&, Step&);

bool sequence_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 3);
  s.i = c.random.chance(70) ? 1 : 2;
  s.j = c.random.between(2, 3);
  s.k = c.random.chance(40);
  s.l = c.random.chance(70);
  const int64_t batch = c.size(x, s.k ? 0 : 1), steps = c.size(x, s.k ? 1 : 0);
  for (int64_t n = 0; n < batch; ++n) s.p.push_back(c.random.between(std::min<int64_t>(steps, 1), steps));
  return s.named = {x}, true;
}

bool scores_rule(Chooser& c, Step& s) {
  const int x = c.floating(3, 4);
  Sizes sizes = c.sizes(x);
  const size_t n = sizes.size();
  sizes[n - 2] = c.random.between(1, 3);
  const int y = c.of_sizes(sizes, x);
  const Sizes mask = {c.size(x, -2), sizes[n - 2]};
  sizes[n - 1] = c.random.chance(70) ? sizes[n - 1] : 2;
  const int z = c.of_sizes(sizes, x);
  return s.named = {x, y, z, c.random.chance(30) ? c.mask_leaf(mask) : c.of_sizes(mask, x)}, true;
}

bool heads_rule(Chooser& c, Step& s) {
  s.i = c.random.between(1, 2);
  const int64_t steps = c.random.between(1, 3), others = c.random.between(1, 3), batch = c.random.between(1, 2);
  const int x = c.of_sizes({steps, batch, 2 * s.i}, c.floating());
  const int y = c.random.chance(30) ? x : c.of_sizes({others, batch, 2 * s.i}, x);
  const int64_t keys = c.size(y, 0);
  const int padded = c.random.chance(50) ? c.mask_leaf({batch, keys}) : -1;
  const int mask = c.random.chance(50) ? c.of_sizes({steps, keys}, x) : -1;
  return s.named = {x, y, padded, mask}, true;
}

bool bags_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  const int64_t rows = c.size(x, 0), indices = c.random.between(0, 5), bags = c.random.between(1, 3);
  if (rows == 0) return false;
  const int y = c.index_leaf({indices}, rows);
  s.p = {0};
  for (int64_t n = 1; n < bags; ++n) s.p.push_back(c.random.between(s.p.back(), indices));
  s.i = c.random.below(3);
  s.j = c.random.between(-rows, rows - 1);
  return s.named = {x, y, s.i == 0 && c.random.chance(70) ? c.of_sizes({indices}, x) : -1, c.index_leaf({2, c.random.between(0, 3)}, rows)}, true;
}

bool trained_rule(Chooser& c, Step& s) {
  const int64_t n = c.random.between(1, 3);
  for (int64_t k = 0; k < n; ++k) s.list.push_back(c.floating());
  s.i = c.random.between(0, 3);
  return true;
}

}  // namespace graphs
