#include <xgrad/io/safetensors/file.h>

#include <xgrad/io/safetensors/layout.h>

namespace torch { inline namespace xgrad { namespace io {

SafetensorsFile::SafetensorsFile(const std::string& path) : reader_(std::make_shared<const LayoutReader>(open_source(path))) {}

std::vector<std::string> SafetensorsFile::names() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : reader_->header().tensors) names.push_back(name);
  return names;
}

bool SafetensorsFile::has(const std::string& name) const { return reader_->header().tensors.count(name) > 0; }

TensorInfo SafetensorsFile::info(const std::string& name) const {
  const auto found = reader_->header().tensors.find(name);
  XGRAD_CHECK(found != reader_->header().tensors.end(), "[load] ", reader_->name(), ": there is no tensor ", name);
  return {found->second.dtype_name, found->second.shape, found->second.end - found->second.begin};
}

const Metadata& SafetensorsFile::metadata() const { return reader_->header().metadata; }
Tensor SafetensorsFile::read(const std::string& name) const { return reader_->read({name}).begin()->second; }
Tensor SafetensorsFile::map(const std::string& name) const { return reader_->map(name); }

}}}  // namespace torch::xgrad::io
