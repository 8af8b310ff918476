#pragma once

#include <torch/arg.h>
#include <torch/optim/serialize.h>
#include <torch/types.h>
#include <xgrad/optim/optim.h>
