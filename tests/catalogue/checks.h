// The properties that every sample of the catalogue must have. A check returns nothing, or what is wrong.
#pragma once

#include <functional>
#include <string>

#include <xgrad/autograd/catalogue.h>

namespace xgrad::catalogue {

using Check = std::function<std::string(const Sample&)>;

/// First and second derivatives agree with finite differences, where they exist and the inputs are away from kinks.
std::string check_derivatives(const Sample& sample);

/// Applies a check to every sample of every operation; an exception counts as wrong. Returns how many samples it saw.
int for_each_sample(const Check& check);
/// The operation the walk is at.
const std::string& current_operation();

}  // namespace xgrad::catalogue
