#include <mutex>
#include <thread>

#include <xgrad/autograd/engine/sweep.h>
#include <xgrad/autograd/graph/record.h>

// Note: sweeps that meet
//
// A sweep that has claimed a node, and found no readers there, runs it and releases what it saved without any lock. So
// whoever comes second must stand back. Once it knows its graph and before it runs anything, a sweep that found nodes
// claimed sees to those that saved something and that it is going to run:
//
// - The claim is gone: it claims the node itself.
// - The other sweep keeps the graph, or does not run this node: it becomes a reader. Nobody releases a node with readers,
//   and claims are given up again where there are any.
// - The other sweep is going to release it, or has: that one goes on, and this one throws what it would throw had it come
//   later. It gives up its claims before the next may look, so of two that met each other's claims one goes on.
// - The other sweep is the one that this runs in: no other thread is at the node, and it may be released here.
//
// Neither waits for the other to do anything but finish its discovery, which calls nobody.

namespace torch { inline namespace xgrad {

void Sweep::meet_others() {
  static std::mutex meeting;
  std::lock_guard lock(meeting);
  for (auto it = side_.begin(); it != side_.end();) {
    Node* const node = it->first;
    State& state = it->second;
    if (!runs(node) || !node->saves_) {
      ++it;
    } else if (take_over(node, state)) {
      it = side_.erase(it);
    } else if (may_read(node, state)) {
      ++it;
    } else {
      const std::string name = node->name();
      give_up_claims();
      Recording::refuse_second_sweep(name.c_str());
    }
  }
}

bool Sweep::take_over(Node* node, const State& state) {
  if (!claim(node)) return false;
  node->dependencies_ = state.dependencies;
  node->cursor_ = state.cursor;
  plan(node, true);
  return true;
}

bool Sweep::may_read(Node* node, State& state) {
  state.reads = true;
  node->readers_.fetch_add(1);
  while (const Sweep* claimant = node->claimed_by_.load()) {
    // Claims made from now on are given up undecided.
    const uint8_t theirs = node->plan_.load();
    if (!(theirs & kDecided)) {
      std::this_thread::yield();
      continue;
    }
    if (!is_outer(claimant)) return !(theirs & kReleases);
    state.releases = !keep_graph_ && ((theirs & kReleases) || node->readers_.load() == 1);
    if (state.releases) node->plan_.store(theirs | kReleases);  // so that no other thread becomes a reader
    return true;
  }
  return true;
}

}}  // namespace torch::xgrad
