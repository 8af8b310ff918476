#pragma once

#include <torch/types.h>
#include <xgrad/nn/nn.h>
