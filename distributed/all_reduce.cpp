#include <xgrad/distributed/all_reduce.h>

#include <algorithm>

#include <xgrad/distributed/reduction.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

/// A reduction under way, on stretches of bytes.
struct Reduction {
  const Collective& call;
  ScalarType dtype;
  ReduceOp op;
  char* x;
  Workspace& workspace;

  /// Of at least so many bytes.
  char* room(size_t bytes) const {
    if (workspace.size() < bytes) workspace.resize(bytes);
    return workspace.data();
  }
  int64_t elements(size_t bytes) const { return static_cast<int64_t>(bytes / elementSize(dtype)); }
  void add(size_t begin, size_t end) const { reduce_into(dtype, op, x + begin, workspace.data(), elements(end - begin)); }
  void finish(size_t begin, size_t end) const { finish_reduction(dtype, op, x + begin, elements(end - begin), call.size()); }
  /// One stretch goes out, and what another rank has of the second is added here.
  void exchange_and_add(int to, size_t out_begin, size_t out_end, int from, size_t in_begin, size_t in_end) const {
    call.exchange({to, x + out_begin, out_end - out_begin}, {from, room(in_end - in_begin), in_end - in_begin});
    add(in_begin, in_end);
  }
};

int greatest_power(int most) {
  int power = 1;
  while (power <= most / 2) power *= 2;
  return power;
}

/// Ranks above the greatest power of two give what they have to the first ones, and get back what these make of it.
template <class F> void folded(const Reduction& r, size_t bytes, const F& among_power) {
  const int rank = r.call.rank(), power = greatest_power(r.call.size()), above = r.call.size() - power;
  if (rank >= power) {
    r.call.send(rank - power, r.x, bytes);
    r.call.receive(rank - power, r.x, bytes);
    return;
  }
  if (rank < above) {
    r.call.receive(rank + power, r.room(bytes), bytes);
    r.add(0, bytes);
  }
  among_power(power);
  if (rank < above) r.call.send(rank + power, r.x, bytes);
}

void double_recursively(const Reduction& r, size_t bytes) {
  folded(r, bytes, [&](int power) {
    for (int bit = power / 2; bit >= 1; bit /= 2) {
      const int partner = r.call.rank() ^ bit;
      r.exchange_and_add(partner, 0, bytes, partner, 0, bytes);
    }
    r.finish(0, bytes);
  });
}

size_t part_begin(const Parts& ends, int part) { return part == 0 ? 0 : ends[static_cast<size_t>(part) - 1]; }
size_t part_end(const Parts& ends, int part) { return ends[static_cast<size_t>(part)]; }

/// Of a power of two ranks, each sums its part: partners halve the parts that they are responsible for.
void halve(const Reduction& r, const Parts& ends) {
  const int rank = r.call.rank(), ranks = r.call.size();
  int first = 0;
  for (int count = ranks / 2; count >= 1; count /= 2) {
    const int partner = rank ^ count, upper = first + count;
    const int kept = rank & count ? upper : first, given = rank & count ? first : upper;
    r.exchange_and_add(partner, part_begin(ends, given), part_begin(ends, given + count), partner, part_begin(ends, kept),
                       part_begin(ends, kept + count));
    first = kept;
  }
  r.finish(part_begin(ends, rank), part_end(ends, rank));
}

/// The reverse: each has its own part, then those of its partner too, and in the end all.
void double_back(const Reduction& r, const Parts& ends) {
  const int rank = r.call.rank(), ranks = r.call.size();
  int first = rank;
  for (int count = 1; count < ranks; count *= 2) {
    const int partner = rank ^ count, other = first ^ count;
    const size_t mine = part_begin(ends, first), theirs = part_begin(ends, other);
    r.call.exchange({partner, r.x + mine, part_begin(ends, first + count) - mine}, {partner, r.x + theirs, part_begin(ends, other + count) - theirs});
    first = std::min(first, other);
  }
}

/// n elements in equal parts, of which the first have one element more where need be.
Parts equal_parts(int64_t n, size_t element, int ranks) {
  Parts ends(static_cast<size_t>(ranks));
  for (size_t i = 0; i < ends.size(); ++i) {
    const size_t all = static_cast<size_t>(n), each = all / ends.size(), longer = all % ends.size();
    ends[i] = ((i + 1) * each + std::min(i + 1, longer)) * element;
  }
  return ends;
}

/// Each part goes to its rank from all others, which sums them in the order of the other algorithms.
void collect(const Reduction& r, const Parts& ends) {
  const int rank = r.call.rank(), ranks = r.call.size(), power = greatest_power(ranks);
  const size_t begin = part_begin(ends, rank), size = part_end(ends, rank) - begin;
  char* const room = r.room(static_cast<size_t>(ranks) * size);
  const auto from_rank = [&](int i) { return room + static_cast<size_t>(i) * size; };
  std::copy_n(r.x + begin, size, from_rank(rank));
  for (int step = 1; step < ranks; ++step) {
    const int to = (rank + step) % ranks, from = (rank + ranks - step) % ranks;
    r.call.exchange({to, r.x + part_begin(ends, to), part_end(ends, to) - part_begin(ends, to)}, {from, from_rank(from), size});
  }
  const auto add = [&](int to, int from) { reduce_into(r.dtype, r.op, from_rank(to), from_rank(from), r.elements(size)); };
  for (int i = power; i < ranks; ++i) add(i - power, i);
  for (int bit = power / 2; bit >= 1; bit /= 2)
    for (int i = 0; i < bit; ++i) add(i, i + bit);
  std::copy_n(from_rank(0), size, r.x + begin);
  r.finish(begin, begin + size);
}

}  // namespace

void ring_all_gather(const Collective& call, void* x, const Parts& ends) {
  const int rank = call.rank(), ranks = call.size();
  char* const bytes = static_cast<char*>(x);
  for (int step = 0; step < ranks - 1; ++step) {
    const int out = (rank + ranks - step) % ranks, in = (out + ranks - 1) % ranks;
    call.exchange({(rank + 1) % ranks, bytes + part_begin(ends, out), part_end(ends, out) - part_begin(ends, out)},
                  {(rank + ranks - 1) % ranks, bytes + part_begin(ends, in), part_end(ends, in) - part_begin(ends, in)});
  }
}

void all_reduce_flat(const Collective& call, ScalarType dtype, ReduceOp op, void* x, int64_t n, Workspace& workspace) {
  const int ranks = call.size();
  const size_t bytes = static_cast<size_t>(n) * elementSize(dtype);
  const Reduction r{call, dtype, op, static_cast<char*>(x), workspace};
  if (ranks == 1) return r.finish(0, bytes);
  if (bytes <= kFewBytes) return double_recursively(r, bytes);
  const Parts ends = equal_parts(n, elementSize(dtype), ranks);
  if (greatest_power(ranks) == ranks) {
    halve(r, ends);
    double_back(r, ends);
  } else {
    collect(r, ends);
    ring_all_gather(call, x, ends);
  }
}

std::pair<size_t, size_t> reduce_scatter_flat(const Collective& call, ScalarType dtype, ReduceOp op, void* x, int64_t n, Workspace& workspace) {
  const int ranks = call.size();
  const size_t bytes = static_cast<size_t>(n) * elementSize(dtype);
  const Reduction r{call, dtype, op, static_cast<char*>(x), workspace};
  const Parts ends = equal_parts(n, elementSize(dtype), ranks);
  if (ranks == 1 || bytes <= kFewBytes) all_reduce_flat(call, dtype, op, x, n, workspace);
  else if (greatest_power(ranks) == ranks) halve(r, ends);
  else collect(r, ends);
  return {part_begin(ends, call.rank()), part_end(ends, call.rank())};
}

void broadcast_flat(const Collective& call, void* x, size_t bytes, int root) {
  const int ranks = call.size(), from_root = (call.rank() + ranks - root) % ranks;
  int bit = 1;
  for (; bit < ranks; bit *= 2) {
    if (!(from_root & bit)) continue;
    call.receive((from_root - bit + root) % ranks, x, bytes);
    break;
  }
  for (bit /= 2; bit >= 1; bit /= 2)
    if (from_root + bit < ranks) call.send((from_root + bit + root) % ranks, x, bytes);
}

void barrier_of(const Collective& call) {
  const int rank = call.rank(), ranks = call.size();
  for (int distance = 1; distance < ranks; distance *= 2)
    call.exchange({(rank + distance) % ranks, nullptr, 0}, {(rank + ranks - distance) % ranks, nullptr, 0});
}

}}}  // namespace torch::xgrad::distributed
