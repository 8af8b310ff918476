#include <xgrad/autograd/kernels/parallel.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cfenv>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/error.h>

// Note: the pool
//
// Workers are started by the first parallel call and joined when the process (or the library) ends. One region runs at
// a time; a thread that finds the pool busy runs its region alone, so independent host threads never wait for each
// other. After a region a worker spins for a few microseconds, or longer while regions come in rows, and then sleeps. The caller never
// waits for a worker to wake: it takes pieces from the front, workers take them from the back, and a worker that comes too
// late finds none. A worker may run on every processor that its caller may, but for the one the caller is on: left alone,
// Linux wakes a thread beside the one that wakes it if it takes all others for busy, as in a virtual machine whose idle
// processors the host has put to sleep, and there it waits for milliseconds. Workers compute in the floating-point environment
// of the thread that calls: its rounding, and whether it flushes denormal numbers. A forked child has no workers and must not
// touch the pool of its parent, whose locks may be held: it makes its own.

namespace torch { inline namespace xgrad {

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
__thread int thread_number = 0;  // in the region it is inside of

}  // namespace

int get_num_threads() { return thread_setting().load(std::memory_order_relaxed); }

void set_num_threads(int n) {
  XGRAD_CHECK_AS(ValueError, n >= 1, "[set_num_threads] expected a positive number of threads, got ", n);
  thread_setting().store(n, std::memory_order_relaxed);
}

int get_thread_num() { return thread_number; }
bool in_parallel_region() { return inside_region; }

namespace detail {
void parallel_for(int64_t n, int64_t grain, RangeBody body) { kernels::parallel_for(n, grain, body); }
}  // namespace detail

namespace kernels {

std::atomic<int> spinning_workers{0};

namespace {

using Clock = std::chrono::steady_clock;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// What `word` holds when it changes, or `old` when so much time has passed.
uint32_t spin_until_change(const std::atomic<uint32_t>& word, uint32_t old, std::chrono::microseconds time) {
  const auto end = Clock::now() + time;
  uint32_t now;
  while ((now = word.load(std::memory_order_acquire)) == old && Clock::now() < end) pause();
  return now;
}

// An idle worker spins for a few microseconds, but while one region follows the last within kBusyGap, for so long: it would be
// asleep when the next one opens, and waking takes 20 to 40 us in a virtual machine. A caller spins for as long as a piece may
// still take, since its own sleep would mostly end on the worker's processor.
constexpr std::chrono::microseconds kIdleSpin{4}, kBusyGap{30}, kJoinSpin{30};

class Pool {
 public:
  // Runs `piece(i)` for i in [0, pieces) on up to `threads` threads, the caller one of them. False if the pool is busy or
  // stopped.
  bool run(int pieces, int threads, const std::function<void(int)>& piece) {
    std::unique_lock region(region_, std::try_to_lock);
    if (!region.owns_lock() || stopping_.load(std::memory_order_relaxed)) return false;
    start_workers(threads - 1);
    leave_processor_to_caller();
    std::fegetenv(&environment_);
    piece_ = &piece;
    pieces_ = pieces;
    claimed_.store(0, std::memory_order_relaxed);
    from_back_.store(0, std::memory_order_relaxed);
    entered_.store(0, std::memory_order_relaxed);
    seats_.store(static_cast<uint32_t>(threads - 1), std::memory_order_relaxed);
    opened_at_.store(Clock::now().time_since_epoch().count(), std::memory_order_relaxed);
    state_.store(((state_.load(std::memory_order_relaxed) & ~kInside) + kRegion) | kOpen, std::memory_order_release);
    state_.notify_all();
    for (int i = 0; claim(); ++i) piece(i);
    uint32_t state = state_.fetch_and(~kOpen, std::memory_order_acq_rel) & ~kOpen;
    while (state & kInside) {
      const uint32_t now = spin_until_change(state_, state, kJoinSpin);
      if (now == state) state_.wait(state, std::memory_order_acquire);
      state = state_.load(std::memory_order_acquire);
    }
    return true;
  }

  // Ends the workers; later regions run on their callers.
  void stop() {
    std::lock_guard region(region_);
    stopping_.store(true, std::memory_order_relaxed);
    state_.fetch_add(kRegion, std::memory_order_release);
    state_.notify_all();
    for (std::thread& t : workers_) t.join();
    workers_.clear();
  }

 private:
  // state_: whether workers may enter, how many are inside, and the number of the region.
  static constexpr uint32_t kOpen = 1, kWorker = 2, kRegion = 1 << 12, kInside = kRegion - kWorker;
  static constexpr int kMostWorkers = kInside / kWorker;

  // Where the system gives no more threads, or no memory for them, the pieces are shared by those there are. Signals are left to
  // the host's threads.
  void start_workers(int wanted) {
    wanted = std::min(wanted, kMostWorkers);
    if (static_cast<int>(workers_.size()) >= wanted) return;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      while (static_cast<int>(workers_.size()) < wanted) workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {}
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  // Calls the system only when the caller has moved, and then seldom enough to cost a tenth of the time at most.
  void leave_processor_to_caller() {
    const int processor = sched_getcpu();
    const size_t workers = workers_.size();
    if (processor == callers_processor_ && workers == placed_workers_) return;
    const auto now = Clock::now();
    if (workers == placed_workers_ && now - placed_at_ < std::chrono::microseconds(10 * workers)) return;
    callers_processor_ = -1;
    placed_workers_ = workers;
    placed_at_ = now;
    cpu_set_t others;
    if (processor < 0 || sched_getaffinity(0, sizeof others, &others) != 0) return;
    CPU_CLR(processor, &others);
    if (CPU_COUNT(&others) == 0) return;
    for (std::thread& t : workers_) pthread_setaffinity_np(t.native_handle(), sizeof others, &others);
    callers_processor_ = processor;
  }

  bool claim() { return claimed_.fetch_add(1, std::memory_order_relaxed) < pieces_; }

  // True iff the calling worker is inside the region now; `state` is what it saw last.
  bool enter(uint32_t& state) {
    while ((state & kOpen) && (state & kInside) / kWorker < seats_.load(std::memory_order_relaxed))
      if (state_.compare_exchange_weak(state, state + kWorker, std::memory_order_acquire, std::memory_order_acquire)) return true;
    return false;
  }

  void work() {
    inside_region = true;
    uint32_t state = state_.load(std::memory_order_acquire);
    std::chrono::microseconds spin = kIdleSpin;
    while (!stopping_.load(std::memory_order_relaxed)) {
      const uint32_t seen = state / kRegion;
      if (enter(state)) {
        std::fesetenv(&environment_);
        // One that takes the seat of another finds no piece left; its number would be one too many.
        thread_number = entered_.fetch_add(1, std::memory_order_relaxed) + 1;
        if (static_cast<uint32_t>(thread_number) <= seats_.load(std::memory_order_relaxed))
          while (claim()) (*piece_)(pieces_ - 1 - from_back_.fetch_add(1, std::memory_order_relaxed));
        state = state_.fetch_sub(kWorker, std::memory_order_acq_rel) - kWorker;
        if (!(state & (kInside | kOpen))) state_.notify_all();
      }
      const auto idle_since = Clock::now().time_since_epoch();
      spinning_workers.fetch_add(1, std::memory_order_relaxed);
      while (state / kRegion == seen) {
        const uint32_t old = std::exchange(state, spin_until_change(state_, state, spin));
        if (state != old) continue;
        spinning_workers.fetch_sub(1, std::memory_order_relaxed);
        state_.wait(old, std::memory_order_acquire);
        spinning_workers.fetch_add(1, std::memory_order_relaxed);
        state = state_.load(std::memory_order_acquire);
      }
      spinning_workers.fetch_sub(1, std::memory_order_relaxed);
      const Clock::duration gap = Clock::duration(opened_at_.load(std::memory_order_relaxed)) - idle_since;
      spin = gap < kBusyGap ? kBusyGap : kIdleSpin;
    }
  }

  std::mutex region_;
  std::vector<std::thread> workers_;
  size_t placed_workers_ = 0;  // the first so many may run where the caller is not
  int callers_processor_ = -1;
  Clock::time_point placed_at_;
  std::atomic<bool> stopping_{false};
  alignas(64) std::atomic<uint32_t> state_{0};
  std::atomic<uint32_t> seats_{0};
  std::atomic<Clock::rep> opened_at_{0};  // when the last region was
  const std::function<void(int)>* piece_ = nullptr;
  std::fenv_t environment_{};
  int pieces_ = 0;
  alignas(64) std::atomic<int> claimed_{0}, from_back_{0}, entered_{0};
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
  if (process_pool.compare_exchange_strong(current, own.get(), std::memory_order_acq_rel)) {
    if (current) spinning_workers.store(0, std::memory_order_relaxed);  // they were the parent's
    return own.release()->pool;
  }
  return current->pool;
}

}  // namespace

void parallel_for(int64_t n, int64_t grain, RangeBody body) {
  if (n <= 0) return;
  grain = std::max<int64_t>(grain, 1);
  const int64_t grains = (n + grain - 1) / grain;
  constexpr int kPiecesPerThread = 4;
  const int threads = static_cast<int>(std::min<int64_t>(num_threads(), grains));
  const int pieces = static_cast<int>(std::min<int64_t>(int64_t{kPiecesPerThread} * threads, grains));
  if (threads <= 1 || inside_region) {
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
  if (!pool().run(pieces, threads, std::cref(piece))) body(0, n);
  if (error) std::rethrow_exception(error);
}

}  // namespace kernels
}}  // namespace torch::xgrad
