// The operations that are a function and a method of Tensor. An entry is both, and holds their documentation:
//
//   /// exp(x) / sum(exp(x)) along `dim`.
//   Tensor softmax(XGRAD_SELF_AND int64_t dim) XGRAD_METHOD(softmax(*this, dim));
//
// tensor.h includes the list twice. Before the class an entry is the function's prototype, with `const Tensor& self` where XGRAD_SELF
// or XGRAD_SELF_AND stands; the definition lies in autograd/ops, in the file of the operation's family. In the class it is the method, to
// which XGRAD_METHOD gives its body, the call of that function. The method's form in place follows where there is one:
//
//   XGRAD_IN_PLACE(exp_())                                      is defined in autograd/ops, for elementwise operations by a line of
//                                                               ops/pointwise/into.h
//   XGRAD_REPLACED_BY(flip_(IntArrayRef dims), flip(x, dims))   writes what the function gives for x, the tensor or a copy, back into it:
//                                                               autograd/ops/methods_in_place.cpp defines it from the list
//
// There a default argument is written XGRAD_OR(1). What is a method alone stands in tensor.h, what is a function alone in the headers
// of autograd/ops.
#ifdef XGRAD_METHOD

#include <xgrad/autograd/tensor/operations/aliases.h>
#include <xgrad/autograd/tensor/operations/comparison.h>
#include <xgrad/autograd/tensor/operations/index.h>
#include <xgrad/autograd/tensor/operations/linalg.h>
#include <xgrad/autograd/tensor/operations/pointwise.h>
#include <xgrad/autograd/tensor/operations/random.h>
#include <xgrad/autograd/tensor/operations/reduction.h>
#include <xgrad/autograd/tensor/operations/shape.h>
#include <xgrad/autograd/tensor/operations/special.h>
#include <xgrad/autograd/tensor/operations/statistics.h>

#undef XGRAD_SELF
#undef XGRAD_SELF_AND
#undef XGRAD_METHOD
#undef XGRAD_IN_PLACE
#undef XGRAD_REPLACED_BY
#undef XGRAD_OR

#else
#include <xgrad/autograd/tensor/tensor.h>
#endif
