// What an operation takes on views that don't lie side by side in memory, against the same on contiguous tensors: a table.
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

double processor_time() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

using Work = std::function<void()>;

double seconds_of(const Work& work, int times) {
  const double start = processor_time();
  for (int i = 0; i < times; ++i) work();
  return (processor_time() - start) / times;
}

struct Pair {
  double strided, contiguous;
};

// The best of slices of about 2 ms that alternate.
Pair compare(const Work& strided, const Work& contiguous) {
  const double once = std::max(seconds_of(strided, 2), seconds_of(strided, 3));
  const int times = std::clamp(static_cast<int>(2e-3 / once), 1, 20000);
  Pair best{1e9, 1e9};
  for (int slice = 0; slice < 9; ++slice) {
    best.strided = std::min(best.strided, seconds_of(strided, times));
    best.contiguous = std::min(best.contiguous, seconds_of(contiguous, times));
  }
  return best;
}

struct View {
  const char* name;
  std::vector<int64_t> memory;  // the shape of what is viewed
  Tensor (*view)(const Tensor&);
};

std::vector<View> views(int64_t n) {
  const int64_t third = n == 64 ? 16 : 64;
  return {{"x.t()", {n, n}, [](const Tensor& x) { return x.t(); }},
          {"x[:, ::2]", {n, 2 * n}, [](const Tensor& x) { return x.slice(1, 0, x.size(1), 2); }},
          {"row.expand",
           {1, n},
           [](const Tensor& x) {
             return x.expand({x.size(1), x.size(1)});
           }},
          {"column.expand",
           {n, 1},
           [](const Tensor& x) {
             return x.expand({x.size(0), x.size(0)});
           }},
          {"x.permute(2, 0, 1)",
           {third, n * n / third / 32, 32},
           [](const Tensor& x) {
             return x.permute({2, 0, 1});
           }},
          {"x.permute(1, 0, 2)", {third, n * n / third / 32, 32}, [](const Tensor& x) {
             return x.permute({1, 0, 2});
           }}};
}

struct Operation {
  const char* name;
  Tensor (*apply)(const Tensor& x, const Tensor& other);
};

const Operation kOperations[] = {
    {"x + other", [](const Tensor& x, const Tensor& other) { return x + other; }},
    {"x * x", [](const Tensor& x, const Tensor&) { return x * x; }},
    {"exp", [](const Tensor& x, const Tensor&) { return exp(x); }},
    {"tanh", [](const Tensor& x, const Tensor&) { return tanh(x); }},
    {"clone to contiguous", [](const Tensor& x, const Tensor&) { return x.clone(MemoryFormat::Contiguous); }},
    {"sum", [](const Tensor& x, const Tensor&) { return x.sum(); }},
    {"sum(0)", [](const Tensor& x, const Tensor&) { return x.sum(0); }},
    {"sum(-1)", [](const Tensor& x, const Tensor&) { return x.sum(-1); }},
};

Work forward(const Operation& f, const Tensor& view, const Tensor& other) {
  return [&f, view, other] {
    const NoGradGuard no_grad;
    f.apply(view, other);
  };
}

Work forward_and_backward(const Operation& f, const Tensor& x, Tensor (*view)(const Tensor&), const Tensor& other) {
  const Tensor gy = ones_like(f.apply(view(x), other));
  const Tensor leaf = x.clone().requires_grad_();
  return [&f, leaf, view, other, gy] {
    leaf.mutable_grad() = Tensor();
    f.apply(view(leaf), other).backward(gy);
  };
}

Tensor itself(const Tensor& x) { return x.view(x.sizes()); }

void report(const Operation& f, const View& v) {
  const Tensor x = rand(v.memory), view = v.view(x), contiguous = view.clone(MemoryFormat::Contiguous), other = rand(view.sizes());
  const Pair value = compare(forward(f, view, other), forward(f, contiguous, other));
  const Pair both = compare(forward_and_backward(f, x, v.view, other), forward_and_backward(f, contiguous, itself, other));
  std::printf("| %s | %s | %.2f us | %.2f us | %.2f | %.2f us | %.2f us | %.2f |\n", v.name, f.name, 1e6 * value.strided, 1e6 * value.contiguous,
              value.strided / value.contiguous, 1e6 * both.strided, 1e6 * both.contiguous, both.strided / both.contiguous);
  std::fflush(stdout);
}

// x[:, ::2] lies in twice the memory, and so does its gradient: what reading and writing that much costs beside half of it.
void report_floor(int64_t n) {
  const Tensor x = rand({n, 2 * n}), half = rand({n, n}), y = empty({n, 2 * n}), half_y = empty({n, n});
  const auto read = [](const Tensor& t) {
    return Work([t] {
      const NoGradGuard no_grad;
      t.sum();
    });
  };
  const auto write = [](const Tensor& t) {
    return Work([t] {
      const NoGradGuard no_grad;
      t.detach().zero_();
    });
  };
  const Pair reading = compare(read(x), read(half)), writing = compare(write(y), write(half_y));
  std::printf(
      "Floor of x[:, ::2], which lies in twice the memory: reading that much (a sum) takes %.2f us, %.2f times as long as half of it, "
      "writing\nits gradient (zeros) %.2f us, %.2f times.\n\n",
      1e6 * reading.strided, reading.strided / reading.contiguous, 1e6 * writing.strided, writing.strided / writing.contiguous);
}

}  // namespace

int main() {
  set_num_threads(1);
  manual_seed(0);
  std::printf(
      "# Views against contiguous tensors\n\nWritten by strided.cpp: times of one thread, the best of alternating slices. "
      "\"And backward\" makes the view of a "
      "leaf,\napplies the operation and sends a gradient back; beside it the same on a leaf of the view's shape that lies side by side.\n\n");
  for (const int64_t n : {64, 1024}) {
    std::printf("## %lld x %lld floats\n\n", static_cast<long long>(n), static_cast<long long>(n));
    std::printf("| view | operation | forward | contiguous | ratio | and backward | contiguous | ratio |\n|---|---|---|---|---|---|---|---|\n");
    for (const View& v : views(n))
      for (const Operation& f : kOperations) report(f, v);
    std::printf("\n");
    report_floor(n);
  }
}
