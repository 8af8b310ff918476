#include <doctest/doctest.h>
#include <inspect/xml.h>
#include <io/folder.h>
#include <xgrad/inspect/inspect.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::Report;
using inspect::Table;

namespace {

// The elements of the page's body, which are XML.
std::string body_of(const std::string& html) {
  const size_t begin = html.find("<body>"), end = html.find("</body>");
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  return html.substr(begin, end + 7 - begin);
}

}  // namespace

TEST_CASE("a report is one page that needs nothing else, and whose texts are texts") {
  const std::string odd = "<script>alert('&\"')</script> λ \xff";
  Table table({"name", " count"});
  table.add({odd, "1"});
  Report report(odd);
  report.facts({{odd, odd}}).text("One.\n\n" + odd + "\n\n\n\n").settings({{odd, odd}}).table(table, odd).preformatted(odd);
  report.section(odd).figure(inspect::draw({{odd, odd, {{odd, "", 0, {1, 2, 3}}}}}), odd);
  const std::string html = report.html(), body = body_of(html);
  CHECK(html.substr(0, 15) == "<!DOCTYPE html>");
  CHECK(what_is_wrong_with(body) == "");
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("alert") != std::string::npos);
  for (const char* part : {" src=", "http-equiv", "<link", "@import", "url("}) CHECK_MESSAGE(html.find(part) == std::string::npos, part);
  CHECK(times(html, "http://") == times(html, "xmlns='http://www.w3.org/2000/svg'"));
  CHECK(times(body, "<p>") == 2);
  CHECK(times(body, "<figure>") == 2);
  CHECK(times(body, "<nav>") == 0);
}

TEST_CASE("from three parts on the page begins with a list of them") {
  Report report("r");
  for (int i = 1; i <= 3; ++i) report.section("part " + std::to_string(i));
  const std::string body = body_of(report.html());
  CHECK(what_is_wrong_with(body) == "");
  for (int i = 1; i <= 3; ++i) {
    CHECK(times(body, "href=\"#s" + std::to_string(i) + "\"") == 1);
    CHECK(times(body, "id=\"s" + std::to_string(i) + "\"") == 1);
  }
}

TEST_CASE("an empty report is a page, and is saved in one step") {
  Folder folder;
  Report("empty").save(folder / "r.html");
  CHECK(what_is_wrong_with(body_of(bytes_of(folder / "r.html"))) == "");
  CHECK(folder.files() == 1);
  CHECK_THROWS_AS(Report("r").save(folder / "missing/r.html"), Error);
}

TEST_CASE("a table's columns are as wide as they need, by characters, numbers at the right") {
  Table table({"name", " number"});
  table.add({"größer", "1"});
  table.add_line();
  table.add({"a", "1,000"});
  CHECK(table.text() ==
        "name    number\n"
        "--------------\n"
        "größer       1\n"
        "--------------\n"
        "a        1,000\n");
  CHECK(table.rows() == 2);
  CHECK(times(table.html(), "class=\"number\"") == 3);
  CHECK(times(table.html(), "<tr class=\"line\">") == 1);
  CHECK(what_is_wrong_with(table.html()) == "");
  CHECK_THROWS_WITH_AS(table.add({"a"}), doctest::Contains("[Table] expected 2 texts, got 1"), Error);
}
