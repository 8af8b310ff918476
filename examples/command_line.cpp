#include "command_line.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

CommandLine::CommandLine(int argc, char** argv, std::string usage) : words_(argv + 1, argv + argc), usage_(std::move(usage)) {}

void CommandLine::refuse(const std::string& problem) const { throw std::invalid_argument(problem + "\n" + usage_); }

bool CommandLine::has(const std::string& name) {
  const auto found = std::find(words_.begin(), words_.end(), name);
  if (found == words_.end()) return false;
  words_.erase(found);
  return true;
}

std::string CommandLine::text(const std::string& name, const std::string& otherwise) {
  const auto found = std::find(words_.begin(), words_.end(), name);
  if (found == words_.end()) return otherwise;
  if (found + 1 == words_.end()) refuse(name + " needs a value");
  const std::string value = found[1];
  words_.erase(found, found + 2);
  return value;
}

uint64_t CommandLine::number(const std::string& name, uint64_t otherwise) {
  const std::string value = text(name, std::to_string(otherwise));
  uint64_t result = 0;
  const char* end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, result);
  if (error != std::errc() || rest != end) refuse(name + " needs a natural number, got " + value);
  return result;
}

void CommandLine::finish() const {
  if (!words_.empty()) refuse("unknown option " + words_.front());
}
