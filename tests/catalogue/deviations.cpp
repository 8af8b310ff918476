// The list of deviations (compat/DEVIATIONS.md) is complete and names tests that exist.
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch::catalogue {

namespace {

using Names = std::set<std::string>;

const std::string kSource = XGRAD_SOURCE_DIR;

std::string text_of_file(const std::string& path) {
  std::ifstream file(kSource + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Listed {
  Names operations;                                        // whose samples hold it
  std::vector<std::pair<std::string, std::string>> tests;  // file and name
};

Listed listed_in(const std::string& held_by) {
  Listed entry;
  std::smatch found;
  if (std::regex_search(held_by, found, std::regex("samples of ([^;]*)"))) {
    std::stringstream names(found.str(1));
    for (std::string name; std::getline(names, name, ',');) entry.operations.insert(name.substr(name.find_first_not_of(' ')));
  }
  const std::regex test("(tests/\\S+) \"([^\"]*)\"");
  for (std::sregex_iterator it(held_by.begin(), held_by.end(), test), end; it != end; ++it) entry.tests.emplace_back(it->str(1), it->str(2));
  return entry;
}

std::map<std::string, Listed> list_of_deviations() {
  std::map<std::string, Listed> list;
  std::stringstream lines(text_of_file("compat/DEVIATIONS.md"));
  const std::string held = "Held by: ";
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("### ", 0) == 0) {
      name = line.substr(4);
      CHECK_MESSAGE(list.emplace(name, Listed()).second, name, " is listed twice");
    } else if (line.rfind(held, 0) == 0) {
      list.at(name) = listed_in(line.substr(held.size()));
    }
  }
  return list;
}

std::map<std::string, Names> deviations_of_samples() {
  std::map<std::string, Names> operations;
  for (const Entry* entry : entries()) {
    const Samples all = entry->samples();
    for (const Sample& sample : all.samples())
      if (!sample.deviation.empty()) operations[sample.deviation].insert(entry->name());
  }
  return operations;
}

std::string joined(const Names& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

TEST_CASE("every deviation is listed with what holds it") {
  const auto list = list_of_deviations();
  const auto declared = deviations_of_samples();
  CHECK(list.size() > 30);
  for (const auto& samples : declared)
    CHECK_MESSAGE(list.count(samples.first), samples.first, " is declared by samples of ", joined(samples.second), " but not listed");
  for (const auto& item : list) {
    const std::string& name = item.first;
    const Listed& entry = item.second;
    CHECK_MESSAGE(entry.operations.size() + entry.tests.size() > 0, name, " is held by nothing");
    const auto found = declared.find(name);
    CHECK_MESSAGE(joined(entry.operations) == joined(found == declared.end() ? Names() : found->second), name);
    for (const auto& test : entry.tests)
      CHECK_MESSAGE(text_of_file(test.first).find("TEST_CASE(\"" + test.second + "\")") != std::string::npos, name,
                    " is held by a test that isn't there: ", test.first, ": ", test.second);
  }
}

}  // namespace torch::catalogue
