#include "catalogue/recorded_lines.h"

#include <cstdlib>
#include <sstream>
#include <zlib.h>

#include <xgrad/autograd/core/error.h>

namespace torch::catalogue {

std::map<uint64_t, std::vector<std::string>> recorded_lines(const std::string& file) {
  const std::string path = XGRAD_TEST_DATA "/" + file;
  gzFile in = gzopen(path.c_str(), "rb");
  XGRAD_CHECK(in, "[oracle] cannot read ", path, "; `make oracle` writes it");
  std::string text;
  char part[4096];
  for (int n; (n = gzread(in, part, sizeof part)) > 0;) text.append(part, static_cast<size_t>(n));
  gzclose(in);
  std::map<uint64_t, std::vector<std::string>> all;
  std::istringstream lines(text);
  for (std::string line, key; std::getline(lines, line);) {
    std::istringstream words(line);
    words >> key;
    std::vector<std::string>& rest = all[std::strtoull(key.c_str(), nullptr, 16)];
    for (std::string word; words >> word;) rest.push_back(word);
  }
  return all;
}

}  // namespace torch::catalogue
