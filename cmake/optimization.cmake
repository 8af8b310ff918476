# How the compiler weighs speed against size in a source. What every training step runs is compiled for speed, the wide
# rest for size: the library has a limit.

# Kernels that the compiler would unroll in many variants, for little.
set(XGRAD_MODERATE_KERNELS reduction arg_extreme moments softmax cross_entropy scan optimizer_step selection arithmetic
  power rounding)
# Kernels whose loops carry their own vector code, or are not worth it.
set(XGRAD_PLAIN_KERNELS sort limit_norm gemm dot tile_product zeros_between ordered_tiles strided)
# Operations and optimizers that a training step calls.
set(XGRAD_FREQUENT_OPERATIONS arithmetic activation elementary linear matrix matrix_product view reduction softmax loss[a-z_]*)
set(XGRAD_FREQUENT_OPTIMIZERS adam sgd optimizer step_list)
set(XGRAD_RARE_IN_AUTOGRAD printing gradcheck anomaly)

# Sets `out` to the flags for Release builds of `source`.
function(xgrad_optimization_level out source)
  foreach(list MODERATE_KERNELS PLAIN_KERNELS FREQUENT_OPERATIONS FREQUENT_OPTIMIZERS RARE_IN_AUTOGRAD)
    string(REPLACE ";" "|" ${list} "${XGRAD_${list}}")
  endforeach()
  if(source MATCHES "/kernels/(${MODERATE_KERNELS})")
    set(level "-O2$<SEMICOLON>$<$<CXX_COMPILER_ID:GNU>:-fvect-cost-model=dynamic>")
  elseif(source MATCHES "/kernels/(${PLAIN_KERNELS})")
    set(level -O2)
  elseif(source MATCHES "/kernels/")
    set(level -O3)
  elseif(source MATCHES "/ops/(${FREQUENT_OPERATIONS})\\." OR source MATCHES "/optim/(${FREQUENT_OPTIMIZERS})\\.")
    set(level -O2)
  elseif(source MATCHES "/autograd/" AND NOT source MATCHES "/ops/|/autograd/(${RARE_IN_AUTOGRAD})\\.")
    set(level -O2)
  else()
    set(level -Os)
  endif()
  # Clang's `flatten` reaches one call deep; what it leaves behind would run without the instruction set of its caller.
  if(source MATCHES "/kernels/")
    set(level "${level}$<SEMICOLON>$<$<CXX_COMPILER_ID:Clang>:-mllvm$<SEMICOLON>-inline-threshold=5000>")
  endif()
  set(${out} ${level} PARENT_SCOPE)
endfunction()
