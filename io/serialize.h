// torch::save and torch::load.
#pragma once

#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/io/archive.h>

namespace xgrad {
namespace serialize {

inline OutputArchive& operator<<(OutputArchive& archive, const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}
inline InputArchive& operator>>(InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}

inline OutputArchive& operator<<(OutputArchive& archive, const std::vector<Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) archive.write(std::to_string(i), tensors[i]);
  return archive;
}
/// Appends to `tensors`.
inline InputArchive& operator>>(InputArchive& archive, std::vector<Tensor>& tensors) {
  Tensor tensor;
  for (size_t i = 0; archive.try_read(std::to_string(i), tensor); ++i) tensors.push_back(std::exchange(tensor, Tensor()));
  return archive;
}

template <class T>
using SavesItself = decltype(std::declval<const T&>().save(std::declval<OutputArchive&>()));
template <class T>
using LoadsItself = decltype(std::declval<T&>().load(std::declval<InputArchive&>()));

/// Anything with `save(OutputArchive&)` and `load(InputArchive&)`: modules, optimizers.
template <class T, class = SavesItself<T>>
OutputArchive& operator<<(OutputArchive& archive, const T& value) {
  value.save(archive);
  return archive;
}
template <class T, class = LoadsItself<T>>
InputArchive& operator>>(InputArchive& archive, T& value) {
  value.load(archive);
  return archive;
}

}  // namespace serialize

/// Saves a tensor, a vector of tensors, a module, an optimizer, or anything with an operator<< on an OutputArchive, to
/// a file name, a std::ostream or a function, as OutputArchive::save_to does.
template <class Value, class... To>
void save(const Value& value, To&&... to) {
  serialize::OutputArchive archive;
  archive << value;
  archive.save_to(std::forward<To>(to)...);
}

/// Loads what save() wrote from a file name, a std::istream or memory, as InputArchive::load_from does. Modules and
/// optimizers must have been made as they were when saved.
template <class Value, class... From>
void load(Value& value, From&&... from) {
  serialize::InputArchive archive;
  archive.load_from(std::forward<From>(from)...);
  archive >> value;
}

}  // namespace xgrad
