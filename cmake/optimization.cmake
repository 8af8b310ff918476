# How the compiler weighs speed against size in a source. What every training step runs is compiled for speed, the wide
# rest for size: the library has a limit. Paths are those in the tree, below the project's own folder.

# Kernels that the compiler would unroll in many variants, for little.
set(XGRAD_MODERATE_KERNELS reduction/reduction reduction/reduction_driver reduction/arg_extreme reduction/moments reduction/scan
  normalisation/softmax normalisation/cross_entropy normalisation/channel_norm normalisation/row_norm optimizer/[a-z_]*
  pointwise/selection pointwise/arithmetic pointwise/power pointwise/rounding pooling/max_pooling pooling/pooled_places pooling/resampling
  pointwise/convert pointwise/bessel pointwise/gamma)
# Kernels whose loops carry their own vector code, or are not worth it.
set(XGRAD_PLAIN_KERNELS order/[a-z_]* reduction/limit_norm product/gemm product/dot product/tile_product
  product/tile_product_avx2 product/tile_product_avx512 product/tile_product_neon index/zeros_between strided
  convolution/[a-z_0-9]* attention/attention attention/attention_backward pooling/patches loss/ctc
  recurrent/recurrent)
# Operations and optimizers that a training step calls.
set(XGRAD_FREQUENT_OPERATIONS methods methods_in_place pointwise/activation pointwise/elementary
  pointwise/pointwise_in_place linalg/linear linalg/matrix linalg/matrix_product shape/view reduction/reduction reduction/softmax
  loss/loss[a-z_]* attention/heads recurrent/recurrent_layer index/indexing index/chosen_elements index/positions)
# What every elementwise operation goes through: inlined further, a call has a fiftieth less to do.
set(XGRAD_INNERMOST tensor/pointwise)
# Operations that are hardly more than their record(): with that inlined, a sum or product and its derivative take 5% less.
set(XGRAD_INLINED_OPERATIONS pointwise/arithmetic)
set(XGRAD_FREQUENT_OPTIMIZERS adam sgd optimizer step_list)
set(XGRAD_RARE func/[a-z_]* tensor/printing engine/gradcheck engine/anomaly_check graph/anomaly)

# The levels are for Release; a project that adds this one without choosing a build type gets fast kernels all the same.
set(XGRAD_OPTIMISES "$<OR:$<CONFIG:Release>,$<STREQUAL:$<CONFIG>,>>")

# Sets `out` to the flags for Release builds of `source`, a path relative to the project's folder.
function(xgrad_optimization_level out source)
  foreach(list MODERATE_KERNELS PLAIN_KERNELS FREQUENT_OPERATIONS INLINED_OPERATIONS INNERMOST FREQUENT_OPTIMIZERS RARE)
    string(REPLACE ";" "|" ${list} "${XGRAD_${list}}")
  endforeach()
  if(source MATCHES "^autograd/kernels/(${MODERATE_KERNELS})\\.cpp$")
    set(level "-O2$<SEMICOLON>$<$<CXX_COMPILER_ID:GNU>:-fvect-cost-model=dynamic>")
  elseif(source MATCHES "^autograd/kernels/(${PLAIN_KERNELS})\\.cpp$")
    set(level -O2)
  elseif(source MATCHES "^autograd/kernels/|^autograd/(${INNERMOST})\\.cpp$")
    set(level -O3)
  elseif(source MATCHES "^autograd/ops/(${INLINED_OPERATIONS})\\.cpp$")
    string(JOIN "$<SEMICOLON>" inlining -finline-functions --param=max-inline-insns-auto=60 --param=max-inline-insns-small=60
      --param=early-inlining-insns=30)
    set(level "-O2$<SEMICOLON>$<$<CXX_COMPILER_ID:GNU>:${inlining}>")
  elseif(source MATCHES "^autograd/ops/(${FREQUENT_OPERATIONS})\\.cpp$" OR source MATCHES "^optim/(${FREQUENT_OPTIMIZERS})\\.cpp$")
    set(level -O2)
  elseif(source MATCHES "^autograd/" AND NOT source MATCHES "^autograd/ops/|^autograd/(${RARE})\\.cpp$")
    set(level -O2)
  else()
    set(level -Os)
  endif()
  # Clang's `flatten` reaches one call deep; what it leaves behind would run without the instruction set of its caller.
  if(source MATCHES "^autograd/kernels/")
    set(level "${level}$<SEMICOLON>$<$<CXX_COMPILER_ID:Clang>:-mllvm$<SEMICOLON>-inline-threshold=5000>")
  endif()
  set(${out} ${level} PARENT_SCOPE)
endfunction()
