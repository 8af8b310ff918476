// A loop whose results are added to what was there.
#pragma once

#include <xgrad/autograd/kernels/strided.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// By way of a buffer that stays in the cache.
struct AddedLoop {
  Loop loop;
  Parameters parameters;
  Loop add;
  Parameters add_parameters;
  int operands;

  static void run(char* const* p, const int64_t* steps, int64_t n, const void* parameters);
};

}}}  // namespace torch::xgrad::kernels
