// What a step of a program is, and the table of operations that steps call.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

#include <torch/torch.h>

namespace graphs {

using torch::Tensor;
using Tensors = std::vector<Tensor>;
namespace nn = torch::nn;
namespace F = torch::nn::functional;
using torch::indexing::None;
using torch::indexing::Slice;

/// A step's results have the places step * kResults, ...; more results than this are dropped.
constexpr int kResults = 8;
/// A module's parameters are its results from here on.
constexpr int kParameters = 4;

/// One call. The names of its arguments are those in the operation's text.
struct Step {
  int operation = 0;
  std::vector<int> named;  ///< places of x, y, z, w; -1 stands for an undefined tensor
  std::vector<int> list;   ///< places of xs
  int64_t i = 0, j = 0, k = 0, l = 0;
  std::vector<int64_t> p, q;
  double a = 0, b = 0;
  bool flag = false;
  bool quiet = false;  ///< without grad mode
  int64_t seed = 0;    ///< of the generator, before the call
};

struct Arguments {
  Tensor x, y, z, w;
  Tensors xs;
  int64_t i, j, k, l;
  std::vector<int64_t> p, q;
  double a, b;
  bool flag;
};

class Chooser;

/// Fills in a step's arguments; false when the values at hand don't suit.
using Rule = bool (*)(Chooser& chooser, Step& step);

enum class Effect { None, Edit, Sweep };

struct Operation {
  std::string text;  ///< the call as C++
  char results;      ///< what it returns: T a tensor, t a tuple, v a vector, m what a module gave and its parameters, - nothing
  Effect effect;
  Rule rule;
  std::function<Tensors(Arguments&)> call;
};

/// All operations; a step names one by its place.
const std::vector<Operation>& operations();
/// The place of an operation by its text; throws when there is none.
int operation_of(const std::string& text);

inline Tensors results_of(const Tensor& t) { return {t}; }
inline Tensors results_of(const Tensors& t) { return t; }
template <class... T> Tensors results_of(const std::tuple<T...>& t) {
  return std::apply([](const T&... each) { return Tensors{each...}; }, t);
}

/// What a module gave, and its parameters.
struct Called {
  Tensors outputs, parameters;
};
inline Tensors results_of(const Called& called) {
  Tensors results = called.outputs;
  results.resize(kParameters);
  results.insert(results.end(), called.parameters.begin(), called.parameters.end());
  return results;
}
constexpr char kind_of(const Called*) { return 'm'; }
constexpr char kind_of(const Tensor*) { return 'T'; }
constexpr char kind_of(const Tensors*) { return 'v'; }
template <class... T> constexpr char kind_of(const std::tuple<T...>*) { return 't'; }

/// What edits is known by its name, which ends in an underscore.
template <class Call> Operation entry(const char* text, Rule rule, Call call) {
  using Result = std::invoke_result_t<Call, Arguments&>;
  const std::string name = text;
  if constexpr (std::is_void_v<Result> || std::is_arithmetic_v<Result>) {
    return {name, '-', std::is_void_v<Result> ? Effect::Sweep : Effect::None, rule,
            [call](Arguments& arguments) { return call(arguments), Tensors(); }};
  } else {
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    const Effect effect = has("autograd::") ? Effect::Sweep : has("_(") || has(" += ") || has(" *= ") ? Effect::Edit : Effect::None;
    return {name, kind_of(static_cast<const Result*>(nullptr)), effect, rule, [call](Arguments& arguments) { return results_of(call(arguments)); }};
  }
}

#define GRAPHS_CALL(rule, ...)                                        \
  entry(#__VA_ARGS__, rule, [](Arguments& arguments) {                \
    auto& [x, y, z, w, xs, i, j, k, l, p, q, a, b, flag] = arguments; \
    return __VA_ARGS__;                                               \
  })

/// The families of the table, one file each in operations/.
std::vector<Operation> pointwise_operations();
std::vector<Operation> activation_operations();
std::vector<Operation> view_operations();
std::vector<Operation> edit_operations();
std::vector<Operation> reduction_operations();
std::vector<Operation> product_operations();
std::vector<Operation> indexing_operations();
std::vector<Operation> joining_operations();
std::vector<Operation> loss_operations();
std::vector<Operation> special_operations();
std::vector<Operation> statistics_operations();
std::vector<Operation> linalg_operations();
std::vector<Operation> image_operations();
std::vector<Operation> normalisation_operations();
std::vector<Operation> random_operations();
std::vector<Operation> recurrent_operations();
std::vector<Operation> attention_operations();
std::vector<Operation> module_operations();
std::vector<Operation> optimizer_operations();
std::vector<Operation> graph_operations();

}  // namespace graphs
