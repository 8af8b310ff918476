// Where a loader stands, in an archive.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace data {

/// What a StatelessDataLoader saves beside its sampler and the requests of batches that were not handed out.
struct XGRAD_API LoaderPosition {
  // What loaders must have in common.
  size_t batch_size;
  bool drop_last;
  std::optional<size_t> dataset_size;
  std::string sampler;  // its type
  // Where it stands.
  uint64_t epoch;
  size_t place;  // of the next batch to be asked for
  bool running;  // false: no epoch has begun

  void save(serialize::OutputArchive& archive) const;
  /// Throws when the archive holds no position.
  static LoaderPosition load(const serialize::InputArchive& archive);
  /// Throws, naming the difference, unless this can be the position of a loader like that of `other`.
  void check_fits(const LoaderPosition& other) const;
};

}}}  // namespace torch::xgrad::data
