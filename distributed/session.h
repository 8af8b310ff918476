// This process among those of its job: who it is, how it comes in and how it leaves.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <xgrad/distributed/communicator.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad { namespace distributed {

struct InitOptions {
  /// Seconds without a message from a rank that owes one, after which the waiting one throws. A step of the slowest rank, evaluation and
  /// checkpoints included, must be shorter.
  XGRAD_ARG(double, timeout) = 300;
  /// Whether an exception that nobody catches ends the whole job: std::terminate then writes one sentence with the rank and what was
  /// thrown to stderr and aborts all ranks. Without it only the launcher can end them.
  XGRAD_ARG(bool, abort_on_terminate) = true;
};

/// True iff the library was built with MPI.
XGRAD_API bool is_available();
/// Joins the job that `mpirun -np N` started; one process that was started alone is a job of one. All ranks must call it, before anything
/// else of this namespace, on any thread. Starts MPI with MPI_THREAD_SERIALIZED, unless the program has: then it must have that
/// level at least. The process leaves the job at its end (std::exit included), or with finalize(). Throws when called twice, and, in a build
/// without MPI, says so.
XGRAD_API void init(const InitOptions& options = {});
XGRAD_API bool is_initialized();
/// Tells the other ranks that this one leaves, after which they get an error where they wait for it, and ends MPI if init() started it.
/// Communicators and what uses them must not be used any more. Does nothing the second time.
XGRAD_API void finalize();

/// All ranks of the job. Throws before init().
XGRAD_API const Communicator& world();
/// Of this process, from 0; and how many there are. Throw before init().
XGRAD_API int rank();
XGRAD_API int world_size();

/// Calls `f` on rank 0 alone, such as to write a checkpoint; returns on all ranks when it is done. What it throws, all ranks throw, the others
/// with a sentence that says where.
XGRAD_API void on_rank_0(const std::function<void()>& f);

/// Seeds the default generator so that each rank draws other numbers, as dropout should, after models were initialised with the same
/// ones: rank 0 as manual_seed(seed) does, the others with a seed mixed from both (splitmix64, Steele et al. 2014).
XGRAD_API void manual_seed_by_rank(uint64_t seed);

namespace detail {
/// The job whose communicator has this Fortran handle (MPI_Comm_c2f); see mpi.h.
XGRAD_API void init_with_handle(int fortran_handle, const InitOptions& options);

/// What a build with MPI and one without define differently.
struct MpiSession {
  std::shared_ptr<Transport> world;
  /// Says goodbye to the others, and ends MPI if it was started here.
  std::function<void()> leave;
  /// Ends all ranks at once.
  std::function<void()> abort;
};
/// `fortran_handle`: of the communicator to be used, or null for all processes.
MpiSession start_mpi(const InitOptions& options, const int* fortran_handle);
}  // namespace detail

}}}  // namespace torch::xgrad::distributed
