#include <xgrad/autograd/kernels/convolution/convolution.h>

#include <type_traits>

#include <xgrad/autograd/kernels/convolution/batch_convolution.h>
#include <xgrad/autograd/kernels/convolution/direct_convolution.h>
#include <xgrad/autograd/kernels/convolution/winograd.h>

namespace torch { inline namespace xgrad { namespace kernels {

template <class T> void convolution(const ConvolutionSizes& n, const T* x, const T* w, const T* bias, T* y) {
  if constexpr (std::is_same_v<T, float>) {
    if (suits_winograd(n)) return winograd_convolution(n, x, w, bias, y);
    if (suits_batch_convolution(n)) return batch_convolution(n, x, w, bias, y);
  }
  direct_convolution(n, x, w, bias, y);
}

template <class T> void convolution_input_gradient(const ConvolutionSizes& n, const T* y, const T* w, const T* bias, T* x) {
  if constexpr (std::is_same_v<T, float>) {
    if (suits_winograd(n)) return winograd_input_gradient(n, y, w, bias, x);
    if (suits_batch_input_gradient(n)) return batch_input_gradient(n, y, w, bias, x);
  }
  direct_input_gradient(n, y, w, bias, x);
}

template <class T> void convolution_weight_gradient(const ConvolutionSizes& n, const T* y, const T* x, T* w) {
  if constexpr (std::is_same_v<T, float>) {
    if (suits_winograd_weight_gradient(n)) return winograd_weight_gradient(n, y, x, w);
    if (suits_batch_weight_gradient(n)) return batch_weight_gradient(n, y, x, w);
  }
  direct_weight_gradient(n, y, x, w);
}

#define XGRAD_INSTANTIATE(T)                                                                           \
  template void convolution(const ConvolutionSizes&, const T*, const T*, const T*, T*);                \
  template void convolution_input_gradient(const ConvolutionSizes&, const T*, const T*, const T*, T*); \
  template void convolution_weight_gradient(const ConvolutionSizes&, const T*, const T*, T*);
XGRAD_INSTANTIATE(float)
XGRAD_INSTANTIATE(double)
XGRAD_INSTANTIATE(uint64_t)
#undef XGRAD_INSTANTIATE

}}}  // namespace torch::xgrad::kernels
