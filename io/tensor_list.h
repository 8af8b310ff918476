// Lists of tensors in archives. Internal.
#pragma once

#include <string>
#include <vector>

#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace serialize {

/// Writes them under `key`, numbered from 0.
template <class List> void write_list(OutputArchive& archive, const std::string& key, const List& tensors) {
  OutputArchive list;
  size_t i = 0;
  for (const Tensor& t : tensors) list.write(std::to_string(i++), t, true);
  archive.write(key, list);
}

/// The tensors that write_list() wrote.
std::vector<Tensor> read_list(const InputArchive& archive, const std::string& key);

/// The same; throws unless they have the number, shapes and dtypes of `like`. `reader` begins the error.
std::vector<Tensor> read_list_like(const InputArchive& archive, const std::string& key, const std::vector<Tensor>& like, const char* reader);

}}}  // namespace torch::xgrad::serialize
