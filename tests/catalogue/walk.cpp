#include <cstdio>
#include <cstdlib>

#include <doctest/doctest.h>

#include <xgrad/autograd/core/warning.h>

#include "catalogue/checks.h"

namespace torch::catalogue {

std::vector<const Entry*> chosen_entries() {
  std::vector<const Entry*> chosen = entries();
  if (const char* only = std::getenv("XGRAD_OPERATION")) std::erase_if(chosen, [only](const Entry* e) { return std::string(e->name()) != only; });
  if (const char* text = std::getenv("XGRAD_PART")) {
    size_t part = 0, parts = 0;
    char end = 0;
    XGRAD_CHECK(std::sscanf(text, "%zu/%zu%c", &part, &parts, &end) == 2 && 1 <= part && part <= parts, "[XGRAD_PART] expected 2/3, got ", text);
    std::vector<const Entry*> mine;
    for (size_t i = part - 1; i < chosen.size(); i += parts) mine.push_back(chosen[i]);
    chosen = mine;
  }
  return chosen;
}

int for_each_sample(const Check& check, const std::vector<const Entry*>& in) {
  // Of masks of uint8, which some samples have.
  struct Silent : WarningHandler {
    void process(const SourceLocation&, const std::string&, bool) override {}
  } silent;
  const Warning::WarningHandlerGuard guard(&silent);
  int count = 0;
  for (const Entry* entry : in) {
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

// For parts.sh, which adds these lines up.
TEST_CASE("what a run is about" * doctest::skip()) {
  for (const Entry* entry : chosen_entries()) {
    const Samples samples = entry->samples();
    std::printf("entry %s with %zu samples and %zu refused calls\n", entry->name(), samples.samples().size(), samples.rejections().size());
  }
}

}  // namespace torch::catalogue
