// What a worker process can run.
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace benchmarks {

/// A piece of work that is repeated and timed.
class Workload {
 public:
  virtual ~Workload() = default;
  virtual void run(int64_t repetitions) = 0;
  /// Numbers by which two programs prove to have done the same: what losses and gradients were at the start and after a
  /// fixed number of repetitions. Called once, before run().
  virtual std::vector<double> outcome() = 0;
};

using Make = std::function<std::unique_ptr<Workload>()>;

/// All workloads of a program by name.
inline std::map<std::string, Make>& workloads() {
  static std::map<std::string, Make> all;
  return all;
}

/// Defining one adds a workload.
struct Entry {
  Entry(const std::string& name, Make make) { workloads()[name] = std::move(make); }
};

/// Sets how many threads the library may use, and tells what it is: its version, and the kernels its BLAS picks if it says so.
void set_threads(int n);
std::string library();

/// The same stream of numbers in [-scale, scale) in every program.
class Numbers {
 public:
  explicit Numbers(uint32_t seed) : state_(seed * 2654435761u + 12345u) {}
  float next(float scale) {
    state_ = state_ * 1664525u + 1013904223u;
    return (static_cast<float>(state_ >> 8) / 8388608.0f - 1.0f) * scale;
  }
  std::vector<float> take(int64_t n, float scale) {
    std::vector<float> values(static_cast<size_t>(n));
    for (float& v : values) v = next(scale);
    return values;
  }

 private:
  uint32_t state_;
};

/// Adds a digest of `n` values to `out`: their Euclidean norm, and their products with two fixed random vectors divided by
/// it. Values that differ by a relative error e change the latter by about e.
inline void digest(const float* values, int64_t n, std::vector<double>& out) {
  double square = 0;
  for (int64_t i = 0; i < n; ++i) square += static_cast<double>(values[i]) * values[i];
  const double norm = std::sqrt(square);
  out.push_back(norm);
  for (uint32_t seed : {1u, 2u}) {
    Numbers numbers(seed);
    double sum = 0;
    for (int64_t i = 0; i < n; ++i) sum += static_cast<double>(values[i]) * numbers.next(1);
    out.push_back(norm > 0 ? sum / norm : 0);
  }
}

/// A multilayer perceptron and how it is trained.
struct Network {
  const char* name;
  std::vector<int64_t> widths;
  int64_t batch;
  bool tanh;         ///< tanh and mean squared error instead of relu and cross-entropy
  bool sgd = false;  ///< SGD with momentum 0.9 instead of Adam
  double rate = 1e-3;
};

inline const std::vector<Network>& networks() {
  static const std::vector<Network> all = {
      {"mlp_2_16_16_2", {2, 16, 16, 2}, 32, false, true, 0.05}, {"mlp_4_32_16_4", {4, 32, 16, 4}, 32, true},
      {"mlp_40_100_100_10", {40, 100, 100, 10}, 1, false},      {"mlp_784_128_10", {784, 128, 10}, 64, false},
      {"mlp_784_512_256_10", {784, 512, 256, 10}, 128, false},  {"mlp_1024_1024_1024", {1024, 1024, 1024}, 256, true},
  };
  return all;
}

/// What a network starts from, in every program.
struct TrainingData {
  explicit TrainingData(const Network& n, uint32_t seed = 7) {
    Numbers numbers(seed);
    input = numbers.take(n.batch * n.widths.front(), 1);
    target = numbers.take(n.batch * n.widths.back(), 1);
    for (int64_t i = 0; i < n.batch; ++i) classes.push_back((i * 7 + 3) % n.widths.back());
    for (size_t l = 1; l < n.widths.size(); ++l) {
      const float scale = 1 / std::sqrt(static_cast<float>(n.widths[l - 1]));
      parameters.push_back(numbers.take(n.widths[l] * n.widths[l - 1], scale));
      parameters.push_back(numbers.take(n.widths[l], scale));
    }
  }
  std::vector<float> input, target;
  std::vector<int64_t> classes;
  std::vector<std::vector<float>> parameters;  ///< weight [out, in] and bias of each layer
};

/// Repetitions that a network's outcome() takes before it tells the loss again.
constexpr int kCheckedSteps = 5;

}  // namespace benchmarks
