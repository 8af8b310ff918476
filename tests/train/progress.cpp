#include <cmath>
#include <cstdio>
#include <list>
#include <ostream>
#include <sstream>

#include <doctest/doctest.h>
#include <message.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/data/dataloader.h>
#include <xgrad/data/datasets/tensor.h>
#include <xgrad/data/samplers/sequential.h>
#include <xgrad/train/progress.h>
#include <xgrad/train/progress_line.h>

using namespace xgrad;
using namespace xgrad::train;

namespace {

struct Screen {
  double now = 100;
  std::ostringstream out;
  ProgressOptions options(const char* description = "") {
    return ProgressOptions(description).stream(&out).enabled(true).ascii(true).clock([this] { return now; });
  }
  size_t lines() const {
    size_t n = 0;
    for (const char c : out.str()) n += c == '\r';
    return n;
  }
};

}  // namespace

// Recorded from tqdm 4.64.1 (Debian 12) with the same clock and miniters=1.
TEST_CASE("a bar is tqdm's, letter by letter") {
  Screen s;
  {
    ProgressBar bar(s.options("epoch 3").total(10).width(72));
    const struct {
      double seconds;
      int64_t steps;
      double loss;
    } all[] = {{0.5, 1, 0.693147}, {0.05, 1, 0.5}, {0.5, 1, 0.25}, {2, 4, 1e-5}, {3700, 3, 123456.5}};
    for (const auto& [seconds, steps, loss] : all) {
      s.now += seconds;
      bar.update(steps, {{"loss", loss}});
    }
    CHECK(bar.count() == 10);
  }
  CHECK(s.out.str() ==
        "\repoch 3:   0%|                                   | 0/10 [00:00<?, ?it/s]"
        "\repoch 3:  10%|#5             | 1/10 [00:00<00:04,  2.00it/s, loss=0.693]"
        "\repoch 3:  30%|####8           | 3/10 [00:01<00:02,  3.00it/s, loss=0.25]"
        "\repoch 3:  70%|###########2    | 7/10 [00:03<00:01,  2.24it/s, loss=1e-5]"
        "\repoch 3: 100%|#########| 10/10 [1:01:43<00:00, 519.70s/it, loss=1.23e+5]"
        "\repoch 3: 100%|#########| 10/10 [1:01:43<00:00, 370.31s/it, loss=1.23e+5]\n");

  Screen u;
  {
    ProgressBar bar(u.options("\u00e4").total(8).width(40).ascii(false).leave(false));
    for (int i = 0; i < 3; ++i) {
      u.now += 0.25;
      bar.update();
    }
  }
  CHECK(u.out.str() ==
        "\r\u00e4:   0%|          | 0/8 [00:00<?, ?it/s]\r\u00e4:  12%|\u258e | 1/8 [00:00<00:01,  4.00it/s]"
        "\r\u00e4:  25%|\u258c | 2/8 [00:00<00:01,  4.00it/s]\r\u00e4:  38%|\u258a | 3/8 [00:00<00:01,  4.00it/s]"
        "\r                                        \r");

  Screen w;
  ProgressBar bar(w.options().unit("batch"));
  for (int i = 0; i < 3; ++i) {
    w.now += 0.25;
    bar.update(2);
  }
  bar.close();
  bar.close();
  bar.update();
  CHECK(w.out.str() ==
        "\r0batch [00:00, ?batch/s]\r2batch [00:00,  8.00batch/s]\r4batch [00:00,  8.00batch/s]\r6batch [00:00,  8.00batch/s]"
        "\r6batch [00:00,  8.00batch/s]\n");
}

TEST_CASE("a range is walked with a bar of its size, which its end closes") {
  Screen s;
  std::list<int> numbers{1, 2, 3, 4};
  int sum = 0;
  for (int& n : progress(numbers, s.options("list"))) {
    n *= 2;
    sum += n;
    s.now += 1;
  }
  CHECK(sum == 20);
  CHECK(numbers.back() == 8);
  CHECK(contains(s.out.str(), "list:   0%|          | 0/4 ["));
  CHECK(contains(s.out.str(), "list: 100%|##########| 4/4 [00:04<00:00,  1.00s/it]\n") == false);
  CHECK(contains(s.out.str(), "list: 100%|##########| 4/4 [00:04<00:00,  1.00it/s]\n"));

  Screen t;
  for (const int n : progress(std::vector<int>{5, 6}, t.options())) sum += n;  // kept
  CHECK(sum == 31);
  int array[3] = {1, 1, 1};
  for (const int n : progress(array, t.options())) sum += n;
  CHECK(sum == 34);
  CHECK(contains(t.out.str(), "| 2/2 ["));
  CHECK(contains(t.out.str(), "| 3/3 ["));

  struct Sized {  // as a loader that knows how many batches there will be
    int n[2] = {1, 2};
    std::optional<size_t> many;
    int* begin() { return n; }
    int* end() { return n + 2; }
    std::optional<size_t> size() { return many; }
  };
  Sized two{{1, 2}, 2}, unknown;
  Screen known, open;
  for (int& n : progress(two, known.options())) n = 0;
  for (int& n : progress(unknown, open.options())) n = 0;
  CHECK(contains(known.out.str(), "| 2/2 ["));
  CHECK(contains(open.out.str(), "\r2it ["));

  Screen left;
  auto range = progress(numbers, left.options());
  for (const int n : range) {
    range.bar().postfix({{"n", n}});
    if (n == 4) break;
  }
  CHECK(range.bar().enabled());
  range.bar().close();
  CHECK(contains(left.out.str(), "| 1/4 [00:00<?, ?it/s, n=4]\n"));
}

TEST_CASE("a loader is walked with a bar") {
  Screen s;
  auto loader = data::make_data_loader<data::samplers::SequentialSampler>(data::datasets::TensorDataset(arange(10, kFloat)), 4);
  for (int epoch = 0; epoch < 2; ++epoch) {
    double sum = 0;
    for (auto& batch : progress(*loader, s.options("epoch").total(3)))
      for (const auto& example : batch) sum += example.data.item<double>();
    CHECK(sum == 45);
  }
  CHECK(contains(s.out.str(), "| 3/3 ["));
}

TEST_CASE("what stands behind the rate") {
  Screen s;
  ProgressBar bar(s.options());
  bar.postfix({{"loss", full({}, 0.125)}, {"n", 3}, {"half", 0.5f}});
  bar.refresh();
  CHECK(contains(s.out.str(), "?it/s, loss=0.125, n=3, half=0.5]"));
  bar.postfix("warming up");
  bar.description("b");
  bar.refresh();
  CHECK(contains(s.out.str(), "\rb: 0it [00:00, ?it/s, warming up]"));
  // Python's "{:.3g}", or repr where that is no longer.
  const std::pair<double, const char*> numbers[] = {{0, "0"},
                                                    {2, "2"},
                                                    {0.1 + 0.2, "0.3"},
                                                    {1234, "1234"},
                                                    {1234.5, "1234.5"},
                                                    {1e-5, "1e-5"},
                                                    {12345678, "1.23e+7"},
                                                    {-0.0333333, "-0.0333"},
                                                    {6.02214e23, "6.02e+23"},
                                                    {1e-300, "1e-300"},
                                                    {INFINITY, "inf"}};
  for (const auto& [number, text] : numbers) CHECK(short_number(number) == text);
  CHECK(contains(short_number(NAN), "nan"));
}

TEST_CASE("a line fits the columns there are") {
  CHECK(columns_of("abc") == 3);
  CHECK(columns_of("\u00e4\u258e") == 2);
  CHECK(columns_of("e\u0301") == 1);
  CHECK(columns_of("\u4e2d\uac00\U0001f600") == 6);
  CHECK(columns_of("\xff\xc3") == 2);  // no UTF-8
  for (int width = 1; width < 120; ++width)
    for (const bool ascii : {false, true})
      for (const char* description : {"", "epoch", "\u4e2d\u4e2d\u4e2d\u4e2d"}) {
        const ProgressLine line{description, 3, 7, 12, 0.25, "it", ", loss=0.1"};
        const std::string text = progress_text(line, width, ascii);
        CHECK(columns_of(text) <= width);
        if (width > 60) CHECK(columns_of(text) == width);
        ProgressLine unknown = line;
        unknown.total.reset();
        CHECK(columns_of(progress_text(unknown, width, ascii)) <= width);
      }
}

TEST_CASE("nothing is written that was not asked for") {
  std::ostringstream out;
  ProgressBar quiet(ProgressOptions("x").stream(&out));  // a stream is no terminal
  ProgressBar off(ProgressOptions("x").stream(&out).enabled(false));
  std::FILE* file = std::tmpfile();
  {
    ProgressBar to_file(ProgressOptions("x").file(file).total(3));
    CHECK(!to_file.enabled());
    for (ProgressBar* bar : {&quiet, &off, &to_file}) {
      bar->update(2, {{"loss", 1}});
      bar->refresh();
      CHECK(bar->count() == 2);
    }
  }
  CHECK(std::ftell(file) == 0);
  CHECK(out.str().empty());
  {
    ProgressBar to_file(ProgressOptions("x").file(file).total(3).enabled(true).ascii(true));
    to_file.update(3);
  }
  std::rewind(file);
  char text[400] = {};
  CHECK(std::fread(text, 1, sizeof text - 1, file) > 0);
  CHECK(contains(text, "x: 100%|##########| 3/3 ["));
  std::fclose(file);
}

TEST_CASE("a step costs neither a drawing nor a look at the clock") {
  Screen s;
  int looks = 0;
  ProgressBar bar(s.options().total(1000000).clock([&] {
    ++looks;
    return s.now;
  }));
  for (int i = 0; i < 1000000; ++i) {
    s.now += 1e-6;
    bar.update();
  }
  CHECK(s.lines() <= 11);
  CHECK(s.lines() >= 8);
  CHECK(looks < 200);
  // When steps get a thousand times as slow, drawing goes on.
  const size_t before = s.lines();
  for (int i = 0; i < 30000; ++i) {
    s.now += 1e-3;
    bar.update();
  }
  CHECK(s.lines() - before > 100);
}

TEST_CASE("a clock that stands still, or goes back") {
  Screen s;
  ProgressBar bar(s.options().total(100));
  for (int i = 0; i < 60; ++i) bar.update();
  s.now -= 50;
  for (int i = 0; i < 40; ++i) bar.update();
  bar.close();
  CHECK(contains(s.out.str(), "\r100%|##########| 100/100 [?<?, ?it/s]"));
}

TEST_CASE("options out of range") {
  CHECK(message_of([] { ProgressBar(ProgressOptions().total(-1)); }) == "[ProgressBar] total must not be negative, got -1");
  CHECK(message_of([] { ProgressBar(ProgressOptions().width(0)); }) == "[ProgressBar] width must be at least 1, got 0");
  CHECK(contains(message_of([] { ProgressBar(ProgressOptions().interval(-1)); }), "interval must not be negative, got -1"));
  CHECK(contains(message_of([] { ProgressBar(ProgressOptions().file(nullptr)); }), "file or a stream"));
}
