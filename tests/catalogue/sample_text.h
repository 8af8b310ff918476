// A sample as text, for the program that asks PyTorch.
#pragma once

#include <cstdint>
#include <string>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch::catalogue {

/// One line "call ...", then per input "input DTYPE DIFFERENTIATED NDIM SIZES... HEX", its elements' bytes in row-major order.
std::string text_of(const Sample& sample);
/// Identifies a sample: equal for equal texts.
uint64_t key_of(const Sample& sample);

}  // namespace torch::catalogue
