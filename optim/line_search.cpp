#include <xgrad/optim/line_search.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace torch { inline namespace xgrad { namespace optim {

namespace {

constexpr double kSufficientDecrease = 1e-4, kCurvature = 0.9;
constexpr int kMostSteps = 25;

// Where the cubic through two points with these slopes has its minimum, within the bounds; their middle if it has none. Comparisons are such
// that a NaN gives the lower bound.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double lowest, double highest) {
  const double d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t), square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (lowest + highest) / 2;
  const double d2 = std::sqrt(square);
  const double minimum = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                                    : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(lowest, minimum), highest);
}

// Two points with one between them that satisfies the conditions, or one that does itself.
struct Bracket {
  LinePoint low, high;
  bool found = false;

  Bracket(LinePoint a, LinePoint b) : low(std::move(a)), high(std::move(b)) { order(); }
  explicit Bracket(LinePoint point) : low(point), high(point), found(true) {}

  void order() {
    if (!(low.loss <= high.loss)) std::swap(low, high);
  }
  double left() const { return std::min(low.t, high.t); }
  double right() const { return std::max(low.t, high.t); }
};

class WolfeSearch {
 public:
  WolfeSearch(const std::function<LinePoint(double)>& evaluate, const LinePoint& start) : evaluate_(evaluate), start_(start) {}

  LineSearchResult run(double t, double length, double tolerance) {
    Bracket bracket = find_bracket(t);
    bool near_end = false;
    while (!bracket.found && steps_ < kMostSteps && (bracket.right() - bracket.left()) * length >= tolerance) {
      const bool ascending = bracket.low.t <= bracket.high.t;
      const LinePoint &a = ascending ? bracket.low : bracket.high, &b = ascending ? bracket.high : bracket.low;
      narrow(bracket, evaluate(away_from_ends(bracket, cubic_minimum(a, b, bracket.left(), bracket.right()), near_end)));
    }
    return {bracket.low, steps_ + 1};
  }

 private:
  LinePoint evaluate(double t) {
    ++steps_;
    return evaluate_(t);
  }
  bool decreases_too_little(const LinePoint& p) const { return p.loss > start_.loss + kSufficientDecrease * p.t * start_.slope; }
  bool is_flat(const LinePoint& p) const { return std::abs(p.slope) <= -kCurvature * start_.slope; }

  Bracket find_bracket(double t) {
    LinePoint before = start_, point = evaluate_(t);
    while (steps_ < kMostSteps) {
      if (decreases_too_little(point) || (steps_ > 1 && point.loss >= before.loss)) return {before, point};
      if (is_flat(point)) return Bracket(point);
      if (point.slope >= 0) return {before, point};
      const double next = cubic_minimum(before, point, point.t + 0.01 * (point.t - before.t), point.t * 10);
      before = std::move(point);
      point = evaluate(next);
    }
    return {start_, point};
  }

  // Twice in turn close to an end of the interval is no progress: then a tenth of it away from that end.
  static double away_from_ends(const Bracket& bracket, double t, bool& near_end) {
    const double left = bracket.left(), right = bracket.right(), margin = 0.1 * (right - left);
    if (!(std::min(right - t, t - left) < margin)) {
      near_end = false;
      return t;
    }
    if (!near_end && t < right && t > left) {
      near_end = true;
      return t;
    }
    near_end = false;
    return std::abs(t - right) < std::abs(t - left) ? right - margin : left + margin;
  }

  void narrow(Bracket& bracket, LinePoint point) const {
    if (decreases_too_little(point) || point.loss >= bracket.low.loss) {
      bracket.high = std::move(point);
      bracket.order();
      return;
    }
    if (is_flat(point)) bracket.found = true;
    else if (point.slope * (bracket.high.t - bracket.low.t) >= 0) bracket.high = bracket.low;
    bracket.low = std::move(point);
  }

  const std::function<LinePoint(double)>& evaluate_;
  const LinePoint& start_;
  int steps_ = 0;  // evaluations after the first
};

}  // namespace

LineSearchResult search_strong_wolfe(const std::function<LinePoint(double t)>& evaluate, const LinePoint& start, double t, double length,
                                     double tolerance) {
  return WolfeSearch(evaluate, start).run(t, length, tolerance);
}

}}}  // namespace torch::xgrad::optim
