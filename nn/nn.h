// Neural networks: modules, layers, functions, initial values, limits on gradients.
#pragma once

#include <xgrad/nn/any_module.h>
#include <xgrad/nn/clip_grad.h>
#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/containers/functional_module.h>
#include <xgrad/nn/containers/module_dict.h>
#include <xgrad/nn/containers/module_list.h>
#include <xgrad/nn/containers/parameter_dict.h>
#include <xgrad/nn/containers/parameter_list.h>
#include <xgrad/nn/containers/sequential.h>
#include <xgrad/nn/expanding_array.h>
#include <xgrad/nn/init.h>
#include <xgrad/nn/layers/activation.h>
#include <xgrad/nn/layers/distance.h>
#include <xgrad/nn/layers/dropout.h>
#include <xgrad/nn/layers/embedding.h>
#include <xgrad/nn/layers/linear.h>
#include <xgrad/nn/layers/loss.h>
#include <xgrad/nn/layers/normalisation.h>
#include <xgrad/nn/layers/reshaping.h>
#include <xgrad/nn/module.h>
#include <xgrad/nn/parameter_vector.h>
