// torch::save and torch::load.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/io/archive.h>
#include <xgrad/io/pickle/pickle.h>

namespace torch { inline namespace xgrad {
namespace serialize {

XGRAD_API OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor);
XGRAD_API InputArchive& operator>>(InputArchive& archive, Tensor& tensor);
XGRAD_API OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors);
/// Appends to `tensors`.
XGRAD_API InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors);
/// Under their names, which are paths: keys joined by dots, as in a state dict.
XGRAD_API OutputArchive& operator<<(OutputArchive& archive, const std::map<std::string, Tensor>& tensors);
XGRAD_API OutputArchive& operator<<(OutputArchive& archive, const std::unordered_map<std::string, Tensor>& tensors);
/// `tensors` become those of the archive, whatever wrote it. Throws, and changes nothing, when it holds anything else.
XGRAD_API InputArchive& operator>>(InputArchive& archive, std::map<std::string, Tensor>& tensors);
XGRAD_API InputArchive& operator>>(InputArchive& archive, std::unordered_map<std::string, Tensor>& tensors);
/// The state of a generator: what follows will be what would have followed.
XGRAD_API OutputArchive& operator<<(OutputArchive& archive, const Generator& generator);
XGRAD_API InputArchive& operator>>(InputArchive& archive, Generator& generator);

template <class T> using SavesItself = decltype(std::declval<const T&>().save(std::declval<OutputArchive&>()));
template <class T> using LoadsItself = decltype(std::declval<T&>().load(std::declval<InputArchive&>()));

/// Anything with `save(OutputArchive&)` and `load(InputArchive&)`: modules, optimizers.
template <class T, class = SavesItself<T>> OutputArchive& operator<<(OutputArchive& archive, const T& value) {
  value.save(archive);
  return archive;
}
template <class T, class = LoadsItself<T>> InputArchive& operator>>(InputArchive& archive, T& value) {
  value.load(archive);
  return archive;
}

}  // namespace serialize

/// Saves a tensor, a vector or a map of tensors, a module, an optimizer, a generator, a checkpoint, or anything with an
/// operator<< on an OutputArchive, to a file name, a std::ostream or a function, as OutputArchive::save_to does.
template <class Value, class... To> void save(const Value& value, To&&... to) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<To>(to)...);
}

/// Loads what save() wrote from a file name, a std::istream or memory, as InputArchive::load_from does. Modules and
/// optimizers must have been made as they were when saved.
template <class Value, class... From> void load(Value& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  archive >> value;
}

}}  // namespace torch::xgrad
