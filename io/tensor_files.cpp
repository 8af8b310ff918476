#include <xgrad/io/tensor_files.h>

#include <algorithm>
#include <filesystem>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/archive_format.h>
#include <xgrad/io/file.h>
#include <xgrad/io/numpy/numpy.h>
#include <xgrad/io/pickle/pickle.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

void save_pickled(const std::string& path, const NamedTensors& tensors) {
  GenericDict dict;
  for (const auto& [name, tensor] : tensors) {
    XGRAD_CHECK(tensor.defined(), "[save] ", path, ": ", name, ": the tensor is undefined");
    dict.insert(name, tensor);
  }
  replace_file(path, [&](const Sink& sink) { write_pickle(dict, sink); });
}

}  // namespace

void save_tensors(const std::string& path, const NamedTensors& tensors) {
  const std::string ending = std::filesystem::path(path).extension().string();
  if (ending == ".pt" || ending == ".pth") return save_pickled(path, tensors);
  if (ending == ".npz") return save_npz(path, tensors);
  XGRAD_CHECK(ending == ".safetensors", "[save] ", path, ": the name must end in .pt, .pth, .npz or .safetensors, which says the format");
  save_safetensors(path, tensors);
}

NamedTensors load_tensors(const std::string& path, bool widen, std::vector<std::string>* others) {
  const Source source = open_source(path);
  auto tree = serialize::foreign_tree(source);
  if (!tree) tree = serialize::tree_of(serialize::read_entries(LayoutReader(source)));
  NamedTensors tensors;
  std::vector<std::string> rest;
  serialize::each_entry(*tree, /*marks=*/false, [&](const std::string& name, const serialize::ArchiveEntry& entry) {
    XGRAD_CHECK(entry.unreadable.empty(), "[load] ", path, ": ", name, ": dtype ", entry.unreadable, " is that of no tensor");
    if (!serialize::is_tensor(entry.kind)) return rest.push_back(name);
    const bool is_half = entry.tensor.dtype() == kHalf || entry.tensor.dtype() == kBFloat16;
    const Tensor tensor = widen && is_half ? copy_of(entry.tensor, kFloat) : entry.tensor;
    tensors.emplace(name, tensor.set_requires_grad(entry.requires_grad));
  });
  std::sort(rest.begin(), rest.end());
  if (others) *others = std::move(rest);
  return tensors;
}

}}}  // namespace torch::xgrad::io
