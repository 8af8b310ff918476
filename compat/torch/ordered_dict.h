#pragma once

#include <torch/namespaces.h>
#include <xgrad/nn/ordered_dict.h>
