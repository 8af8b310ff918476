#include <xgrad/autograd/kernels/product/tile_product.h>

#ifdef __x86_64__

#include <xgrad/autograd/kernels/vector/registers_avx2.h>

#include <xgrad/autograd/kernels/product/tile_product_loops.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const TileLoops<float> avx2_float_tiles = tile_loops_of<Floats>;
extern const TileLoops<double> avx2_double_tiles = tile_loops_of<Doubles>;

}}}  // namespace torch::xgrad::kernels

#endif
