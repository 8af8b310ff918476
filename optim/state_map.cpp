#include <xgrad/optim/state_map.h>

#include <utility>

#include <xgrad/autograd/core/step_observer.h>

namespace torch { inline namespace xgrad { namespace optim {

// Whoever kept the address of a state has to look again.
void StateMap::note_removal() {
  ++removals_;
  xgrad::detail::outdate_kept_launches();
}

StateMap::StateMap(StateMap&& other) : Map(std::move(static_cast<Map&>(other))), removals_(other.removals_) { other.note_removal(); }
StateMap::~StateMap() {
  if (!empty()) note_removal();
}

StateMap& StateMap::operator=(StateMap&& other) {
  swap(other);
  other.clear();
  return *this;
}

StateMap::iterator StateMap::erase(const_iterator position) { return note_removal(), Map::erase(position); }
StateMap::iterator StateMap::erase(iterator position) { return note_removal(), Map::erase(position); }
StateMap::size_type StateMap::erase(const key_type& parameter) { return note_removal(), Map::erase(parameter); }
void StateMap::clear() { note_removal(), Map::clear(); }

void StateMap::swap(StateMap& other) {
  Map::swap(other);
  note_removal(), other.note_removal();
}

}}}  // namespace torch::xgrad::optim
