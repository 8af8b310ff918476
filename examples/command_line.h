// The words behind a program's name: switches such as --quick, and options with a value such as --seed 7.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// Every function takes what it has found off the line. They throw std::invalid_argument, with the usage, at a value that is missing or wrong.
class CommandLine {
 public:
  CommandLine(int argc, char** argv, std::string usage);

  bool has(const std::string& name);
  /// The value behind `name`; without it, `otherwise`.
  std::string text(const std::string& name, const std::string& otherwise);
  uint64_t number(const std::string& name, uint64_t otherwise);
  /// Throws if words are left.
  void finish() const;

 private:
  [[noreturn]] void refuse(const std::string& problem) const;

  std::vector<std::string> words_;
  std::string usage_;
};
