#pragma once

#include <torch/types.h>
#include <xgrad/optim/optim.h>
