#pragma once

#include <torch/types.h>
#include <xgrad/data/data.h>
