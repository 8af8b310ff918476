#include "rules.h"

#include <algorithm>
#include <numeric>

namespace graphs {
namespace {

int64_t wrapped(const Chooser& c, int x, int64_t axis) { return axis < 0 ? axis + std::max<int64_t>(c.dim(x), 1) : axis; }

/// The factors of n in a random order and grouping, as sizes.
Sizes division(Random& random, int64_t n, int most) {
  Sizes sizes;
  while (static_cast<int>(sizes.size()) + 1 < most && random.chance(75)) {
    Sizes divisors;
    for (int64_t d = 1; d <= n; ++d) {
      if (n % d == 0) divisors.push_back(d);
    }
    if (divisors.empty()) break;
    const int64_t d = divisors[static_cast<size_t>(random.below(static_cast<int64_t>(divisors.size())))];
    sizes.push_back(d);
    n /= d;
  }
  sizes.push_back(n);
  return sizes;
}

}  // namespace

// ---- pointwise

bool any_rule(Chooser& c, Step& s) { return s.named = {c.any()}, true; }
bool floating_rule(Chooser& c, Step& s) { return s.named = {c.floating()}, true; }

bool positive_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  return s.named = {c.random.chance(60) && !c.edits() ? c.filled_as(x, kPositive) : x}, true;
}

bool probability_rule(Chooser& c, Step& s) {
  const int x = c.floating();
  return s.named = {c.random.chance(70) && !c.edits() ? c.filled_as(x, kProbability) : x}, true;
}

bool integer_rule(Chooser& c, Step& s) {
  const torch::ScalarType dtype = c.random.one_of({torch::kLong, torch::kInt, torch::kByte, torch::kBool});
  const Sizes sizes = c.random_sizes();
  return s.named = {c.leaf(sizes, dtype, kHalves), c.leaf(sizes, dtype, kSmallIntegers)}, true;
}

bool pair_rule(Chooser& c, Step& s) {
  const int x = c.any();
  return s.named = {x, c.partner(x, c.edits())}, true;
}

bool triple_rule(Chooser& c, Step& s) {
  const int x = c.any();
  const int y = c.partner(x, true);
  return s.named = {x, y, c.partner(x, true)}, true;
}

bool same_rule(Chooser& c, Step& s) {
  const int x = c.any();
  const int y = c.same_shape(x);
  return s.named = {x, y, c.same_shape(x)}, true;
}

bool choice_rule(Chooser& c, Step& s) {
  const int x = c.any();
  const int y = c.partner(x, true);
  return s.named = {x, y, c.mask_leaf(c.sizes(x))}, true;
}

// ---- axes

bool axis_rule(Chooser& c, Step& s) { return s.named = {c.any()}, s.i = c.axis(s.named[0]), true; }
bool floating_axis_rule(Chooser& c, Step& s) { return s.named = {c.floating()}, s.i = c.axis(s.named[0]), true; }

bool even_axis_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  for (int64_t d = 0; d < c.dim(x); ++d) {
    if (c.size(x, d) % 2 == 0) return s.named = {x}, s.i = d, true;
  }
  return false;
}

bool axes_rule(Chooser& c, Step& s) { return s.named = {c.floating()}, s.p = c.some_axes(s.named[0]), true; }

bool two_axes_rule(Chooser& c, Step& s) {
  const int x = c.any(2);
  s.named = {x};
  s.i = c.axis(x);
  do {
    s.j = c.axis(x);
  } while (wrapped(c, x, s.i) == wrapped(c, x, s.j) && !c.random.chance(5));
  s.k = c.random.between(-1, 1);
  return true;
}

bool order_rule(Chooser& c, Step& s) {
  const int x = c.any();
  s.named = {x};
  s.p.resize(static_cast<size_t>(c.dim(x)));
  std::iota(s.p.begin(), s.p.end(), 0);
  for (int64_t n = c.dim(x) - 1; n > 0; --n) std::swap(s.p[static_cast<size_t>(n)], s.p[static_cast<size_t>(c.random.below(n + 1))]);
  return true;
}

bool ranked_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  s.named = {x};
  s.i = c.axis(x);
  s.j = c.random.between(1, std::max<int64_t>(c.size(x, s.i), 1));
  return true;
}

// ---- views

bool select_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.named = {x};
  s.i = c.axis(x);
  const int64_t n = c.size(x, s.i);
  if (n == 0) return false;
  s.j = c.random.below(n) - (c.random.chance(30) ? n : 0);
  return true;
}

bool slice_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.named = {x};
  s.i = c.axis(x);
  const int64_t n = c.size(x, s.i);
  s.j = c.random.between(0, std::max<int64_t>(n - 1, 0)) - (c.random.chance(20) ? n : 0);
  s.k = c.random.chance(70) ? n : c.random.between(0, n + 1);
  s.l = c.random.one_of<int64_t>({1, 1, 2, 3});
  return true;
}

bool narrow_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.named = {x};
  s.i = c.axis(x);
  const int64_t n = c.size(x, s.i);
  s.j = c.random.between(0, n);
  s.k = c.random.between(c.random.chance(90) ? std::min<int64_t>(1, n - s.j) : 0, n - s.j);
  return true;
}

bool split_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.named = {x};
  s.i = c.axis(x);
  const int64_t n = c.size(x, s.i);
  s.j = c.random.between(1, 3);
  const int64_t first = c.random.between(0, n);
  s.p = {first, n - first};
  return true;
}

bool new_axis_rule(Chooser& c, Step& s) {
  const int x = c.any(0, 3);
  return s.named = {x}, s.i = c.random.between(-c.dim(x) - 1, c.dim(x)), true;
}

bool unflatten_rule(Chooser& c, Step& s) {
  const int x = c.any(1, 3);
  s.named = {x};
  s.i = c.axis(x);
  s.p = division(c.random, c.size(x, s.i), 3);
  return true;
}

bool shape_rule(Chooser& c, Step& s) {
  const int x = c.any();
  s.named = {x};
  s.p = division(c.random, c.value(x).numel(), 4);
  if (c.value(x).numel() > 0 && c.random.chance(30)) s.p[static_cast<size_t>(c.random.below(static_cast<int64_t>(s.p.size())))] = -1;
  return true;
}

bool expand_rule(Chooser& c, Step& s) {
  int x = c.any(0, 3);
  if (c.random.chance(40)) {
    Sizes sizes = c.sizes(x);
    for (int64_t& n : sizes) n = c.random.chance(50) ? 1 : n;
    x = c.of_sizes(sizes, x);
  }
  s.named = {x};
  s.p = c.sizes(x);
  for (int64_t& n : s.p) n = n == 1 ? c.random.between(1, 3) : c.random.chance(20) ? -1 : n;
  if (c.random.chance(40)) s.p.insert(s.p.begin(), c.random.between(1, 3));
  return true;
}

bool repeat_rule(Chooser& c, Step& s) {
  const int x = c.any(0, 3);
  s.named = {x};
  const int64_t extra = c.random.below(2);
  for (int64_t n = 0; n < c.dim(x) + extra; ++n) s.p.push_back(c.random.one_of<int64_t>({1, 1, 2, 2, 3}));
  return true;
}

bool roll_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.named = {x};
  s.p = c.some_axes(x);
  for (size_t n = 0; n < s.p.size(); ++n) s.q.push_back(c.random.between(-3, 3));
  return true;
}

bool flat_roll_rule(Chooser& c, Step& s) { return s.named = {c.any()}, s.i = c.random.between(-3, 3), true; }

bool matrix_rule(Chooser& c, Step& s) { return s.named = {c.any(2)}, s.i = c.random.between(-2, 2), true; }
bool flat_matrix_rule(Chooser& c, Step& s) { return s.named = {c.any(1, 2)}, s.i = c.random.between(-1, 1), true; }

bool square_rule(Chooser& c, Step& s) {
  const int64_t n = c.random.between(1, 3);
  const int x = c.find([](const Tensor& t) { return t.is_floating_point() && t.dim() >= 2 && t.size(-1) == t.size(-2); });
  return s.named = {x >= 0 ? x : c.leaf(c.random.chance(30) ? Sizes{2, n, n} : Sizes{n, n})}, true;
}

// ---- linear algebra and products

// x xᵀ + I as a step of its own, so that its input is part of the graph.
bool symmetric_rule(Chooser& c, Step& s) {
  square_rule(c, s);
  Step well_conditioned;
  static const int operation = operation_of("torch::matmul(x, x.transpose(-2, -1)) + torch::eye(x.size(-1), x.options())");
  well_conditioned.operation = operation;
  well_conditioned.named = s.named;
  return s.named = {c.run(well_conditioned)}, c.value(s.named[0]).defined();
}

bool solve_rule(Chooser& c, Step& s) {
  if (!symmetric_rule(c, s)) return false;
  Sizes sizes = c.sizes(s.named[0]);
  sizes.back() = c.random.between(1, 3);
  if (c.random.chance(30)) sizes.erase(sizes.begin(), sizes.end() - 2);
  return s.named.push_back(c.of_sizes(sizes, s.named[0])), true;
}

bool mm_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  return s.named = {x, c.of_sizes({c.size(x, 1), c.random.between(1, 4)}, x)}, true;
}

bool bmm_rule(Chooser& c, Step& s) {
  const int x = c.floating(3, 3);
  return s.named = {x, c.of_sizes({c.size(x, 0), c.size(x, 2), c.random.between(1, 4)}, x)}, true;
}

bool mv_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  return s.named = {x, c.of_sizes({c.size(x, 1)}, x)}, true;
}

bool dot_rule(Chooser& c, Step& s) {
  const int x = c.floating(1, 1);
  return s.named = {x, c.of_sizes({c.size(x, 0)}, x)}, true;
}

bool outer_rule(Chooser& c, Step& s) {
  const int x = c.floating(1, 1);
  return s.named = {x, c.of_sizes({c.random.between(1, 3)}, x)}, true;
}

bool matmul_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  Sizes y;
  if (c.random.chance(70)) {
    if (c.dim(x) > 2 && c.random.chance(60)) {
      const Sizes whole = c.sizes(x);
      y.assign(whole.begin(), whole.end() - 2);
      for (int64_t& n : y) n = c.random.chance(30) ? 1 : n;
    } else if (c.random.chance(30)) {
      y = {c.random.between(1, 3)};
    }
    y.push_back(c.size(x, -1));
    y.push_back(c.random.between(1, 3));
  } else {
    y = {c.size(x, -1)};
  }
  return s.named = {x, c.of_sizes(y, x)}, true;
}

bool addmm_rule(Chooser& c, Step& s) {
  if (c.edits()) {
    const int x = c.floating(2, 2);
    const int64_t inner = c.random.between(1, 3);
    return s.named = {x, c.of_sizes({c.size(x, 0), inner}, x), c.of_sizes({inner, c.size(x, 1)}, x)}, true;
  }
  mm_rule(c, s);
  const int64_t rows = c.size(s.named[0], 0), columns = c.size(s.named[1], 1);
  const Sizes bias = c.random.chance(40)   ? Sizes{columns}
                     : c.random.chance(30) ? Sizes{1, columns}
                     : c.random.chance(20) ? Sizes{}
                                           : Sizes{rows, columns};
  return s.named.insert(s.named.begin(), c.of_sizes(bias, s.named[0])), true;
}

bool addmv_rule(Chooser& c, Step& s) {
  mv_rule(c, s);
  return s.named.insert(s.named.begin(), c.of_sizes(c.random.chance(20) ? Sizes{1} : Sizes{c.size(s.named[0], 0)}, s.named[0])), true;
}

bool baddbmm_rule(Chooser& c, Step& s) {
  bmm_rule(c, s);
  const Sizes whole = {c.size(s.named[0], 0), c.size(s.named[0], 1), c.size(s.named[1], 2)};
  const Sizes bias = c.random.chance(30) ? Sizes{whole[1], whole[2]} : c.random.chance(20) ? Sizes{whole[0], 1, whole[2]} : whole;
  return s.named.insert(s.named.begin(), c.of_sizes(bias, s.named[0])), true;
}

bool linear_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  const int64_t out = c.random.between(1, 3);
  const int y = c.of_sizes({out, c.size(x, -1)}, x);
  return s.named = {x, y, c.of_sizes({out}, x)}, true;
}

bool bilinear_rule(Chooser& c, Step& s) {
  const int x = c.floating(1);
  Sizes sizes = c.sizes(x);
  sizes.back() = c.random.between(1, 3);
  const int64_t out = c.random.between(1, 3);
  const int y = c.of_sizes(sizes, x), z = c.of_sizes({out, c.size(x, -1), sizes.back()}, x);
  return s.named = {x, y, z, c.of_sizes({out}, x)}, true;
}

bool prelu_rule(Chooser& c, Step& s) {
  const int x = c.floating(2);
  return s.named = {x, c.of_sizes({c.random.chance(50) ? 1 : c.size(x, 1)}, x)}, true;
}

// ---- lists

bool cat_rule(Chooser& c, Step& s) {
  const int x = c.any(1);
  s.i = c.axis(x);
  s.list = {x};
  const int64_t more = c.random.between(0, 2);
  for (int64_t n = 0; n < more; ++n) {
    Sizes sizes = c.sizes(x);
    sizes[static_cast<size_t>(wrapped(c, x, s.i))] = c.random.between(1, 3);
    s.list.push_back(c.of_sizes(sizes, x));
  }
  return true;
}

bool stack_rule(Chooser& c, Step& s) {
  const int x = c.any(0, 3);
  s.i = c.random.between(-c.dim(x) - 1, c.dim(x));
  s.list = {x};
  const int64_t more = c.random.between(0, 2);
  for (int64_t n = 0; n < more; ++n) s.list.push_back(c.same_shape(x));
  return true;
}

bool vectors_rule(Chooser& c, Step& s) {
  const int x = c.floating(0, 1);
  return s.list = {x, c.of_sizes({c.random.between(1, 3)}, x)}, true;
}

bool broadcast_rule(Chooser& c, Step& s) {
  const int x = c.any(0, 3);
  return s.list = {x, c.partner(x)}, true;
}

// ---- further matrices

bool pair_of_matrices_rule(Chooser& c, Step& s) {
  const int x = c.floating(2);
  Sizes sizes = c.sizes(x);
  sizes[sizes.size() - 2] = c.random.between(1, 3);
  return s.named = {x, c.of_sizes(sizes, x)}, true;
}

bool chain_rule(Chooser& c, Step& s) {
  const int x = c.floating(2, 2);
  s.list = {x};
  const int64_t more = c.random.between(1, 2);
  for (int64_t n = 0; n < more; ++n) s.list.push_back(c.of_sizes({c.size(s.list.back(), 1), c.random.between(1, 3)}, x));
  return true;
}

bool sorted_rule(Chooser& c, Step& s) {
  const int x = c.leaf({c.random.between(1, 5)}, c.floating_dtype(), kDistinct);
  return s.named = {x, c.of_sizes(c.random_sizes(), x)}, true;
}

bool thirds_rule(Chooser& c, Step& s) {
  Sizes sizes = c.random_sizes(1, 3);
  s.i = c.random.below(static_cast<int64_t>(sizes.size()));
  sizes[static_cast<size_t>(s.i)] = 3;
  const int x = c.of_sizes(sizes, c.floating());
  return s.named = {x, c.same_shape(x)}, true;
}

bool slot_rule(Chooser& c, Step& s) {
  if (!select_rule(c, s)) return false;
  Sizes sizes = c.sizes(s.named[0]);
  sizes.erase(sizes.begin() + wrapped(c, s.named[0], s.i));
  return s.named.push_back(c.of_sizes(sizes, s.named[0])), true;
}

// ---- sweeps

bool grad_rule(Chooser& c, Step& s) {
  const int x = c.differentiable();
  if (x < 0) return false;
  s.list = c.sources(x);
  if (s.list.empty()) return false;
  s.named = {x, c.filled_as(x, c.random.chance(50) ? kHalves : kUniform)};
  s.k = c.random.chance(50);
  s.flag = s.k != 0 || c.random.chance(70);
  s.quiet = false;
  return true;
}

bool backward_rule(Chooser& c, Step& s) {
  const int x = c.differentiable(), z = c.differentiable();
  if (x < 0 || z < 0) return false;
  s.named = {x, c.filled_as(x, kHalves), z, c.filled_as(z, kUniform)};
  s.k = c.random.chance(20);
  s.flag = s.k != 0 || c.random.chance(70);
  s.quiet = false;
  return true;
}

bool differentiable_rule(Chooser& c, Step& s) { return s.named = {c.differentiable()}, s.named[0] >= 0; }

bool leaf_rule(Chooser& c, Step& s) {
  const int x = c.differentiable();
  if (x < 0) return false;
  const std::vector<int> sources = c.sources(x);
  return !sources.empty() && (s.named = {sources[0]}, true);
}

}  // namespace graphs
