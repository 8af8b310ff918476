// Random elements from a generator's stream, drawn in the order the output lies in memory: PyTorch's order. A kernel holds the
// generator's lock while it draws. Always on one thread, so the stream doesn't depend on threads.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/mersenne_twister.h>
#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

// The elements, of `dtype`, are operand 0 of `it`, which is simplified.

/// Uniform in [from, to). float32 and float64.
void fill_uniform(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double from, double to);

/// Normal, by Box-Muller on float64 numbers, one element after the other. float32 and float64.
void fill_normal(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double mean, double std);
/// Normal, in blocks of 16; n >= 16 elements in row-major order.
void fill_normal_blocks(void* out, int64_t n, ScalarType dtype, GeneratorImpl* generator, double mean, double std);

/// Exponential with rate `lambda`. float32 and float64.
void fill_exponential(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double lambda);

/// e to the power of normal numbers. float32 and float64.
void fill_log_normal(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double mean, double std);
/// median + sigma * tan(pi * (u - 1/2)) of numbers u of [0, 1). float32 and float64.
void fill_cauchy(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double median, double sigma);
/// How many trials of probability p make the first success. Every dtype but bool.
void fill_geometric(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double p);
/// Poisson numbers of the rates in operand 1, of the same dtype, which are not negative. float32 and float64.
void fill_poisson(const Iteration& it, ScalarType dtype, GeneratorImpl* generator);
/// How many of the trials in operand 1 succeed with the probability in operand 2, all of one dtype. float32 and float64.
void fill_binomial(const Iteration& it, ScalarType dtype, GeneratorImpl* generator);

/// `value` with probability p, else 0. Every dtype.
void fill_bernoulli(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, double p, double value);
/// 1 with the probability given by operand 1, of dtype `p`, else 0.
void fill_bernoulli_from(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, ScalarType p);

/// For n row-major elements x of a floating dtype, slopes of leaky_relu: uniform in [lower, upper) where x <= 0, 1 elsewhere, without a draw.
void fill_slopes(const void* x, void* slopes, int64_t n, ScalarType dtype, GeneratorImpl* generator, double lower, double upper);

/// Integers of [base, base + range). Every dtype.
void fill_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator, uint64_t range, int64_t base);
/// Every int64 number, as float32, float64 or int64.
void fill_all_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator);
/// Integers from 0 to the largest of the dtype, or to 2 to the number of a floating dtype's mantissa bits.
void fill_natural_integers(const Iteration& it, ScalarType dtype, GeneratorImpl* generator);

/// Numbers of categories: out[r * n + i] is drawn with the probabilities p[r * categories + ...] of dtype `p_dtype`, which are finite,
/// not negative, and have a positive sum.
void sample_categories(const void* p, ScalarType p_dtype, int64_t rows, int64_t categories, int64_t* out, int64_t n, GeneratorImpl* generator);

/// A permutation of 0..n-1 in out[0], out[1], ...
void fill_permutation(void* out, int64_t n, ScalarType dtype, GeneratorImpl* generator);

}}}  // namespace torch::xgrad::kernels
