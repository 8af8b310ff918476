// Every function of a float over all 2^32 floats with every instruction set: the greatest error, and whether all sets
// that fuse multiply-adds give the same bits. Takes minutes for each function. float_functions [NAME...]
#include <cstdio>

#include "autograd/float_functions.h"

using namespace xgrad;
using namespace xgrad::test;

namespace {

constexpr uint64_t kFloats = uint64_t{1} << 32;
constexpr int64_t kAtOnce = int64_t{1} << 20;

bool named(const FloatFunction& f, int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], f.name) == 0) return true;
  return argc == 1;
}

// True iff f is as near to the truth as it claims, with fused multiply-adds and without, and the same in all fused sets.
bool check(const FloatFunction& f) {
  Worst worst;
  uint64_t differing = 0;
  const auto widest = instruction_sets().back();
  for (uint64_t first = 0; first < kFloats; first += kAtOnce) {
    const Tensor x = floats(first, 1, kAtOnce), y = in_set(widest, f, x);
    measure(f, x, {in_set(kernels::InstructionSet::kBaseline, f, x), y}, worst);
    for (auto set : fused_sets()) differing += !same_floats(y, in_set(set, f, x));
  }
  const bool good = worst.ulps <= f.ulps && differing == 0;
  std::printf("%-12s %6.3f ulp at %-14.9g allowed %.1f; sets differ in %llu blocks  %s\n", f.name, worst.ulps, worst.at, f.ulps,
              static_cast<unsigned long long>(differing), good ? "ok" : "FAILED");
  std::fflush(stdout);
  return good;
}

}  // namespace

int main(int argc, char** argv) {
  const NoGradGuard no_grad;
  bool good = true;
  for (const FloatFunction& f : float_functions())
    if (named(f, argc, argv)) good = check(f) && good;
  return good ? 0 : 1;
}
