#include <xgrad/autograd/ops/pointwise/aliases.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

#define XGRAD_OR(value)
#define XGRAD_ALIAS(name, operation)                          \
  Tensor name(const Tensor& self) { return operation(self); } \
  Tensor& Tensor::name##_() const { return operation##_(); }
#define XGRAD_ALIAS_WITH(name, operation, parameters, arguments)                                               \
  Tensor name(const Tensor& self, XGRAD_UNPACK parameters) { return operation(self, XGRAD_UNPACK arguments); } \
  Tensor& Tensor::name##_(XGRAD_UNPACK parameters) const { return operation##_(XGRAD_UNPACK arguments); }
XGRAD_EACH_ALIAS(XGRAD_ALIAS, XGRAD_ALIAS_WITH)
#undef XGRAD_OR
#undef XGRAD_ALIAS
#undef XGRAD_ALIAS_WITH

// The operators of bits by Python's names.
#define XGRAD_BITS_OF(name, in_place, operation, Operand)                                  \
  Tensor name(const Tensor& self, const Operand& other) { return operation(self, other); } \
  Tensor& Tensor::in_place(const Operand& other) const { return operation##_(other); }
#define XGRAD_BITS(name, in_place, operation)      \
  XGRAD_BITS_OF(name, in_place, operation, Scalar) \
  XGRAD_BITS_OF(name, in_place, operation, Tensor)
XGRAD_BITS(__and__, __iand__, bitwise_and)
XGRAD_BITS(__or__, __ior__, bitwise_or)
XGRAD_BITS(__xor__, __ixor__, bitwise_xor)
XGRAD_BITS(__lshift__, __ilshift__, bitwise_left_shift)
XGRAD_BITS(__rshift__, __irshift__, bitwise_right_shift)
#undef XGRAD_BITS
#undef XGRAD_BITS_OF

}}  // namespace torch::xgrad

#else  // ---- samples

#include <string>

#include <xgrad/autograd/catalogue/pointwise_samples.h>
#include <xgrad/autograd/ops/creation/creation.h>

namespace torch { inline namespace xgrad {

using catalogue::Inputs;
using catalogue::Samples;

namespace {

// The samples of the operation itself show what it does; these that the name means it.
void one_samples(Samples& s, const std::string& name, Tensor (*f)(const Tensor&), Tensor (*method)(const Tensor&), Tensor& (*in_place)(const Tensor&),
                 double low = 0.1, double high = 0.9) {
  s.add("torch." + name + "(x[0])", {s.uniform({2, 3}, low, high)}, [f](Inputs x) { return f(x[0]); });
  s.add("x[0]." + name + "()", {s.uniform({}, low, high)}, [method](Inputs x) { return method(x[0]); });
  s.add("x[0].clone()." + name + "_()", {s.uniform({3}, low, high)}, [in_place](Inputs x) { return in_place(x[0].clone()); }).deviation =
      name.starts_with("arc") && name.ends_with("h") ? "derivatives-in-place" : "";
}

#define XGRAD_ONE_ENTRY(name, ...)                                                                                                        \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                                                                             \
    one_samples(                                                                                                                          \
        s, #name, name, [](const Tensor& x) { return x.name(); }, [](const Tensor& x) -> Tensor& { return x.name##_(); }, ##__VA_ARGS__); \
  })
XGRAD_ONE_ENTRY(absolute);
XGRAD_ONE_ENTRY(negative);
XGRAD_ONE_ENTRY(fix);
XGRAD_ONE_ENTRY(arccos);
XGRAD_ONE_ENTRY(arccosh, 1.2, 4);
XGRAD_ONE_ENTRY(arcsin);
XGRAD_ONE_ENTRY(arcsinh);
XGRAD_ONE_ENTRY(arctan);
XGRAD_ONE_ENTRY(arctanh);
#undef XGRAD_ONE_ENTRY

using Pair = Tensor (*)(const Tensor&, const Tensor&);
using WithNumber = Tensor (*)(const Tensor&, const Scalar&);
void pair_of_samples(Samples& s, const std::string& name, bool compares, Pair f, Pair method, Pair in_place, WithNumber number,
                     WithNumber number_in_place) {
  const auto floating = [&](const std::string& call, const auto& g) {
    (compares ? s.flat(call, {s.uniform({2, 3}, 0.5, 2), s.uniform({3}, 0.5, 2)}, g)
              : s.add(call, {s.uniform({2, 3}, 0.5, 1), s.uniform({3}, 1.5, 3)}, g));
  };
  floating("torch." + name + "(x[0], x[1])", [f](Inputs x) { return f(x[0], x[1]); });
  floating("x[0]." + name + "(x[1])", [method](Inputs x) { return method(x[0], x[1]); });
  floating("x[0].clone()." + name + "_(x[1])", [in_place](Inputs x) { return in_place(x[0], x[1]); });
  s.flat("torch." + name + "(x[0], x[1])", {s.integers({2, 3}, 1, 9).to(kInt), s.integers({3}, 1, 9)}, [f](Inputs x) { return f(x[0], x[1]); });
  if (!number) return;
  floating("torch." + name + "(x[0], 1.25) + x[1]", [number](Inputs x) { return number(x[0], 1.25) + x[1]; });
  floating("x[0].clone()." + name + "_(1.25) + x[1]", [number_in_place](Inputs x) { return number_in_place(x[0], 1.25) + x[1]; });
}

#define XGRAD_PAIR_ENTRY(name, compares)                                                                                                             \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                                                                                        \
    pair_of_samples(                                                                                                                                 \
        s, #name, compares, [](const Tensor& a, const Tensor& b) { return name(a, b); }, [](const Tensor& a, const Tensor& b) { return a.name(b); }, \
        [](const Tensor& a, const Tensor& b) -> Tensor { return a.clone().name##_(b); },                                                             \
        [](const Tensor& a, const Scalar& b) { return name(a, b); },                                                                                 \
        [](const Tensor& a, const Scalar& b) -> Tensor { return a.clone().name##_(b); });                                                            \
  })
XGRAD_PAIR_ENTRY(subtract, false);
XGRAD_PAIR_ENTRY(multiply, false);
XGRAD_PAIR_ENTRY(divide, false);
XGRAD_PAIR_ENTRY(true_divide, false);
XGRAD_PAIR_ENTRY(greater, true);
XGRAD_PAIR_ENTRY(greater_equal, true);
XGRAD_PAIR_ENTRY(less, true);
XGRAD_PAIR_ENTRY(less_equal, true);
XGRAD_PAIR_ENTRY(not_equal, true);
#undef XGRAD_PAIR_ENTRY

const catalogue::Entry arctan2_entry("arctan2", [](Samples& s) {
  pair_of_samples(
      s, "arctan2", false, arctan2, [](const Tensor& a, const Tensor& b) { return a.arctan2(b); },
      [](const Tensor& a, const Tensor& b) -> Tensor { return a.clone().arctan2_(b); }, nullptr, nullptr);
});

const catalogue::Entry divide_rounded_entry("divide_rounded", [](Samples& s) {
  s.flat("torch.divide(x[0], x[1], rounding_mode='floor')", {s.integers({4}, -9, 9), s.integers({4}, 1, 4)},
         [](Inputs x) { return divide(x[0], x[1], "floor"); });
  s.flat("x[0].clone().divide_(2, rounding_mode='trunc')", {s.integers({4}, -9, 9)}, [](Inputs x) { return x[0].clone().divide_(2, "trunc"); });
  s.add("torch.subtract(x[0], x[1], alpha=2)", {s.normal({3}), s.normal({3})}, [](Inputs x) { return subtract(x[0], x[1], 2); });
});

void bits_samples(Samples& s, const std::string& name, const std::string& name_in_place, Pair f, Pair in_place, WithNumber number,
                  WithNumber number_in_place) {
  const auto x = [&s] { return s.integers({2, 3}, 0, 99); };
  s.flat("x[0]." + name + "(x[1])", {x(), s.integers({3}, 0, 6)}, [f](Inputs x) { return f(x[0], x[1]); });
  s.flat("x[0].clone()." + name_in_place + "(x[1])", {x(), s.integers({3}, 0, 6)}, [in_place](Inputs x) { return in_place(x[0], x[1]); });
  s.flat("x[0]." + name + "(3)", {x().to(kByte)}, [number](Inputs x) { return number(x[0], 3); });
  s.flat("x[0].clone()." + name_in_place + "(3)", {x().to(kInt)}, [number_in_place](Inputs x) { return number_in_place(x[0], 3); });
  s.rejects("floating numbers", "not implemented for 'Float'", [number] { number(ones({2}), 1); });
}

#define XGRAD_BITS_ENTRY(name, in_place)                                                   \
  const catalogue::Entry name##_entry(#name, [](Samples& s) {                              \
    bits_samples(                                                                          \
        s, #name, #in_place, [](const Tensor& a, const Tensor& b) { return name(a, b); },  \
        [](const Tensor& a, const Tensor& b) -> Tensor { return a.clone().in_place(b); },  \
        [](const Tensor& a, const Scalar& b) { return a.name(b); },                        \
        [](const Tensor& a, const Scalar& b) -> Tensor { return a.clone().in_place(b); }); \
  })
XGRAD_BITS_ENTRY(__and__, __iand__);
XGRAD_BITS_ENTRY(__or__, __ior__);
XGRAD_BITS_ENTRY(__xor__, __ixor__);
XGRAD_BITS_ENTRY(__lshift__, __ilshift__);
XGRAD_BITS_ENTRY(__rshift__, __irshift__);
#undef XGRAD_BITS_ENTRY

}  // namespace

}}  // namespace torch::xgrad

#endif
