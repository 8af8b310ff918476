#include <xgrad/data/samplers/request.h>

#include <xgrad/data/samplers/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers::detail {

void save_indices(serialize::OutputArchive& archive, const std::vector<size_t>& indices) {
  archive.write("indices", IValue(std::vector<int64_t>(indices.begin(), indices.end())));
}

std::vector<size_t> load_indices(const serialize::InputArchive& archive) {
  IValue indices;
  archive.read("indices", indices);
  return std::vector<size_t>(indices.toIntVector().begin(), indices.toIntVector().end());
}

void save_size(serialize::OutputArchive& archive, size_t size) { archive.write("size", IValue(size)); }
size_t load_size(const serialize::InputArchive& archive) { return read_count(archive, "size"); }

}}}  // namespace torch::xgrad::data::samplers::detail
