// Walks through many parameters and through deep trees of modules. growth.sh counts their instructions: walks N prints a line for each,
// its name and the three processes that called measured_walk with N, 2 N and 4 N, from the same state of memory.
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

struct Wide : nn::Module {
  explicit Wide(int n) {
    for (int i = 0; i < n; ++i) register_parameter(std::to_string(i), zeros({1}));
  }
};

struct Level : nn::Module {};

std::shared_ptr<nn::Module> deep(int n) {
  std::shared_ptr<nn::Module> module = std::make_shared<Wide>(1);
  for (int i = 0; i < n; ++i) {
    auto level = std::make_shared<Level>();
    level->register_module("x", module);
    module = level;
  }
  return module;
}

std::vector<Tensor> with_gradients(int n) {
  std::vector<Tensor> parameters;
  for (int i = 0; i < n; ++i) {
    parameters.push_back(zeros({1}).requires_grad_());
    parameters.back().mutable_grad() = ones({1});
  }
  return parameters;
}

// An optimizer of a group with n parameters and n groups with one.
optim::Adam stepped(int n) {
  std::vector<optim::OptimizerParamGroup> groups{with_gradients(n)};
  for (const Tensor& p : with_gradients(n)) groups.emplace_back(std::vector<Tensor>{p});
  optim::Adam optimizer(groups, 0.1);
  optimizer.step();
  optimizer.zero_grad();
  return optimizer;
}

template <class T> void save_and_load(T& value) {
  std::stringstream stream;
  save(value, stream);
  load(value, stream);
}

const std::map<std::string, std::function<void(int)>> walks = {
    {"wide_save_load",
     [](int n) {
       auto m = std::make_shared<Wide>(n);
       save_and_load(m);
     }},
    {"wide_parameters",
     [](int n) {
       const Wide m(n);
       m.parameters();
       m.named_parameters();
     }},
    {"wide_state",
     [](int n) {
       Wide m(n);
       m.to(kDouble);
       m.zero_grad();
       m.train();
     }},
    {"wide_dictionary",
     [](int n) {
       nn::ModuleDict modules;
       for (int i = 0; i < n; ++i)
         modules->update(std::vector<std::pair<std::string, std::shared_ptr<nn::Module>>>{{std::to_string(i), std::make_shared<Level>()}});
       modules->clear();
     }},
    {"wide_clone",
     [](int n) {
       nn::Sequential modules;
       for (int i = 0; i < n; ++i) modules->push_back(nn::Linear(1, 1));
       modules->clone();
     }},
    {"wide_optimizer", [](int n) { stepped(n); }},
    {"wide_optimizer_save_load",
     [](int n) {
       optim::Adam optimizer = stepped(n / 4);
       save_and_load(optimizer);
     }},  // 1 kB of JSON each
    {"deep_save_load",
     [](int n) {
       auto m = deep(n);
       save_and_load(m);
     }},
    {"deep_walks",
     [](int n) {
       const auto m = deep(n);
       m->parameters();
       m->buffers();
       m->modules();
       m->apply([](nn::Module&) {});
     }},
    {"deep_state",
     [](int n) {
       const auto m = deep(n);
       m->to(kDouble);
       m->to(kCPU, kFloat);
       m->to(kCPU);
       m->zero_grad();
       m->train();
     }},
};

}  // namespace

extern "C" __attribute__((noinline)) void measured_walk(const std::function<void(int)>& walk, int n) { walk(n); }

int main(int count, char** arguments) {
  if (count != 2) return 2;
  const int n = std::stoi(arguments[1]);
  for (const auto& [name, walk] : walks) {
    walk(8);  // what happens once in a process
    std::cout << name;
    for (const int size : {n, 2 * n, 4 * n}) {
      const pid_t child = fork();
      if (child == 0) {
        measured_walk(walk, size);
        _exit(0);
      }
      int status = 0;
      if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 1;
      std::cout << ' ' << child;
    }
    std::cout << std::endl;
  }
}
