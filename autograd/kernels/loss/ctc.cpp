#include <xgrad/autograd/kernels/loss/ctc.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/autograd/kernels/parallel.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double add_logs(double a, double b) {
  const double most = std::max(a, b);
  return most == kNever ? kNever : most + std::log1p(std::exp(std::min(a, b) - most));
}

// One sample's states: blank, label, blank, ..., label, blank.
template <class T> struct Sample {
  const CtcSequences& s;
  int64_t index;
  const T* log_probs;
  int64_t times() const { return s.input_lengths[index]; }
  int64_t states() const { return 2 * s.target_lengths[index] + 1; }
  int64_t symbol(int64_t state) const { return state % 2 == 0 ? s.blank : s.targets[s.starts[index] + state / 2]; }
  double log_prob(int64_t t, int64_t state) const { return static_cast<double>(log_probs[(t * s.batch + index) * s.symbols + symbol(state)]); }
  // Whether the blank between a label and the one before may be left out.
  bool may_skip(int64_t state) const { return state >= 2 && state % 2 == 1 && symbol(state) != symbol(state - 2); }
  double* row(double* alphas, int64_t t) const { return alphas + (index * s.times + t) * s.states; }
};

template <class T> double forward(const Sample<T>& x, double* alphas) {
  const int64_t n = x.states(), times = x.times();
  if (times == 0) return n == 1 ? 0 : -kNever;
  double* now = x.row(alphas, 0);
  std::fill_n(now, n, kNever);
  for (int64_t i = 0; i < std::min<int64_t>(n, 2); ++i) now[i] = x.log_prob(0, i);
  for (int64_t t = 1; t < times; ++t) {
    const double* before = x.row(alphas, t - 1);
    now = x.row(alphas, t);
    for (int64_t i = 0; i < n; ++i) {
      double all = before[i];
      if (i >= 1) all = add_logs(all, before[i - 1]);
      if (x.may_skip(i)) all = add_logs(all, before[i - 2]);
      now[i] = all + x.log_prob(t, i);
    }
  }
  return -(n > 1 ? add_logs(now[n - 1], now[n - 2]) : now[0]);
}

// gx gets the logarithms of the expected numbers of symbols first; `beta` and `next` are memory for the states.
template <class T> void backward(const Sample<T>& x, const double* alphas, double loss, double g, double* beta, double* next, double* seen, T* gx) {
  const int64_t n = x.states(), symbols = x.s.symbols;
  for (int64_t t = x.times() - 1; t >= 0; --t) {
    for (int64_t i = 0; i < n; ++i) {
      double all;
      if (t == x.times() - 1) {
        all = i >= n - 2 ? 0 : kNever;
      } else {
        all = next[i];
        if (i + 1 < n) all = add_logs(all, next[i + 1]);
        if (i + 2 < n && x.may_skip(i + 2)) all = add_logs(all, next[i + 2]);
      }
      beta[i] = all + x.log_prob(t, i);
    }
    const double* alpha = alphas + (x.index * x.s.times + t) * x.s.states;
    std::fill_n(seen, symbols, kNever);
    for (int64_t i = 0; i < n; ++i) {
      double& sum = seen[x.symbol(i)];
      sum = add_logs(sum, alpha[i] + beta[i]);
    }
    const int64_t at = (t * x.s.batch + x.index) * symbols;
    for (int64_t c = 0; c < symbols; ++c) {
      const auto lp = static_cast<double>(x.log_probs[at + c]);
      gx[at + c] = static_cast<T>((std::exp(lp) - std::exp(seen[c] + loss - lp)) * g);
    }
    std::swap(beta, next);
  }
}

int64_t samples_per_thread(const CtcSequences& s) { return std::max<int64_t>(1, 4000 / (s.times * s.states + 1)); }

}  // namespace

void ctc_loss(ScalarType dtype, const CtcSequences& s, const void* log_probs, double* alphas, void* losses) {
  dispatch_floating(dtype, "ctc_loss_cpu", [&](auto zero) {
    using T = decltype(zero);
    parallel_for(s.batch, samples_per_thread(s), [=](int64_t first, int64_t last) {
      for (int64_t i = first; i < last; ++i)
        static_cast<T*>(losses)[i] = static_cast<T>(forward(Sample<T>{s, i, static_cast<const T*>(log_probs)}, alphas));
    });
  });
}

void ctc_loss_backward(ScalarType dtype, const CtcSequences& s, const void* gy, int64_t gy_step, const void* log_probs, const double* alphas,
                       const void* losses, bool zero_infinity, void* gx) {
  dispatch_floating(dtype, "ctc_loss_backward_cpu", [&](auto zero) {
    using T = decltype(zero);
    parallel_for(s.batch, samples_per_thread(s), [=](int64_t first, int64_t last) {
      const Scratch<double> memory(2 * s.states + s.symbols);
      double* const beta = memory.data();
      for (int64_t i = first; i < last; ++i) {
        const Sample<T> x{s, i, static_cast<const T*>(log_probs)};
        const auto loss = static_cast<double>(static_cast<const T*>(losses)[i]);
        const bool left_out = zero_infinity && std::isinf(loss);
        for (int64_t t = left_out ? 0 : x.times(); t < s.times; ++t)
          std::fill_n(static_cast<T*>(gx) + (t * s.batch + i) * s.symbols, s.symbols, T(0));
        if (!left_out)
          backward(x, alphas, loss, static_cast<double>(static_cast<const T*>(gy)[i * gy_step]), beta, beta + s.states, beta + 2 * s.states,
                   static_cast<T*>(gx));
      }
    });
  });
}

}}}  // namespace torch::xgrad::kernels
