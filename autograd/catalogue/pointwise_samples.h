// Samples that every elementwise operation needs: shapes, broadcasting, dtypes and special values.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace catalogue {

using UnaryFunction = std::function<Tensor(const Tensor&)>;
using NumberFunction = std::function<Tensor(const Tensor&, const Scalar&)>;
using BinaryFunction = std::function<Tensor(const Tensor&, const Tensor&)>;

/// Where an input's numbers are drawn from; kinks are kept away from.
struct Domain {
  double low = -2, high = 2;
  std::vector<double> kinks = {};
};

/// A float64 vector.
Tensor vector_of(const std::vector<double>& values);
/// Zeros, ones, halves, large, tiny and infinite numbers of both signs, and NaN.
std::vector<double> special_values();
/// The same without those in `left_out`; a NaN there leaves out NaN.
std::vector<double> special_values_without(const std::vector<double>& left_out);

/// f of x[0] in several shapes, and at `points` (values and gradients against PyTorch only).
void unary_samples(Samples& s, const std::string& call, const UnaryFunction& f, const Domain& domain = {},
                   const std::vector<double>& points = special_values());
/// f of int64, int32, uint8, int8, int16 and, if `booleans`, Bool inputs.
void integer_samples(Samples& s, const std::string& call, const UnaryFunction& f, bool booleans = true);

/// f of x[0] and x[1] in several pairs of shapes that broadcast.
void binary_samples(Samples& s, const std::string& call, const BinaryFunction& f, const Domain& a = {}, const Domain& b = {});
/// f of all pairs of `values`.
Sample& pair_samples(Samples& s, const std::string& call, const BinaryFunction& f, const std::vector<double>& values);
/// f of pairs of dtypes among int64, int32, uint8, int8, int16, float32 and, if `booleans`, Bool, and of int64 with 0-d float64.
void promotion_samples(Samples& s, const std::string& call, const BinaryFunction& f, bool booleans = true);

}}}  // namespace torch::xgrad::catalogue
