#include <xgrad/autograd/core/dtype.h>

#include <ostream>
#include <utility>

namespace torch { inline namespace xgrad {

namespace {

// Position in the promotion order; a mixed pair takes the later one.
int promotion_rank(ScalarType t) {
  switch (t) {
    case ScalarType::Bool: return 0;
    case ScalarType::Byte: return 1;
    case ScalarType::Char: return 2;
    case ScalarType::Short: return 3;
    case ScalarType::Int: return 4;
    case ScalarType::Long: return 5;
    case ScalarType::Half: return 6;
    case ScalarType::BFloat16: return 7;
    case ScalarType::Float: return 8;
    case ScalarType::Double: return 9;
    default: detail::raise<NotImplementedError>("[promote_types] dtype ", t, " is not supported");
  }
}

}  // namespace

const char* toString(ScalarType t) {
  static constexpr const char* names[] = {"Byte",  "Char",   "Short",       "Int",          "Long",          "Half",
                                          "Float", "Double", "ComplexHalf", "ComplexFloat", "ComplexDouble", "Bool",
                                          "QInt8", "QUInt8", "QInt32",      "BFloat16",     "Undefined"};
  return names[static_cast<int>(t)];
}

const char* dtype_name(ScalarType t) {
  static constexpr const char* names[] = {"uint8",     "int8",       "int16", "int32", "int64",  "float16", "float32",  "float64",  "complex32",
                                          "complex64", "complex128", "bool",  "qint8", "quint8", "qint32",  "bfloat16", "undefined"};
  return names[static_cast<int>(t)];
}

std::ostream& operator<<(std::ostream& stream, ScalarType t) { return stream << toString(t); }

std::ostream& operator<<(std::ostream& stream, Half v) { return stream << static_cast<float>(v); }
std::ostream& operator<<(std::ostream& stream, BFloat16 v) { return stream << static_cast<float>(v); }

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (promotion_rank(a) > promotion_rank(b)) std::swap(a, b);
  if (a == kByte && b == kChar) return kShort;
  if (a == kHalf && b == kBFloat16) return kFloat;
  return b;
}

bool can_cast(ScalarType from, ScalarType to) {
  if (isFloatingType(from) && isIntegralType(to, true)) return false;
  if (from != kBool && to == kBool) return false;
  return true;
}

}}  // namespace torch::xgrad
