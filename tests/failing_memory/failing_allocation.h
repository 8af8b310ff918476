// Lets the n-th allocation fail, whoever asks.
#pragma once

#include <cstdint>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/core/grad_mode.h>
#include <xgrad/autograd/core/memory/memory.h>

#include <new>
#include <string>

namespace failing {

enum class Kind {
  kOnce,    ///< the n-th fails, those after it don't
  kFromOn,  ///< the n-th and all after it fail
};

/// While it lives: operator new, posix_memalign and mmap of all threads. One at a time.
class Allocation {
 public:
  Allocation(int64_t n, Kind kind);
  ~Allocation();
  Allocation(const Allocation&) = delete;
  Allocation& operator=(const Allocation&) = delete;
  /// True iff there was an n-th.
  bool happened() const;
};

enum class Outcome { kDone, kRefused };

/// Does `work` with the n-th allocation failing. Refused is what ended in std::bad_alloc or an Error that says so.
template <class Work> Outcome attempt(int64_t n, Kind kind, bool& happened, Work work) {
  xgrad::empty_cache();
  std::string text;
  bool bad_alloc = false, error = false;
  {
    const Allocation failing(n, kind);
    try {
      work();
    } catch (const xgrad::Error& e) {
      error = true;
      try {
        text = e.what();
      } catch (const std::bad_alloc&) {
        bad_alloc = true;
      }
    } catch (const std::bad_alloc&) {
      bad_alloc = true;
    }
    happened = failing.happened();
  }
  CHECK(xgrad::GradMode::is_enabled());
  if (error && !bad_alloc) CHECK((text.find("can't allocate memory") != std::string::npos || text.find("bad_alloc") != std::string::npos));
  return bad_alloc || error ? Outcome::kRefused : Outcome::kDone;
}

/// Calls trial(n, kind) for n = 1, 2, ... until it says that there was no n-th allocation. Returns how many there were.
template <class Trial> int64_t for_each_allocation(Trial trial) {
  int64_t all = 0;
  for (const Kind kind : {Kind::kOnce, Kind::kFromOn})
    for (int64_t n = 1;; ++n) {
      CAPTURE(n);
      CAPTURE(static_cast<int>(kind));
      if (!trial(n, kind)) break;
      ++all;
    }
  return all;
}

}  // namespace failing
