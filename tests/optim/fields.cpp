// What follows from the fields of optimizers' options and states: saving, loading, comparing, printing.
#include <doctest/doctest.h>

#include <sstream>

#include "message.h"
#include "printed.h"
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/serialize.h>
#include <xgrad/optim/optim.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

void change(double& value) { value = value < 0 ? value / 2 : value / 2 + 0.25; }  // in the range of every one of them
void change(bool& value) { value = !value; }
void change(std::tuple<double, double>& value) { std::get<0>(value) /= 2; }
void change(int64_t& value) { value += 3; }
void change(std::string& value) { value = "strong_wolfe"; }
template <class T> void change(std::optional<T>& value) {
  if (!value) value.emplace();
  change(*value);
}
void change(Tensor& value) { value = full({2}, 0.5); }
void change(std::deque<Tensor>& value) { value.push_back(full({2}, 0.5)); }

Tensor parameter() {
  Tensor p = ones({2}).requires_grad_();
  p.mutable_grad() = ones({2});
  return p;
}

// What the options save, but for one field.
template <class Options> serialize::InputArchive without(const Options& options, const char* missing) {
  serialize::OutputArchive whole, incomplete;
  options.serialize(whole);
  std::stringstream file, part;
  whole.save_to(file);
  serialize::InputArchive in;
  in.load_from(file);
  for (const std::string& key : in.keys()) {
    IValue value;
    in.read(key, value);
    if (key != missing) incomplete.write(key, value);
  }
  incomplete.save_to(part);
  serialize::InputArchive result;
  result.load_from(part);
  return result;
}

template <class O, class Options> void check_options(Options first) {
  const Options begin = first;
  for (OptionField& field : first.fields()) {
    CAPTURE(field.name);
    if (std::string_view(field.name) == "maximize") continue;
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
    if constexpr (std::is_same_v<Options, MuonOptions>)
      if (first.adjust_lr_fn()) first.adjust_lr_fn("match_rms_adamw");

    O from({parameter()}, first), to({parameter()}, begin);
    std::stringstream file;
    save(from, file);
    CHECK_FALSE(static_cast<Options&>(to.param_groups()[0].options()) == first);
    load(to, file);
    CHECK(static_cast<Options&>(to.param_groups()[0].options()) == first);

    const Options kept = first;
    serialize::InputArchive in = without(first, field.name);
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

}  // namespace

TEST_CASE("every field of an optimizer's options is saved, loaded and compared") {
  check_options<SGD>(SGDOptions(0.1));
  check_options<Adam>(AdamOptions(0.1));
  check_options<AdamW>(AdamWOptions(0.1));
  check_options<Adagrad>(AdagradOptions(0.1));
  check_options<RMSprop>(RMSpropOptions(0.1));
  check_options<Adadelta>(AdadeltaOptions(0.1));
  check_options<Adamax>(AdamaxOptions(0.1));
  check_options<NAdam>(NAdamOptions(0.1));
  check_options<RAdam>(RAdamOptions(0.1));
  check_options<ASGD>(ASGDOptions(0.1));
  check_options<Rprop>(RpropOptions(0.1));
  check_options<SparseAdam>(SparseAdamOptions(0.1));
  check_options<LBFGS>(LBFGSOptions(0.1).max_eval(25));
  check_options<Lion>(LionOptions(0.1));
  check_options<LAMB>(LAMBOptions(0.1));
  check_options<Adafactor>(AdafactorOptions(0.1));
  check_options<Muon>(MuonOptions(0.1));
}

TEST_CASE("options saved before there was maximize are loaded as not maximizing") {
  AdamOptions options = AdamOptions(0.5).maximize(true);
  serialize::InputArchive old = without(options, "maximize");
  options.serialize(old);
  CHECK_FALSE(options.maximize());
  CHECK(options.lr() == 0.5);
}

TEST_CASE("the state of another optimizer is refused by name") {
  Tensor p = parameter(), q = parameter();
  Adam from({p}, AdamOptions(0.5));
  from.step();
  AdamW to({q}, AdamWOptions(0.1));
  std::stringstream file;
  save(from, file);
  CHECK_THROWS_WITH_AS(load(to, file), doctest::Contains("options are torch::optim::AdamOptions, expected torch::optim::AdamWOptions"), Error);
  CHECK(to.state().empty());
  CHECK(to.param_groups()[0].lr() == 0.1);
}

TEST_CASE("every field of a state is saved, loaded and compared") {
  check_state<SGDParamState>();
  check_state<AdamParamState>();
  check_state<AdamWParamState>();
  check_state<AdagradParamState>();
  check_state<RMSpropParamState>();
  check_state<AdadeltaParamState>();
  check_state<AdamaxParamState>();
  check_state<NAdamParamState>();
  check_state<RAdamParamState>();
  check_state<ASGDParamState>();
  check_state<RpropParamState>();
  check_state<SparseAdamParamState>();
  check_state<LBFGSParamState>();
  check_state<LionParamState>();
  check_state<LAMBParamState>();
  check_state<AdafactorParamState>();
  check_state<MuonParamState>();
}

TEST_CASE("options of an optimizer print their fields") {
  CHECK(printed(SGDOptions(0.1).nesterov(true)) ==
        "torch::optim::SGDOptions(lr=0.1, momentum=0, dampening=0, weight_decay=0, nesterov=true, "
        "maximize=false)");
  CHECK(printed(AdamOptions()) ==
        "torch::optim::AdamOptions(lr=0.001, betas=(0.9, 0.999), eps=1e-08, weight_decay=0, amsgrad=false, maximize=false)");
  CHECK(printed(LBFGSOptions().line_search_fn("strong_wolfe")) ==
        "torch::optim::LBFGSOptions(lr=1, max_iter=20, max_eval=None, tolerance_grad=1e-07, tolerance_change=1e-09, history_size=100, "
        "line_search_fn=strong_wolfe)");
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
