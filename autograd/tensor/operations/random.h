// Of the list in operations.h: random numbers. autograd/ops/random/random.h says where they come from.
#ifdef XGRAD_METHOD

/// 1 with the probability in each element of `self`, or with probability p, else 0, in self's shape and dtype. Throws
/// unless probabilities lie in [0, 1]. The gradient is 0.
Tensor bernoulli(XGRAD_SELF_AND std::optional<Generator> generator = std::nullopt) XGRAD_METHOD(bernoulli(*this, generator));
Tensor bernoulli(XGRAD_SELF_AND double p, std::optional<Generator> generator = std::nullopt) XGRAD_METHOD(bernoulli(*this, p, generator));

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
