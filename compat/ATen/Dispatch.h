// Runs a lambda with `scalar_t` standing for the C++ type of a dtype.
#pragma once

#include <xgrad/autograd/core/dtype.h>

#define XGRAD_TORCH_DISPATCH(dispatch, type, name, ...)      \
  ::xgrad::dispatch(type, name, [&](auto xgrad_value) {      \
    using scalar_t [[maybe_unused]] = decltype(xgrad_value); \
    return __VA_ARGS__();                                    \
  })

#define AT_DISPATCH_FLOATING_TYPES(type, name, ...) XGRAD_TORCH_DISPATCH(dispatch_floating, type, name, __VA_ARGS__)
#define AT_DISPATCH_ALL_TYPES(type, name, ...) XGRAD_TORCH_DISPATCH(dispatch_all, type, name, __VA_ARGS__)
