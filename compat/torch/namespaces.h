// libtorch's further names of the namespace torch. They are namespaces with one directive each, not aliases, so that programs can
// re-open them.
#pragma once

#include <xgrad/autograd/core/namespace.h>

namespace at {
using namespace ::torch::xgrad;
}
namespace c10 {
using namespace ::torch::xgrad;
}
