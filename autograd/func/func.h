// Transforms of functions: derivatives of all kinds, maps over axes, checkpoints, implicit functions.
#pragma once

#include <xgrad/autograd/func/checkpoint.h>
#include <xgrad/autograd/func/differential_operators.h>
#include <xgrad/autograd/func/function.h>
#include <xgrad/autograd/func/hessian.h>
#include <xgrad/autograd/func/implicit.h>
#include <xgrad/autograd/func/jacobian.h>
#include <xgrad/autograd/func/linearized.h>
#include <xgrad/autograd/func/per_sample.h>
#include <xgrad/autograd/func/vjp.h>
#include <xgrad/autograd/func/vmap.h>
