#include <xgrad/distributed/session.h>

#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <optional>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/tensor/generator.h>
#include <xgrad/distributed/agreement.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

struct Session {
  detail::MpiSession mpi;
  Communicator world;
  bool left = false;
};
// Never destroyed: threads and static objects may still ask for it at the end of the process.
Session* session = nullptr;
std::terminate_handler earlier_handler = nullptr;

void tell(const std::string& sentence) {
  const std::string line = "[distributed] " + sentence + "\n";
  if (write(STDERR_FILENO, line.data(), line.size()) < 0) return;
}

[[noreturn]] void end_job() {
  std::string what = "std::terminate was called without an exception";
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& e) {
      what = e.what();
    } catch (...) {
      what = "an exception of an unknown class";
    }
  }
  tell(xgrad::detail::concatenate("rank ", session->world.rank(), " of ", session->world.size(), " ended the job: ", what));
  session->mpi.abort();
  earlier_handler();
  std::abort();
}

void begin(const InitOptions& options, const int* handle) {
  XGRAD_CHECK(!session, "[init] the process is in a job already");
  XGRAD_CHECK_AS(ValueError, options.timeout() > 0, "[init] timeout must be above 0 seconds, got ", options.timeout());
  detail::MpiSession mpi = detail::start_mpi(options, handle);
  Communicator world(mpi.world);
  session = new Session{std::move(mpi), std::move(world)};
  if (options.abort_on_terminate()) earlier_handler = std::set_terminate(end_job);
  std::atexit(finalize);
}

const Session& joined(const char* operation) {
  XGRAD_CHECK(session, "[", operation, "] expected distributed::init() before");
  XGRAD_CHECK(!session->left, "[", operation, "] the process has left its job");
  return *session;
}

}  // namespace

void init(const InitOptions& options) { begin(options, nullptr); }
void detail::init_with_handle(int fortran_handle, const InitOptions& options) { begin(options, &fortran_handle); }
bool is_initialized() { return session && !session->left; }

void finalize() {
  if (!is_initialized()) return;
  session->left = true;
  session->mpi.leave();
}

const Communicator& world() { return joined("world").world; }
int rank() { return joined("rank").world.rank(); }
int world_size() { return joined("world_size").world.size(); }

void on_rank_0(const std::function<void()>& f) {
  std::string problem;
  std::exception_ptr thrown;
  if (rank() == 0) {
    try {
      f();
    } catch (const std::exception& e) {
      thrown = std::current_exception();
      problem = xgrad::detail::concatenate("[on_rank_0] rank 0 failed: ", e.what());
    }
  }
  problem = broadcast_text(problem, 0, world());
  if (thrown) std::rethrow_exception(thrown);
  XGRAD_CHECK(problem.empty(), problem);
}

void manual_seed_by_rank(uint64_t seed) {
  if (const uint64_t r = static_cast<uint64_t>(rank())) {
    uint64_t z = seed + r * 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    seed = z ^ (z >> 31);
  }
  manual_seed(seed);
}

}}}  // namespace torch::xgrad::distributed
