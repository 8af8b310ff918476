// Layers' computations as functions: torch::nn::functional.
#pragma once

#include <xgrad/nn/functional/activation.h>
#include <xgrad/nn/functional/distance.h>
#include <xgrad/nn/functional/dropout.h>
#include <xgrad/nn/functional/embedding.h>
#include <xgrad/nn/functional/linear.h>
#include <xgrad/nn/functional/loss.h>
