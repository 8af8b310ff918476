// Plain values in the files of torch.save: a zip file of a pickle and of the elements of tensors.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <xgrad/autograd/engine/ivalue.h>

namespace torch { inline namespace xgrad {

/// The bytes of a file that Python's torch.load and libtorch's pickle_load read: a tensor, number, bool, string, None, or lists, tuples and
/// dictionaries of such values, no more than 200 inside one another. Several tensors on one storage share it there too, and it is written whole.
/// Throws where values lie deeper and for a string that is not UTF-8.
XGRAD_API std::vector<char> pickle_save(const IValue& value);

/// The value of such a file, or of one that Python's torch.save wrote. Nothing is run and no class made: whatever is neither a plain value, a tensor
/// nor an OrderedDict is refused by its name. A parameter becomes a tensor that requires a gradient. Tensors on one storage share memory. Throws,
/// saying what is wrong, when the bytes are damaged. Files of PyTorch before 1.6 are read too; they have no checksums.
XGRAD_API IValue pickle_load(const std::vector<char>& data);

namespace io {
class ZipReader;
/// True iff a zip file is one of PyTorch's.
bool is_pickle(const ZipReader& file);
/// The value of a file; objects of a module's classes, as libtorch saves them, become dictionaries of their attributes.
IValue read_pickle(const ZipReader& file);
/// What pickle_save returns.
void write_pickle(const IValue& value, const std::function<void(const void* data, size_t size)>& sink);
}  // namespace io

namespace jit {
using xgrad::pickle_load;
using xgrad::pickle_save;
}  // namespace jit

}}  // namespace torch::xgrad
