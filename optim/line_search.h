// A line search for steps that must satisfy the strong Wolfe conditions. Internal.
#pragma once

#include <functional>

#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace optim {

/// A point on the line from the parameters along a direction.
struct LinePoint {
  double t;  ///< where, in lengths of the direction
  double loss;
  Tensor gradient;  ///< flat
  double slope;     ///< of the loss along the direction
};

struct LineSearchResult {
  LinePoint point;
  int64_t evaluations;
};

/// Looks for a t > 0 with loss <= start.loss + 1e-4 * t * start.slope and |slope| <= 0.9 * |start.slope|, first beyond `t` until an interval has
/// one, then by cubic interpolation inside, with at most 25 evaluations after the first; the best point seen if there is none. It also ends when the
/// interval times `length`, the direction's largest element, is below `tolerance`. (Nocedal and Wright 2006, "Numerical optimization",
/// algorithms 3.5 and 3.6; every choice they leave open is made as PyTorch makes it.)
LineSearchResult search_strong_wolfe(const std::function<LinePoint(double t)>& evaluate, const LinePoint& start, double t, double length,
                                     double tolerance);

}}}  // namespace torch::xgrad::optim
