// A job on a communicator of the program's own. Opt-in: includes <mpi.h>, which the program must find.
#pragma once

#include <mpi.h>

#include <xgrad/distributed/session.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// As init(options), for the ranks of `communicator`, which all call it. The program has started MPI and ends it, after finalize(). The
/// communicator is duplicated: the program's own messages on it don't matter.
inline void init(MPI_Comm communicator, const InitOptions& options = {}) {
  detail::init_with_handle(static_cast<int>(MPI_Comm_c2f(communicator)), options);
}

}}}  // namespace torch::xgrad::distributed
