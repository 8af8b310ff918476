// Initial values: torch::nn::init. Each function fills a tensor in place, without recording, and returns it.
#pragma once

#include <tuple>
#include <variant>

#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/nn/enum.h>

namespace torch { inline namespace xgrad { namespace nn::init {

/// What the layer's output goes through.
using NonlinearityType =
    std::variant<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D, enumtype::kConvTranspose1D, enumtype::kConvTranspose2D,
                 enumtype::kConvTranspose3D, enumtype::kSigmoid, enumtype::kTanh, enumtype::kReLU, enumtype::kLeakyReLU>;
/// Which of a weight's fans keeps its variance: in the forward pass (kFanIn) or in the backward one (kFanOut).
using FanModeType = std::variant<enumtype::kFanIn, enumtype::kFanOut>;

/// The factor that a nonlinearity asks of the standard deviation; `param`: the negative slope for kLeakyReLU.
XGRAD_API double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);
/// Number of inputs and of outputs of one unit: weight axes 1 and 0, each times the sizes of the further axes. Throws for
/// less than 2 axes.
XGRAD_API std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

XGRAD_API Tensor constant_(Tensor tensor, Scalar value);
XGRAD_API Tensor ones_(Tensor tensor);
XGRAD_API Tensor zeros_(Tensor tensor);
/// Ones on the diagonal of a matrix, zeros elsewhere.
XGRAD_API Tensor eye_(Tensor matrix);
/// A convolution's weight (3 to 5 axes) that passes channels unchanged.
XGRAD_API Tensor dirac_(Tensor tensor);
XGRAD_API Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
XGRAD_API Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
/// Glorot's: variance gain^2 * 2 / (fan_in + fan_out).
XGRAD_API Tensor xavier_uniform_(Tensor tensor, double gain = 1.0);
XGRAD_API Tensor xavier_normal_(Tensor tensor, double gain = 1.0);
/// He's: variance gain^2 / fan, with the gain of the nonlinearity; a: the negative slope for kLeakyReLU.
/// The mode is kFanIn and the nonlinearity kLeakyReLU unless given.
XGRAD_API Tensor kaiming_uniform_(Tensor tensor, double a = 0);
XGRAD_API Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode);
XGRAD_API Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity);
XGRAD_API Tensor kaiming_normal_(Tensor tensor, double a = 0);
XGRAD_API Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode);
XGRAD_API Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity);
/// A random (semi-)orthogonal matrix times gain; axes from 1 on count as one.
XGRAD_API Tensor orthogonal_(Tensor tensor, double gain = 1.0);
/// A matrix of normal values with standard deviation std, with the fraction `sparsity` of each column set to 0.
XGRAD_API Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01);

}}}  // namespace torch::xgrad::nn::init
