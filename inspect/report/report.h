// A run on one page of HTML.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <xgrad/inspect/picture/diagram.h>
#include <xgrad/inspect/picture/picture.h>
#include <xgrad/inspect/table.h>

namespace torch { inline namespace xgrad { namespace inspect {

/// A page that needs nothing else: pictures are in it, and there is no script. Its parts stand in the order in which they are added. All texts are
/// texts: what looks like HTML is shown as it is.
///
///     inspect::Report("Fashion-MNIST, dense")
///         .facts({{"test accuracy", "0.893"}, {"epochs", "12"}})
///         .section("Learning curves").figure(inspect::draw(history.diagrams("epoch")))
///         .section("Confusion").figure(inspect::confusion_picture(confusion.compute(), names), "Rows are true classes.")
///         .section("Settings").settings({{"learning rate", "1e-3"}, {"batch", "128"}})
///         .save("report.html");
class XGRAD_API Report {
 public:
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  explicit Report(std::string title) : title_(std::move(title)) {}

  /// Begins a part with a heading; from three on, the page begins with a list of them.
  Report& section(const std::string& heading);
  /// Paragraphs, an empty line between two of them.
  Report& text(const std::string& paragraphs);
  /// Numbers that one wants to see first, in large type above their names: {name, value}.
  Report& facts(const Pairs& facts);
  /// Names and values, a line each.
  Report& settings(const Pairs& settings);
  Report& table(const Table& table, const std::string& caption = "");
  Report& figure(const Picture& picture, const std::string& caption = "");
  /// Each in a figure of its own, beside each other where the window is wide enough.
  Report& curves(const std::vector<Diagram>& diagrams);
  /// Lines in a type whose letters are equally wide, as they are.
  Report& preformatted(const std::string& lines);

  std::string html() const;
  /// Replaces the file at `path` by the page. Throws, naming the file and the reason.
  void save(const std::string& path) const;

 private:
  std::string title_, body_;
  std::vector<std::string> headings_;
};

}}}  // namespace torch::xgrad::inspect
