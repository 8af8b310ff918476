#include <xgrad/io/tensor_files.h>

#include <filesystem>

#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/io/archive.h>
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
  serialize::InputArchive archive;
  archive.load_from(path);
  NamedTensors tensors;
  if (others) others->clear();
  for (const std::string& name : archive.paths()) {
    Tensor tensor;
    if (!archive.try_read(name, tensor) || !tensor.defined()) {
      if (others) others->push_back(name);
      continue;
    }
    const bool is_half = tensor.dtype() == kHalf || tensor.dtype() == kBFloat16;
    tensors.emplace(name, widen && is_half ? copy_of(tensor.detach(), kFloat).set_requires_grad(tensor.requires_grad()) : tensor);
  }
  return tensors;
}

}}}  // namespace torch::xgrad::io
