// LAMB: each tensor's change is as long as the tensor, times the learning rate, so its elements are passed twice.
#include <xgrad/autograd/kernels/optimizer/lanes.h>
#include <xgrad/autograd/kernels/optimizer/update.h>
#include <xgrad/autograd/kernels/scratch.h>

namespace torch { inline namespace xgrad { namespace kernels {

namespace {

constexpr int64_t kBlock = 4096;

// A block of one tensor, and the sums of squares of its parameters and of their changes.
struct LambBlock {
  const StepTensor* tensor;
  int64_t begin, size;
  double parameter, change;
};

template <class T> class Lamb {
 public:
  Lamb(const LambStep& step, const StepTensor& t, int64_t begin)
      : w_(parameter_of<T>(t, begin)), g_(gradient_of<T>(t, begin)), m_(state_of<T>(t, 0, begin)), v_(state_of<T>(t, 1, begin)), step_(step) {}

  void moments(LambBlock& block) const {
    const T beta1 = static_cast<T>(step_.beta1), beta2 = static_cast<T>(step_.beta2), sign = static_cast<T>(step_.sign);
    const T rest1 = static_cast<T>(1 - step_.beta1), rest2 = static_cast<T>(1 - step_.beta2);
    const T* const g = g_;
    T *const m = m_, *const v = v_;
    each(block.size, [=](int64_t i) {
      const T d = sign * g[i];
      m[i] = m[i] * beta1 + rest1 * d;
      v[i] = v[i] * beta2 + rest2 * d * d;
    });
    const Change change(*this);
    const T* const w = w_;
    Lanes<T> parameters, changes;
    parameters.add(
        block.size, [w](int64_t i) { return w[i] * w[i]; }, changes, [change](int64_t i) { return change(i) * change(i); });
    block.parameter = parameters.total();
    block.change = changes.total();
  }

  void move(int64_t n, T rate) const {
    const Change change(*this);
    T* const w = w_;
    each(n, [=](int64_t i) { w[i] -= rate * change(i); });
  }

 private:
  struct Change {
    explicit Change(const Lamb& of)
        : w(of.w_),
          m(of.m_),
          v(of.v_),
          over_bias1(static_cast<T>(1 / of.step_.bias1)),
          over_bias2(static_cast<T>(1 / of.step_.bias2)),
          eps(static_cast<T>(of.step_.eps)),
          decay(static_cast<T>(of.step_.weight_decay)) {}
    T operator()(int64_t i) const { return decayed(m[i] * over_bias1 / (std::sqrt(v[i] * over_bias2) + eps), w[i], decay); }

    const T *w, *m, *v;
    T over_bias1, over_bias2, eps, decay;
  };

  T* w_;
  const T* g_;
  T *m_, *v_;
  const LambStep& step_;
};

template <class T> struct LambMoments {
  static void run(const LambStep* numbers, LambBlock* blocks, int64_t first, int64_t last) {
    for (LambBlock* b = blocks + first; b != blocks + last; ++b) Lamb<T>(numbers[b->tensor->numbers], *b->tensor, b->begin).moments(*b);
  }
};

template <class T> struct LambMove {
  static void run(const LambStep* numbers, LambBlock* blocks, int64_t first, int64_t last) {
    for (LambBlock* b = blocks + first; b != blocks + last; ++b) {
      const LambStep& step = numbers[b->tensor->numbers];
      Lamb<T>(step, *b->tensor, b->begin).move(b->size, static_cast<T>(step.lr * std::sqrt(b->parameter) / std::sqrt(b->change)));
    }
  }
};

// Gives every block the sums of its tensor, or 1 and 1 where either is zero.
void sum_over_tensors(LambBlock* blocks, int64_t count) {
  for (int64_t from = 0, to; from < count; from = to) {
    double parameter = 0, change = 0;
    for (to = from; to < count && blocks[to].tensor == blocks[from].tensor; ++to) {
      parameter += blocks[to].parameter;
      change += blocks[to].change;
    }
    if (parameter == 0 || change == 0) parameter = change = 1;
    for (int64_t i = from; i < to; ++i) {
      blocks[i].parameter = parameter;
      blocks[i].change = change;
    }
  }
}

}  // namespace

template <class T> void update(const LambStep* numbers, size_t groups, Constants<StepTensor> tensors, int64_t elements) {
  int64_t count = 0;
  for (const StepTensor* t = tensors.data; t != tensors.data + tensors.size; ++t) count += (t->size + kBlock - 1) / kBlock;
  const Scratch<LambBlock> blocks(count);
  LambBlock* next = blocks.data();
  for (const StepTensor* t = tensors.data; t != tensors.data + tensors.size; ++t)
    for (int64_t begin = 0; begin < t->size; begin += kBlock) *next++ = {t, begin, std::min(kBlock, t->size - begin), 0, 0};

  const bool flushes = std::all_of(numbers, numbers + groups, [](const LambStep& s) { return hides_denormals<T>(s.eps * std::sqrt(s.bias2)); });
  const FlushDenormal flushing(flushes || get_flush_denormal());
  const auto run = [&](void (*pass)(const LambStep*, LambBlock*, int64_t, int64_t)) {
    run_in_pieces(static_cast<double>(elements), count, 1, [&](int64_t first, int64_t last) { pass(numbers, blocks.data(), first, last); });
  };
  run(Variants<LambMoments<T>, const LambStep*, LambBlock*, int64_t, int64_t>::active());
  sum_over_tensors(blocks.data(), count);
  run(Variants<LambMove<T>, const LambStep*, LambBlock*, int64_t, int64_t>::active());
}

template void update<float>(const LambStep*, size_t, Constants<StepTensor>, int64_t);
template void update<double>(const LambStep*, size_t, Constants<StepTensor>, int64_t);

}}}  // namespace torch::xgrad::kernels
