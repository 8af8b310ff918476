#include <xgrad/autograd/ops/pointwise/out_forms.h>

#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/ops/write_out.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

// The result lands in `out` at once if it has its shape and dtype.
#define XGRAD_INTO(name)                                       \
  Tensor& name##_out(Tensor& out, const Tensor& self) {        \
    const auto f = [&](Out o) { return into::name(self, o); }; \
    return write_out(#name "_out", out, f, self);              \
  }
#define XGRAD_INTO_WITH(name, parameters, arguments, tensors)                          \
  Tensor& name##_out(Tensor& out, const Tensor& self, XGRAD_UNPACK parameters) {       \
    const auto f = [&](Out o) { return into::name(self, XGRAD_UNPACK arguments, o); }; \
    return write_out(#name "_out", out, f, self, XGRAD_UNPACK arguments);              \
  }
#define XGRAD_OUT(name)                                 \
  Tensor& name##_out(Tensor& out, const Tensor& self) { \
    const auto f = [&](Out) { return name(self); };     \
    return write_out(#name "_out", out, f, self);       \
  }
#define XGRAD_OUT_WITH(name, parameters, arguments)                              \
  Tensor& name##_out(Tensor& out, const Tensor& self, XGRAD_UNPACK parameters) { \
    const auto f = [&](Out) { return name(self, XGRAD_UNPACK arguments); };      \
    return write_out(#name "_out", out, f, self, XGRAD_UNPACK arguments);        \
  }
#define XGRAD_ALIAS(name, operation) \
  Tensor& name##_out(Tensor& out, const Tensor& self) { return operation##_out(out, self); }
#define XGRAD_ALIAS_WITH(name, operation, parameters, arguments) \
  Tensor& name##_out(Tensor& out, const Tensor& self, XGRAD_UNPACK parameters) { return operation##_out(out, self, XGRAD_UNPACK arguments); }
#define XGRAD_OR(value)
XGRAD_EACH_INTO(XGRAD_INTO, XGRAD_INTO_WITH)
XGRAD_EACH_OUT_FORM(XGRAD_OUT, XGRAD_OUT_WITH)
XGRAD_EACH_ALIAS(XGRAD_ALIAS, XGRAD_ALIAS_WITH)
#undef XGRAD_INTO
#undef XGRAD_INTO_WITH
#undef XGRAD_OUT
#undef XGRAD_OUT_WITH
#undef XGRAD_ALIAS
#undef XGRAD_ALIAS_WITH
#undef XGRAD_OR

}}  // namespace torch::xgrad

#else  // ---- samples

#include <string>

#include <xgrad/autograd/catalogue/pointwise_samples.h>

namespace torch { inline namespace xgrad {

using catalogue::constant;
using catalogue::Inputs;
using catalogue::Samples;

namespace {

Tensor empty_out(ScalarType dtype = kDouble) { return empty({0}, dtype); }
const std::string kOut = ", out=torch.empty(0, dtype=torch.float64))", kOutOfShape = ", out=torch.ones(2, 3, dtype=torch.float64))";

// Into a tensor of another shape, of the same, and into the input itself.
void one_samples(Samples& s, const std::string& name, Tensor& (*f)(Tensor&, const Tensor&), double low = 0.1, double high = 0.9) {
  const std::string call = "torch." + name + "(x[0]";
  const auto input = [&] { return constant(s.uniform({2, 3}, low, high)); };
  s.flat(call + kOut, {input()}, [f](Inputs x) {
    Tensor out = empty_out();
    return f(out, x[0]);
  });
  s.flat(call + kOutOfShape, {input()}, [f](Inputs x) {
    Tensor out = ones({2, 3}, kDouble);
    const void* memory = out.data_ptr();
    f(out, x[0]);
    XGRAD_CHECK(out.data_ptr() == memory, "[out_forms] an out of the right shape keeps its memory");
    return out;
  });
  s.flat("(lambda y: torch." + name + "(y, out=y))(x[0].clone())", {input()}, [f](Inputs x) {
    Tensor y = x[0].clone();
    return f(y, y);
  });
}

template <class F> void two_samples(Samples& s, const std::string& call, F f, double low = 0.1, double high = 0.9) {
  const auto inputs = [&] { return std::vector<catalogue::Input>{constant(s.uniform({2, 3}, low, high)), constant(s.uniform({3}, low, high))}; };
  s.flat("torch." + call + kOut, inputs(), [f](Inputs x) {
    Tensor out = empty_out();
    return f(out, x[0], x[1]);
  });
  s.flat("torch." + call + kOutOfShape, inputs(), [f](Inputs x) {
    Tensor out = ones({2, 3}, kDouble);
    return f(out, x[0], x[1]);
  });
}

// clang-format off
#define XGRAD_ONE(name) one_samples(s, #name, name##_out)
#define XGRAD_TWO(name) \
  two_samples(s, #name "(x[0], x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return name##_out(out, a, b); })
#define XGRAD_NUMBER(name) \
  s.flat("torch." #name "(x[0], 0.5" + kOut, {constant(s.uniform({2, 3}, 0.1, 0.9))}, [](Inputs x) { \
    Tensor out = empty_out(); \
    return name##_out(out, x[0], 0.5); \
  })
// clang-format on

const catalogue::Entry out_forms_entry("out_forms", [](Samples& s) {
  XGRAD_ONE(abs);
  XGRAD_ONE(acos);
  XGRAD_ONE(arcsin);
  XGRAD_ONE(ceil);
  XGRAD_ONE(cos);
  XGRAD_ONE(digamma);
  XGRAD_ONE(erf);
  XGRAD_ONE(exp);
  XGRAD_ONE(exp2);
  XGRAD_ONE(frac);
  XGRAD_ONE(lgamma);
  XGRAD_ONE(log);
  one_samples(s, "logit", [](Tensor& out, const Tensor& x) -> Tensor& { return logit_out(out, x); });
  XGRAD_ONE(neg);
  XGRAD_ONE(sigmoid);
  XGRAD_ONE(sqrt);
  XGRAD_ONE(tanh);
  XGRAD_ONE(angle);
  s.flat("torch.signbit(x[0], out=torch.empty(0, dtype=torch.bool))", {constant(s.normal({2, 3}))}, [](Inputs x) {
    Tensor out = empty({0}, kBool);
    return signbit_out(out, x[0]);
  });
  XGRAD_ONE(logical_not);
  one_samples(s, "special.expit", special::expit_out);
  one_samples(s, "special.i1e", special::i1e_out);
  one_samples(s, "special.expm1", special_expm1_out);
  one_samples(s, "special.gammaln", special_gammaln_out);
  one_samples(s, "special.psi", special_psi_out);
  one_samples(s, "special.logit", special::logit_out);
  one_samples(s, "special.round", [](Tensor& out, const Tensor& x) -> Tensor& { return special_round_out(out, x); });
  two_samples(
      s, "special.zeta(x[0], x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return special_zeta_out(out, a, b); }, 1.1, 3);
  two_samples(s, "special.xlog1py(x[0], x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return special::xlog1py_out(out, a, b); });
  two_samples(s, "special.gammainc(x[0], x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return special::gammainc_out(out, a, b); });
  s.flat("torch.xlogy(0.5, x[0]" + kOut, {constant(s.uniform({2, 3}, 0.1, 0.9))}, [](Inputs x) {
    Tensor out = empty_out();
    return xlogy_out(out, 0.5, x[0]);
  });
  XGRAD_TWO(add);
  XGRAD_TWO(sub);
  XGRAD_TWO(mul);
  XGRAD_TWO(div);
  XGRAD_TWO(divide);
  XGRAD_TWO(floor_divide);
  XGRAD_TWO(fmod);
  XGRAD_TWO(remainder);
  XGRAD_TWO(pow);
  XGRAD_TWO(atan2);
  XGRAD_TWO(hypot);
  XGRAD_TWO(copysign);
  XGRAD_TWO(xlogy);
  XGRAD_TWO(logaddexp);
  XGRAD_TWO(maximum);
  XGRAD_TWO(fmin);
  XGRAD_TWO(eq);
  XGRAD_TWO(less);
  XGRAD_TWO(logical_and);
  XGRAD_TWO(igamma);
  XGRAD_TWO(float_power);
  XGRAD_NUMBER(pow);
  XGRAD_NUMBER(gt);
  XGRAD_NUMBER(fmod);
  two_samples(s, "add(x[0], x[1], alpha=2", [](Tensor& out, const Tensor& a, const Tensor& b) { return add_out(out, a, b, 2); });
  two_samples(s, "clamp(x[0], max=x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return clamp_out(out, a, std::optional<Tensor>(), b); });
  two_samples(s, "addcmul(x[0], x[1], x[1]", [](Tensor& out, const Tensor& a, const Tensor& b) { return addcmul_out(out, a, b, b); });
  s.flat("torch.bitwise_and(x[0], x[1], out=torch.empty(0, dtype=torch.int64))", {s.integers({4}, 0, 99), s.integers({4}, 0, 99)}, [](Inputs x) {
    Tensor out = empty_out(kLong);
    return bitwise_and_out(out, x[0], x[1]);
  });
  s.flat("(lambda b: torch.sub(x[0], b, out=b))(x[1].clone())", {constant(s.normal({2, 3})), constant(s.normal({2, 3}))}, [](Inputs x) {
    Tensor b = x[1].clone();
    return sub_out(b, x[0], b);
  });
  // A view of the caller's memory, and one that overlaps an input.
  s.flat("(lambda y: (torch.exp(x[0], out=y[:, 1:4]), y))(torch.zeros(2, 5, dtype=torch.float64))[1]", {constant(s.normal({2, 3}))}, [](Inputs x) {
    const Tensor y = zeros({2, 5}, kDouble);
    Tensor part = y.slice(1, 1, 4);
    exp_out(part, x[0]);
    return y;
  });
  s.flat("(lambda y: (torch.exp(y[:-1].clone(), out=y[1:]), y))(x[0].clone())[1]", {constant(s.normal({5}))}, [](Inputs x) {
    const Tensor y = x[0].clone();
    Tensor part = y.slice(0, 1);
    exp_out(part, y.slice(0, 0, y.size(0) - 1));
    return y;
  });
  s.rejects("a result that doesn't convert", "result type Float can't be cast to the desired output type Long", [] {
    Tensor out = ones({2}, kLong);
    exp_out(out, ones({2}));
  });
  s.rejects("an input that requires a gradient", "functions with out=... arguments don't support automatic differentiation", [] {
    Tensor out = ones({2});
    exp_out(out, ones({2}).set_requires_grad(true));
  });
  s.rejects("a second input that does", "functions with out=... arguments don't support automatic differentiation", [] {
    Tensor out = ones({2});
    add_out(out, ones({2}), ones({2}).set_requires_grad(true));
  });
  s.rejects("an out that does", "functions with out=... arguments don't support automatic differentiation", [] {
    Tensor out = ones({2}).set_requires_grad(true);
    exp_out(out, ones({2}));
  });
  s.rejects("elements that share memory", "more than one element of the written-to tensor refers to a single memory location", [] {
    Tensor out = ones({1}).expand({2});
    exp_out(out, ones({2}));
  });
});

#undef XGRAD_ONE
#undef XGRAD_TWO
#undef XGRAD_NUMBER

}  // namespace

}}  // namespace torch::xgrad

#endif
