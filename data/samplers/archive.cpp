#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

size_t read_count(const serialize::InputArchive& archive, const std::string& key) {
  IValue value;
  archive.read(key, value);
  XGRAD_CHECK(value.toInt() >= 0, "[Sampler] load: ", key, " must be at least 0, got ", value.toInt());
  return static_cast<size_t>(value.toInt());
}

void save_place(serialize::OutputArchive& archive, size_t index, size_t size) {
  archive.write("index", IValue(index));
  archive.write("size", IValue(size));
}

void load_place(const serialize::InputArchive& archive, size_t& index, size_t& size) {
  const size_t saved_index = read_count(archive, "index"), saved_size = read_count(archive, "size");
  XGRAD_CHECK(saved_index <= saved_size, "[Sampler] load: position ", saved_index, " is outside the ", saved_size, " examples");
  index = saved_index;
  size = saved_size;
}

}}}  // namespace torch::xgrad::data::samplers
