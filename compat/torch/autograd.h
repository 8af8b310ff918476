#pragma once

#include <torch/types.h>
#include <xgrad/autograd/anomaly.h>
#include <xgrad/autograd/engine.h>
