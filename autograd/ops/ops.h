// All operations.
#pragma once

#include <xgrad/autograd/ops/creation/conversion.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/index/gathering.h>
#include <xgrad/autograd/ops/index/indexing.h>
#include <xgrad/autograd/ops/index/sorting.h>
#include <xgrad/autograd/ops/linalg/linalg.h>
#include <xgrad/autograd/ops/linalg/matrix.h>
#include <xgrad/autograd/ops/loss/distance.h>
#include <xgrad/autograd/ops/loss/loss.h>
#include <xgrad/autograd/ops/pointwise/activation.h>
#include <xgrad/autograd/ops/pointwise/arithmetic.h>
#include <xgrad/autograd/ops/pointwise/comparison.h>
#include <xgrad/autograd/ops/pointwise/elementary.h>
#include <xgrad/autograd/ops/pointwise/rounding.h>
#include <xgrad/autograd/ops/pointwise/selection.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/ops/reduction/reduction.h>
#include <xgrad/autograd/ops/reduction/scan.h>
#include <xgrad/autograd/ops/reduction/softmax.h>
#include <xgrad/autograd/ops/shape/joining.h>
#include <xgrad/autograd/ops/shape/rearrange.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/tensor/properties.h>
