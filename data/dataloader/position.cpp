#include <xgrad/data/dataloader/position.h>

namespace torch { inline namespace xgrad { namespace data {

namespace {

IValue read_value(const serialize::InputArchive& archive, const char* key) {
  IValue value;
  archive.read(key, value);
  return value;
}

std::string in_words(const std::optional<size_t>& size) { return size ? std::to_string(*size) + " examples" : "no size"; }

}  // namespace

void LoaderPosition::save(serialize::OutputArchive& archive) const {
  archive.write("batch_size", IValue(batch_size));
  archive.write("drop_last", IValue(drop_last));
  archive.write("dataset_size", IValue(dataset_size));
  archive.write("sampler_type", IValue(sampler));
  archive.write("epoch", IValue(epoch));
  archive.write("place", IValue(place));
  archive.write("running", IValue(running));
}

LoaderPosition LoaderPosition::load(const serialize::InputArchive& archive) {
  return {read_value(archive, "batch_size").to<size_t>(),
          read_value(archive, "drop_last").toBool(),
          read_value(archive, "dataset_size").toOptional<size_t>(),
          read_value(archive, "sampler_type").toStringRef(),
          read_value(archive, "epoch").to<uint64_t>(),
          read_value(archive, "place").to<size_t>(),
          read_value(archive, "running").toBool()};
}

void LoaderPosition::check_fits(const LoaderPosition& other) const {
  XGRAD_CHECK(sampler == other.sampler, "[DataLoader] load: the saved position is that of a ", sampler, ", this loader has a ", other.sampler);
  XGRAD_CHECK(dataset_size == other.dataset_size, "[DataLoader] load: the dataset that was saved from has ", in_words(dataset_size),
              ", this loader's has ", in_words(other.dataset_size));
  XGRAD_CHECK(batch_size == other.batch_size, "[DataLoader] load: the saved position is that of a loader with batch_size ", batch_size,
              ", this one's is ", other.batch_size);
  XGRAD_CHECK(drop_last == other.drop_last, "[DataLoader] load: the saved position is that of a loader with drop_last ", drop_last,
              ", this one's is ", other.drop_last);
}

}}}  // namespace torch::xgrad::data
