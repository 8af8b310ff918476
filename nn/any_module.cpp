#include <xgrad/nn/any_module.h>

namespace torch { inline namespace xgrad { namespace nn {

/// Reaches the protected methods that FORWARD_HAS_DEFAULT_ARGS overrides.
struct ForwardDefaults {
  static bool exist(Module& m) { return m._forward_has_default_args(); }
  static size_t required(Module& m) { return m._forward_num_required_args(); }
  static std::vector<AnyValue> fill(Module& m, std::vector<AnyValue>&& arguments) { return m._forward_populate_default_args(std::move(arguments)); }
};

namespace internal {

AnyModuleContent::~AnyModuleContent() = default;

AnyValue* AnyModuleContent::complete(AnyValue* arguments, size_t count, size_t expected, std::vector<AnyValue>& completed) const {
  Module& m = *module_;
  const std::string name = type_name(type_);
  if (!ForwardDefaults::exist(m))
    detail::raise<Error>("[AnyModule] ", name, "'s forward() method expects ", expected, " argument(s), but received ", count, ".",
                         count > expected ? ""
                                          : " If " + name +
                                                "'s forward() method has default arguments, please make sure the forward() method "
                                                "is declared with a corresponding `FORWARD_HAS_DEFAULT_ARGS` macro.");
  const size_t required = ForwardDefaults::required(m);
  XGRAD_CHECK(count >= required && count <= expected, "[AnyModule] ", name, "'s forward() method expects at least ", required,
              " argument(s) and at most ", expected, " argument(s), but received ", count, ".");
  completed.assign(std::make_move_iterator(arguments), std::make_move_iterator(arguments + count));
  completed = ForwardDefaults::fill(m, std::move(completed));
  XGRAD_CHECK(completed.size() == expected, "[AnyModule] ", name, "'s FORWARD_HAS_DEFAULT_ARGS gives ", completed.size(),
              " arguments, but forward() takes ", expected);
  return completed.data();
}

void AnyModuleContent::refuse_argument(size_t index, const std::type_info& expected, const std::type_info& got) {
  detail::raise<TypeError>("[AnyModule] Expected argument #", index, " to be of type ", type_name(expected), ", but received value of type ",
                           type_name(got));
}

}  // namespace internal

AnyModule AnyModule::clone(const std::optional<Device>& device) const {
  AnyModule copy;
  if (content_) copy.content_ = content_->clone(device);
  return copy;
}

}}}  // namespace torch::xgrad::nn
