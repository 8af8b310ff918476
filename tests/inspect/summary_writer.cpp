#include <cmath>
#include <filesystem>
#include <limits>
#include <thread>

#include <doctest/doctest.h>
#include <inspect/protobuf_reader.h>
#include <io/folder.h>
#include <xgrad/inspect/logging/summary_writer.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::SummaryWriter;

namespace {

std::vector<Message> events_of(const std::string& path) {
  std::vector<Message> events;
  for (const std::string& record : records_of(bytes_of(path))) events.emplace_back(record);
  return events;
}

// The value of the only event behind the one with the version.
Message only_value(const SummaryWriter& writer) {
  const auto events = events_of(writer.path());
  REQUIRE(events.size() == 2);
  const Message summary = events[1].message(5);
  REQUIRE(summary.count(1) == 1);
  return summary.message(1);
}

std::vector<std::string> event_files_in(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.is_regular_file()) paths.push_back(entry.path().string());
  return paths;
}

}  // namespace

TEST_CASE("CRC-32C of the tests' reader has the known check value") { CHECK(bitwise_crc32c("123456789") == 0xe3069283); }

TEST_CASE("an event file begins with its version, and has scalars with their steps and times") {
  Folder folder;
  SummaryWriter writer(folder / "runs/first");
  writer.add_scalar("loss/training", 0.25, 7, 1700000000.5);
  writer.add_scalar("Größe λ", tensor(-1.5), -3);
  writer.add_scalar("bad \xff", std::nan(""), int64_t{1} << 40);
  writer.close();
  CHECK(writer.path().find(folder / "runs/first/events.out.tfevents.") == 0);
  const auto events = events_of(writer.path());
  REQUIRE(events.size() == 4);
  CHECK(events[0].bytes(3) == "brain.Event:2");
  CHECK(events[0].number(1) > 1.7e9);
  CHECK(events[1].number(1) == 1700000000.5);
  CHECK(events[1].integer(2) == 7);
  CHECK(events[1].message(5).message(1).bytes(1) == "loss/training");
  CHECK(events[1].message(5).message(1).small_number(2) == 0.25f);
  CHECK(events[2].integer(2) == -3);
  CHECK(events[2].message(5).message(1).bytes(1) == "Größe λ");
  CHECK(events[2].message(5).message(1).small_number(2) == -1.5f);
  CHECK(events[3].integer(2) == int64_t{1} << 40);
  CHECK(events[3].message(5).message(1).bytes(1) == "bad \xef\xbf\xbd");
  CHECK(std::isnan(events[3].message(5).message(1).small_number(2)));
}

TEST_CASE("a histogram has TensorFlow's bins and leaves out what is not finite") {
  Folder folder;
  SummaryWriter writer(folder.path());
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> values{-2, -0.5, 0, 1e-13, 0.3, 0.3, 5};
  writer.add_histogram("h", tensor({-2., -0.5, 0., 1e-13, 0.3, 0.3, 5., inf, -inf, std::nan("")}, kDouble), 1);
  const Message h = only_value(writer).message(5);
  CHECK(h.number(1) == -2);
  CHECK(h.number(2) == 5);
  CHECK(h.number(3) == 7);
  CHECK(h.number(4) == doctest::Approx(3.1));
  CHECK(h.number(5) == doctest::Approx(4 + 0.25 + 0.18 + 25));
  const auto limits = h.numbers(6), counts = h.numbers(7);
  REQUIRE(limits.size() == counts.size());
  CHECK(counts[0] == 0);  // so that the first bin has a lower limit
  double before = limits[0], all = 0;
  for (size_t i = 1; i < limits.size(); ++i) {
    const bool last = i + 1 == limits.size();
    const auto within =
        std::count_if(values.begin(), values.end(), [&](double x) { return x >= before && (x < limits[i] || (last && x == limits[i])); });
    CHECK(counts[i] == static_cast<double>(within));
    // A tenth wider from one to the next, and 1e-12 beside 0.
    const bool by_a_tenth = before == 0      ? limits[i] == 1e-12
                            : limits[i] == 0 ? before == -1e-12
                                             : std::abs(limits[i] / before) == doctest::Approx(before < 0 ? 1 / 1.1 : 1.1);
    CHECK(by_a_tenth);
    all += counts[i];
    before = limits[i];
  }
  CHECK(all == 7);
  CHECK(counts.back() > 0);
}

TEST_CASE("histograms of nothing and of values beyond all bins") {
  Folder folder;
  SummaryWriter writer(folder.path());
  SUBCASE("empty") { writer.add_histogram("h", empty({0}), 1); }
  SUBCASE("not finite") { writer.add_histogram("h", full({3}, std::nan("")), 1); }
  SUBCASE("beyond") { writer.add_histogram("h", full({3}, 1e30), 1); }
  const Message h = only_value(writer).message(5);
  CHECK(h.numbers(6).empty());
  CHECK(h.numbers(7).empty());
}

TEST_CASE("images are PNG files of their size") {
  Folder folder;
  SummaryWriter writer(folder.path());
  SUBCASE("[channels, height, width] of floats") { writer.add_image("i", rand({3, 5, 7}), 1); }
  SUBCASE("the same of bytes") { writer.add_image("i", randint(0, 256, {3, 5, 7}).to(kByte), 1); }
  const Message image = only_value(writer).message(4);
  CHECK(image.integer(1) == 5);
  CHECK(image.integer(2) == 7);
  CHECK(image.integer(3) == 3);
  CHECK(image.bytes(4).substr(0, 8) == "\x89PNG\r\n\x1a\n");
}

TEST_CASE("several images are one, and what is no image is refused without a trace") {
  Folder folder;
  SummaryWriter writer(folder.path());
  CHECK_THROWS_WITH_AS(writer.add_image("i", rand({1, 3, 5, 7}), 1), doctest::Contains("[add_image] expected [channels, height, width]"), Error);
  CHECK_THROWS_WITH_AS(writer.add_image("i", rand({2, 5, 7}), 1), doctest::Contains("1 or 3 channels"), Error);
  writer.add_images("i", rand({4, 1, 5, 7}), 1, 2);
  const Message image = only_value(writer).message(4);
  CHECK(image.integer(1) == 2 * 5 + 3 * 2);
  CHECK(image.integer(2) == 2 * 7 + 3 * 2);
  CHECK(image.integer(3) == 1);
}

TEST_CASE("text is a tensor of one string for the plugin of texts") {
  Folder folder;
  SummaryWriter writer(folder.path());
  writer.add_text("notes", "a *b*\nc", 2);
  const Message value = only_value(writer);
  CHECK(value.bytes(1) == "notes/text_summary");
  CHECK(value.message(9).message(1).bytes(1) == "text");
  CHECK(value.message(8).integer(1) == 7);  // DT_STRING
  CHECK(value.message(8).message(2).message(2).integer(1) == 1);
  CHECK(value.message(8).bytes(8) == "a *b*\nc");
}

TEST_CASE("scalars in one diagram have a folder each, hyperparameters one of their own") {
  Folder folder;
  SummaryWriter writer(folder.path());
  writer.add_scalars("loss/all", {{"a", 1}, {"b", 2}}, 3);
  writer.add_scalars("loss/all", {{"a", 0.5}}, 4);
  const auto a = event_files_in(folder / "loss_all_a");
  REQUIRE(a.size() == 1);
  const auto events = events_of(a[0]);
  REQUIRE(events.size() == 3);
  CHECK(events[2].message(5).message(1).bytes(1) == "loss/all");
  CHECK(events[2].message(5).message(1).small_number(2) == 0.5f);
  CHECK(event_files_in(folder / "loss_all_b").size() == 1);

  writer.add_hparams({{"rate", 0.1}, {"name", std::string("x")}, {"on", true}}, {{"accuracy", 0.9}}, "trial");
  const auto trial = event_files_in(folder / "trial");
  REQUIRE(trial.size() == 1);
  const auto session = events_of(trial[0]);
  REQUIRE(session.size() == 5);
  std::map<std::string, Message> contents;
  for (size_t i = 1; i <= 3; ++i) {
    const Message value = session[i].message(5).message(1), plugin = value.message(9).message(1);
    CHECK(plugin.bytes(1) == "hparams");
    contents[value.bytes(1)] = plugin.message(2);
  }
  const Message experiment = contents.at("_hparams_/experiment").message(2);
  CHECK(experiment.count(4) == 3);
  CHECK(experiment.message(5).message(1).bytes(2) == "accuracy");
  std::map<std::string, Message> settings;
  const Message start = contents.at("_hparams_/session_start_info").message(3);
  for (size_t i = 0; i < start.count(1); ++i) settings[start.message(1, i).bytes(1)] = start.message(1, i).message(2);
  CHECK(settings.at("rate").number(2) == 0.1);
  CHECK(settings.at("name").bytes(3) == "x");
  CHECK(settings.at("on").integer(4) == 1);
  CHECK(contents.at("_hparams_/session_end_info").message(4).integer(1) == 1);
  CHECK(session[4].message(5).message(1).small_number(2) == 0.9f);
}

TEST_CASE("the graph has every recorded operation with its inputs, below its module's name") {
  Folder folder;
  SummaryWriter writer(folder.path());
  nn::Sequential net(nn::Linear(3, 4), nn::Sigmoid(), nn::Linear(4, 2));
  writer.add_graph(net->forward(rand({5, 3})).exp().sum(), net.get());
  const auto events = events_of(writer.path());
  REQUIRE(events.size() == 2);
  const Message graph = events[1].message(4);
  std::map<std::string, Message> nodes;
  for (size_t i = 0; i < graph.count(1); ++i) {
    const Message node = graph.message(1, i);
    // Inputs come before, under names that are there.
    for (size_t k = 0; k < node.count(3); ++k) CHECK(nodes.count(node.bytes(3, k)) == 1);
    CHECK(nodes.emplace(node.bytes(1), node).second);
  }
  for (const char* name : {"0/weight", "0/bias", "2/weight", "2/bias", "2/exp", "2/sum"}) CHECK_MESSAGE(nodes.count(name) == 1, name);
  CHECK(nodes.at("2/sum").bytes(3) == "2/exp");
  CHECK(nodes.at("0/weight").bytes(2) == "Parameter");
}

TEST_CASE("two writers of a folder have files of their own; a run that goes on says from where") {
  Folder folder;
  SummaryWriter first(folder.path()), second(folder.path(), 40, ".resumed");
  CHECK(first.path() != second.path());
  CHECK(second.path().substr(second.path().size() - 8) == ".resumed");
  const auto events = events_of(second.path());
  REQUIRE(events.size() == 2);
  CHECK(events[1].integer(2) == 40);
  CHECK(events[1].message(7).integer(1) == 1);  // SessionLog.START
}

TEST_CASE("every record is whole when the call returns, from all threads") {
  Folder folder;
  SummaryWriter writer(folder.path());
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) writer.add_scalar("t" + std::to_string(t), i, i);
    });
  for (auto& thread : threads) thread.join();
  CHECK(events_of(writer.path()).size() == 201);
}

TEST_CASE("a writer that is closed, and a folder that cannot be made, are named") {
  Folder folder;
  SummaryWriter writer(folder.path());
  writer.close();
  writer.close();
  CHECK_THROWS_WITH_AS(writer.add_scalar("a", 1, 1), doctest::Contains("[log] the file is closed: "), Error);
  write_bytes(folder / "file", "x");
  CHECK_THROWS_WITH_AS(SummaryWriter(folder / "file/runs"), doctest::Contains("[log] cannot make the folder "), Error);
}
