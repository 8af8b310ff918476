#include <xgrad/inspect/report/report.h>

#include <xgrad/autograd/core/version.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/io/file.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr const char* kStyle = R"(
:root { color-scheme: light; }
body { margin: 0 auto; padding: 2rem 1.5rem 4rem; max-width: 76rem; background: #fff; color: #333;
       font: 15px/1.5 Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.2rem; margin: 2.2rem 0 .8rem; padding-bottom: .25rem; border-bottom: 1px solid #ddd; }
p { max-width: 46rem; margin: .6rem 0; }
nav { margin: .6rem 0 1.2rem; }
nav a { margin-right: 1.2rem; color: #2166ac; text-decoration: none; }
nav a:hover { text-decoration: underline; }
.facts { display: flex; flex-wrap: wrap; gap: .8rem; margin: 1rem 0; padding: 0; }
.facts div { min-width: 7rem; padding: .6rem 1rem; border: 1px solid #ddd; border-radius: 6px; }
.facts dd { margin: 0; font-size: 1.45rem; font-weight: bold; }
.facts dt { color: #666; font-size: .85rem; }
.facts div { display: flex; flex-direction: column-reverse; }
.row { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: .8rem 0; max-width: 100%; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: #666; font-size: .9rem; margin-top: .3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th { text-align: left; border-bottom: 2px solid #999; }
th, td { padding: .25rem .8rem .25rem 0; white-space: pre; vertical-align: top; }
tbody tr + tr td { border-top: 1px solid #eee; }
tbody tr.line td { border-top: 2px solid #999; }
.number { text-align: right; padding: .25rem 0 .25rem .8rem; }
.settings td { white-space: pre-wrap; }
.settings td:first-child { color: #666; padding-right: 2rem; }
pre { overflow-x: auto; padding: .8rem 1rem; background: #f7f7f7; border: 1px solid #e5e5e5; border-radius: 6px;
      font-size: .82rem; line-height: 1.4; }
footer { margin-top: 3rem; color: #888; font-size: .8rem; }
@media print { nav { display: none; } figure, tr { break-inside: avoid; } }
)";

std::string captioned(const std::string& content, const std::string& caption) {
  return "<figure>\n<div class=\"wide\">" + content + "</div>\n" +
         (caption.empty() ? "" : "<figcaption>" + xml_escaped(caption) + "</figcaption>\n") + "</figure>\n";
}

}  // namespace

Report& Report::section(const std::string& heading) {
  headings_.push_back(heading);
  body_ += "<h2 id=\"s" + std::to_string(headings_.size()) + "\">" + xml_escaped(heading) + "</h2>\n";
  return *this;
}

Report& Report::text(const std::string& paragraphs) {
  for (size_t at = 0; at < paragraphs.size();) {
    const size_t end = std::min(paragraphs.find("\n\n", at), paragraphs.size());
    if (const std::string one = paragraphs.substr(at, end - at); one.find_first_not_of(" \n") != std::string::npos)
      body_ += "<p>" + xml_escaped(one) + "</p>\n";
    at = end + 2;
  }
  return *this;
}

Report& Report::facts(const Pairs& facts) {
  body_ += "<dl class=\"facts\">\n";
  for (const auto& [name, value] : facts) body_ += "<div><dt>" + xml_escaped(name) + "</dt><dd>" + xml_escaped(value) + "</dd></div>\n";
  body_ += "</dl>\n";
  return *this;
}

Report& Report::settings(const Pairs& settings) {
  body_ += "<table class=\"settings\"><tbody>\n";
  for (const auto& [name, value] : settings) body_ += "<tr><td>" + xml_escaped(name) + "</td><td>" + xml_escaped(value) + "</td></tr>\n";
  body_ += "</tbody></table>\n";
  return *this;
}

Report& Report::table(const Table& table, const std::string& caption) {
  body_ += captioned(table.html(), caption);
  return *this;
}

Report& Report::figure(const Picture& picture, const std::string& caption) {
  body_ += captioned(picture.svg(), caption);
  return *this;
}

Report& Report::curves(const std::vector<Diagram>& diagrams) {
  body_ += "<div class=\"row\">\n";
  for (const Diagram& diagram : diagrams) figure(draw({diagram}));
  body_ += "</div>\n";
  return *this;
}

Report& Report::preformatted(const std::string& lines) {
  body_ += "<pre>" + xml_escaped(lines) + "</pre>\n";
  return *this;
}

std::string Report::html() const {
  constexpr size_t kFewestListed = 3;
  std::string text =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<title>" +
      xml_escaped(title_) + "</title>\n<style>" + kStyle + "</style>\n</head>\n<body>\n<h1>" + xml_escaped(title_) + "</h1>\n";
  if (headings_.size() >= kFewestListed) {
    text += "<nav>";
    for (size_t i = 0; i < headings_.size(); ++i) text += "<a href=\"#s" + std::to_string(i + 1) + "\">" + xml_escaped(headings_[i]) + "</a> ";
    text += "</nav>\n";
  }
  return text + body_ + "<footer>xgrad " + XGRAD_VERSION "</footer>\n</body>\n</html>\n";
}

void Report::save(const std::string& path) const {
  const std::string text = html();
  io::replace_file(path, [&](const io::Sink& sink) { sink(text.data(), text.size()); });
}

}}}  // namespace torch::xgrad::inspect
