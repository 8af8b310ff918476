#ifdef __x86_64__

#include <xgrad/autograd/kernels/vector/registers_avx512.h>

#include <xgrad/autograd/kernels/convolution/batch_tiles.h>
#include <xgrad/autograd/kernels/convolution/convolution_tiles.h>
#include <xgrad/autograd/kernels/convolution/winograd_tiles.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const ConvolutionLoops<float> avx512_float_convolution = convolution_loops_of<Floats>;
extern const ConvolutionLoops<double> avx512_double_convolution = convolution_loops_of<Doubles>;
extern const BatchLoops avx512_batch = batch_loops_of<Floats>;
extern const WinogradLoops avx512_winograd[] = {winograd_loops_of<Floats, 3>, winograd_loops_of<Floats, 5>};

}}}  // namespace torch::xgrad::kernels

#endif
