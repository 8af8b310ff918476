// What a build that found no MPI has in place of mpi_transport.cpp.
#include <xgrad/autograd/core/error.h>
#include <xgrad/distributed/session.h>

namespace torch { inline namespace xgrad { namespace distributed {

bool is_available() { return false; }

detail::MpiSession detail::start_mpi(const InitOptions&, const int*) {
  xgrad::detail::raise<Error>(
      "[init] this build of xgrad has no MPI: install Open MPI (Debian: libopenmpi-dev openmpi-bin) and configure xgrad again");
}

}}}  // namespace torch::xgrad::distributed
