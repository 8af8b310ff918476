#include <cstdlib>

#include <doctest/doctest.h>

#include "catalogue/checks.h"

namespace torch::catalogue {

std::vector<const Entry*> chosen_entries() {
  std::vector<const Entry*> chosen = entries();
  if (const char* only = std::getenv("XGRAD_OPERATION"))
    std::erase_if(chosen, [only](const Entry* e) { return std::string(e->name()) != only; });
  return chosen;
}

int for_each_sample(const Check& check) {
  int count = 0;
  for (const Entry* entry : chosen_entries()) {
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
      FAIL_CHECK(std::string(entry->name()), ": ", sample.call, " with", shapes, ": ", wrong);
    }
  }
  return count;
}

}  // namespace torch::catalogue
