// A build without MPI.
#include <doctest/doctest.h>

#include <xgrad/distributed/distributed.h>

#include "message.h"

namespace dist = xgrad::distributed;

TEST_CASE("init says what is missing, and nobody is in a job") {
  CHECK_FALSE(dist::is_available());
  CHECK(contains(message_of([] { dist::init(); }), "[init] this build of xgrad has no MPI: install Open MPI"));
  CHECK_FALSE(dist::is_initialized());
  CHECK(contains(message_of([] { dist::rank(); }), "[rank] expected distributed::init() before"));
  dist::finalize();
}
