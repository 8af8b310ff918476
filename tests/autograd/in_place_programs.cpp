// Short programs of edits through views, against the same computed without edits.
#include <doctest/doctest.h>

#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;

// Note: the model
//
// The memory is a 4 x 3 matrix; tensors on it are described by the positions of their elements. Without edits, a
// tensor with positions p of memory m is S m, where row i of S has a 1 at column p[i]; after an edit of that tensor to the value
// v, the memory is m - S^T S m + S^T v. Values and gradients of both ways have to agree for every program.

namespace {

constexpr int64_t kMemory = 12;

struct Actor {
  Tensor tensor;                   // the tensor with edits
  std::vector<int64_t> positions;  // where its elements are
};

Tensor selection(const std::vector<int64_t>& positions) {
  Tensor s = zeros({static_cast<int64_t>(positions.size()), kMemory}, kDouble);
  for (size_t i = 0; i < positions.size(); ++i) s.data_ptr<double>()[static_cast<int64_t>(i) * kMemory + positions[i]] = 1;
  return s;
}

class Program {
 public:
  explicit Program(bool base_has_history) : x_(ramp({kMemory}).requires_grad_()), w_(ramp({kMemory}, 0.9, -0.05).requires_grad_()) {
    const Tensor start = base_has_history ? x_ * x_ : x_.detach() * 2;
    actors_.push_back({start.clone().view({4, 3}), {}});
    // The base itself, not a view of it.
    actors_[0].tensor = actors_[0].tensor.clone();
    for (int64_t i = 0; i < kMemory; ++i) actors_[0].positions.push_back(i);
    memory_ = start * 1;
  }

  // Adds views of views: 1 the last three rows, 2 that transposed, 3 its second row.
  void add_views() {
    actors_.push_back({actors_[0].tensor.slice(0, 1, 4), {3, 4, 5, 6, 7, 8, 9, 10, 11}});
    actors_.push_back({actors_[1].tensor.t(), {3, 6, 9, 4, 7, 10, 5, 8, 11}});
    actors_.push_back({actors_[2].tensor.select(0, 1), {4, 7, 10}});
  }

  void edit(size_t actor, int how) {
    const Actor& a = actors_[actor % actors_.size()];
    const Tensor s = selection(a.positions), flat = mv(s, memory_), w = mv(s, w_);
    const Tensor w_like = w.view(a.tensor.sizes());
    Tensor value;
    if (how == 0) {
      a.tensor.add_(w_like * w_like);
      value = flat + w * w;
    } else if (how == 1) {
      a.tensor.mul_(w_like);
      value = flat * w;
    } else {
      a.tensor.copy_(w_like);
      value = w;
    }
    memory_ = memory_ - mv(s.t(), flat) + mv(s.t(), value);
  }

  void check() {
    Tensor edited = zeros({}, kDouble), functional = zeros({}, kDouble);
    double factor = 1;
    for (const Actor& a : actors_) {
      const Tensor s = selection(a.positions), m = mv(s, memory_);
      REQUIRE(close(list(a.tensor), list(m)));
      const Tensor c = ramp({m.numel()}, factor, 0.3);
      edited = edited + (a.tensor * a.tensor * c.view(a.tensor.sizes())).sum();
      functional = functional + (m * m * c).sum();
      factor += 1;
    }
    if (!functional.requires_grad()) return;
    const auto gradients = [this](const Tensor& y) { return autograd::grad({y}, {x_, w_}, {}, true, false, true); };
    const auto found = gradients(edited), expected = gradients(functional);
    for (size_t i = 0; i < 2; ++i)
      REQUIRE(close(found[i].defined() ? list(found[i]) : Values(kMemory, 0), expected[i].defined() ? list(expected[i]) : Values(kMemory, 0)));
  }

 private:
  static bool close(const Values& a, const Values& b) {
    if (a.size() != b.size()) return false;
    for (size_t i = 0; i < a.size(); ++i)
      if (std::abs(a[i] - b[i]) > 1e-12 * (1 + std::abs(b[i]))) return false;
    return true;
  }

  Tensor x_, w_, memory_;
  std::vector<Actor> actors_;
};

}  // namespace

TEST_CASE("every program of three edits through a base and views of views") {
  constexpr int kActors = 4, kKinds = 3, kSteps = kActors * kKinds;
  int programs = 0;
  for (const bool history : {false, true}) {
    // The views are made before the edit with this number.
    for (const int views_at : {0, 1, 2}) {
      for (int code = 0; code < kSteps * kSteps * kSteps; ++code) {
        Program p(history);
        int rest = code;
        for (int step = 0; step < 3; ++step) {
          if (step == views_at) p.add_views();
          p.edit(static_cast<size_t>(rest % kActors), rest / kActors % kKinds);
          rest /= kSteps;
        }
        p.check();
        ++programs;
      }
    }
  }
  MESSAGE(programs, " programs");
}
