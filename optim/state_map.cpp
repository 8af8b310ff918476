#include <xgrad/optim/state_map.h>

#include <utility>

namespace torch { inline namespace xgrad { namespace optim {

StateMap::StateMap(StateMap&& other) : Map(std::move(static_cast<Map&>(other))), removals_(other.removals_++) {}

StateMap& StateMap::operator=(StateMap&& other) {
  swap(other);
  other.clear();
  return *this;
}

StateMap::iterator StateMap::erase(const_iterator position) { return ++removals_, Map::erase(position); }
StateMap::iterator StateMap::erase(iterator position) { return ++removals_, Map::erase(position); }
StateMap::size_type StateMap::erase(const key_type& parameter) { return ++removals_, Map::erase(parameter); }
void StateMap::clear() { ++removals_, Map::clear(); }

void StateMap::swap(StateMap& other) {
  Map::swap(other);
  ++removals_, ++other.removals_;
}

}}}  // namespace torch::xgrad::optim
