// Of the list in operations.h: random numbers. autograd/ops/random/random.h says where they come from.
#ifdef XGRAD_METHOD

/// 1 with the probability in each element of `self`, or with probability p, else 0, in self's shape and dtype. Throws
/// unless probabilities lie in [0, 1]. The gradient is 0.
Tensor bernoulli(XGRAD_SELF_AND std::optional<Generator> generator = std::nullopt) XGRAD_METHOD(bernoulli(*this, generator));
Tensor bernoulli(XGRAD_SELF_AND double p, std::optional<Generator> generator = std::nullopt) XGRAD_METHOD(bernoulli(*this, p, generator));
/// `num_samples` numbers of categories, int64 of shape [num_samples] or [rows, num_samples]: of each row of `self`, [categories] or
/// [rows, categories], drawn with the probabilities it holds, which need not sum to 1; without `replacement` none twice. Floating
/// dtypes. Throws on a negative or infinite probability, on a row of zeros, and for more samples than categories without replacement.
Tensor multinomial(XGRAD_SELF_AND int64_t num_samples, bool replacement = false, std::optional<Generator> generator = std::nullopt)
    XGRAD_METHOD(multinomial(*this, num_samples, replacement, generator));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
