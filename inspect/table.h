// Tables, as text and as HTML.
#pragma once

#include <string>
#include <vector>

#include <xgrad/autograd/core/export.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// Rows of texts below a head. A column whose head begins with a blank holds numbers, which stand at its right edge; the blank is not shown.
class XGRAD_API Table {
 public:
  explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}

  /// Throws unless there is a text for each column.
  void add(std::vector<std::string> row);
  /// A line across, between the rows before and those after it.
  void add_line() { rows_.emplace_back(); }

  const std::vector<std::string>& head() const { return head_; }
  size_t rows() const;

  /// Lines as wide as the columns need, without blanks at their ends.
  std::string text() const;
  /// A <table>, its texts escaped.
  std::string html() const;

 private:
  bool holds_numbers(size_t column) const { return !head_[column].empty() && head_[column][0] == ' '; }
  std::string title(size_t column) const { return head_[column].substr(holds_numbers(column) ? 1 : 0); }

  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;  // an empty one is a line
};

}}}  // namespace torch::xgrad::inspect
