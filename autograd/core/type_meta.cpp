#include <xgrad/autograd/core/type_meta.h>

#include <atomic>
#include <ostream>

namespace torch { inline namespace xgrad {

namespace {
std::atomic<ScalarType> default_dtype{kFloat};
}

std::string_view TypeMeta::name() const {
  switch (type_) {
    case ScalarType::Byte: return "unsigned char";
    case ScalarType::Char: return "signed char";
    case ScalarType::Short: return "short int";
    case ScalarType::Int: return "int";
    case ScalarType::Long: return "long int";
    case ScalarType::Float: return "float";
    case ScalarType::Double: return "double";
    case ScalarType::Half: return "c10::Half";
    case ScalarType::BFloat16: return "c10::BFloat16";
    case ScalarType::Bool: return "bool";
    case ScalarType::Undefined: return "nullptr (uninitialized)";
    default: return toString(type_);
  }
}

std::ostream& operator<<(std::ostream& stream, TypeMeta type) { return stream << type.name(); }

TypeMeta get_default_dtype() { return TypeMeta::fromScalarType(default_dtype.load(std::memory_order_relaxed)); }

void set_default_dtype(ScalarType t) {
  XGRAD_CHECK_AS(TypeError, t == kFloat || t == kDouble, "[set_default_dtype] only floating-point types are supported as the default type, got ", t);
  default_dtype.store(t, std::memory_order_relaxed);
}

}}  // namespace torch::xgrad
