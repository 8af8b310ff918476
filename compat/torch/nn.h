#pragma once

#include <torch/arg.h>
#include <torch/functional_spelled_out.h>
#include <torch/types.h>
#include <xgrad/nn/nn.h>
