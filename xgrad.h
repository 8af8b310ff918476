// Everything: tensors, operations, automatic differentiation, layers, optimizers, data and files.
#pragma once

#include <xgrad/autograd/anomaly.h>
#include <xgrad/autograd/engine.h>
#include <xgrad/autograd/flush_denormal.h>
#include <xgrad/autograd/function.h>
#include <xgrad/autograd/grad_mode.h>
#include <xgrad/autograd/gradcheck.h>
#include <xgrad/autograd/indexing.h>
#include <xgrad/autograd/memory.h>
#include <xgrad/autograd/operators.h>
#include <xgrad/autograd/ops.h>
#include <xgrad/autograd/tensor.h>
#include <xgrad/autograd/tensor_literal.h>
#include <xgrad/autograd/threads.h>
#include <xgrad/autograd/warning.h>
#include <xgrad/data/data.h>
#include <xgrad/io/serialize.h>
#include <xgrad/nn/nn.h>
#include <xgrad/optim/optim.h>
