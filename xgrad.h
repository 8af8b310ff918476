// Everything: tensors, operations, automatic differentiation and its transforms, compiled steps, layers, optimizers, data and files.
#pragma once

#include <xgrad/autograd/compile/compile.h>
#include <xgrad/autograd/core/flush_denormal.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/memory/memory.h>
#include <xgrad/autograd/core/threads.h>
#include <xgrad/autograd/core/version.h>
#include <xgrad/autograd/core/warning.h>
#include <xgrad/autograd/engine/engine.h>
#include <xgrad/autograd/engine/function.h>
#include <xgrad/autograd/engine/gradcheck.h>
#include <xgrad/autograd/func/func.h>
#include <xgrad/autograd/graph/anomaly.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/indexing.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/tensor.h>
#include <xgrad/data/data.h>
#include <xgrad/io/checkpoint_folder.h>
#include <xgrad/io/image.h>
#include <xgrad/io/serialize.h>
#include <xgrad/nn/nn.h>
#include <xgrad/optim/optim.h>
