// Calls that must be refused.
#include <doctest/doctest.h>

#include <xgrad/autograd/core/memory/memory.h>

#include "catalogue/checks.h"

namespace torch::catalogue {

namespace {

std::string check_rejection(const Rejection& rejection) {
  const MemoryStats before = memory_stats();
  const bool grad_mode = GradMode::is_enabled();
  std::string wrong = "was not refused";
  try {
    rejection.run();
  } catch (const Error& e) {
    const std::string text = e.what();
    wrong = text.find(rejection.message) == std::string::npos ? "was refused with \"" + text + "\" instead of \"" + rejection.message + "\"" : "";
  } catch (const std::exception& e) {
    wrong = std::string("threw something else than an Error: ") + e.what();
  }
  const MemoryStats after = memory_stats();
  if (!wrong.empty()) return wrong;
  if (after.live_tensors != before.live_tensors || after.live_nodes != before.live_nodes) return "left tensors or nodes behind";
  if (GradMode::is_enabled() != grad_mode) return "left another grad mode behind";
  return "";
}

}  // namespace

TEST_CASE("calls that make no sense are refused with the right text") {
  int count = 0;
  for (const Entry* entry : chosen_entries()) {
    const Samples samples = entry->samples();
    for (const Rejection& rejection : samples.rejections()) {
      ++count;
      const std::string wrong = check_rejection(rejection);
      if (!wrong.empty()) FAIL_CHECK(std::string(entry->name()), ": ", rejection.what, " ", wrong);
    }
  }
  MESSAGE(count, " refused calls");
}

TEST_CASE("a call that is not refused is found") {
  CHECK(check_rejection({"nothing", "text", [] {}}) == "was not refused");
  CHECK(check_rejection({"another text", "text", [] { throw Error("something"); }}) == "was refused with \"something\" instead of \"text\"");
  CHECK(check_rejection({"right", "some", [] { throw IndexError("something"); }}) == "");
}

}  // namespace torch::catalogue
