// A program written for libtorch compiles against xgrad with this file in the place of libtorch's.
#pragma once

#include <torch/all.h>
