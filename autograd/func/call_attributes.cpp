#include <xgrad/autograd/func/call_attributes.h>

#include <string_view>

namespace torch { inline namespace xgrad { namespace func {

const detail::Attribute::Value* CallAttributes::find(const char* name) const {
  for (const detail::Attribute& a : attributes_)
    if (std::string_view(a.name) == name) return std::holds_alternative<std::monostate>(a.value) ? nullptr : &a.value;
  return nullptr;
}

std::optional<int64_t> CallAttributes::optional_integer(const char* name) const {
  const auto* value = find(name);
  return value ? std::optional<int64_t>(std::get<int64_t>(*value)) : std::nullopt;
}

std::optional<Scalar> CallAttributes::scalar(const char* name) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (const auto* v = std::get_if<bool>(value)) return Scalar(*v);
  if (const auto* v = std::get_if<int64_t>(value)) return Scalar(*v);
  return Scalar(std::get<double>(*value));
}

double CallAttributes::number(const char* name, double otherwise) const {
  const std::optional<Scalar> value = scalar(name);
  return value ? value->toDouble() : otherwise;
}

bool CallAttributes::flag(const char* name) const {
  const auto* value = find(name);
  return value && std::get<bool>(*value);
}

std::string CallAttributes::text(const char* name) const {
  const auto* value = find(name);
  return value ? std::get<std::string>(*value) : std::string();
}

std::vector<int64_t> CallAttributes::integers(const char* name) const {
  const auto* value = find(name);
  if (!value) return {};
  if (const auto* one = std::get_if<int64_t>(value)) return {*one};
  return std::get<std::vector<int64_t>>(*value);
}

std::optional<ScalarType> CallAttributes::dtype(const char* name) const {
  const auto* value = find(name);
  return value ? std::optional<ScalarType>(std::get<ScalarType>(*value)) : std::nullopt;
}

}}}  // namespace torch::xgrad::func
