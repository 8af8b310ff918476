// The states an optimizer keeps, by parameter.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <unordered_map>

#include <xgrad/optim/options.h>

namespace torch { inline namespace xgrad { namespace optim {

/// A std::unordered_map from the address of a parameter's TensorImpl to its state. It counts removals: until the next
/// one, a state's place (the unique_ptr) stays where it is, so that a step needs no look-ups.
class XGRAD_API StateMap : private std::unordered_map<const void*, std::unique_ptr<OptimizerParamState>> {
  using Map = std::unordered_map<const void*, std::unique_ptr<OptimizerParamState>>;

 public:
  using typename Map::const_iterator;
  using typename Map::iterator;
  using typename Map::key_type;
  using typename Map::mapped_type;
  using typename Map::size_type;
  using typename Map::value_type;

  StateMap() = default;
  StateMap(StateMap&& other);
  ~StateMap();
  StateMap& operator=(StateMap&& other);

  /// By the address as text, "0x...", which is libtorch's key: c10::guts::to_string(parameter.unsafeGetTensorImpl()).
  mapped_type& at(const std::string& address) { return Map::at(parameter_at(address)); }
  const mapped_type& at(const std::string& address) const { return Map::at(parameter_at(address)); }
  mapped_type& operator[](const std::string& address) { return Map::operator[](parameter_at(address)); }
  iterator find(const std::string& address) { return Map::find(parameter_at(address)); }
  const_iterator find(const std::string& address) const { return Map::find(parameter_at(address)); }
  size_type count(const std::string& address) const { return Map::count(parameter_at(address)); }
  size_type erase(const std::string& address) { return erase(parameter_at(address)); }

  using Map::at;
  using Map::begin;
  using Map::cbegin;
  using Map::cend;
  using Map::count;
  using Map::emplace;
  using Map::empty;
  using Map::end;
  using Map::find;
  using Map::insert;
  using Map::insert_or_assign;
  using Map::operator[];
  using Map::reserve;
  using Map::size;
  using Map::try_emplace;

  iterator erase(const_iterator position);
  iterator erase(iterator position);
  size_type erase(const key_type& parameter);
  void clear();
  void swap(StateMap& other);

  /// Advances with each call that may have removed a state.
  uint64_t removals() const { return removals_; }

 private:
  void note_removal();
  static const void* parameter_at(const std::string& address) { return reinterpret_cast<const void*>(std::strtoull(address.c_str(), nullptr, 16)); }

  uint64_t removals_ = 0;
};

}  // namespace optim
}}  // namespace torch::xgrad
