#include <xgrad/inspect/table.h>

#include <algorithm>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/escape.h>

namespace torch { inline namespace xgrad { namespace inspect {

void Table::add(std::vector<std::string> row) {
  XGRAD_CHECK(row.size() == head_.size() && !row.empty(), "[Table] expected ", head_.size(), " texts, got ", row.size());
  rows_.push_back(std::move(row));
}

size_t Table::rows() const {
  return static_cast<size_t>(std::count_if(rows_.begin(), rows_.end(), [](const auto& row) { return !row.empty(); }));
}

std::string Table::text() const {
  std::vector<size_t> widths;
  for (size_t i = 0; i < head_.size(); ++i) {
    widths.push_back(characters(title(i)));
    for (const auto& row : rows_)
      if (!row.empty()) widths[i] = std::max(widths[i], characters(row[i]));
  }
  size_t all = 0;
  for (const size_t width : widths) all += width;
  const std::string line(all + 2 * (std::max<size_t>(head_.size(), 1) - 1), '-');

  std::string text;
  const auto write = [&](const auto& cell) {
    for (size_t i = 0; i < head_.size(); ++i) {
      const std::string& content = cell(i);
      const std::string blanks(widths[i] - characters(content), ' ');
      text += (i == 0 ? "" : "  ") + (holds_numbers(i) ? blanks + content : content + blanks);
    }
    text.erase(text.find_last_not_of(' ') + 1);
    text += '\n';
  };
  std::vector<std::string> titles;
  for (size_t i = 0; i < head_.size(); ++i) titles.push_back(title(i));
  write([&](size_t i) -> const std::string& { return titles[i]; });
  text += line + '\n';
  for (const auto& row : rows_) {
    if (row.empty()) text += line + '\n';
    else write([&](size_t i) -> const std::string& { return row[i]; });
  }
  return text;
}

std::string Table::html() const {
  const auto cell = [this](const char* tag, size_t column, const std::string& content) {
    return std::string("<") + tag + (holds_numbers(column) ? " class=\"number\">" : ">") + xml_escaped(content) + "</" + tag + ">";
  };
  std::string text = "<table>\n<thead><tr>";
  for (size_t i = 0; i < head_.size(); ++i) text += cell("th", i, title(i));
  text += "</tr></thead>\n<tbody>\n";
  for (size_t r = 0; r < rows_.size(); ++r) {
    if (rows_[r].empty()) continue;
    text += r > 0 && rows_[r - 1].empty() ? "<tr class=\"line\">" : "<tr>";
    for (size_t i = 0; i < head_.size(); ++i) text += cell("td", i, rows_[r][i]);
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table>\n";
}

}}}  // namespace torch::xgrad::inspect
