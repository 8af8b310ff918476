#pragma once

#include <torch/types.h>
#include <xgrad/nn/enum.h>
