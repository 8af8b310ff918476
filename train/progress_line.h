// The text of a progress bar.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace train {

/// What a line says.
struct ProgressLine {
  std::string description;
  int64_t n;
  std::optional<int64_t> total;
  double elapsed;  // seconds
  double rate;     // steps a second; 0: not known
  std::string unit;
  std::string postfix;  // with what separates it
};

/// The line in `width` columns, or with a bar of ten.
XGRAD_API std::string progress_text(const ProgressLine& line, std::optional<int> width, bool ascii);
/// A number behind the rate, as tqdm writes it: with three digits, or with all if these are no longer.
XGRAD_API std::string short_number(double value);
/// How many columns of a terminal UTF-8 text takes: none for combining marks, two for East Asian wide characters and pictures.
XGRAD_API int columns_of(const std::string& text);

}}}  // namespace torch::xgrad::train
