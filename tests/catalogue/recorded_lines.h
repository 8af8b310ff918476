// Answers of PyTorch that are recorded as compressed lines: a sample's key, then words.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <xgrad/autograd/core/namespace.h>

namespace torch::catalogue {

/// The words of every line of a file in tests/data, by key.
std::map<uint64_t, std::vector<std::string>> recorded_lines(const std::string& file);

}  // namespace torch::catalogue
