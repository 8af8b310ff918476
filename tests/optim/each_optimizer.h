// Every optimizer that takes dense gradients, with options that leave nothing out.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <xgrad/optim/optim.h>

namespace torch { inline namespace xgrad { namespace test {

struct EachOptimizer {
  std::string name;
  std::function<std::unique_ptr<optim::Optimizer>(const std::vector<Tensor>& parameters, bool maximize)> make;
};

template <class O, class Options> EachOptimizer each_optimizer(const char* name, const Options& options) {
  return {name, [options](const std::vector<Tensor>& parameters, bool maximize) -> std::unique_ptr<optim::Optimizer> {
            Options o = options;
            if (maximize) o.maximize(true);
            return std::make_unique<O>(parameters, o);
          }};
}

inline std::vector<EachOptimizer> every_optimizer() {
  using namespace optim;
  return {
      each_optimizer<SGD>("SGD", SGDOptions(0.01)),
      each_optimizer<SGD>("SGD, momentum", SGDOptions(0.01).momentum(0.9).nesterov(true).weight_decay(0.1)),
      each_optimizer<Adam>("Adam", AdamOptions(0.01).weight_decay(0.1)),
      each_optimizer<Adam>("Adam, AMSGrad", AdamOptions(0.01).amsgrad(true)),
      each_optimizer<AdamW>("AdamW", AdamWOptions(0.01)),
      each_optimizer<Adagrad>("Adagrad", AdagradOptions(0.01).lr_decay(0.1).weight_decay(0.1)),
      each_optimizer<RMSprop>("RMSprop", RMSpropOptions(0.01)),
      each_optimizer<RMSprop>("RMSprop, momentum", RMSpropOptions(0.01).momentum(0.5).weight_decay(0.1)),
      each_optimizer<RMSprop>("RMSprop, centered", RMSpropOptions(0.01).centered(true)),
      each_optimizer<RMSprop>("RMSprop, both", RMSpropOptions(0.01).momentum(0.5).centered(true)),
      each_optimizer<Adadelta>("Adadelta", AdadeltaOptions(0.5).weight_decay(0.1)),
      each_optimizer<Adamax>("Adamax", AdamaxOptions(0.01).weight_decay(0.1)),
      each_optimizer<NAdam>("NAdam", NAdamOptions(0.01).weight_decay(0.1)),
      each_optimizer<NAdam>("NAdam, decoupled", NAdamOptions(0.01).weight_decay(0.1).decoupled_weight_decay(true)),
      each_optimizer<RAdam>("RAdam", RAdamOptions(0.01).betas({0.9, 0.9}).weight_decay(0.1)),
      each_optimizer<RAdam>("RAdam, decoupled", RAdamOptions(0.01).betas({0.9, 0.9}).weight_decay(0.1).decoupled_weight_decay(true)),
      each_optimizer<ASGD>("ASGD", ASGDOptions(0.01).t0(2).weight_decay(0.1)),
      each_optimizer<Rprop>("Rprop", RpropOptions(0.01)),
      each_optimizer<Lion>("Lion", LionOptions(0.01).weight_decay(0.1)),
      each_optimizer<LAMB>("LAMB", LAMBOptions(0.01).weight_decay(0.1)),
      each_optimizer<Adafactor>("Adafactor", AdafactorOptions(0.01).weight_decay(0.1)),
      each_optimizer<Muon>("Muon", MuonOptions(0.01)),
  };
}

}}}  // namespace torch::xgrad::test
