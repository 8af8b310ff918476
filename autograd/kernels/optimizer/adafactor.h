// Adafactor's update of one parameter.
#pragma once

#include <cstdint>

#include <xgrad/autograd/core/namespace.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// Hyper-parameters at one step.
struct AdafactorStep {
  double share;       ///< of the new squares in the means
  double rate;        ///< min(lr, 1 / sqrt(t))
  double shrink;      ///< the parameter is multiplied by it first
  double eps1, eps2;  ///< smallest root of a second moment, smallest size of a parameter
  double d;           ///< the changes' root mean square is at most this
  double sign;        ///< 1, or -1 where the gradient is to be climbed
};

/// A parameter of matrices [count, rows, columns], its gradient and means, row-major and without gaps. Without rows, which is for
/// parameters of fewer axes, `row_means` are means of each element's squares, and `column_means` null.
template <class T> struct AdafactorTensor {
  T* parameter;
  const T* gradient;
  T *row_means, *column_means;  ///< [count, rows], [count, columns]
  int64_t count, rows, columns;
};

/// The step that optim/adafactor.h tells. The bits depend neither on threads nor on the instruction set.
template <class T> void adafactor(const AdafactorStep* step, AdafactorTensor<T> tensor);

}}}  // namespace torch::xgrad::kernels
