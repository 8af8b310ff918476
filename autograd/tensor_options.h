// How a factory shall make its tensor.
#pragma once

#include <iosfwd>
#include <optional>

#include <xgrad/autograd/device.h>
#include <xgrad/autograd/dtype.h>

namespace xgrad {

/// Each property is either stated or left to the default (dtype: get_default_dtype(), device: CPU,
/// requires_grad: false). A dtype, a device or a device type converts to options that state only it.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType dtype) : dtype_(dtype) {}
  TensorOptions(Device device) : device_(device) {}
  TensorOptions(DeviceType device) : device_(Device(device)) {}
  TensorOptions(Layout) {}
  TensorOptions(MemoryFormat) {}

  TensorOptions dtype(std::optional<ScalarType> t) const { TensorOptions o = *this; o.dtype_ = t; return o; }
  template <class T>
  TensorOptions dtype() const { return dtype(CppTypeToScalarType<T>::value); }
  TensorOptions device(std::optional<Device> d) const { TensorOptions o = *this; o.device_ = d; return o; }
  TensorOptions device(DeviceType type, int8_t index = -1) const { return device(Device(type, index)); }
  TensorOptions layout(std::optional<Layout>) const { return *this; }
  TensorOptions memory_format(std::optional<MemoryFormat>) const { return *this; }
  TensorOptions pinned_memory(std::optional<bool>) const { return *this; }
  TensorOptions requires_grad(std::optional<bool> r) const { TensorOptions o = *this; o.requires_grad_ = r; return o; }

  ScalarType dtype() const { return dtype_.value_or(get_default_dtype()); }
  Device device() const { return device_.value_or(Device(kCPU)); }
  Layout layout() const { return kStrided; }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool has_dtype() const { return dtype_.has_value(); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  bool has_device() const { return device_.has_value(); }
  std::optional<ScalarType> dtype_opt() const { return dtype_; }

 private:
  std::optional<ScalarType> dtype_;
  std::optional<Device> device_;
  std::optional<bool> requires_grad_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, const TensorOptions& options);

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
template <class T>
TensorOptions dtype() { return TensorOptions(CppTypeToScalarType<T>::value); }
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions layout(Layout l) { return TensorOptions(l); }
inline TensorOptions requires_grad(bool r = true) { return TensorOptions().requires_grad(r); }

}  // namespace xgrad
