// What tensor.type() gives.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/core/tensor_options.h>

namespace torch { inline namespace xgrad {

/// Dtype and layout of tensors, as programs from the time before dtypes know them: `x.type().toString()`, `x.type() == y.type()`,
/// `zeros({2}, x.type())`. There is one object for each, so that they can be held by reference.
class XGRAD_API DeprecatedTypeProperties {
 public:
  /// The one object. Throws NotImplementedError for layouts but strided and sparse.
  static DeprecatedTypeProperties& of(ScalarType dtype, Layout layout);
  DeprecatedTypeProperties(const DeprecatedTypeProperties&) = default;

  ScalarType scalarType() const { return dtype_; }
  TypeMeta typeMeta() const { return TypeMeta::fromScalarType(dtype_); }
  Layout layout() const { return layout_; }
  DeviceType device_type() const { return kCPU; }
  bool is_cuda() const { return false; }
  bool is_sparse() const { return layout_ == kSparse; }
  bool is_sparse_csr() const { return false; }
  /// "CPUFloatType", "SparseCPUFloatType".
  std::string toString() const;
  DeprecatedTypeProperties& toScalarType(ScalarType dtype) const { return of(dtype, layout_); }
  DeprecatedTypeProperties& cpu() const { return of(dtype_, layout_); }
  /// Throws: there is no other device.
  DeprecatedTypeProperties& cuda() const;
  TensorOptions options(int16_t device_index = -1) const {
    return TensorOptions(dtype_).device(kCPU, static_cast<int8_t>(device_index)).layout(layout_);
  }
  operator TensorOptions() const { return options(); }
  bool operator==(const DeprecatedTypeProperties& other) const { return dtype_ == other.dtype_ && layout_ == other.layout_; }
  bool operator!=(const DeprecatedTypeProperties& other) const { return !(*this == other); }

 private:
  DeprecatedTypeProperties(ScalarType dtype, Layout layout) : dtype_(dtype), layout_(layout) {}

  ScalarType dtype_;
  Layout layout_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, const DeprecatedTypeProperties& type);

}}  // namespace torch::xgrad
