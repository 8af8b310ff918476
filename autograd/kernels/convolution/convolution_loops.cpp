#include <xgrad/autograd/kernels/convolution/convolution_loops.h>

#include <type_traits>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/convolution/batch_loops.h>
#include <xgrad/autograd/kernels/convolution/winograd_loops.h>
#include <xgrad/autograd/kernels/vector/registers_baseline.h>

#include <xgrad/autograd/kernels/convolution/convolution_tiles.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const ConvolutionLoops<float> avx2_float_convolution, avx512_float_convolution, neon_float_convolution;
extern const ConvolutionLoops<double> avx2_double_convolution, avx512_double_convolution, neon_double_convolution;
extern const BatchLoops avx2_batch, avx512_batch, neon_batch;
extern const WinogradLoops avx2_winograd[], avx512_winograd[], neon_winograd[];

namespace {

template <class T> const ConvolutionLoops<T>& floating_convolution_loops() {
#ifdef __aarch64__
  if constexpr (std::is_same_v<T, float>) return neon_float_convolution;
  else return neon_double_convolution;
#else
#ifdef __x86_64__
  if (instruction_set() != InstructionSet::kBaseline) {
    const bool wide = instruction_set() == InstructionSet::kAvx512;
    if constexpr (std::is_same_v<T, float>) return wide ? avx512_float_convolution : avx2_float_convolution;
    else return wide ? avx512_double_convolution : avx2_double_convolution;
  }
#endif
  return convolution_loops_of<Vectors<T, 16 / sizeof(T)>>;
#endif
}

}  // namespace

template <class T> const ConvolutionLoops<T>& convolution_loops() {
  if constexpr (std::is_integral_v<T>) return convolution_loops_of<Vectors<T, 16 / sizeof(T)>>;
  else return floating_convolution_loops<T>();
}

const WinogradLoops* winograd_loops(int64_t taps) {
  const int which = taps == 3 ? 0 : 1;
#ifdef __aarch64__
  return neon_winograd + which;
#elif defined(__x86_64__)
  if (instruction_set() == InstructionSet::kBaseline) return nullptr;
  return (instruction_set() == InstructionSet::kAvx512 ? avx512_winograd : avx2_winograd) + which;
#else
  return nullptr;
#endif
}

const BatchLoops* batch_loops() {
#ifdef __aarch64__
  return &neon_batch;
#elif defined(__x86_64__)
  if (instruction_set() == InstructionSet::kBaseline) return nullptr;
  return instruction_set() == InstructionSet::kAvx512 ? &avx512_batch : &avx2_batch;
#else
  return nullptr;
#endif
}

template const ConvolutionLoops<float>& convolution_loops();
template const ConvolutionLoops<double>& convolution_loops();
template const ConvolutionLoops<uint64_t>& convolution_loops();

}}}  // namespace torch::xgrad::kernels
