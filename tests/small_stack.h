// Work on a thread with as little stack as embedding programs and coroutines give.
#pragma once

#include <pthread.h>

#include <cstddef>
#include <exception>
#include <functional>
#include <stdexcept>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(NDEBUG)
constexpr std::size_t kSmallStack = 1024 << 10;  // the frames of such a library are larger
#else
constexpr std::size_t kSmallStack = 128 << 10;
#endif

/// Runs f on a thread of its own and throws what it throws.
inline void on_small_stack(const std::function<void()>& f) {
  struct Run {
    const std::function<void()>& f;
    std::exception_ptr error;
  } run{f, nullptr};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  bool started = pthread_attr_setstacksize(&attributes, kSmallStack) == 0;
  pthread_t thread;
  const auto start = [](void* p) -> void* {
    Run& r = *static_cast<Run*>(p);
    try {
      r.f();
    } catch (...) {
      r.error = std::current_exception();
    }
    return nullptr;
  };
  started = started && pthread_create(&thread, &attributes, start, &run) == 0;
  pthread_attr_destroy(&attributes);
  if (!started) throw std::runtime_error("no thread with a small stack could be started");
  pthread_join(thread, nullptr);
  if (run.error) std::rethrow_exception(run.error);
}
