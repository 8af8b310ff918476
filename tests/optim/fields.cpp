// What follows from the fields of optimizers' options and states: saving, loading, comparing, printing.
#include <doctest/doctest.h>

#include <sstream>

#include "message.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

void change(double& value) { value = value / 2 + 0.25; }  // in the range of every one of them
void change(bool& value) { value = !value; }
void change(std::tuple<double, double>& value) { value = {0.5, 0.25}; }
void change(int64_t& value) { value += 3; }
void change(Tensor& value) { value = full({2}, 0.5); }

Tensor parameter() {
  Tensor p = ones({2}).requires_grad_();
  p.mutable_grad() = ones({2});
  return p;
}

template <class O, class Options> void check_options(Options first) {
  const Options begin = first;
  for (OptionField& field : first.fields()) {
    CAPTURE(field.name);
    const Options before = first;
    CHECK(before == first);
    std::visit(
        [](auto* option) {
          auto value = option->value;
          change(value), option->state(value);
        },
        field.option);
    CHECK_FALSE(before == first);
    if constexpr (std::is_same_v<Options, SGDOptions>)
      if (first.nesterov()) first.dampening(0);  // as it must be then

    O from({parameter()}, first), to({parameter()}, begin);
    std::stringstream file;
    save(from, file);
    CHECK_FALSE(static_cast<Options&>(to.param_groups()[0].options()) == first);
    load(to, file);
    CHECK(static_cast<Options&>(to.param_groups()[0].options()) == first);

    serialize::OutputArchive incomplete;
    for (OptionField& other : first.fields())
      if (std::string(other.name) != field.name) incomplete.write(other.name, IValue(0.5));
    std::stringstream part;
    incomplete.save_to(part);
    serialize::InputArchive in;
    in.load_from(part);
    const Options kept = first;
    CHECK_THROWS_AS(first.serialize(in), Error);
    CHECK(kept == first);
  }
}

template <class State> void check_state() {
  State first;
  for (StateField& field : first.fields()) {
    CAPTURE(field.name);
    const State before = first;
    CHECK(before == first);
    std::visit([](auto* value) { change(*value); }, field.value);
    CHECK_FALSE(before == first);
    serialize::OutputArchive out;
    first.serialize(out);
    std::stringstream file;
    out.save_to(file);
    serialize::InputArchive in;
    in.load_from(file);
    State other;
    other.serialize(in);
    CHECK(other == first);
  }
}

template <class T> std::string text(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

}  // namespace

TEST_CASE("every field of an optimizer's options is saved, loaded and compared") {
  check_options<SGD>(SGDOptions(0.1));
  check_options<Adam>(AdamOptions(0.1));
  check_options<AdamW>(AdamWOptions(0.1));
}

TEST_CASE("every field of a state is saved, loaded and compared") {
  check_state<SGDParamState>();
  check_state<AdamParamState>();
  check_state<AdamWParamState>();
}

TEST_CASE("options of an optimizer print their fields") {
  CHECK(text(SGDOptions(0.1).nesterov(true)) == "torch::optim::SGDOptions(lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=true)");
  CHECK(text(AdamOptions()) == "torch::optim::AdamOptions(lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=false)");
}

namespace {

// As written for libtorch, whose options say by hand what is saved.
struct OwnOptions : OptimizerCloneableOptions<OwnOptions> {
  OwnOptions(double lr) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(int64_t, period) = 4;

 public:
  void serialize(serialize::OutputArchive& archive) const override {
    archive.write("lr", IValue(lr()));
    archive.write("period", IValue(period()));
  }
  void serialize(serialize::InputArchive& archive) override {
    IValue value;
    archive.read("lr", value);
    lr(value.toDouble());
    archive.read("period", value);
    period(value.toInt());
  }
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  friend bool operator==(const OwnOptions& a, const OwnOptions& b) { return a.lr() == b.lr() && a.period() == b.period(); }
};

struct Own : Optimizer {
  Own(std::vector<Tensor> params, OwnOptions defaults) : Optimizer(std::move(params), std::make_unique<OwnOptions>(defaults)) {}
  Tensor step(LossClosure) override { return {}; }
};

}  // namespace

TEST_CASE("an optimizer of one's own with options by hand") {
  Own from({parameter()}, OwnOptions(0.5).period(9)), to({parameter()}, OwnOptions(0.1));
  std::stringstream file;
  save(from, file);
  load(to, file);
  CHECK(static_cast<OwnOptions&>(to.param_groups()[0].options()) == OwnOptions(0.5).period(9));
  to.param_groups()[0].options().set_lr(2);
  CHECK(to.param_groups()[0].options().get_lr() == 2);
}
