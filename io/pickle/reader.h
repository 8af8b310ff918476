// The machine that makes values of a pickle. Internal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/io/pickle/storages.h>
#include <xgrad/io/source.h>

namespace torch { inline namespace xgrad { namespace io {

/// The storage that a pickle names: `numel` is how many elements it says that there are. Asked once for each key.
using StorageFinder = std::function<Storage(const std::string& key, ScalarType dtype, uint64_t numel)>;

struct Pickled {
  IValue value;
  uint64_t end;  ///< what follows begins here
};

/// The value of the pickle that begins at a byte of `source`. Throws, naming the source and what is wrong.
Pickled read_one_pickle(const Source& source, uint64_t begin, const StorageFinder& find_storage);

/// True iff the bytes begin as those that torch.save wrote before PyTorch 1.6 and writes when asked to.
bool is_legacy_pickle(const Source& source);
/// The value of such a file.
IValue read_legacy_pickle(const Source& source);

}}}  // namespace torch::xgrad::io
