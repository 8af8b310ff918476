// Elementwise operations.
#include <cmath>
#include <limits>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// The dtype that operands are converted to before they are compared or combined.
ScalarType common_dtype(const Call& c) {
  std::optional<ScalarType> found;
  for (size_t i = 0; i < c.inputs(); ++i)
    if (c.has(i)) found = found ? promoteTypes(*found, c.input(i).dtype) : c.input(i).dtype;
  bool fractions = false;
  for (const char* name : {"self", "other", "exponent"})
    fractions = fractions || (c.is_given(name) && !c.is_whole(name) && c.number(name) != std::floor(c.number(name)));
  return fractions && !isFloatingType(*found) ? get_default_dtype() : *found;
}

// An operand that is a number where the attribute `name` is given, else the next input.
std::string operand(const Call& c, const char* name, size_t& next, ScalarType dtype) {
  if (!c.is_given(name)) return c.in(next++, dtype);
  if (!c.is_whole(name) || c.symbolic(name).is_fixed()) return c.scalar(c.number(name), dtype);
  return c.cast(c.node("Squeeze", {c.t.sizes({c.symbolic(name)}), c.vector({0})}), kLong, dtype);  // such as the size of the batch itself
}

struct Operands {
  std::string a, b;
};
Operands operands(const Call& c, ScalarType dtype) {
  size_t next = 0;
  std::string a = operand(c, "self", next, dtype);
  const bool exponent = c.is_given("exponent");
  return {std::move(a), operand(c, exponent ? "exponent" : "other", next, dtype)};
}

void unary(const Call& c, const char* onnx) { c.node_result(onnx, {c.in(0, c.output().dtype)}); }

void binary(const Call& c, const char* onnx) {
  const auto [a, b] = operands(c, c.output().dtype);
  c.node_result(onnx, {a, b});
}

// a + alpha b, or a - alpha b; rsub is b - alpha a.
void sum(const Call& c, const char* onnx) {
  const ScalarType dtype = c.output().dtype;
  auto [a, b] = operands(c, dtype);
  if (std::string(c.operation()) == "rsub") std::swap(a, b);
  if (c.is_given("alpha") && c.number("alpha") != 1) b = c.node("Mul", {b, c.scalar(c.number("alpha"), dtype)});
  c.node_result(dtype == kBool ? "Or" : onnx, {a, b});
}

void division(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  const auto [a, b] = operands(c, dtype);
  const std::string mode = c.text("rounding_mode");
  if (mode.empty() || (mode == "trunc" && !isFloatingType(dtype))) return c.node_result("Div", {a, b});
  if (!isFloatingType(dtype)) c.refuse("whole numbers are divided with rounding_mode='floor'");
  const std::string quotient = c.node("Div", {a, b});
  if (mode == "floor") return c.node_result("Floor", {quotient});
  c.node_result("Mul", {c.node("Sign", {quotient}), c.node("Floor", {c.node("Abs", {quotient})})});
}

// fmod has the sign of a, remainder that of b.
void modulo(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  const auto [a, b] = operands(c, dtype);
  const bool truncates = std::string(c.operation()) == "fmod";
  if (truncates || !isFloatingType(dtype)) return c.node_result("Mod", {a, b}, {{"fmod", int64_t{truncates}}});
  c.node_result("Sub", {a, c.node("Mul", {b, c.node("Floor", {c.node("Div", {a, b})})})});
}

void comparison(const Call& c, const char* onnx) {
  const ScalarType common = common_dtype(c), dtype = common == kBool ? kByte : common;
  auto [a, b] = operands(c, dtype);
  const bool differs = std::string(onnx) == "NotEqual";
  const std::string y = c.node(differs ? "Equal" : onnx, {a, b});
  c.result(differs ? c.node("Not", {y}) : y);
}

void logical(const Call& c, const char* onnx) {
  if (std::string(c.operation()).starts_with("bitwise") && c.output().dtype != kBool) c.refuse("it combines the bits of whole numbers");
  c.node_result(onnx, {c.in(0, kBool), c.in(1, kBool)});
}

void logical_not(const Call& c, const char*) {
  if (std::string(c.operation()) == "bitwise_not" && c.output().dtype != kBool) c.refuse("it inverts the bits of whole numbers");
  c.node_result("Not", {c.in(0, kBool)});
}

void where(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  size_t next = 1;
  const std::string a = operand(c, "self", next, dtype), b = operand(c, "other", next, dtype);
  c.node_result("Where", {c.in(0, kBool), a, b});
}

void masked_fill(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  size_t next = 2;
  const std::string value = operand(c, "value", next, dtype);
  c.node_result("Where", {c.in(1, kBool), value, c.in(0, dtype)});
}

// Numbers are min, max, min_val or max_val; tensors come as inputs.
void clamp(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  const auto bound = [&](std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (c.is_given(name)) return c.scalar(c.number(name));
    return std::string();
  };
  std::string low = bound({"min", "min_val"}), high = bound({"max", "max_val"}), x = c.in(0, dtype);
  const std::string name = c.operation();
  if (c.inputs() == 1) return c.node_result("Clip", {x, low, high});
  if (name != "clamp_max") x = c.node("Max", {x, c.in(1, dtype)});
  if (name != "clamp_min") x = c.node("Min", {x, c.in(c.inputs() - 1, dtype)});
  c.result(x);
}

void cast(const Call& c, const char*) { c.result(c.in(0, c.output().dtype)); }
void same(const Call& c, const char*) { c.result(c.in(0)); }

// x times what the node makes of it.
void gate(const Call& c, const char* onnx) {
  const std::string x = c.in(0);
  c.node_result("Mul", {x, c.node(onnx, {x})});
}

void hard_sigmoid(const Call& c, const char* onnx) {
  const std::string x = c.in(0), y = c.node("HardSigmoid", {x}, {{"alpha", 1.0 / 6}, {"beta", 0.5}});
  c.result(std::string(onnx) == "HardSwish" ? c.node("Mul", {x, y}) : y);
}

void elu(const Call& c, const char*) {
  const std::string x = c.in(0);
  const double alpha = c.number("alpha"), scale = c.is_given("scale") ? c.number("scale") : 1;
  if (std::string(c.operation()) == "celu") return c.node_result("Celu", {x}, {{"alpha", alpha}});
  if (c.number("input_scale") != 1) c.refuse("its input_scale is not 1");
  if (scale != 1) return c.node_result("Selu", {x}, {{"alpha", alpha}, {"gamma", scale}});
  c.node_result("Elu", {x}, {{"alpha", alpha}});
}

// Beyond the threshold PyTorch takes the input itself, which this is, rounded, from 20 on.
std::string softplus_of(const Call& c, const std::string& x, double beta) {
  if (beta == 1) return c.node("Softplus", {x});
  return c.node("Div", {c.node("Softplus", {c.node("Mul", {x, c.scalar(beta)})}), c.scalar(beta)});
}
void softplus(const Call& c, const char*) {
  const std::string x = c.in(0), y = softplus_of(c, x, c.number("beta"));
  if (c.number("threshold") >= 20) return c.result(y);
  const std::string beyond = c.node("Greater", {c.node("Mul", {x, c.scalar(c.number("beta"))}), c.scalar(c.number("threshold"))});
  c.node_result("Where", {beyond, x, y});
}
void log_sigmoid(const Call& c, const char*) { c.node_result("Neg", {softplus_of(c, c.node("Neg", {c.in(0)}), 1)}); }
void mish(const Call& c, const char*) { c.node_result("Mul", {c.in(0), c.node("Tanh", {softplus_of(c, c.in(0), 1)})}); }

void gelu(const Call& c, const char*) {
  const std::string x = c.in(0), one = c.scalar(1), half = c.node("Mul", {x, c.scalar(0.5)});
  std::string inner;
  if (c.text("approximate") == "tanh") {
    const std::string square = c.node("Mul", {x, x}),
                      k = c.node("Add", {c.node("Mul", {square, c.scalar(0.044715 * std::sqrt(2 / M_PI))}), c.scalar(std::sqrt(2 / M_PI))});
    inner = c.node("Tanh", {c.node("Mul", {x, k})});
  } else {
    inner = c.node("Erf", {c.node("Mul", {x, c.scalar(M_SQRT1_2)})});
  }
  c.node_result("Mul", {half, c.node("Add", {inner, one})});
}

void leaky_relu(const Call& c, const char*) { c.node_result("LeakyRelu", {c.in(0)}, {{"alpha", c.number("negative_slope")}}); }

void shrink(const Call& c, const char*) {
  const double lambd = c.number("lambd");
  c.node_result("Shrink", {c.in(0)}, {{"lambd", lambd}, {"bias", std::string(c.operation()) == "softshrink" ? lambd : 0.0}});
}

void threshold(const Call& c, const char*) {
  const std::string x = c.in(0), above = c.node("Greater", {x, c.scalar(c.number("threshold"))});
  c.node_result("Where", {above, x, c.scalar(c.number("value"))});
}

void number_times(const Call& c, const char*) {
  c.node_result("Mul", {c.in(0, c.output().dtype), c.scalar(std::string(c.operation()) == "deg2rad" ? M_PI / 180 : 180 / M_PI)});
}

void square(const Call& c, const char*) { c.node_result("Mul", {c.in(0), c.in(0)}); }
void rsqrt(const Call& c, const char*) { c.node_result("Reciprocal", {c.node("Sqrt", {c.in(0, c.output().dtype)})}); }
void expm1(const Call& c, const char*) { c.node_result("Sub", {c.node("Exp", {c.in(0, c.output().dtype)}), c.scalar(1)}); }
void log1p(const Call& c, const char*) { c.node_result("Log", {c.node("Add", {c.in(0, c.output().dtype), c.scalar(1)})}); }
void log_to(const Call& c, const char*) {
  const double base = std::string(c.operation()) == "log2" ? M_LN2 : M_LN10;
  c.node_result("Div", {c.node("Log", {c.in(0, c.output().dtype)}), c.scalar(base)});
}
void exp2(const Call& c, const char*) { c.node_result("Pow", {c.scalar(2), c.in(0, c.output().dtype)}); }
void erfc(const Call& c, const char*) { c.node_result("Sub", {c.scalar(1), c.node("Erf", {c.in(0, c.output().dtype)})}); }
void trunc(const Call& c, const char*) { c.node_result("Mul", {c.node("Sign", {c.in(0)}), c.node("Floor", {c.node("Abs", {c.in(0)})})}); }
void frac(const Call& c, const char*) {
  const std::string x = c.in(0), whole = c.node("Mul", {c.node("Sign", {x}), c.node("Floor", {c.node("Abs", {x})})});
  c.node_result("Sub", {x, whole});
}
void round(const Call& c, const char*) {
  if (c.is_given("decimals") && c.integer("decimals") != 0) c.refuse("it rounds to decimals");
  c.node_result("Round", {c.in(0)});
}
void isinf(const Call& c, const char*) { c.node_result("IsInf", {c.in(0)}); }
void isfinite(const Call& c, const char*) { c.node_result("Not", {c.node("Or", {c.node("IsNaN", {c.in(0)}), c.node("IsInf", {c.in(0)})})}); }

void addc(const Call& c, const char* onnx) {
  const ScalarType dtype = c.output().dtype;
  std::string product = c.node(onnx, {c.in(1, dtype), c.in(2, dtype)});
  if (c.number("value") != 1) product = c.node("Mul", {product, c.scalar(c.number("value"))});
  c.node_result("Add", {c.in(0, dtype), product});
}

void lerp(const Call& c, const char*) {
  const ScalarType dtype = c.output().dtype;
  size_t next = 2;
  const std::string weight = operand(c, "weight", next, dtype), a = c.in(0);
  c.node_result("Add", {a, c.node("Mul", {weight, c.node("Sub", {c.in(1), a})})});
}

void fill(const Call& c, const char*) {
  size_t next = 1;
  const std::string value = operand(c, "value", next, c.output().dtype);
  c.node_result("Expand", {value, c.t.sizes(c.out_sizes())});
}

void dropout(const Call& c, const char*) { c.refuse("it draws random numbers; call eval() on the module first"); }

}  // namespace

std::vector<Mapping> elementwise_mappings() {
  return {
      {"abs", unary, "Abs"},
      {"acos", unary, "Acos"},
      {"acosh", unary, "Acosh"},
      {"asin", unary, "Asin"},
      {"asinh", unary, "Asinh"},
      {"atan", unary, "Atan"},
      {"atanh", unary, "Atanh"},
      {"ceil", unary, "Ceil"},
      {"cos", unary, "Cos"},
      {"cosh", unary, "Cosh"},
      {"erf", unary, "Erf"},
      {"exp", unary, "Exp"},
      {"floor", unary, "Floor"},
      {"log", unary, "Log"},
      {"neg", unary, "Neg"},
      {"reciprocal", unary, "Reciprocal"},
      {"relu", unary, "Relu"},
      {"sgn", unary, "Sign"},
      {"sigmoid", unary, "Sigmoid"},
      {"sign", unary, "Sign"},
      {"sin", unary, "Sin"},
      {"sinh", unary, "Sinh"},
      {"sqrt", unary, "Sqrt"},
      {"tan", unary, "Tan"},
      {"tanh", unary, "Tanh"},
      {"isnan", [](const Call& c, const char*) { c.node_result("IsNaN", {c.in(0)}); }},
      {"isinf", isinf},
      {"isfinite", isfinite},
      {"logical_not", logical_not},
      {"bitwise_not", logical_not},
      {"silu", gate, "Sigmoid"},
      {"hardsigmoid", hard_sigmoid},
      {"hardswish", hard_sigmoid, "HardSwish"},
      {"elu", elu},
      {"celu", elu},
      {"softplus", softplus},
      {"log_sigmoid", log_sigmoid},
      {"mish", mish},
      {"gelu", gelu},
      {"leaky_relu", leaky_relu},
      {"hardshrink", shrink},
      {"softshrink", shrink},
      {"threshold", threshold},
      {"deg2rad", number_times},
      {"rad2deg", number_times},
      {"square", square},
      {"rsqrt", rsqrt},
      {"expm1", expm1},
      {"log1p", log1p},
      {"log2", log_to},
      {"log10", log_to},
      {"exp2", exp2},
      {"erfc", erfc},
      {"trunc", trunc},
      {"frac", frac},
      {"round", round},
      {"add", sum, "Add"},
      {"sub", sum, "Sub"},
      {"rsub", sum, "Sub"},
      {"mul", [](const Call& c, const char*) { binary(c, c.output().dtype == kBool ? "And" : "Mul"); }},
      {"div", division},
      {"pow", binary, "Pow"},
      {"maximum", binary, "Max"},
      {"minimum", binary, "Min"},
      {"fmod", modulo},
      {"remainder", modulo},
      {"eq", comparison, "Equal"},
      {"ne", comparison, "NotEqual"},
      {"gt", comparison, "Greater"},
      {"ge", comparison, "GreaterOrEqual"},
      {"lt", comparison, "Less"},
      {"le", comparison, "LessOrEqual"},
      {"logical_and", logical, "And"},
      {"logical_or", logical, "Or"},
      {"logical_xor", logical, "Xor"},
      {"bitwise_and", logical, "And"},
      {"bitwise_or", logical, "Or"},
      {"bitwise_xor", logical, "Xor"},
      {"where", where},
      {"masked_fill", masked_fill},
      {"clamp", clamp},
      {"clamp_min", clamp},
      {"clamp_max", clamp},
      {"hardtanh", clamp},
      {"addcmul", addc, "Mul"},
      {"addcdiv", addc, "Div"},
      {"lerp", lerp},
      {"fill", fill},
      {"fill_", fill},
      {"zero_",
       [](const Call& c, const char*) {
         c.node_result("Expand", {c.scalar(0), c.t.sizes(c.out_sizes())});
       }},
      {"to", cast},
      {"clone", same},
      {"alias", same},
      {"detach", same},
      {"positive", same},
      {"prelu_backward", same},
      {"dropout", dropout},
      {"feature_dropout", dropout},
      {"alpha_dropout", dropout},
      {"bernoulli", dropout},
  };
}

}}}  // namespace torch::xgrad::onnx
