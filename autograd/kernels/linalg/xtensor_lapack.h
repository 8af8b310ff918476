// LAPACK as xtensor-blas calls it, for lapack.cpp and lapack_factors.cpp alone.
#pragma once

#if __has_include(<xtensor/containers/xadapt.hpp>)
#include <xtensor/containers/xadapt.hpp>
#else
#include <xtensor/xadapt.hpp>
#endif
#include <xtensor-blas/xblas.hpp>  // xlapack.hpp uses its macros
#include <xtensor-blas/xlapack.hpp>
