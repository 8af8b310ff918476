// The names that PyTorch's files have for dtypes.
#pragma once

#include <xgrad/autograd/core/dtype.h>

namespace torch { inline namespace xgrad { namespace io {

struct NamedStorage {
  const char* name;
  ScalarType dtype;
};

inline constexpr NamedStorage kStorages[] = {
    {"FloatStorage", kFloat}, {"DoubleStorage", kDouble}, {"HalfStorage", kHalf}, {"BFloat16Storage", kBFloat16}, {"LongStorage", kLong},
    {"IntStorage", kInt},     {"ShortStorage", kShort},   {"CharStorage", kChar}, {"ByteStorage", kByte},         {"BoolStorage", kBool}};

/// How deep values may lie inside one another: taking them apart again runs on the thread's stack.
inline constexpr int kDeepestValue = 200;

}}}  // namespace torch::xgrad::io
