#include <cstdlib>
#include <cstring>

#include <doctest/doctest.h>

#include "catalogue/checks.h"

namespace xgrad::catalogue {

namespace {
std::string operation;

// XGRAD_OPERATION=NAME restricts a run to one operation, for working on it.
bool is_chosen(const char* name) {
  const char* only = std::getenv("XGRAD_OPERATION");
  return !only || !std::strcmp(only, name);
}
}  // namespace

const std::string& current_operation() { return operation; }

int for_each_sample(const Check& check) {
  int count = 0;
  for (const Entry* entry : entries()) {
    if (!is_chosen(entry->name())) continue;
    operation = entry->name();
    const Samples samples = entry->samples();
    for (const Sample& sample : samples.samples()) {
      ++count;
      std::string wrong;
      try {
        wrong = check(sample);
      } catch (const std::exception& e) {
        wrong = std::string("threw ") + e.what();
      }
      if (wrong.empty()) continue;
      std::string shapes;
      for (const Input& x : sample.inputs) shapes += std::string(" ") + toString(x.value.dtype()) + str(x.value.sizes());
      FAIL_CHECK(operation, ": ", sample.call, " with", shapes, ": ", wrong);
    }
  }
  return count;
}

}  // namespace xgrad::catalogue
