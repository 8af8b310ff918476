#pragma once

#include <fstream>

#include <torch/torch.h>
