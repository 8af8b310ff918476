// All operations.
#pragma once

#include <xgrad/autograd/indexing.h>
#include <xgrad/autograd/operators.h>
#include <xgrad/autograd/ops/activation.h>
#include <xgrad/autograd/ops/arithmetic.h>
#include <xgrad/autograd/ops/comparison.h>
#include <xgrad/autograd/ops/conversion.h>
#include <xgrad/autograd/ops/creation.h>
#include <xgrad/autograd/ops/distance.h>
#include <xgrad/autograd/ops/elementary.h>
#include <xgrad/autograd/ops/gathering.h>
#include <xgrad/autograd/ops/joining.h>
#include <xgrad/autograd/ops/linalg.h>
#include <xgrad/autograd/ops/loss.h>
#include <xgrad/autograd/ops/matrix.h>
#include <xgrad/autograd/ops/random.h>
#include <xgrad/autograd/ops/rearrange.h>
#include <xgrad/autograd/ops/reduction.h>
#include <xgrad/autograd/ops/rounding.h>
#include <xgrad/autograd/ops/scan.h>
#include <xgrad/autograd/ops/selection.h>
#include <xgrad/autograd/ops/softmax.h>
#include <xgrad/autograd/ops/sorting.h>
#include <xgrad/autograd/ops/view.h>
#include <xgrad/autograd/properties.h>
#include <xgrad/autograd/tensor_literal.h>
