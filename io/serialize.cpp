#include <xgrad/io/serialize.h>

#include <string>

namespace torch { inline namespace xgrad { namespace serialize {

OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}

OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(std::to_string(i), tensors[i]);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors) {
  Tensor tensor;
  for (size_t i = 0; archive.try_read(std::to_string(i), tensor); ++i) tensors.push_back(std::exchange(tensor, Tensor()));
  return archive;
}

namespace {

template <class Map> OutputArchive& write_map(OutputArchive& archive, const Map& tensors) {
  for (const auto& [name, tensor] : tensors) archive.write_at(name, tensor);
  return archive;
}

template <class Map> InputArchive& read_map(InputArchive& archive, Map& tensors) {
  Map read;
  for (const std::string& path : archive.paths()) archive.read(path, read[path]);
  tensors = std::move(read);
  return archive;
}

}  // namespace

OutputArchive& operator<<(OutputArchive& archive, const std::map<std::string, Tensor>& tensors) { return write_map(archive, tensors); }
OutputArchive& operator<<(OutputArchive& archive, const std::unordered_map<std::string, Tensor>& tensors) { return write_map(archive, tensors); }
InputArchive& operator>>(InputArchive& archive, std::map<std::string, Tensor>& tensors) { return read_map(archive, tensors); }
InputArchive& operator>>(InputArchive& archive, std::unordered_map<std::string, Tensor>& tensors) { return read_map(archive, tensors); }

OutputArchive& operator<<(OutputArchive& archive, const Generator& generator) {
  archive.write("state", generator.get_state(), /*is_buffer=*/true);
  return archive;
}

InputArchive& operator>>(InputArchive& archive, Generator& generator) {
  Tensor state;
  archive.read("state", state, /*is_buffer=*/true);
  generator.set_state(state);
  return archive;
}

}}}  // namespace torch::xgrad::serialize
