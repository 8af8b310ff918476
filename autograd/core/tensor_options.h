// How a factory shall make its tensor.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>

#include <xgrad/autograd/core/device.h>
#include <xgrad/autograd/core/dtype.h>
#include <xgrad/autograd/core/type_meta.h>

namespace torch { inline namespace xgrad {

/// The parameters of functions that take options one by one, where TensorOptions(dtype, layout, device, pin_memory) makes them one.
#define XGRAD_OPTIONS_ONE_BY_ONE \
  std::optional<ScalarType> dtype, std::optional<Layout> layout, std::optional<Device> device, std::optional<bool> pin_memory

/// Each property is either stated or left to the default (dtype: get_default_dtype(), device: CPU, layout: strided,
/// requires_grad and pinned_memory: false, memory_format: the function's). A value of a property converts to options that
/// state only it. Layout, pinned memory and memory format are only carried along.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType dtype) : dtype_(dtype) {}
  TensorOptions(TypeMeta dtype) : dtype_(dtype) {}
  /// A template, so that braces, as in TensorOptions({kCUDA, 0}), mean options.
  template <class D, std::enable_if_t<std::is_same_v<D, Device>, int> = 0> TensorOptions(D device) : device_(device) {}
  TensorOptions(DeviceType device) : device_(Device(device)) {}
  TensorOptions(DeviceType device, int64_t index) : device_(Device(device, static_cast<int8_t>(index))) {}
  /// "cpu"; a template, for the number 0 is no text.
  template <class Text, class = std::enable_if_t<std::is_convertible_v<const Text&, std::string>>>
  TensorOptions(const Text& device) : device_(Device(std::string(device))) {}
  TensorOptions(Layout layout) : layout_(layout) {}
  TensorOptions(MemoryFormat format) : memory_format_(format) {}
  TensorOptions(XGRAD_OPTIONS_ONE_BY_ONE) : dtype_(dtype), device_(device), layout_(layout), pinned_memory_(pin_memory) {}

  TensorOptions dtype(std::optional<ScalarType> t) const { return with(&TensorOptions::dtype_, t); }
  template <class T> TensorOptions dtype() const { return dtype(CppTypeToScalarType<T>::value); }
  TensorOptions device(std::optional<Device> d) const { return with(&TensorOptions::device_, d); }
  TensorOptions device(DeviceType type, int8_t index = -1) const { return device(Device(type, index)); }
  TensorOptions device_index(int8_t index) const { return device(Device(kCUDA, index)); }
  TensorOptions layout(std::optional<Layout> l) const { return with(&TensorOptions::layout_, l); }
  TensorOptions memory_format(std::optional<MemoryFormat> m) const { return with(&TensorOptions::memory_format_, m); }
  TensorOptions pinned_memory(std::optional<bool> p) const { return with(&TensorOptions::pinned_memory_, p); }
  TensorOptions requires_grad(std::optional<bool> r) const { return with(&TensorOptions::requires_grad_, r); }

  TypeMeta dtype() const { return dtype_ ? TypeMeta::fromScalarType(*dtype_) : get_default_dtype(); }
  Device device() const { return device_.value_or(Device(kCPU)); }
  Layout layout() const { return layout_.value_or(kStrided); }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool pinned_memory() const { return pinned_memory_.value_or(false); }
  bool has_dtype() const { return dtype_.has_value(); }
  bool has_device() const { return device_.has_value(); }
  bool has_layout() const { return layout_.has_value(); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  bool has_pinned_memory() const { return pinned_memory_.has_value(); }
  bool has_memory_format() const { return memory_format_.has_value(); }
  bool is_sparse() const { return layout() == kSparse; }
  /// These, with what the others state in place of it.
  TensorOptions merge_in(const TensorOptions& others) const {
    TensorOptions o = *this;
    if (others.dtype_) o.dtype_ = others.dtype_;
    if (others.device_) o.device_ = others.device_;
    if (others.layout_) o.layout_ = others.layout_;
    if (others.requires_grad_) o.requires_grad_ = others.requires_grad_;
    if (others.pinned_memory_) o.pinned_memory_ = others.pinned_memory_;
    if (others.memory_format_) o.memory_format_ = others.memory_format_;
    return o;
  }
  std::optional<ScalarType> dtype_opt() const { return dtype_; }
  std::optional<Device> device_opt() const { return device_; }
  std::optional<Layout> layout_opt() const { return layout_; }
  std::optional<bool> requires_grad_opt() const { return requires_grad_; }
  std::optional<MemoryFormat> memory_format_opt() const { return memory_format_; }

 private:
  template <class T> TensorOptions with(std::optional<T> TensorOptions::*property, std::optional<T> value) const {
    TensorOptions o = *this;
    o.*property = value;
    return o;
  }

  std::optional<ScalarType> dtype_;
  std::optional<Device> device_;
  std::optional<Layout> layout_;
  std::optional<bool> requires_grad_, pinned_memory_;
  std::optional<MemoryFormat> memory_format_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, const TensorOptions& options);

/// Throws, naming `operation`, for new tensors that would be elsewhere than on the CPU, or sparse.
XGRAD_API void check_place(const char* operation, const TensorOptions& options);

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
template <class T> TensorOptions dtype() { return TensorOptions(CppTypeToScalarType<T>::value); }
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions layout(Layout l) { return TensorOptions(l); }
inline TensorOptions device_index(int8_t index) { return TensorOptions().device_index(index); }
inline TensorOptions memory_format(MemoryFormat format) { return TensorOptions(format); }
inline TensorOptions requires_grad(bool r = true) { return TensorOptions().requires_grad(r); }

}}  // namespace torch::xgrad
