// Counts in the archives of samplers.
#pragma once

#include <cstddef>
#include <string>

#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

/// The number saved as `key`; throws when it is negative.
size_t read_count(const serialize::InputArchive& archive, const std::string& key);

/// How far a sampler is: `index` of `size`.
void save_place(serialize::OutputArchive& archive, size_t index, size_t size);
/// Throws, and changes nothing, when there is no such place.
void load_place(const serialize::InputArchive& archive, size_t& index, size_t& size);

}}}  // namespace torch::xgrad::data::samplers
