// Work that is the same step again and again: as it is written, and with xgrad compiled too.
#pragma once

#include <torch/torch.h>
#ifdef BENCHMARKS_XGRAD
#include <xgrad/autograd/compile/compile.h>
#endif

#include <cstdio>
#include <memory>
#include <string>

#include "workload.h"

namespace benchmarks {

class Stepped : public Workload {
 public:
  void run(int64_t repetitions) override {
    for (int64_t r = 0; r < repetitions; ++r) step();
  }

 protected:
  virtual torch::Tensor step() = 0;
};

#ifdef BENCHMARKS_XGRAD
template <class W> class Replayed : public W {
 public:
  using W::W;
  ~Replayed() override {
    if (!compiled_.why_not().empty()) std::fprintf(stderr, "not replayed: %s\n", compiled_.why_not().c_str());
  }

 protected:
  torch::Tensor step() override { return compiled_(); }

 private:
  struct Written {
    Replayed* self;
    torch::Tensor operator()() const { return self->W::step(); }
  };
  torch::Compiled<Written> compiled_{Written{this}, {}};
};
#endif

/// A workload `name` and, if it can be compiled, "replayed_" + `name`.
template <class W, class... A> void add_step(const std::string& name, A... arguments) {
  workloads()[name] = [=] { return std::make_unique<W>(arguments...); };
#ifdef BENCHMARKS_XGRAD
  workloads()["replayed_" + name] = [=] { return std::make_unique<Replayed<W>>(arguments...); };
#endif
}

}  // namespace benchmarks
