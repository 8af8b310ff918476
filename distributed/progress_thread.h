// A thread that does jobs one after the other while another one computes.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace distributed {

/// Jobs run in the order they were given. After one that throws, the others are dropped.
class ProgressThread {
 public:
  using Ticket = uint64_t;

  ProgressThread();
  /// Waits for the job that runs, and drops those behind it.
  ~ProgressThread();
  ProgressThread(const ProgressThread&) = delete;
  ProgressThread& operator=(const ProgressThread&) = delete;

  Ticket submit(std::function<void()> job);
  /// Returns when that job and those before it are done; throws what one of them threw, then and ever after.
  void wait(Ticket ticket);
  /// The time that jobs have taken, all together. True when none is running.
  std::chrono::duration<double> busy() const;

 private:
  void work();

  mutable std::mutex mutex_;
  std::condition_variable given_, done_;
  std::deque<std::function<void()>> jobs_;
  Ticket submitted_ = 0, completed_ = 0;
  bool stopping_ = false;
  std::exception_ptr failure_;
  std::chrono::duration<double> busy_{};
  std::thread thread_;  // last: it uses the others
};

}}}  // namespace torch::xgrad::distributed
