// The networks' training steps written out: products by cblas, loops that the compiler vectorises, every buffer allocated
// before the first step, no graph. It is the practical limit for these steps, and says so of memory with the triad.
#include <cblas.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "workload.h"

namespace benchmarks {

void set_threads(int n) { openblas_set_num_threads(n); }
std::string library() { return std::string(openblas_get_config()) + ", core " + openblas_get_corename(); }

namespace {

using Floats = std::vector<float>;

// A parameter, its gradient and the optimizer's state, n floats each. Arrays whose addresses agree in the last twelve bits
// slow each other down where one is written and another read; these don't.
struct Parameter {
  explicit Parameter(const Floats& v) : n(static_cast<int64_t>(v.size())) {
    constexpr size_t kPage = 4096 / sizeof(float), kApart = 1024 / sizeof(float);
    const size_t stride = (v.size() + kPage - 1) / kPage * kPage + kApart;
    memory = {static_cast<float*>(std::aligned_alloc(4096, 4 * stride * sizeof(float))), &std::free};
    if (!memory) throw std::bad_alloc();
    std::fill_n(memory.get(), 4 * stride, 0.0f);
    value = memory.get(), gradient = value + stride, first = gradient + stride, second = first + stride;
    std::copy(v.begin(), v.end(), value);
  }

  int64_t n;
  std::shared_ptr<float> memory;
  float *value, *gradient, *first, *second;
};

void adam(Parameter& p, int64_t t, float rate) {
  const double correction1 = 1 - std::pow(0.9, static_cast<double>(t)), correction2 = 1 - std::pow(0.999, static_cast<double>(t));
  const float size = static_cast<float>(rate / correction1), root = static_cast<float>(1 / std::sqrt(correction2));
  float *w = p.value, *m = p.first, *v = p.second;
  const float* g = p.gradient;
  const int64_t n = p.n;
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) {
    m[i] = 0.9f * m[i] + 0.1f * g[i];
    v[i] = 0.999f * v[i] + 0.001f * g[i] * g[i];
    w[i] -= size * m[i] / (std::sqrt(v[i]) * root + 1e-8f);
  }
}

void momentum(Parameter& p, float rate) {
  float *w = p.value, *m = p.first;
  const float* g = p.gradient;
  const int64_t n = p.n;
#pragma GCC ivdep
  for (int64_t i = 0; i < n; ++i) {
    m[i] = 0.9f * m[i] + g[i];
    w[i] -= rate * m[i];
  }
}

// One layer's weight [out, in] and bias; its output and the gradient of what goes into its activation, [batch, out].
struct Layer {
  int64_t in, out;
  Parameter weight, bias;
  Floats output, delta;
};

class Step : public Workload {
 public:
  explicit Step(const Network& network) : network_(network), data_(network) {
    for (size_t l = 0; l + 1 < network.widths.size(); ++l) {
      const auto room = static_cast<size_t>(network.batch * network.widths[l + 1]);
      layers_.push_back({network.widths[l], network.widths[l + 1], Parameter(data_.parameters[2 * l]), Parameter(data_.parameters[2 * l + 1]),
                         Floats(room), Floats(room)});
    }
  }
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) step();
  }
  std::vector<double> outcome() override {
    std::vector<double> out{step()};
    for (Layer& layer : layers_)
      for (Parameter* p : {&layer.weight, &layer.bias}) digest(p->gradient, p->n, out);
    run(kCheckedSteps);
    out.push_back(step());
    return out;
  }

 private:
  const float* input_of(size_t l) const { return l == 0 ? data_.input.data() : layers_[l - 1].output.data(); }

  void forward(size_t l) {
    Layer& layer = layers_[l];
    const int64_t batch = network_.batch, out = layer.out;
    float* y = layer.output.data();
    for (int64_t i = 0; i < batch; ++i) std::copy_n(layer.bias.value, out, y + i * out);
    if (batch == 1) cblas_sgemv(CblasRowMajor, CblasNoTrans, out, layer.in, 1, layer.weight.value, layer.in, input_of(l), 1, 1, y, 1);
    else
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, out, layer.in, 1, input_of(l), layer.in, layer.weight.value, layer.in, 1, y, out);
    if (l + 1 == layers_.size()) return;
    if (network_.tanh)
      for (int64_t i = 0; i < batch * out; ++i) y[i] = std::tanh(y[i]);
    else
      for (int64_t i = 0; i < batch * out; ++i) y[i] = std::max(y[i], 0.0f);
  }

  double squared_error() {
    Layer& last = layers_.back();
    const int64_t n = network_.batch * last.out;
    const float scale = 2.0f / static_cast<float>(n);
    float sum = 0;
    for (int64_t i = 0; i < n; ++i) {
      const float d = last.output[i] - data_.target[i];
      sum += d * d;
      last.delta[i] = scale * d;
    }
    return sum / static_cast<float>(n);
  }

  double cross_entropy() {
    Layer& last = layers_.back();
    const int64_t out = last.out;
    double loss = 0;
    for (int64_t i = 0; i < network_.batch; ++i) {
      const float* y = last.output.data() + i * out;
      float* d = last.delta.data() + i * out;
      const float most = *std::max_element(y, y + out);
      float sum = 0;
      for (int64_t j = 0; j < out; ++j) sum += d[j] = std::exp(y[j] - most);
      const float scale = 1 / (sum * static_cast<float>(network_.batch));
      for (int64_t j = 0; j < out; ++j) d[j] *= scale;
      d[data_.classes[i]] -= 1 / static_cast<float>(network_.batch);
      loss += std::log(sum) + most - y[data_.classes[i]];
    }
    return loss / static_cast<double>(network_.batch);
  }

  void weight_gradient(Layer& layer, const float* x) {
    const int64_t batch = network_.batch, in = layer.in, out = layer.out;
    const float* d = layer.delta.data();
    float* dw = layer.weight.gradient;
    if (batch > 1) return cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, batch, 1, d, out, x, in, 0, dw, in);
    for (int64_t j = 0; j < out; ++j)
      for (int64_t i = 0; i < in; ++i) dw[j * in + i] = d[j] * x[i];
  }

  void backward(size_t l) {
    Layer& layer = layers_[l];
    const int64_t batch = network_.batch, in = layer.in, out = layer.out;
    const float* d = layer.delta.data();
    float* db = layer.bias.gradient;
    std::copy(d, d + out, db);
    for (int64_t i = 1; i < batch; ++i)
      for (int64_t j = 0; j < out; ++j) db[j] += d[i * out + j];
    weight_gradient(layer, input_of(l));
    if (l == 0) return;
    Layer& below = layers_[l - 1];
    float* dx = below.delta.data();
    const float* y = below.output.data();
    if (batch == 1) cblas_sgemv(CblasRowMajor, CblasTrans, out, in, 1, layer.weight.value, in, d, 1, 0, dx, 1);
    else cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, in, out, 1, d, out, layer.weight.value, in, 0, dx, in);
    if (network_.tanh)
      for (int64_t i = 0; i < batch * in; ++i) dx[i] *= 1 - y[i] * y[i];
    else
      for (int64_t i = 0; i < batch * in; ++i) dx[i] = y[i] > 0 ? dx[i] : 0;
  }

  double step() {
    for (size_t l = 0; l < layers_.size(); ++l) forward(l);
    const double loss = network_.tanh ? squared_error() : cross_entropy();
    for (size_t l = layers_.size(); l-- > 0;) backward(l);
    ++steps_;
    for (Layer& layer : layers_)
      for (Parameter* p : {&layer.weight, &layer.bias})
        if (network_.sgd) momentum(*p, static_cast<float>(network_.rate));
        else adam(*p, steps_, static_cast<float>(network_.rate));
    return loss;
  }

  Network network_;
  TrainingData data_;
  std::vector<Layer> layers_;
  int64_t steps_ = 0;
};

// Room for n floats in large pages, where the system gives them, which the last user frees.
std::shared_ptr<float> large_pages(int64_t n, float value) {
  constexpr size_t kPage = size_t{1} << 21;
  const size_t bytes = (static_cast<size_t>(n) * sizeof(float) + kPage - 1) / kPage * kPage;
  void* memory = std::aligned_alloc(kPage, bytes);
  if (!memory) throw std::bad_alloc();
  madvise(memory, bytes, MADV_HUGEPAGE);
  std::fill_n(static_cast<float*>(memory), n, value);
  return {static_cast<float*>(memory), &std::free};
}

// a = b + s * c over 10M floats. It moves 16 bytes for each: c and b in, a in (the processor fetches what it writes) and out.
class Triad : public Workload {
 public:
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) {
      float* a = a_.get();
      const float *b = b_.get(), *c = c_.get();
#pragma GCC ivdep
      for (int64_t i = 0; i < kSize; ++i) a[i] = b[i] + 0.5f * c[i];
    }
  }
  std::vector<double> outcome() override { return {}; }

 private:
  static constexpr int64_t kSize = 10000000;
  std::shared_ptr<float> a_ = large_pages(kSize, 0), b_ = large_pages(kSize, 1), c_ = large_pages(kSize, 2);
};

// What a shell does with a file of 400 MB that is in the page cache: cp over a copy, and with `synced` sync of that.
class Copy : public Workload {
 public:
  explicit Copy(bool synced) : synced_(synced) {
    command("head -c 400000000 /dev/urandom > " + name_);
    run(1);
  }
  ~Copy() override {
    for (const std::string& file : {name_, name_ + ".copy"}) std::remove(file.c_str());
  }
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) command("cp " + name_ + " " + name_ + ".copy" + (synced_ ? " && sync " + name_ + ".copy" : ""));
  }
  std::vector<double> outcome() override { return {}; }

 private:
  static void command(const std::string& text) {
    if (std::system(text.c_str()) != 0) throw std::runtime_error("failed: " + text);
  }
  bool synced_;
  std::string name_ = "benchmark_" + std::to_string(::getpid());
};

const bool added = [] {
  for (const Network& network : networks()) workloads()[network.name] = [&network] { return std::make_unique<Step>(network); };
  workloads()["triad_10m"] = [] { return std::make_unique<Triad>(); };
  workloads()["copy_400mb"] = [] { return std::make_unique<Copy>(false); };
  workloads()["copy_400mb_synced"] = [] { return std::make_unique<Copy>(true); };
  return true;
}();

}  // namespace
}  // namespace benchmarks
