// What an optimizer written for libtorch saves and loads itself with: macros for the options and the state of each parameter, and functions
// for the optimizer as a whole, which is saved as those of this library are (optim/archive.cpp).
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <torch/types.h>
#include <xgrad/autograd/engine/ivalue.h>
#include <xgrad/io/archive.h>
#include <xgrad/optim/optim.h>

namespace torch { inline namespace xgrad { namespace optim {

namespace detail {

using Betas = std::tuple<double, double>;

/// One after the other, under their numbers.
template <class Container> void write_tensors(serialize::OutputArchive& archive, const std::string& key, const Container& tensors) {
  serialize::OutputArchive list;
  for (size_t i = 0; i < tensors.size(); ++i) list.write(std::to_string(i), tensors[i], /*is_buffer=*/true);
  archive.write(key, list);
}
/// Adds what write_tensors() wrote to `tensors`.
template <class Container> void read_tensors(const serialize::InputArchive& archive, const std::string& key, Container& tensors) {
  serialize::InputArchive list;
  archive.read(key, list);
  for (size_t i = 0, count = list.keys().size(); i < count; ++i) {
    tensors.emplace_back();
    list.read(std::to_string(i), tensors.back(), /*is_buffer=*/true);
  }
}

/// A value of an options or state class. An undefined tensor is left out.
template <class T> void write_argument(serialize::OutputArchive& archive, const char* key, const T& value) {
  if constexpr (std::is_base_of_v<Tensor, T>) {
    if (value.defined()) archive.write(key, value, /*is_buffer=*/true);
  } else if constexpr (std::is_same_v<T, Betas>) {
    archive.write(key, IValue(std::vector<double>{std::get<0>(value), std::get<1>(value)}));
  } else {
    archive.write(key, IValue(value));
  }
}
/// Calls take(the value that was written under `key`). Throws when there is none, unless it is a tensor.
template <class T, class Take> void read_argument(const serialize::InputArchive& archive, const char* key, const Take& take) {
  if constexpr (std::is_base_of_v<Tensor, T>) {
    Tensor value;
    if (archive.try_read(key, value, /*is_buffer=*/true)) take(value);
  } else {
    IValue value;
    archive.read(key, value);
    if constexpr (std::is_same_v<T, Betas>) {
      const std::vector<double> pair = value.toDoubleVector();
      XGRAD_CHECK(pair.size() == 2, "[load] expected two numbers for ", key, ", got ", pair.size());
      take(Betas(pair[0], pair[1]));
    } else {
      take(value.to<T>());
    }
  }
}
/// The same of a std::optional<T>; nothing is called when there is none.
template <class T, class Take> void read_optional_argument(const serialize::InputArchive& archive, const char* key, const Take& take) {
  IValue value;
  if (archive.try_read(key, value)) take(value.toOptional<T>());
}

}  // namespace detail

/// Options and state of a whole optimizer; `State` and `Options` are its classes. Loading throws as Optimizer::load() does. Programs look for
/// "pytorch_version" before they load.
template <class State, class Options> void serialize(serialize::OutputArchive& archive, const Optimizer& optimizer) {
  static_assert(std::is_base_of_v<OptimizerParamState, State> && std::is_base_of_v<OptimizerOptions, Options>);
  archive.write("pytorch_version", IValue("1.5.0"));
  optimizer.Optimizer::save(archive);
}
template <class State, class Options> void serialize(serialize::InputArchive& archive, Optimizer& optimizer) {
  static_assert(std::is_base_of_v<OptimizerParamState, State> && std::is_base_of_v<OptimizerOptions, Options>);
  optimizer.Optimizer::load(archive, [] { return std::unique_ptr<OptimizerParamState>(std::make_unique<State>()); });
}

/// A deque as a list and a list as a deque: programs name them beside the macros for a DEQUE.
template <class T> std::vector<T> deque_to_list(const std::deque<T>& values) { return {values.begin(), values.end()}; }
template <class T> std::deque<T> list_to_deque(const std::vector<T>& values) { return {values.begin(), values.end()}; }

/// A number, several numbers, or buffers: a container of tensors, which loading replaces.
inline void serialize(serialize::OutputArchive& archive, const std::string& key, const int64_t& value) { archive.write(key, IValue(value)); }
inline void serialize(serialize::InputArchive& archive, const std::string& key, int64_t& value) {
  detail::read_argument<int64_t>(archive, key.c_str(), [&](int64_t v) { value = v; });
}
inline void serialize(serialize::OutputArchive& archive, const std::string& key, const std::vector<int64_t>& steps) {
  archive.write(key, IValue(steps));
}
inline void serialize(serialize::InputArchive& archive, const std::string& key, std::vector<int64_t>& steps) {
  detail::read_argument<std::vector<int64_t>>(archive, key.c_str(), [&](std::vector<int64_t> v) { steps = std::move(v); });
}
template <class Container> void serialize(serialize::OutputArchive& archive, const std::string& key, const Container& buffers) {
  detail::write_tensors(archive, key, buffers);
}
template <class Container> void serialize(serialize::InputArchive& archive, const std::string& key, Container& buffers) {
  buffers.clear();
  detail::read_tensors(archive, key, buffers);
}

}}}  // namespace torch::xgrad::optim

// In a serialize(Self& self, Archive& archive) of an optimizer.
#define _TORCH_OPTIM_SERIALIZE(name) torch::optim::serialize(archive, #name, self.name)
#define _TORCH_OPTIM_SERIALIZE_WITH_TEMPLATE_ARG(OptimizerName) \
  torch::optim::serialize<OptimizerName##ParamState, OptimizerName##Options>(archive, self)

// In the serialize(archive) of its options and states, of what TORCH_ARG declares. A DEQUE is one of tensors.
#define _TORCH_OPTIM_SERIALIZE_TORCH_ARG(name) torch::optim::detail::write_argument(archive, #name, name())
#define _TORCH_OPTIM_DESERIALIZE_TORCH_ARG(T, name) \
  torch::optim::detail::read_argument<T>(archive, #name, [&](const T& read_##name) { name(read_##name); })
#define _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_OPTIONAL(T, name) \
  torch::optim::detail::read_optional_argument<T>(archive, #name, [&](const c10::optional<T>& read_##name) { name(read_##name); })
#define _TORCH_OPTIM_SERIALIZE_TORCH_ARG_DEQUE(name) torch::optim::detail::write_tensors(archive, #name, name())
#define _TORCH_OPTIM_DESERIALIZE_TORCH_ARG_DEQUE(T, name)            \
  do {                                                               \
    T read_##name;                                                   \
    torch::optim::detail::read_tensors(archive, #name, read_##name); \
    name(read_##name);                                               \
  } while (false)
