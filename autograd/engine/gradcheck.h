// Are derivatives right? Compares them with finite differences.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <xgrad/autograd/engine/engine.h>

namespace torch { inline namespace xgrad { namespace autograd {

struct GradcheckOptions {
  /// An entry passes when |analytic - numeric| <= atol + rtol * max(|analytic|, |numeric|).
  /// Not positive: 1e-7 and 1e-9 in gradcheck, 1e-6 and 1e-8 in gradgradcheck.
  double rtol = 0;
  double atol = 0;
  /// Step of the finite differences, times max(1, |x|) of each element; a tenth of it is tried too, and the better
  /// answer counts. Inputs have to stay two steps away from kinks and poles.
  double step = 1e-3;
  /// Larger Jacobians (elements of an input times elements of an output) are checked along random directions.
  int64_t full_jacobian = 64 * 64;
  /// Number of those directions for each pair of input and output.
  int directions = 16;
};

/// What a check found. The numbers are those of the entry that misses its tolerance by the largest factor, or comes
/// closest to missing it.
struct XGRAD_API GradcheckReport {
  bool ok = true;
  int64_t entries = 0;         ///< Jacobian entries (or directions) compared
  size_t input = 0;            ///< which input
  size_t output = 0;           ///< which output
  int64_t input_element = -1;  ///< which of its elements, in row-major order; -1: a random direction
  int64_t output_element = -1;
  double numeric = 0;
  double analytic = 0;
  double tolerance = 0;
  /// What else is wrong ("input 0 was changed by the function", ...); empty when only numbers were compared.
  std::string problem;

  explicit operator bool() const { return ok; }
  /// All of this on one line.
  std::string text() const;
};

/// A function of tensors that gives tensors.
using TensorFunction = std::function<variable_list(const variable_list&)>;

/// Compares the derivatives of f's outputs with respect to those inputs that require a gradient with finite differences
/// of fourth order: all entries of small Jacobians, random directions of large ones. f must give the same outputs
/// for the same inputs. Outputs that depend on no input, and undefined gradients, count as zero derivatives.
/// Throws unless at least one input requires a gradient and all such inputs are float64, row-major or not, without
/// elements that share memory. Exceptions of f are passed on.
XGRAD_API GradcheckReport gradcheck(const TensorFunction& f, const variable_list& inputs, const GradcheckOptions& options = {});

/// The same for second derivatives: checks the function that gives f's gradients, as a function of the inputs and of the
/// gradients of the outputs. "Input" numbers of the report beyond the inputs are those of output gradients; its "output"
/// numbers count the inputs that require a gradient.
XGRAD_API GradcheckReport gradgradcheck(const TensorFunction& f, const variable_list& inputs, const GradcheckOptions& options = {});

/// The same for functions that take or give a single tensor.
XGRAD_API GradcheckReport gradcheck(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, const GradcheckOptions& options = {});
XGRAD_API GradcheckReport gradgradcheck(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, const GradcheckOptions& options = {});

}  // namespace autograd
}}  // namespace torch::xgrad
