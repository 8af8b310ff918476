#include <algorithm>

#include "rules.h"

namespace graphs {

bool gather_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  s.i = c.axis(x);
  const int64_t bound = c.size(x, s.i);
  Sizes sizes = c.sizes(x);
  for (int64_t& n : sizes) n = c.random.between(std::min<int64_t>(n, 1), n);
  sizes[static_cast<size_t>(s.i < 0 ? s.i + c.dim(x) : s.i)] = bound == 0 ? 0 : c.random.between(1, 3);
  return s.named = {x, c.index_leaf(sizes, bound)}, true;
}

bool scatter_rule(Chooser& c, Step& s) {
  if (!gather_rule(c, s)) return false;
  Sizes sizes = c.sizes(s.named[1]);
  if (c.random.chance(30)) {
    for (int64_t& n : sizes) n += c.random.below(2);
  }
  return s.named.push_back(c.of_sizes(sizes, s.named[0])), true;
}

bool index_select_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  s.i = c.axis(x);
  const int64_t bound = c.size(x, s.i);
  return bound > 0 && (s.named = {x, c.index_leaf({c.random.between(1, 4)}, bound)}, true);
}

// index_copy of one place twice keeps either.
bool index_add_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  s.i = c.axis(x);
  Sizes sizes = c.sizes(x);
  int64_t& n = sizes[static_cast<size_t>(s.i < 0 ? s.i + c.dim(x) : s.i)];
  n = c.random.between(0, n);
  return s.named = {x, c.leaf({n}, torch::kLong, kDistinct), c.of_sizes(sizes, x)}, true;
}

bool take_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  return c.value(x).numel() > 0 && (s.named = {x, c.index_leaf(c.random_sizes(), c.value(x).numel())}, true);
}

bool mask_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  Sizes sizes = c.sizes(x);
  if (c.random.chance(30) && !sizes.empty()) sizes.erase(sizes.begin());
  for (int64_t& n : sizes) n = c.random.chance(15) ? 1 : n;
  return s.named = {x, c.mask_leaf(sizes), c.of_sizes({}, x)}, true;
}

bool row_mask_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  const Sizes sizes = c.sizes(x);
  const int64_t axes = c.random.between(1, c.dim(x));
  const Sizes rest(sizes.begin() + axes, sizes.end());
  return s.named = {x, c.mask_leaf(Sizes(sizes.begin(), sizes.begin() + axes)), c.of_sizes(c.random.chance(50) ? rest : Sizes{}, x)}, true;
}

bool one_index_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  if (c.size(x, 0) == 0) return false;
  const Sizes index = c.random_sizes(0, 2), whole = c.sizes(x);
  Sizes values = index;
  values.insert(values.end(), whole.begin() + 1, whole.end());
  return s.named = {x, c.index_leaf(index, c.size(x, 0)), c.of_sizes(c.random.chance(60) ? values : Sizes{}, x)}, true;
}

bool last_index_rule(Chooser& c, Step& s) {
  const int x = c.floating(2);
  if (c.size(x, 1) == 0) return false;
  const Sizes index = c.random_sizes(0, 2), whole = c.sizes(x);
  Sizes values = {whole[0]};
  values.insert(values.end(), index.begin(), index.end());
  values.insert(values.end(), whole.begin() + 2, whole.end());
  return s.named = {x, c.index_leaf(index, c.size(x, 1)), c.of_sizes(c.random.chance(60) ? values : Sizes{}, x)}, true;
}

bool two_indices_rule(Chooser& c, Step& s) {
  const int x = c.floating(2);
  if (c.size(x, 0) == 0 || c.size(x, 1) == 0) return false;
  const Sizes index = c.random_sizes(0, 2), whole = c.sizes(x);
  Sizes broadcast = index, values = index;
  for (int64_t& n : broadcast) n = c.random.chance(30) ? 1 : n;
  values.insert(values.end(), whole.begin() + 2, whole.end());
  const int y = c.index_leaf(index, c.size(x, 0));
  return s.named = {x, y, c.of_sizes(c.random.chance(60) ? values : Sizes{}, x), c.index_leaf(broadcast, c.size(x, 1))}, true;
}

bool outer_indices_rule(Chooser& c, Step& s) {
  const int x = c.floating(3);
  if (c.size(x, 0) == 0 || c.size(x, 2) == 0) return false;
  const Sizes index = c.random_sizes(0, 2);
  const int y = c.index_leaf(index, c.size(x, 0));
  return s.named = {x, y, c.of_sizes({}, x), c.index_leaf(index, c.size(x, 2))}, true;
}

bool embedding_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  return c.size(x, 0) > 0 && (s.named = {x, c.index_leaf(c.random_sizes(0, 2), c.size(x, 0))}, true);
}

bool repeats_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  s.i = c.axis(x);
  return s.named = {x, c.index_leaf({c.size(x, s.i)}, 3)}, true;
}

// ---- losses

bool loss_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  return s.named = {x, c.random.chance(85) ? c.same_shape(x) : c.partner(x)}, s.i = c.random.below(3), true;
}

bool probability_loss_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  const int y = c.filled_as(x, kProbability), z = c.partner(x, true);
  const int w = c.dim(x) == 0 ? c.of_sizes({}, x) : c.of_sizes({c.size(x, -1)}, x);
  return s.named = {x, y, z, w}, s.i = c.random.below(3), true;
}

bool weighted_probability_loss_rule(Chooser& c, Step& s) {
  if (!probability_loss_rule(c, s)) return false;
  Step squashed;
  static const int sigmoid = operation_of("torch::sigmoid(x)");
  squashed.operation = sigmoid;
  squashed.named = {s.named[0]};
  return s.named[0] = c.run(squashed), c.value(s.named[0]).defined();
}

bool label_loss_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  const int64_t classes = c.size(x, c.dim(x) == 1 ? 0 : 1);
  if (classes == 0) return false;
  Sizes labels = c.sizes(x);
  labels.erase(labels.begin() + (c.dim(x) == 1 ? 0 : 1));
  const int y = c.index_leaf(labels, classes);
  return s.named = {x, y, c.leaf({classes}, c.value(x).scalar_type(), kPositive), c.filled_as(x, kProbability)}, s.i = c.random.below(3),
         s.j = c.random.between(-1, 1), true;
}

bool distance_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  return s.named = {x, c.random.chance(70) ? c.same_shape(x) : c.partner(x)}, s.i = c.axis(x), true;
}

bool names_rule(Chooser& c, Step& s) {
  const int x = c.floating(1, 2);
  const int64_t classes = c.size(x, -1);
  return classes > 0 && (s.named = {x, c.index_leaf(c.sizes(x), classes), c.filled_as(x, kPositive)}, s.i = c.random.below(3), true);
}

bool sign_loss_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  const int y = c.leaf(c.sizes(x), c.value(x).scalar_type(), kMask);
  return s.named = {x, y, c.same_shape(x)}, s.i = c.random.below(3), true;
}

bool triplet_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  const int y = c.same_shape(x), z = c.same_shape(x);
  return s.named = {x, y, z, c.leaf({c.size(x, 0)}, torch::kLong, kMask)}, s.i = c.random.below(3), true;
}

bool ctc_rule(Chooser& c, Step& s) {
  const int64_t steps = c.random.between(1, 5), batch = c.random.between(1, 2), classes = c.random.between(2, 4), longest = c.random.between(1, 3);
  const int x = c.of_sizes({steps, batch, classes}, c.floating());
  for (int64_t n = 0; n < batch; ++n) {
    s.p.push_back(c.random.between(1, steps));
    s.q.push_back(c.random.between(0, longest));
  }
  return s.named = {x, c.index_leaf({batch, longest}, classes - 1)}, s.i = c.random.below(3), true;
}

bool class_rule(Chooser& c, Step& s) {
  const int x = c.floating(1, 2);
  const int64_t classes = c.size(x, -1);
  if (classes == 0) return false;
  const int y = c.index_leaf(c.dim(x) == 1 ? Sizes{} : Sizes{c.size(x, 0)}, classes);
  return s.named = {x, y, c.leaf({classes}, c.value(x).scalar_type(), kPositive)}, s.i = c.random.below(3), true;
}

}  // namespace graphs
