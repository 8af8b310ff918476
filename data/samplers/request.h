// What samplers ask datasets for, in archives.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/data/samplers/stream.h>
#include <xgrad/io/archive.h>

namespace torch { inline namespace xgrad { namespace data::samplers {

namespace detail {
template <class T, class = void> struct KeepsItself : std::false_type {};
template <class T>
struct KeepsItself<T, std::void_t<decltype(std::declval<const T&>().save(std::declval<serialize::OutputArchive&>())),
                                  decltype(std::declval<T&>().load(std::declval<serialize::InputArchive&>()))>> : std::is_default_constructible<T> {};

XGRAD_API void save_indices(serialize::OutputArchive& archive, const std::vector<size_t>& indices);
XGRAD_API std::vector<size_t> load_indices(const serialize::InputArchive& archive);
XGRAD_API void save_size(serialize::OutputArchive& archive, size_t size);
XGRAD_API size_t load_size(const serialize::InputArchive& archive);
}  // namespace detail

/// True iff an archive can hold a request of this type: indices, a number of examples, or one of your own that can be made without
/// arguments and has `save(OutputArchive&) const` and `load(InputArchive&)`.
template <class Request>
constexpr bool is_saved_request = std::is_same_v<Request, std::vector<size_t>> || std::is_same_v<Request, BatchSize> ||
                                  std::is_same_v<Request, size_t> || detail::KeepsItself<Request>::value;

/// Writes `request`, one of these, to an archive that has no other.
template <class Request> void save_request(serialize::OutputArchive& archive, const Request& request) {
  if constexpr (std::is_same_v<Request, std::vector<size_t>>) detail::save_indices(archive, request);
  else if constexpr (std::is_convertible_v<Request, size_t>) detail::save_size(archive, request);
  else if constexpr (detail::KeepsItself<Request>::value) request.save(archive);
}

template <class Request> Request load_request(serialize::InputArchive& archive) {
  if constexpr (std::is_same_v<Request, std::vector<size_t>>) return detail::load_indices(archive);
  else if constexpr (std::is_convertible_v<Request, size_t>) return Request(detail::load_size(archive));
  else {
    Request request;
    request.load(archive);
    return request;
  }
}

}}}  // namespace torch::xgrad::data::samplers
