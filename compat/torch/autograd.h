#pragma once

#include <torch/types.h>
#include <xgrad/autograd/anomaly.h>
#include <xgrad/autograd/engine.h>
#include <xgrad/autograd/function.h>
#include <xgrad/autograd/gradcheck.h>
