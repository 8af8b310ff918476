// Custom functions.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/ops/ops.h>

#include "values.h"

using namespace xgrad;
using autograd::AutogradContext;
using autograd::Function;
using autograd::variable_list;

namespace {

// a + b * factor, and what is told to it in ways other than tensors.
struct ScaledSum : Function<ScaledSum> {
  static Tensor forward(AutogradContext* ctx, const Tensor& a, double factor, const Tensor& b, const std::string& note) {
    CHECK_FALSE(GradMode::is_enabled());
    ctx->saved_data["factor"] = factor;
    ctx->saved_data["note"] = note;
    ctx->saved_data["sizes"] = a.sizes().vec();
    ctx->save_for_backward({a, Tensor(), b});
    return a + b * factor;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    CHECK(ctx->saved_data["note"].toStringRef() == "note");
    CHECK(ctx->saved_data["sizes"].toIntVector() == std::vector<int64_t>{2});
    const variable_list saved = ctx->get_saved_variables();
    CHECK(saved.size() == 3);
    CHECK(saved[0].defined());
    CHECK_FALSE(saved[1].defined());
    return {gy[0], Tensor(), gy[0] * ctx->saved_data["factor"].toDouble(), Tensor()};
  }
};

struct Square : Function<Square> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) { return {gy[0] * ctx->get_saved_variables()[0] * 2}; }
};

}  // namespace

TEST_CASE("tensors and other arguments mix; gradients go to the tensors") {
  const Tensor a = leaf({1, 2}), b = leaf({3, 4});
  const Tensor y = ScaledSum::apply(a, 0.5, b, "note");
  CHECK(list(y) == Values{2.5, 4});
  CHECK(y.grad_fn()->name().find("torch::autograd::CppNode<") == 0);
  CHECK(y.grad_fn()->name().find("ScaledSum>") != std::string::npos);
  (y * numbers({1, 10})).sum().backward();
  CHECK(list(a.grad()) == Values{1, 10});
  CHECK(list(b.grad()) == Values{0.5, 5});
}

TEST_CASE("without gradients to compute nothing is recorded") {
  CHECK_FALSE(ScaledSum::apply(numbers({1, 2}), 0.5, numbers({3, 4}), "note").requires_grad());
  NoGradGuard no_grad;
  const int64_t nodes = memory_stats().live_nodes;
  const Tensor y = Square::apply(numbers({3}).requires_grad_());
  CHECK_FALSE(y.requires_grad());
  CHECK(memory_stats().live_nodes <= nodes + 1);  // the leaf's own
}

TEST_CASE("a derivative written with operations can be differentiated again") {
  CHECK(autograd::gradcheck([](const Tensor& x) { return Square::apply(x); }, leaf({1, -2})));
  CHECK(autograd::gradgradcheck([](const Tensor& x) { return Square::apply(x) * x; }, leaf({1, -2})));
}

namespace {
struct Exp : Function<Exp> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, bool in_data) {
    Tensor y = x * x * x;
    if (in_data) ctx->saved_data["y"] = y;
    else ctx->save_for_backward({y});
    ctx->saved_data["x"] = x;
    return y;
  }
  // (x^3)' = 3 y / x
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    const Tensor y = ctx->saved_data.count("y") ? ctx->saved_data["y"].toTensor() : ctx->get_saved_variables()[0];
    return {gy[0] * y * 3 / ctx->saved_data["x"].toTensor(), Tensor()};
  }
};
}  // namespace

TEST_CASE("a saved output keeps its place in the graph and closes no circle") {
  const MemoryStats before = memory_stats();
  for (const bool in_data : {false, true}) {
    const auto f = [in_data](const Tensor& x) { return Exp::apply(x, in_data); };
    CHECK(autograd::gradcheck(f, leaf({1.5, 2})));
    CHECK(autograd::gradgradcheck(f, leaf({1.5, 2})));
    Exp::apply(leaf({1, 2}), in_data);
  }
  CHECK(memory_stats().live_nodes == before.live_nodes);
  CHECK(memory_stats().live_tensors == before.live_tensors);
}

namespace {
enum class Where { Saved, Data, DataList };
struct WithIntermediate : Function<WithIntermediate> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, Where where) {
    const Tensor slope = x * 2;
    if (where == Where::Saved) ctx->save_for_backward({slope});
    if (where == Where::Data) ctx->saved_data["slope"] = slope;
    if (where == Where::DataList) ctx->saved_data["slopes"] = std::vector<Tensor>{slope, slope};
    return x * x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    const Tensor slope = ctx->saved_data.count("slope")    ? ctx->saved_data["slope"].toTensor()
                         : ctx->saved_data.count("slopes") ? ctx->saved_data["slopes"].toTensorList()[1]
                                                           : ctx->get_saved_variables()[0];
    return {gy[0] * slope, Tensor()};
  }
};
}  // namespace

TEST_CASE("an intermediate value gives first derivatives, and never a silently wrong second one") {
  for (const Where where : {Where::Saved, Where::Data, Where::DataList}) {
    const Tensor x = leaf({3, 4});
    Tensor y = WithIntermediate::apply(x, where);
    y.sum().backward({}, true);
    CHECK(list(x.grad()) == Values{6, 8});
    const Tensor g = autograd::grad({y.sum()}, {x}, {}, true, true)[0];
    CHECK(list(g) == Values{6, 8});
    CHECK_THROWS_WITH_AS(autograd::grad({g.sum()}, {x}),
                         doctest::Contains("a second derivative needs the derivative of a value that forward computed and saved"), Error);
    // A derivative that doesn't pass through it is right.
    const Tensor gy = leaf({1, 1});
    const Tensor h = autograd::grad({y}, {x}, {gy}, true, true)[0];
    CHECK(list(autograd::grad({h.sum()}, {gy})[0]) == Values{6, 8});
  }
}

namespace {
struct Masked : Function<Masked> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x, std::vector<Tensor> constants) {
    ctx->save_for_backward({x > 0, constants[0]});
    return x * constants[0];
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    const variable_list saved = ctx->get_saved_variables();
    return {gy[0] * gy[0] * saved[1] * saved[0], Tensor()};
  }
};
}  // namespace

TEST_CASE("masks and constants among the arguments may be saved and differentiated past") {
  const Tensor x = leaf({3, -4}), gy = leaf({2, 5});
  const Tensor g = autograd::grad({Masked::apply(x, std::vector<Tensor>{numbers({7, 7})})}, {x}, {gy}, true, true)[0];
  CHECK(list(g) == Values{28, 0});
  CHECK(list(autograd::grad({g.sum()}, {gy})[0]) == Values{28, 0});
}

namespace {
struct AddInPlace : Function<AddInPlace> {
  static variable_list forward(AutogradContext* ctx, Tensor a, Tensor b, bool say_so) {
    a.add_(b * b);
    if (say_so) ctx->mark_dirty({a});
    ctx->save_for_backward({b});
    return {a, b * 2};
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    return {gy[0], gy[0] * ctx->get_saved_variables()[0] * 2 + gy[1] * 2, Tensor()};
  }
};
struct ForgetsDirty : Function<ForgetsDirty> {
  static Tensor forward(AutogradContext* ctx, Tensor a) {
    ctx->mark_dirty({a});
    return a * 2;
  }
  static variable_list backward(AutogradContext*, variable_list gy) { return gy; }
};
}  // namespace

TEST_CASE("an input changed in place takes part in the graph") {
  const Tensor x = leaf({1, 2}), b = leaf({3, 4});
  const Tensor a = x * 3;
  const int64_t version = a._version();
  const variable_list y = AddInPlace::apply(a, b, true);
  CHECK(y[0].is_same(a));
  CHECK(a._version() > version);
  CHECK(list(a) == Values{12, 22});
  CHECK(a.grad_fn()->name().find("AddInPlace") != std::string::npos);
  (a * a).sum().backward();
  CHECK(list(x.grad()) == Values{72, 132});
  CHECK(list(b.grad()) == Values{2 * 12 * 6, 2 * 22 * 8});
}

TEST_CASE("an input without history that is changed in place gets one") {
  const Tensor a = numbers({1, 2}), b = leaf({3, 4});
  AddInPlace::apply(a, b, true);
  CHECK(a.requires_grad());
  a.sum().backward();
  CHECK(list(b.grad()) == Values{6, 8});
}

TEST_CASE("a view changed in place changes the history of its base") {
  const Tensor x = leaf({1, 2, 3}), b = leaf({3, 4});
  const Tensor base = x * 1, view = base.slice(0, 1, 3);
  AddInPlace::apply(view, b, true);
  CHECK(list(base) == Values{1, 11, 19});
  (base * base).sum().backward();
  CHECK(list(x.grad()) == Values{2, 22, 38});
  CHECK(list(b.grad()) == Values{22 * 6, 38 * 8});
}

TEST_CASE("a leaf that requires a gradient cannot be changed in place; dirty inputs must be returned") {
  CHECK_THROWS_WITH_AS(AddInPlace::apply(leaf({1, 2}), leaf({3, 4}), true),
                       doctest::Contains("a leaf Variable that requires grad has been used in an in-place operation"), Error);
  CHECK_THROWS_WITH_AS(ForgetsDirty::apply(leaf({1, 2}) * 1),
                       doctest::Contains("Some elements marked as dirty during the forward method were not returned as output"), Error);
}

namespace {
struct Split : Function<Split> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x) {
    const Tensor sign = x * 0 + 1;
    ctx->mark_non_differentiable({sign});
    return {x * 2, sign, x > 0, x * 3};
  }
  static variable_list backward(AutogradContext*, variable_list gy) {
    CHECK(gy.size() == 4);
    CHECK(list(gy[1]) == Values{0, 0});
    CHECK((gy[2].dtype() == kBool));
    return {gy[0] * 2 + gy[3] * 3};
  }
};
}  // namespace

TEST_CASE("outputs without derivative require none, and unused outputs come as zeros") {
  const Tensor x = leaf({1, -2});
  const variable_list y = Split::apply(x);
  CHECK(y[0].requires_grad());
  CHECK_FALSE(y[1].requires_grad());
  CHECK_FALSE(y[2].requires_grad());
  CHECK(y[3].output_nr() == 3);
  (y[3] * y[1]).sum().backward();
  CHECK(list(x.grad()) == Values{3, 3});
}

namespace {
struct NoZeros : Function<NoZeros> {
  static variable_list forward(AutogradContext* ctx, const Tensor& x) {
    ctx->set_materialize_grads(false);
    return {x * 2, x * 3};
  }
  static variable_list backward(AutogradContext*, variable_list gy) {
    CHECK(gy[0].defined());
    CHECK_FALSE(gy[1].defined());
    return {gy[0] * 2};
  }
};
struct Asks : Function<Asks> {
  static Tensor forward(AutogradContext* ctx, const Tensor& a, const std::optional<Tensor>& b, TensorList cs, std::optional<Tensor> none) {
    CHECK(ctx->needs_input_grad(0));
    CHECK_FALSE(ctx->needs_input_grad(1));
    CHECK_FALSE(none.has_value());
    return a * *b * cs[0] * cs[1];
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    CHECK(ctx->needs_input_grad(0) == expected[0]);
    CHECK(ctx->needs_input_grad(3) == expected[1]);
    CHECK_FALSE(ctx->needs_input_grad({{1, 3}}));
    CHECK(ctx->needs_input_grad({{1, 4}}) == expected[1]);
    CHECK_THROWS_AS(ctx->needs_input_grad(4), IndexError);
    return {gy[0] * 2, gy[0] * 3, gy[0] * 5, gy[0] * 7, Tensor()};
  }
  static bool expected[2];
};
bool Asks::expected[2];
}  // namespace

TEST_CASE("undefined gradients instead of zeros on request") {
  const Tensor x = leaf({1, -2});
  NoZeros::apply(x)[0].sum().backward();
  CHECK(list(x.grad()) == Values{2, 2});
}

TEST_CASE("optional tensors and lists of tensors; backward can ask which gradients are wanted") {
  const Tensor a = leaf({1}), b = numbers({2}), c = numbers({3}), d = leaf({4});
  const std::vector<Tensor> list_of = {c, d};
  const Tensor y = Asks::apply(a, std::optional<Tensor>(b), TensorList(list_of), std::optional<Tensor>());
  CHECK(list(y) == Values{24});
  Asks::expected[0] = Asks::expected[1] = true;
  y.backward(ones({1}, kDouble), true);
  CHECK(list(a.grad()) == Values{2});
  CHECK(list(d.grad()) == Values{7});
  Asks::expected[0] = false;
  CHECK(list(autograd::grad({y}, {d})[0]) == Values{7});
}

namespace {
struct Returns : Function<Returns> {
  enum What { TooFew, TooMany, TooManyUndefined, ForConstant, WrongShape, Broadcast };
  static Tensor forward(AutogradContext* ctx, const Tensor& x, int what) {
    ctx->saved_data["what"] = what;
    return x * 2;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    switch (ctx->saved_data["what"].toInt()) {
      case TooFew: return {gy[0]};
      case TooMany: return {gy[0], Tensor(), gy[0]};
      case TooManyUndefined: return {gy[0], Tensor(), Tensor()};
      case ForConstant: return {gy[0], gy[0]};
      case WrongShape: return {ones({3}, kDouble), Tensor()};
      default: return {gy[0].unsqueeze(0).expand({5, 2}), Tensor()};
    }
  }
};
}  // namespace

TEST_CASE("backward has to return the right number and shapes of gradients") {
  const auto sweep = [](int what) {
    const Tensor x = leaf({1, 2});
    Returns::apply(x, what).sum().backward();
    return list(x.grad());
  };
  CHECK_THROWS_WITH_AS(sweep(Returns::TooFew), doctest::Contains("returned an incorrect number of gradients (expected 2, got 1)"), Error);
  CHECK_THROWS_WITH_AS(sweep(Returns::TooMany), doctest::Contains("returned an incorrect number of gradients (expected 2, got 3)"), Error);
  CHECK_THROWS_WITH_AS(sweep(Returns::ForConstant),
                       doctest::Contains("that is defined at position 2, but the corresponding forward input was not a Variable"), Error);
  CHECK_THROWS_WITH_AS(sweep(Returns::WrongShape),
                       doctest::Contains("returned an invalid gradient at index 0 - got [3] but expected shape compatible with [2]"), Error);
  CHECK(sweep(Returns::TooManyUndefined) == Values{1, 1});
  CHECK(sweep(Returns::Broadcast) == Values{5, 5});
}

namespace {
struct Identity : Function<Identity> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    ctx->save_for_backward({x});
    return x;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) { return {gy[0] * ctx->get_saved_variables()[0] * 10}; }
};
struct Twice : Function<Twice> {
  static variable_list forward(AutogradContext*, const Tensor& x) {
    const Tensor y = x * 2;
    return {y, y};
  }
  static variable_list backward(AutogradContext*, variable_list gy) { return {(gy[0] + gy[1]) * 2}; }
};
struct AsColumn : Function<AsColumn> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x.view({-1, 1}); }
  static variable_list backward(AutogradContext*, variable_list gy) { return {gy[0].view({-1}) * 10}; }
};
}  // namespace

TEST_CASE("an input returned as it is becomes an output with the function's derivative") {
  const Tensor x = leaf({1, 2}), y = Identity::apply(x);
  CHECK_FALSE(y.is_same(x));
  CHECK(y.is_alias_of(x));
  CHECK(x.is_leaf());
  CHECK_FALSE(y.is_leaf());
  y.sum().backward();
  CHECK(list(x.grad()) == Values{10, 20});
  CHECK(autograd::gradgradcheck([](const Tensor& x) { return Identity::apply(x * 1) * x; }, leaf({1, 2})).ok == false);  // 10 x is no derivative of x
  NoGradGuard no_grad;
  CHECK_FALSE(Identity::apply(x).requires_grad());
}

TEST_CASE("one tensor returned twice gets both gradients") {
  const Tensor x = leaf({1, 2});
  const variable_list y = Twice::apply(x);
  (y[0] + y[1] * 3).sum().backward();
  CHECK(list(x.grad()) == Values{8, 8});
  const Tensor z = leaf({1, 2});
  Twice::apply(z)[0].sum().backward();
  CHECK(list(z.grad()) == Values{2, 2});
}

TEST_CASE("views made in a custom function keep its derivative and refuse edits that would lose it") {
  const Tensor x = leaf({1, 2});
  const Tensor y = AsColumn::apply(x * 1);
  y.sum().backward({}, true);
  CHECK(list(x.grad()) == Values{10, 10});
  CHECK_THROWS_WITH_AS(y.add_(y), doctest::Contains("This view was created inside a custom Function"), Error);
  CHECK_THROWS_WITH_AS(Identity::apply(x * 1).mul_(2), doctest::Contains("This view was created inside a custom Function"), Error);
}

TEST_CASE("what is saved is released by the sweep, and guarded against edits") {
  const Tensor x = leaf({1, 2});
  const Tensor y = Square::apply(x).sum();
  y.backward();
  CHECK_THROWS_WITH_AS(y.backward(), doctest::Contains("a second time"), Error);
  const Tensor h = x * 1, z = Square::apply(h).sum();
  h.add_(h.detach());
  CHECK_THROWS_WITH_AS(z.backward(), doctest::Contains("modified by an inplace operation"), Error);
}

namespace {
struct Inner : Function<Inner> {
  // The derivative by a sweep of its own.
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    EnableGradGuard grad;
    const Tensor inside = x.detach().requires_grad_(), y = inside * inside * inside;
    ctx->saved_data["inside"] = inside;
    ctx->saved_data["y"] = y;
    return y.detach();
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    EnableGradGuard grad;
    return {autograd::grad({ctx->saved_data["y"].toTensor()}, {ctx->saved_data["inside"].toTensor()}, {gy[0]}, true)[0]};
  }
};
struct Deep : Function<Deep> {
  static Tensor forward(AutogradContext* ctx, const Tensor& x) {
    ctx->saved_data["x"] = x.detach() - 1;
    return x.detach() * 1;
  }
  static variable_list backward(AutogradContext* ctx, variable_list gy) {
    EnableGradGuard grad;
    const Tensor x = ctx->saved_data["x"].toTensor().detach().requires_grad_();
    if (x.item<double>() > 0) Deep::apply(x).sum().backward();
    return {gy[0]};
  }
};
struct Throws : Function<Throws> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x * 1; }
  static variable_list backward(AutogradContext*, variable_list) { throw std::runtime_error("from backward"); }
};
}  // namespace

namespace {
struct EditsItsGradient : Function<EditsItsGradient> {
  static Tensor forward(AutogradContext*, const Tensor& x) { return x * 1; }
  static variable_list backward(AutogradContext*, variable_list gy) { return {gy[0].mul_(10)}; }
};
}  // namespace

TEST_CASE("a backward that edits the gradient it gets changes no other gradient") {
  for (const bool edits_first : {true, false}) {
    const Tensor x = leaf({1, 2}), seed = numbers({1, 1});
    const Tensor plain = x * 1, edited = EditsItsGradient::apply(x);
    plain.retain_grad();
    const Tensor y = edits_first ? edited + plain : plain + edited;
    y.retain_grad();
    y.backward(seed);
    CHECK(list(seed) == Values{1, 1});
    CHECK(list(y.grad()) == Values{1, 1});
    CHECK(list(plain.grad()) == Values{1, 1});
    CHECK(list(x.grad()) == Values{11, 11});
  }
  const Tensor x = leaf({1, 2}), seed = numbers({1, 1});
  EditsItsGradient::apply(x).backward(seed);
  CHECK(list(seed) == Values{1, 1});
  CHECK(list(x.grad()) == Values{10, 10});
}

TEST_CASE("backward may sweep itself, to any depth") {
  const Tensor x = leaf({2, 3});
  Inner::apply(x).sum().backward();
  CHECK(list(x.grad()) == Values{12, 27});
#if defined(__SANITIZE_THREAD__)
  const Tensor depth = leaf({50});  // its deadlock detector follows up to 64 locks of a thread, and each level holds one
#else
  const Tensor depth = leaf({300});
#endif
  Deep::apply(depth).sum().backward();
  CHECK(list(depth.grad()) == Values{1});
}

TEST_CASE("an exception of backward arrives, and the graph can be swept again") {
  const Tensor x = leaf({2});
  const Tensor y = Throws::apply(x * 2) + x;
  CHECK_THROWS_WITH_AS(y.backward(), "from backward", std::runtime_error);
  CHECK(GradMode::is_enabled());
  CHECK_THROWS_WITH_AS(y.backward(), "from backward", std::runtime_error);
  const Tensor z = x * 3;
  x.mutable_grad().reset();
  z.backward();
  CHECK(list(x.grad()) == Values{3});
}

TEST_CASE("values of several kinds can be kept, and asking for another kind is refused") {
  const IValue none, number = 2, real = 2.5f, flag = true, text = "text", ints = std::vector<int64_t>{1, 2}, tensor = numbers({1}),
                     scalar = Scalar(3);
  CHECK(none.isNone());
  CHECK(number.toInt() == 2);
  CHECK(real.toDouble() == 2.5);
  CHECK(flag.toBool());
  CHECK(text.toStringRef() == "text");
  CHECK(ints.toIntVector().size() == 2);
  CHECK(tensor.toTensor().numel() == 1);
  CHECK(scalar.toScalar().toInt() == 3);
  CHECK(number.to<int>() == 2);
  CHECK(real.to<float>() == 2.5f);
  CHECK(text.to<std::string>() == "text");
  CHECK_FALSE(none.toOptional<double>().has_value());
  CHECK(IValue(std::optional<int64_t>(7)).toInt() == 7);
  CHECK_THROWS_WITH_AS(number.toDouble(), "[IValue] Expected Double but got Int", TypeError);
  CHECK_THROWS_WITH_AS(none.toTensor(), "[IValue] Expected Tensor but got None", TypeError);
}
