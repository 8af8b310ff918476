#pragma once

#include <torch/namespaces.h>
#include <xgrad/nn/arg.h>
