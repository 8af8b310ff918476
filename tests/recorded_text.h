// Answers that were recorded, which are compressed.
#pragma once

#include <stdexcept>
#include <string>

#include <zlib.h>

namespace torch {

/// The text of tests/data/`file`. Throws, saying how it is made, where there is none.
inline std::string recorded_text(const std::string& file) {
  const std::string path = XGRAD_TEST_DATA "/" + file;
  const gzFile in = gzopen(path.c_str(), "rb");
  if (!in) throw std::runtime_error("cannot read " + path + "; `make oracle` writes it");
  std::string text;
  char part[1 << 14];
  for (int n; (n = gzread(in, part, sizeof part)) > 0;) text.append(part, static_cast<size_t>(n));
  gzclose(in);
  return text;
}

}  // namespace torch
