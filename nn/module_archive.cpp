// Saving modules to archives and loading them.
//
// Note: loading as one step
//
// load() is virtual: a module may read what it likes, call Module::load for the rest and work with what that read. So
// tensors are set as they are read, and the outermost load undoes all of it when anything was missing, did not fit or
// threw. The tensors of the whole tree that were missing or did not fit are told in one error.
#include <utility>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/archive.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad {
namespace nn {

/// A load of a tree of modules. One that begins while another runs on this thread is a part of it.
class ModuleLoad {
 public:
  explicit ModuleLoad(bool strict = true) : strict_(strict), outermost_(current == nullptr) {
    if (outermost_) current = this;
  }
  ModuleLoad(const ModuleLoad&) = delete;
  ModuleLoad& operator=(const ModuleLoad&) = delete;
  ~ModuleLoad() {
    if (!outermost_) return;
    current = nullptr;
    for (auto change = changes_.rbegin(); change != changes_.rend(); ++change) change->first.set_data(change->second);
  }

  /// Sets `tensor` to what the archive has under `key`.
  static void read(const serialize::InputArchive& archive, const std::string& key, const Tensor& tensor, bool is_buffer) {
    Tensor read;
    if (!archive.try_read(key, read, is_buffer) || !read.defined()) return missing(key, tensor);
    if (read.sizes() != tensor.sizes() || !is_held_by(read.dtype(), tensor.dtype())) return mismatch(key, read, tensor);
    current->changes_.emplace_back(tensor, tensor.detach());
    tensor.set_data(read.dtype() == tensor.dtype() ? read.detach() : copy_of(read.detach(), tensor.dtype()));
  }

  /// Notes the tensors of a submodule that has no archive.
  static void missing(const std::string& name, const Module& module) {
    for (const auto& item : module.named_parameters()) missing(name + "." + item.key(), item.value());
    for (const auto& item : module.named_buffers()) missing(name + "." + item.key(), item.value());
  }

  /// Loads a submodule; its keys are told with its name in front.
  static void descend(const std::string& name, Module& module, serialize::InputArchive& archive) {
    struct Path {
      explicit Path(const std::string& name) : outer(current->path_.size()) { current->path_ += name + "."; }
      ~Path() { current->path_.resize(outer); }
      const size_t outer;
    } path(name);
    module.load(archive);
  }

  /// `what` is its dtype and shape.
  static void unexpected(const std::string& path, const std::string& what) { current->unexpected_.push_back({path, what}); }

  /// Keeps what was read and returns what was missing and unexpected; the outermost throws if anything did not fit, and where it is strict for
  /// those too.
  IncompatibleKeys finish(const Module& module) {
    if (!outermost_) return {};
    std::string problems;
    if (strict_) tell(problems, " Missing key(s): ", missing_);
    if (strict_) tell(problems, " Unexpected key(s): ", unexpected_);
    for (const std::string& mismatch : mismatches_) problems += " " + mismatch + ".";
    XGRAD_CHECK(problems.empty(), "[load] the archive does not fit ", module.name(), ".", problems);
    changes_.clear();
    return {names_of(missing_), names_of(unexpected_)};
  }

 private:
  struct Key {
    std::string name, what;
  };

  static void missing(const std::string& key, const Tensor& tensor) {
    current->missing_.push_back({current->path_ + key, xgrad::detail::concatenate(tensor)});
  }
  // True iff `tensor` can hold all values of another dtype of its kind.
  static bool is_held_by(ScalarType read, ScalarType tensor) {
    return read == tensor || (read != kBool && isFloatingType(read) == isFloatingType(tensor) && promote_types(read, tensor) == tensor);
  }
  static void mismatch(const std::string& key, const Tensor& read, const Tensor& tensor) {
    const char* what = read.sizes() != tensor.sizes() ? "size" : "dtype";
    current->mismatches_.push_back(
        xgrad::detail::concatenate(what, " mismatch for ", current->path_, key, ": ", read, " in the archive, ", tensor, " in the module"));
  }
  static void tell(std::string& text, const char* what, const std::vector<Key>& keys) {
    if (keys.empty()) return;
    text += what;
    for (const Key& key : keys) text += (&key == keys.data() ? "" : ", ") + key.name + " (" + key.what + ")";
    text += '.';
  }
  static std::vector<std::string> names_of(const std::vector<Key>& keys) {
    std::vector<std::string> names;
    for (const Key& key : keys) names.push_back(key.name);
    return names;
  }

  static thread_local ModuleLoad* current;

  const bool strict_, outermost_;
  std::string path_;
  std::vector<std::pair<Tensor, Tensor>> changes_;  // tensors, and what they showed before
  std::vector<Key> missing_, unexpected_;
  std::vector<std::string> mismatches_;
};

thread_local ModuleLoad* ModuleLoad::current = nullptr;

void Module::save(serialize::OutputArchive& archive) const {
  for (const auto& item : parameters_)
    if (item->defined()) archive.write(item.key(), *item);
  for (const auto& item : buffers_)
    if (item->defined()) archive.write(item.key(), *item, /*is_buffer=*/true);
  for (const auto& child : children_) {
    if (!child.value()->is_serializable()) continue;
    serialize::OutputArchive nested;
    child.value()->save(nested);
    archive.write(child.key(), nested);
  }
}

void Module::load(serialize::InputArchive& archive) {
  ModuleLoad load;
  for (const auto& item : parameters_)
    if (item->defined()) ModuleLoad::read(archive, item.key(), *item, /*is_buffer=*/false);
  for (const auto& item : buffers_)
    if (item->defined()) ModuleLoad::read(archive, item.key(), *item, /*is_buffer=*/true);
  for (const auto& child : children_) {
    if (!child.value()->is_serializable()) continue;
    serialize::InputArchive nested;
    if (archive.try_read(child.key(), nested)) ModuleLoad::descend(child.key(), *child.value(), nested);
    else ModuleLoad::missing(child.key(), *child.value());
  }
  load.finish(*this);
}

IncompatibleKeys Module::load_state_dict(serialize::InputArchive& archive, bool strict) {
  ModuleLoad loading(strict);
  load(archive);
  for (const std::string& path : archive.unread()) ModuleLoad::unexpected(path, archive.describe(path));
  return loading.finish(*this);
}

IncompatibleKeys Module::load_state_dict(const OrderedDict<std::string, Tensor>& state, bool strict) {
  serialize::OutputArchive out;
  out << state;
  serialize::InputArchive in(out);
  return load_state_dict(in, strict);
}

OrderedDict<std::string, Tensor> Module::state_dict() const {
  OrderedDict<std::string, Tensor> state("Key");
  const auto collect = [&state](const std::string& path, const Module& module) {
    for (const auto* tensors : {&module.parameters_, &module.buffers_})
      for (const auto& item : *tensors)
        if (item->defined()) state.insert(path.empty() ? item.key() : path + "." + item.key(), item->detach());
  };
  apply(ConstNamedModuleApplyFunction(collect));
  return state;
}

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const std::shared_ptr<Module>& module) {
  XGRAD_CHECK(module != nullptr, "[save] Cannot serialize empty module");
  module->save(archive);
  return archive;
}

serialize::InputArchive& operator>>(serialize::InputArchive& archive, const std::shared_ptr<Module>& module) {
  XGRAD_CHECK(module != nullptr, "[load] Cannot deserialize empty module");
  module->load_state_dict(archive);
  return archive;
}

}  // namespace nn

serialize::OutputArchive& operator<<(serialize::OutputArchive& archive, const OrderedDict<std::string, Tensor>& tensors) {
  for (const auto& item : tensors) archive.write_at(item.key(), item.value());
  return archive;
}

serialize::InputArchive& operator>>(serialize::InputArchive& archive, OrderedDict<std::string, Tensor>& tensors) {
  OrderedDict<std::string, Tensor> read(tensors.key_description());
  for (const std::string& path : archive.paths()) archive.read(path, read.insert(path, Tensor()));
  tensors = std::move(read);
  return archive;
}

}}  // namespace torch::xgrad
