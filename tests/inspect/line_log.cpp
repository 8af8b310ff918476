#include <cmath>
#include <limits>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <nlohmann/json.hpp>
#include "values.h"
#include <xgrad/inspect/logging/line_log.h>
#include <xgrad/inspect/logging/scalar_history.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::CsvLog;
using inspect::JsonLinesLog;
using inspect::ScalarHistory;

namespace {

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  const std::string text = bytes_of(path);
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace

TEST_CASE("CSV has a header and a line for each number, with all digits and quotes where they are needed") {
  Folder folder;
  {
    CsvLog log(folder / "a/b/log.csv");
    log.add_scalar("loss", 0.1, 1, 2.5);
    log.add_scalar("a,\"b\"\nc", 1.0 / 3, 2, 3);
    log.add_scalar("x", -kInf, 3, 4);
    log.add_scalar("x", std::nan(""), 4, 5);
    log.add_scalar("x", tensor(2.f), 5, 6);
  }
  CHECK(bytes_of(folder / "a/b/log.csv") ==
        "step,wall_time,tag,value\n1,2.500000,loss,0.1\n2,3.000000,\"a,\"\"b\"\"\nc\",0.3333333333333333\n3,4.000000,x,-inf\n4,5.000000,x,nan\n"
        "5,6.000000,x,2\n");
}

TEST_CASE("lines of JSON are read by a reader of JSON") {
  Folder folder;
  const std::string odd = "q\"\\\n\t\x01λ";
  {
    JsonLinesLog log(folder / "log.jsonl");
    log.add_scalar(odd, 1e-300, -5, 1700000000.25);
    log.add_scalar("bad \xff", kInf, 6);
    log.add_scalar("n", std::nan(""), 7);
  }
  const auto lines = lines_of(folder / "log.jsonl");
  REQUIRE(lines.size() == 3);
  const auto first = nlohmann::json::parse(lines[0]);
  CHECK(first["tag"] == odd);
  CHECK(first["value"] == 1e-300);
  CHECK(first["step"] == -5);
  CHECK(first["wall_time"] == 1700000000.25);
  CHECK(nlohmann::json::parse(lines[1])["tag"] == "bad \xef\xbf\xbd");
  CHECK(nlohmann::json::parse(lines[1])["value"] == "inf");
  CHECK(nlohmann::json::parse(lines[2])["value"] == "nan");
}

TEST_CASE_TEMPLATE("a log that is there is gone on with", Log, CsvLog, JsonLinesLog) {
  Folder folder;
  const std::string path = folder / "log";
  {
    Log log(path);
    for (int step = 1; step <= 3; ++step) log.add_scalar("tag \"\n\"", step * 0.5, step, 1);
  }
  const std::string whole = bytes_of(path);

  SUBCASE("whole") {
    Log(path).add_scalar("more", 1, 4, 1);
    CHECK(bytes_of(path).substr(0, whole.size()) == whole);
    CHECK(bytes_of(path).size() > whole.size());
  }
  SUBCASE("from an earlier step on") {
    Log log(path, 2);
    log.add_scalar("tag \"\n\"", 1, 2, 1);
    log.add_scalar("tag \"\n\"", 1.5, 3, 1);
    CHECK(bytes_of(path) == whole);
  }
  SUBCASE("cut off anywhere") {
    for (size_t size = 0; size < whole.size(); ++size) {
      write_bytes(path, whole.substr(0, size));
      {
        Log log(path);
        log.add_scalar("last", 9, 9, 1);
      }
      // What stands before the last line are whole lines of before.
      const std::string now = bytes_of(path);
      write_bytes(path, "");
      { Log(path).add_scalar("last", 9, 9, 1); }
      std::string last = bytes_of(path);
      if (last.find('\n') + 1 < last.size()) last = last.substr(last.find('\n') + 1);
      REQUIRE(now.size() >= last.size());
      CHECK(now.substr(now.size() - last.size()) == last);
      const std::string kept = now.substr(0, now.size() - last.size());
      CHECK((whole.substr(0, kept.size()) == kept && (kept.empty() || kept.back() == '\n')));
      CHECK(kept.size() + 64 > size);  // no more than a line is lost
    }
  }
}

TEST_CASE_TEMPLATE("a file of another kind is refused and stays as it is", Log, CsvLog, JsonLinesLog) {
  Folder folder;
  const std::string path = folder / "log";
  for (const std::string text : {"epoch,loss\n1,2\n", "hello\n", "hello", "{\"a\":1}\n", "step,wall_time,tag,value\nx,1,a,2\n"}) {
    write_bytes(path, text);
    CHECK_THROWS_WITH_AS(Log(path, 3), doctest::Contains(" is another file: "), Error);
    CHECK(bytes_of(path) == text);
  }
}

TEST_CASE("what a killed process has added is there") {
  Folder folder;
  const std::string path = folder / "log.csv";
  const pid_t child = ::fork();
  if (child == 0) {
    CsvLog log(path);
    for (int i = 0; i < 100; ++i) log.add_scalar("x", i, i);
    ::_exit(::kill(::getpid(), SIGKILL));
  }
  int status;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(lines_of(path).size() == 101);
}

TEST_CASE("a disk that is full is told, and the file keeps whole lines") {
  CHECK_THROWS_WITH_AS(CsvLog("/dev/full"), doctest::Contains("[log] not a regular file: /dev/full"), Error);
  Folder folder;
  CHECK_THROWS_AS(CsvLog(folder.path()), Error);
  CsvLog log(folder / "log.csv");
  log.flush();
  log.close();
  CHECK_THROWS_WITH_AS(log.add_scalar("a", 1, 1), doctest::Contains("[log] the file is closed: "), Error);
}

TEST_CASE("a history hands on what it keeps, and makes diagrams of what belongs together") {
  Folder folder;
  CsvLog csv(folder / "log.csv");
  ScalarHistory history({&csv});
  history.add_scalar("loss/training", 3, 1);
  history.add_scalar("rate", 0.1, 1);
  history.add_scalar("loss/test/all", 4, 1);
  history.add_scalar("loss/training", 2, 5);
  CHECK(lines_of(folder / "log.csv").size() == 5);
  CHECK(history.tags() == std::vector<std::string>{"loss/training", "rate", "loss/test/all"});
  CHECK(history.series("loss/training").steps == std::vector<int64_t>{1, 5});
  CHECK(history.series("missing").values.empty());
  const auto diagrams = history.diagrams("epoch");
  REQUIRE(diagrams.size() == 2);
  CHECK(diagrams[0].title == "loss");
  CHECK(diagrams[0].across == "epoch");
  REQUIRE(diagrams[0].curves.size() == 2);
  CHECK(diagrams[0].curves[0].name == "training");
  CHECK(diagrams[0].curves[0].positions == std::vector<double>{1, 5});
  CHECK(diagrams[0].curves[1].name == "test/all");
  CHECK(diagrams[1].curves[0].name.empty());
  CHECK_THROWS_AS(ScalarHistory({nullptr}), Error);
  history.close();
  CHECK_THROWS_AS(history.add_scalar("rate", 1, 2), Error);
  CHECK(history.series("rate").values.size() == 1);  // what was refused changed nothing
}
