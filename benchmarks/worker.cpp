// A long-lived process that runs slices of workloads when told so on its standard input:
//
//   library             -> one line about the library
//   workloads PREFIX    -> the names that begin so
//   start NAME THREADS  -> the workload's outcome, numbers separated by blanks
//   run N               -> wall nanoseconds, processor nanoseconds of all threads, page faults
//   stop                -> "stopped": the workload is gone
//
// An error is answered by a line that begins with "error".
#include <sys/resource.h>
#include <time.h>

#include <exception>
#include <iomanip>
#include <iostream>
#include <sstream>

#include "workload.h"

namespace {

int64_t nanoseconds(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * int64_t{1000000000} + t.tv_nsec;
}

int64_t page_faults() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

std::string answer(std::istringstream& line, std::unique_ptr<benchmarks::Workload>& current) {
  std::string word, name;
  line >> word;
  std::ostringstream out;
  if (word == "library") return benchmarks::library();
  if (word == "workloads") {
    line >> name;
    for (const auto& [known, make] : benchmarks::workloads())
      if (known.compare(0, name.size(), name) == 0) out << known << ' ';
    return out.str();
  }
  if (word == "stop") {
    current.reset();
    return "stopped";
  }
  if (word == "start") {
    int threads = 1;
    line >> name >> threads;
    benchmarks::set_threads(threads);
    const auto found = benchmarks::workloads().find(name);
    if (found == benchmarks::workloads().end()) return "error: no workload " + name;
    current.reset();
    current = found->second();
    out << std::setprecision(17);
    for (double value : current->outcome()) out << value << ' ';
    return out.str();
  }
  int64_t repetitions = 0;
  if (word != "run" || !(line >> repetitions) || !current) return "error: not understood: " + line.str();
  const int64_t faults = page_faults(), used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), start = nanoseconds(CLOCK_MONOTONIC);
  current->run(repetitions);
  const int64_t wall = nanoseconds(CLOCK_MONOTONIC) - start;
  out << wall << ' ' << nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - used << ' ' << page_faults() - faults;
  return out.str();
}

}  // namespace

int main() {
  std::unique_ptr<benchmarks::Workload> current;
  for (std::string text; std::getline(std::cin, text);) {
    std::istringstream line(text);
    try {
      std::cout << answer(line, current) << std::endl;
    } catch (const std::exception& error) {
      const std::string what = error.what();
      std::cout << "error: " << what.substr(0, what.find('\n')) << std::endl;
    }
  }
}
