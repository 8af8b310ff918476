// Algorithms on flat memory, with a fixed order of summation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/dtype.h>
#include <xgrad/distributed/collective.h>
#include <xgrad/distributed/communicator.h>

namespace torch { inline namespace xgrad { namespace distributed {

// Note: the order of sums
//
// MPI leaves the order of MPI_Allreduce to the implementation: it may differ with the number of elements, with the release, and with where
// ranks were placed. So these are built on messages between two ranks, and the order depends on the number of ranks alone: an element has
// the same bits in whatever message it travels. With p ranks and 2^k the greatest power of two in p, rank 2^k + i is added to rank i first;
// then, for the bits of a rank's number from the highest to the lowest, the two ranks that differ in it are added. a + b is b + a, so it does
// not matter which of the two does it.
//
// - recursive doubling, for few bytes: in each step a rank exchanges all it has with its partner, and both add. log2 p messages, and two
//   more where p is not a power of two.
// - recursive halving and doubling (Rabenseifner 2004), for many bytes where p is a power of two: the partners halve what they are
//   responsible for, until each rank has 1/p of the sum, and gather it in reverse. 2 log2 p messages, 2 (p-1)/p of the bytes.
// - collecting, for many bytes and any other p: part i of every rank goes to rank i, which adds them; a ring brings the sums to all. 2 (p-1)
//   messages, 2 (p-1)/p of the bytes.

/// Up to so many bytes recursive doubling is used: where sending everything log2 p times costs less than twice the messages.
inline constexpr size_t kFewBytes = 32 * 1024;

/// Memory that an algorithm needs besides, kept from call to call.
using Workspace = std::vector<char>;

/// x, n elements on every rank, becomes the reduced ones on every rank.
void all_reduce_flat(const Collective& call, ScalarType dtype, ReduceOp op, void* x, int64_t n, Workspace& workspace);

/// The first half of that: of n elements in equal parts, of which the first have one more where need be, each rank's own is reduced, with
/// the same bits. Returns where it begins and ends, in bytes; what the rest holds means nothing then.
std::pair<size_t, size_t> reduce_scatter_flat(const Collective& call, ScalarType dtype, ReduceOp op, void* x, int64_t n, Workspace& workspace);

/// Parts of a flat memory, one for each rank: where each ends, in bytes.
using Parts = std::vector<size_t>;
/// Every rank's own part comes to all.
void ring_all_gather(const Collective& call, void* x, const Parts& ends);
/// What rank `root` has comes to all, down a binomial tree.
void broadcast_flat(const Collective& call, void* x, size_t bytes, int root);
/// Nobody leaves before all have come (dissemination, Hensgen et al. 1988).
void barrier_of(const Collective& call);

}}}  // namespace torch::xgrad::distributed
