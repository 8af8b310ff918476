#include <xgrad/autograd/kernels/parallel.h>

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cfenv>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <xgrad/autograd/error.h>

// Note: the pool
//
// Workers are started by the first parallel call and joined when the process (or the library) ends. One region runs at
// a time; a thread that finds the pool busy runs its region alone, so independent host threads never wait for each
// other. A waiting worker sleeps on a condition variable and never spins. Workers compute in the floating-point environment
// of the thread that calls: its rounding, and whether it flushes denormal numbers. A forked child has no workers and must not
// touch the pool of its parent, whose locks may be held: it makes its own.

namespace xgrad {

namespace {

int default_threads() {
  if (const char* text = std::getenv("XGRAD_NUM_THREADS")) {
    const int n = std::atoi(text);
    if (n >= 1) return n;
  }
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) == 0) return std::max(1, CPU_COUNT(&cores));
  return std::max(1u, std::thread::hardware_concurrency());
}

std::atomic<int>& thread_setting() {
  static std::atomic<int> n{default_threads()};
  return n;
}

__thread bool inside_region = false;

}  // namespace

int get_num_threads() { return thread_setting().load(std::memory_order_relaxed); }

void set_num_threads(int n) {
  XGRAD_CHECK_AS(ValueError, n >= 1, "[set_num_threads] expected a positive number of threads, got ", n);
  thread_setting().store(n, std::memory_order_relaxed);
}

namespace kernels {
namespace {

class Pool {
 public:
  // Runs `piece(i)` for i in [0, pieces), the caller taking part. False if the pool is busy or stopped.
  bool run(int pieces, const std::function<void(int)>& piece) {
    std::unique_lock region(region_, std::try_to_lock);
    if (!region.owns_lock()) return false;
    {
      std::lock_guard lock(mutex_);
      if (stopping_) return false;
      start_workers(pieces - 1);
      std::fegetenv(&environment_);
      piece_ = &piece;
      next_.store(0, std::memory_order_relaxed);
      pieces_ = pieces;
      unfinished_ = pieces;
      ++generation_;
    }
    wake_.notify_all();
    take_pieces(piece, pieces);
    std::unique_lock lock(mutex_);
    done_.wait(lock, [this] { return unfinished_ == 0 && active_ == 0; });
    piece_ = nullptr;
    return true;
  }

  // Ends the workers; later regions run on their callers.
  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& t : workers_) t.join();
    workers_.clear();
  }

 private:
  // Where the system gives no more threads, the pieces are shared by those there are. Signals are left to the host's threads.
  void start_workers(int wanted) {
    if (static_cast<int>(workers_.size()) >= wanted) return;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      while (static_cast<int>(workers_.size()) < wanted) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void take_pieces(const std::function<void(int)>& piece, int pieces) {
    int finished = 0;
    for (int i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < pieces; ++finished) piece(i);
    if (!finished) return;
    std::lock_guard lock(mutex_);
    unfinished_ -= finished;
    if (unfinished_ == 0) done_.notify_all();
  }

  void work() {
    inside_region = true;
    uint64_t seen = 0;
    std::unique_lock lock(mutex_);
    while (true) {
      wake_.wait(lock, [&] { return stopping_ || (generation_ != seen && piece_); });
      if (stopping_) return;
      seen = generation_;
      const std::function<void(int)>* piece = piece_;
      const int pieces = pieces_;
      const std::fenv_t environment = environment_;
      ++active_;
      lock.unlock();
      std::fesetenv(&environment);
      take_pieces(*piece, pieces);
      lock.lock();
      if (--active_ == 0) done_.notify_all();
    }
  }

  std::mutex region_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::vector<std::thread> workers_;
  const std::function<void(int)>* piece_ = nullptr;
  std::fenv_t environment_{};
  std::atomic<int> next_{0};
  int pieces_ = 0;
  int unfinished_ = 0;
  int active_ = 0;
  uint64_t generation_ = 0;
  bool stopping_ = false;
};

struct ProcessPool {
  const pid_t owner = getpid();
  Pool pool;
};

// Never deleted: the objects of other files may still compute while the process ends.
std::atomic<ProcessPool*> process_pool{nullptr};

struct StopAtExit {
  ~StopAtExit() {
    ProcessPool* p = process_pool.load(std::memory_order_acquire);
    if (p && p->owner == getpid()) p->pool.stop();
  }
} stop_at_exit;

// The pool of this process. No lock is taken on the way, for a fork could find it taken.
Pool& pool() {
  ProcessPool* current = process_pool.load(std::memory_order_acquire);
  if (current && current->owner == getpid()) return current->pool;
  auto own = std::make_unique<ProcessPool>();
  if (process_pool.compare_exchange_strong(current, own.get(), std::memory_order_acq_rel)) return own.release()->pool;
  return current->pool;
}

}  // namespace

void parallel_for(int64_t n, int64_t grain, const std::function<void(int64_t, int64_t)>& body) {
  if (n <= 0) return;
  grain = std::max<int64_t>(grain, 1);
  const int64_t grains = (n + grain - 1) / grain;
  const int pieces = static_cast<int>(std::min<int64_t>(num_threads(), grains));
  if (pieces <= 1 || inside_region) {
    body(0, n);
    return;
  }
  std::exception_ptr error;
  std::mutex error_mutex;
  const auto piece = [&](int i) {
    const bool outer = std::exchange(inside_region, true);
    try {
      const int64_t begin = grains * i / pieces * grain, end = std::min(n, grains * (i + 1) / pieces * grain);
      if (begin < end) body(begin, end);
    } catch (...) {
      std::lock_guard lock(error_mutex);
      if (!error) error = std::current_exception();
    }
    inside_region = outer;
  };
  if (!pool().run(pieces, piece)) body(0, n);
  if (error) std::rethrow_exception(error);
}

}  // namespace kernels
}  // namespace xgrad
