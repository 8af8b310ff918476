#include <xgrad/autograd/tensor/deprecated_type.h>

#include <ostream>
#include <vector>

namespace torch { inline namespace xgrad {

DeprecatedTypeProperties& DeprecatedTypeProperties::of(ScalarType dtype, Layout layout) {
  XGRAD_CHECK_AS(NotImplementedError, layout == kStrided || layout == kSparse, "[type] there are no tensors of layout ", layout);
  static std::vector<DeprecatedTypeProperties> all = [] {
    std::vector<DeprecatedTypeProperties> list;
    for (int t = 0; t <= static_cast<int>(ScalarType::Undefined); ++t)
      for (const Layout l : {kStrided, kSparse}) list.push_back(DeprecatedTypeProperties(static_cast<ScalarType>(t), l));
    return list;
  }();
  return all[2 * static_cast<size_t>(dtype) + (layout == kSparse)];
}

std::string DeprecatedTypeProperties::toString() const {
  if (dtype_ == ScalarType::Undefined) return "UndefinedType";
  return std::string(is_sparse() ? "SparseCPU" : "CPU") + xgrad::toString(dtype_) + "Type";
}

DeprecatedTypeProperties& DeprecatedTypeProperties::cuda() const {
  check_device("cuda", Device(kCUDA));
  return cpu();
}

std::ostream& operator<<(std::ostream& stream, const DeprecatedTypeProperties& type) { return stream << type.toString(); }

}}  // namespace torch::xgrad
