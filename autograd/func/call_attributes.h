// What an operation was asked for besides its tensors, read by name. Internal to this folder.
#pragma once

#include <optional>
#include <vector>

#include <xgrad/autograd/core/attribute.h>
#include <xgrad/autograd/core/scalar.h>

namespace torch { inline namespace xgrad { namespace func {

class CallAttributes {
 public:
  explicit CallAttributes(std::vector<detail::Attribute> attributes) : attributes_(std::move(attributes)) {}
  /// Null if there is none of this name or it was left out.
  const detail::Attribute::Value* find(const char* name) const;
  int64_t integer(const char* name, int64_t otherwise = 0) const { return optional_integer(name).value_or(otherwise); }
  std::optional<int64_t> optional_integer(const char* name) const;
  std::optional<Scalar> scalar(const char* name) const;
  double number(const char* name, double otherwise) const;
  bool flag(const char* name) const;
  std::string text(const char* name) const;
  /// Of a list, or of one integer; empty if there is none.
  std::vector<int64_t> integers(const char* name) const;
  std::optional<ScalarType> dtype(const char* name) const;

 private:
  std::vector<detail::Attribute> attributes_;
};

}}}  // namespace torch::xgrad::func
