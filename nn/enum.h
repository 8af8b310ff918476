// Names that options take as values: xgrad::kMean, xgrad::kReLU, ... Each is a type of its own, so that an option can
// say with a std::variant which of them it takes.
#pragma once

#include <string>
#include <variant>

#include <xgrad/autograd/ops/loss/loss.h>

/// Declares the tag type enumtype::kName and its one value kName.
#define XGRAD_ENUM(Name)                                      \
  namespace enumtype {                                        \
  struct k##Name {                                            \
    constexpr k##Name() {}                                    \
    static constexpr const char* name() { return "k" #Name; } \
  };                                                          \
  }                                                           \
  inline constexpr enumtype::k##Name k##Name {}

namespace torch { inline namespace xgrad {

XGRAD_ENUM(Linear);
XGRAD_ENUM(Conv1D);
XGRAD_ENUM(Conv2D);
XGRAD_ENUM(Conv3D);
XGRAD_ENUM(ConvTranspose1D);
XGRAD_ENUM(ConvTranspose2D);
XGRAD_ENUM(ConvTranspose3D);
XGRAD_ENUM(Sigmoid);
XGRAD_ENUM(Tanh);
XGRAD_ENUM(ReLU);
XGRAD_ENUM(GELU);
XGRAD_ENUM(SiLU);
XGRAD_ENUM(Mish);
XGRAD_ENUM(LeakyReLU);
XGRAD_ENUM(FanIn);
XGRAD_ENUM(FanOut);
XGRAD_ENUM(Sum);
XGRAD_ENUM(Mean);
XGRAD_ENUM(Max);
XGRAD_ENUM(None);
XGRAD_ENUM(BatchMean);
XGRAD_ENUM(Constant);
XGRAD_ENUM(Reflect);
XGRAD_ENUM(Replicate);
XGRAD_ENUM(Circular);
XGRAD_ENUM(Nearest);
XGRAD_ENUM(NearestExact);
XGRAD_ENUM(Bilinear);
XGRAD_ENUM(Bicubic);
XGRAD_ENUM(Trilinear);
XGRAD_ENUM(Area);
XGRAD_ENUM(Zeros);
XGRAD_ENUM(Border);
XGRAD_ENUM(Reflection);
XGRAD_ENUM(Same);
XGRAD_ENUM(Valid);
XGRAD_ENUM(LSTM);
XGRAD_ENUM(GRU);
XGRAD_ENUM(RNN_TANH);
XGRAD_ENUM(RNN_RELU);

namespace enumtype {

/// "kMean" for a variant that holds kMean.
template <class Variant> std::string get_enum_name(const Variant& value) {
  return std::visit([](auto tag) { return std::string(tag.name()); }, value);
}

/// What most losses take as their reduction.
using reduction_t = std::variant<kNone, kMean, kSum>;

XGRAD_API Reduction::Reduction reduction_get_enum(const reduction_t& value);

}  // namespace enumtype
}}  // namespace torch::xgrad
