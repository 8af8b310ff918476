#include <xgrad/io/tensor_list.h>

namespace torch { inline namespace xgrad { namespace serialize {

std::vector<Tensor> read_list(const InputArchive& archive, const std::string& key) {
  InputArchive list;
  archive.read(key, list);
  std::vector<Tensor> tensors(list.keys().size());
  for (size_t i = 0; i < tensors.size(); ++i) list.read(std::to_string(i), tensors[i], true);
  return tensors;
}

std::vector<Tensor> read_list_like(const InputArchive& archive, const std::string& key, const std::vector<Tensor>& like, const char* reader) {
  std::vector<Tensor> tensors = read_list(archive, key);
  XGRAD_CHECK(tensors.size() == like.size(), "[", reader, "] expected ", like.size(), " tensors under ", key, ", got ", tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i)
    XGRAD_CHECK(tensors[i].defined() && tensors[i].sizes() == like[i].sizes() && tensors[i].dtype() == like[i].dtype(), "[", reader, "] ", key, '.',
                i, " is ", tensors[i], ", expected ", like[i]);
  return tensors;
}

}}}  // namespace torch::xgrad::serialize
