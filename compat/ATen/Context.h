// at::globalContext(): what a program asks of the process. What concerns GPUs and other engines is remembered and does nothing.
#pragma once

#include <string>

#include <torch/types.h>
#include <xgrad/autograd/core/flush_denormal.h>

namespace torch { inline namespace xgrad {

class Context {
 public:
  /// As set_flush_denormal().
  static bool setFlushDenormal(bool on) { return set_flush_denormal(on); }
  const Generator& defaultGenerator(Device device) const {
    check_device("defaultGenerator", device);
    return detail::getDefaultCPUGenerator();
  }

  static bool hasOpenMP() { return false; }
  static bool hasMKL() { return false; }
  static bool hasMKLDNN() { return false; }
  static bool hasLAPACK() { return true; }
  static bool hasMAGMA() { return false; }
  static bool hasCUDA() { return false; }
  static bool hasCUDART() { return false; }
  static bool hasCuDNN() { return false; }
  static bool hasCuSOLVER() { return false; }
  static bool hasHIP() { return false; }
  static bool hasXLA() { return false; }
  static bool hasMPS() { return false; }
  static bool hasIPU() { return false; }
  static bool hasORT() { return false; }
  static long versionCUDART() { return 0; }
  static long versionCuDNN() { return 0; }
  void lazyInitCUDA() const { TORCH_CHECK(false, "[lazyInitCUDA] xgrad runs on the CPU only"); }

// A setting with this name, initial value and setter.
#define XGRAD_CONTEXT_SETTING(T, name, initial, setter) \
 public:                                                \
  T name() const { return name##_; }                    \
  void setter(T value) { name##_ = value; }             \
                                                        \
 private:                                               \
  T name##_ = initial;

  XGRAD_CONTEXT_SETTING(bool, userEnabledCuDNN, true, setUserEnabledCuDNN)
  XGRAD_CONTEXT_SETTING(bool, userEnabledMkldnn, true, setUserEnabledMkldnn)
  XGRAD_CONTEXT_SETTING(bool, benchmarkCuDNN, false, setBenchmarkCuDNN)
  XGRAD_CONTEXT_SETTING(int, benchmarkLimitCuDNN, 10, setBenchmarkLimitCuDNN)
  XGRAD_CONTEXT_SETTING(bool, deterministicCuDNN, false, setDeterministicCuDNN)
  XGRAD_CONTEXT_SETTING(bool, allowTF32CuDNN, true, setAllowTF32CuDNN)
  XGRAD_CONTEXT_SETTING(bool, allowTF32CuBLAS, false, setAllowTF32CuBLAS)
  XGRAD_CONTEXT_SETTING(bool, allowFP16ReductionCuBLAS, true, setAllowFP16ReductionCuBLAS)
#undef XGRAD_CONTEXT_SETTING

 public:
  /// Results are the same each time, whatever is set.
  bool deterministicAlgorithms() const { return deterministic_; }
  bool deterministicAlgorithmsWarnOnly() const { return deterministic_warn_only_; }
  void setDeterministicAlgorithms(bool on, bool warn_only = false) {
    deterministic_ = on;
    deterministic_warn_only_ = warn_only;
  }

 private:
  bool deterministic_ = false, deterministic_warn_only_ = false;
};

inline Context& globalContext() {
  static Context context;
  return context;
}

inline bool hasOpenMP() { return Context::hasOpenMP(); }
inline bool hasMKL() { return Context::hasMKL(); }
inline bool hasMKLDNN() { return Context::hasMKLDNN(); }
inline bool hasLAPACK() { return Context::hasLAPACK(); }
inline bool hasMAGMA() { return Context::hasMAGMA(); }
inline bool hasCUDA() { return Context::hasCUDA(); }
inline bool hasHIP() { return Context::hasHIP(); }
inline bool hasXLA() { return Context::hasXLA(); }
inline bool hasMPS() { return Context::hasMPS(); }
inline bool hasIPU() { return Context::hasIPU(); }
inline bool hasORT() { return Context::hasORT(); }
inline size_t getNumGPUs() { return 0; }

/// What tensors of this dtype have as type(). CUDA: throws, there is no such device.
inline DeprecatedTypeProperties& CPU(ScalarType dtype) { return DeprecatedTypeProperties::of(dtype, kStrided); }
inline DeprecatedTypeProperties& CUDA(ScalarType dtype) { return CPU(dtype).cuda(); }

}}  // namespace torch::xgrad
