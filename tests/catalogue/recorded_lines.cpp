#include "catalogue/recorded_lines.h"

#include <cstdlib>
#include <sstream>

#include "recorded_text.h"

namespace torch::catalogue {

std::map<uint64_t, std::vector<std::string>> recorded_lines(const std::string& file) {
  std::map<uint64_t, std::vector<std::string>> all;
  std::istringstream lines(recorded_text(file));
  for (std::string line, key; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> key;
    std::vector<std::string>& rest = all[std::strtoull(key.c_str(), nullptr, 16)];
    for (std::string word; words >> word;) rest.push_back(word);
  }
  return all;
}

}  // namespace torch::catalogue
