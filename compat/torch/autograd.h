#pragma once

#include <torch/types.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/graph/anomaly.h>
