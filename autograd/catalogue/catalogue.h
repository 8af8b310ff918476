// The catalogue of operations and the samples they are tested with.
//
// Every operation adds itself, in its own file. Such a file is compiled twice: for the library, and with XGRAD_SAMPLES for the samples
// alone, which only the tests of the catalogue link.
//
//   static const catalogue::Entry exp_entry("exp", [](catalogue::Samples& s) {
//     s.add("torch.exp(x[0])", {s.normal({2, 3})}, [](Inputs x) { return exp(x[0]); });
//     s.at("torch.exp(x[0])", {tensor({0.0, 710.0, -1000.0})}, [](Inputs x) { return exp(x[0]); });
//     s.rejects("exp of bool in place", "result type", [] { ones({2}, kBool).exp_(); });
//   });
//
// The tests walk the catalogue: values and first gradients against PyTorch (which evaluates the call's text), first and
// second derivatives against finite differences, strided, expanded and float32 inputs, a tensor used twice, only the
// asked-for gradients, one thread against many, the texts of errors. Nobody writes such a test by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad { namespace catalogue {

using Inputs = const std::vector<Tensor>&;
using Call = std::function<std::vector<Tensor>(Inputs)>;

/// An input of a sample. Floating inputs are differentiated unless declared constant.
struct Input {
  Input(Tensor t) : value(std::move(t)), differentiated(value.is_floating_point()) {}
  Tensor value;
  bool differentiated;
};
/// An input that the operation takes no derivative of.
inline Input constant(Tensor t) {
  Input in(std::move(t));
  in.differentiated = false;
  return in;
}

struct Sample {
  std::string call;           ///< in Python, of the inputs x[0], x[1], ...: torch., F. (torch.nn.functional) and math. are known
  std::vector<Input> inputs;  ///< floating ones are float64
  Call run;
  bool smooth = true;           ///< finite differences apply: the inputs stay away from kinks and poles
  int orders = 2;               ///< derivatives that exist: 0 for an operation declared not differentiable
  bool random = false;          ///< depends on the generator, which the tests seed with 0 before each run
  double layout_tolerance = 0;  ///< relative; 0: the same bits wherever the inputs lie in memory
  double answers_within = 0;    ///< relative; what PyTorch's own error is, where that is more than rounding
  std::string deviation;        ///< why the result differs from PyTorch's on purpose; empty: it must agree
};

struct Rejection {
  std::string what;
  std::string message;  ///< must be part of the error's text
  std::function<void()> run;
};

/// What an entry adds its samples to, with a source of repeatable numbers.
class XGRAD_API Samples {
 public:
  explicit Samples(const std::string& operation);

  /// Float64 tensors, the same in every run.
  Tensor normal(IntArrayRef shape);
  Tensor uniform(IntArrayRef shape, double low, double high);
  /// Uniform in [low, high), but at least `margin` away from every kink.
  Tensor avoiding(IntArrayRef shape, double low, double high, std::vector<double> kinks, double margin = 0.1);
  /// Int64, uniform in [low, high).
  Tensor integers(IntArrayRef shape, int64_t low, int64_t high);
  /// Distinct values in random order, at least 0.1 apart: for max, sort and their kind.
  Tensor distinct(IntArrayRef shape);
  Tensor booleans(IntArrayRef shape);

  /// A sample whose derivatives are checked against finite differences too. Returned for further settings.
  template <class F> Sample& add(std::string call, std::vector<Input> inputs, F f) {
    return push(std::move(call), std::move(inputs), wrap(std::move(f)));
  }
  /// A sample at special points (kinks, infinities, NaN): value and gradient against PyTorch only.
  template <class F> Sample& at(std::string call, std::vector<Input> inputs, F f) {
    Sample& s = add(std::move(call), std::move(inputs), std::move(f));
    s.smooth = false;
    return s;
  }
  /// A sample of an operation declared not differentiable.
  template <class F> Sample& flat(std::string call, std::vector<Input> inputs, F f) {
    Sample& s = at(std::move(call), std::move(inputs), std::move(f));
    s.orders = 0;
    return s;
  }
  /// A call that must throw an xgrad::Error whose text contains `message`.
  void rejects(std::string what, std::string message, std::function<void()> run);

  /// For samples added from here on: their sums run in an order that depends on the strides of the inputs, as BLAS's do.
  void sums_depend_on_layout() { layout_tolerance_ = 1e-12; }
  /// For samples added from here on: PyTorch's answers are this far, relatively, from the truth.
  void answers_are_within(double relative) { answers_within_ = relative; }

  const std::string& operation() const { return operation_; }
  const std::vector<Sample>& samples() const { return samples_; }
  const std::vector<Rejection>& rejections() const { return rejections_; }

 private:
  static std::vector<Tensor> list(Tensor t) { return {std::move(t)}; }
  static std::vector<Tensor> list(std::vector<Tensor> ts) { return ts; }
  template <class... T> static std::vector<Tensor> list(std::tuple<T...> ts) {
    return std::apply([](auto&... t) { return std::vector<Tensor>{t...}; }, ts);
  }
  template <class F> static Call wrap(F f) {
    return [f = std::move(f)](Inputs x) { return list(f(x)); };
  }
  Sample& push(std::string call, std::vector<Input> inputs, Call run);
  double next();

  std::string operation_;
  uint64_t state_;
  double layout_tolerance_ = 0, answers_within_ = 0;
  std::vector<Sample> samples_;
  std::vector<Rejection> rejections_;
};

constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

/// In Python: "(2, 3, )", "True".
XGRAD_API std::string text(IntArrayRef values);
inline std::string text(bool value) { return value ? "True" : "False"; }

/// One operation. Constructing it as a static object adds it to the catalogue; the samples are made on request.
class XGRAD_API Entry {
 public:
  using Fill = void (*)(Samples&);
  Entry(const char* name, Fill fill);
  const char* name() const { return name_; }
  Samples samples() const;
  const Entry* next() const { return next_; }

 private:
  const char* name_;
  Fill fill_;
  const Entry* next_;
};

/// All registered entries, sorted by name.
XGRAD_API std::vector<const Entry*> entries();

}}}  // namespace torch::xgrad::catalogue
