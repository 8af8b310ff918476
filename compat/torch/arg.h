#pragma once

#include <torch/namespaces.h>
#include <xgrad/io/fields.h>

/// Declares an option of a struct: see XGRAD_ARG.
#define TORCH_ARG(T, name) XGRAD_ARG(T, name)
