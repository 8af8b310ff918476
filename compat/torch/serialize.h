#pragma once

#include <torch/types.h>
#include <xgrad/io/serialize.h>
