#include <xgrad/autograd/kernels/product/tile_product.h>

#ifdef __aarch64__

#include <xgrad/autograd/kernels/vector/registers_neon.h>

#include <xgrad/autograd/kernels/product/tile_product_loops.h>

namespace torch { inline namespace xgrad { namespace kernels {

extern const TileLoops<float> neon_float_tiles = tile_loops_of<Floats>;
extern const TileLoops<double> neon_double_tiles = tile_loops_of<Doubles>;

}}}  // namespace torch::xgrad::kernels

#endif
