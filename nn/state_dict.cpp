#include <xgrad/nn/state_dict.h>

#include <map>
#include <optional>

#include <xgrad/io/archive.h>
#include <xgrad/io/tensor_files.h>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

// What a module calls the names of a state.
class StateNames {
 public:
  explicit StateNames(const StateDictOptions& options) : options_(options) {}

  bool keep_all() const { return options_.prefix().empty() && !options_.rename(); }

  /// None: the name is left out.
  std::optional<std::string> operator()(const std::string& name) {
    const std::string& prefix = options_.prefix();
    if (name.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
    std::string own = name.substr(prefix.size());
    if (options_.rename()) own = options_.rename()(own);
    if (own.empty()) return std::nullopt;
    const auto [place, is_new] = names_.emplace(own, name);
    XGRAD_CHECK(is_new, "[load_state_dict] both ", place->second, " and ", name, " become ", own);
    return own;
  }

 private:
  const StateDictOptions& options_;
  std::map<std::string, std::string> names_;  // new and old
};

}  // namespace

OrderedDict<std::string, Tensor> state_dict(const Module& module, const std::string& prefix) {
  OrderedDict<std::string, Tensor> state("Key");
  for (const auto& item : module.state_dict()) state.insert(prefix + item.key(), item.value());
  return state;
}

IncompatibleKeys load_state_dict(Module& module, const OrderedDict<std::string, Tensor>& state, const StateDictOptions& options) {
  StateNames names(options);
  OrderedDict<std::string, Tensor> own("Key");
  for (const auto& item : state)
    if (const auto name = names(item.key())) own.insert(*name, item.value());
  return module.load_state_dict(own, options.strict());
}

IncompatibleKeys load_state_dict(Module& module, const std::string& path, const StateDictOptions& options) {
  StateNames names(options);
  serialize::InputArchive archive;
  archive.load_from(path);
  if (names.keep_all()) return module.load_state_dict(archive, options.strict());
  OrderedDict<std::string, Tensor> own("Key");
  for (const std::string& name : archive.paths()) {
    const auto own_name = names(name);
    if (!own_name) continue;
    Tensor tensor;
    archive.try_read(name, tensor);
    own.insert(*own_name, tensor);  // undefined where there is another value, and so unexpected
  }
  return module.load_state_dict(own, options.strict());
}

void save_state_dict(const Module& module, const std::string& path, const std::string& prefix) {
  io::NamedTensors tensors;
  for (const auto& item : module.state_dict()) tensors.emplace(prefix + item.key(), item.value());
  io::save_tensors(path, tensors);
}

}}}  // namespace torch::xgrad::nn
