#include <cmath>
#include <limits>
#include <random>

#include <zlib.h>

#include <doctest/doctest.h>
#include <inspect/xml.h>
#include <io/folder.h>
#include "values.h"
#include <xgrad/inspect/histogram.h>
#include <xgrad/inspect/picture/diagram.h>
#include <xgrad/inspect/picture/panels.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using inspect::Colour;
using inspect::Curve;
using inspect::Diagram;
using inspect::Picture;

namespace {

// Red, green and blue of the pixels of a PNG as write_png makes it: rows without filters.
struct Pixels {
  explicit Pixels(const std::string& png) {
    REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
    const auto number = [&](size_t at) {
      uint32_t value = 0;
      for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(png.at(i));
      return value;
    };
    std::string compressed;
    for (size_t at = 8; at < png.size(); at += 12 + number(at))
      if (png.substr(at + 4, 4) == "IDAT") compressed += png.substr(at + 8, number(at));
    width = number(16);
    height = number(20);
    uLong size = height * (width * 3 + 1);
    bytes.resize(size);
    REQUIRE(uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(compressed.data()), compressed.size()) == Z_OK);
    REQUIRE(size == bytes.size());
  }
  int at(size_t x, size_t y, size_t channel) const { return static_cast<uint8_t>(bytes.at(y * (width * 3 + 1) + 1 + x * 3 + channel)); }
  // What is darker than white, in units of a black pixel.
  double ink() const {
    double sum = 0;
    for (size_t y = 0; y < height; ++y)
      for (size_t x = 0; x < width; ++x)
        for (size_t c = 0; c < 3; ++c) sum += (255 - at(x, y, c)) / (3 * 255.0);
    return sum;
  }
  size_t width, height;
  std::string bytes;
};

std::string svg_of(const Diagram& diagram) { return inspect::draw({diagram}).svg(); }

}  // namespace

TEST_CASE("an SVG is well-formed, its texts are texts, and numbers that are not finite are left out") {
  Picture picture(100, 50);
  picture.text({10, 20}, "a < b & \"c\" 'd' > \x01 \xff λ", {14, inspect::Anchor::end, true});
  picture.rectangle(1, 2, 3, 4, {Colour{1, 2, 3}, Colour{4, 5, 6}, 2, true, 0.5}, 2);
  picture.circle({kNaN, 1}, 2, {});
  picture.line({0, 0}, {kInf, 1}, {});
  picture.polyline({{0, 0}, {1, 1}, {2, 0}}, {}, true);
  picture.flow({{0, 0}, {10, 10}, {20, 20}}, {{}, Colour{0, 0, 0}});
  const std::string svg = picture.svg();
  CHECK(what_is_wrong_with(svg) == "");
  CHECK(svg.find("a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt; \xef\xbf\xbd \xef\xbf\xbd λ</text>") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  CHECK(svg.find("inf") == std::string::npos);
  CHECK(times(svg, "<circle") + times(svg, "<line") == 0);
  CHECK(svg.find("width='100' height='50' viewBox='0 0 100 50'") != std::string::npos);
  CHECK(svg.find("fill='#010203' fill-opacity='0.5' stroke='#040506' stroke-width='2' stroke-dasharray='5 4'") != std::string::npos);
}

TEST_CASE("pixels are covered as far as shapes cover them") {
  const Colour black{0, 0, 0};
  SUBCASE("a rectangle between pixels") {
    Picture picture(20, 20);
    picture.rectangle(2.5, 3, 8, 5.25, {black});
    CHECK(Pixels(picture.png(2)).ink() == doctest::Approx(8 * 5.25 * 9).epsilon(0.005));
  }
  SUBCASE("a circle") {
    Picture picture(40, 40);
    picture.circle({20, 20}, 11, {black});
    CHECK(Pixels(picture.png()).ink() == doctest::Approx(M_PI * 11 * 11 * 2.25).epsilon(0.01));
  }
  SUBCASE("a triangle that reaches out of the picture") {
    Picture picture(20, 20);
    picture.polyline({{-20, 10}, {20, -30}, {20, 50}}, {black}, true);  // covers all of it
    const Pixels pixels(picture.png());
    CHECK(pixels.ink() == doctest::Approx(20 * 20 * 2.25));
    CHECK(pixels.at(29, 15, 0) == 0);
  }
  SUBCASE("a thick line") {
    Picture picture(40, 40);
    picture.line({5, 5}, {35, 30}, {{}, black, 4});
    CHECK(Pixels(picture.png()).ink() == doctest::Approx(std::hypot(30, 25) * 4 * 2.25).epsilon(0.01));
  }
  SUBCASE("dashes of five ninths") {
    Picture picture(100, 10);
    picture.line({5, 5}, {95, 5}, {{}, black, 1, true});
    CHECK(Pixels(picture.png()).ink() == doctest::Approx(90 * 5.0 / 9 * 2.25).epsilon(0.02));
  }
  SUBCASE("half of it where it is half opaque") {
    Picture picture(10, 10);
    picture.rectangle(0, 0, 10, 10, {black, {}, 1, false, 0.5});
    CHECK(Pixels(picture.png()).at(7, 7, 1) == 127 + 1);
  }
  SUBCASE("the frame of a rounded rectangle") {
    Picture picture(60, 60);
    picture.rectangle(10, 10, 40, 40, {{}, black, 2}, 10);
    CHECK(Pixels(picture.png(2)).ink() == doctest::Approx((4 * 20 + 2 * M_PI * 10) * 2 * 9).epsilon(0.02));
  }
}

TEST_CASE("shapes of any numbers are drawn or left out") {
  const std::vector<double> numbers{0, -1, 5, 1e-300, 1e9, -1e300, 1e308, -1e308, kNaN, kInf};
  std::mt19937 random(1);
  const auto any = [&] { return numbers[random() % numbers.size()]; };
  for (int round = 0; round < 40; ++round) {
    Picture picture(20, 20);
    const inspect::Paint paint{Colour{0, 0, 0}, Colour{9, 9, 9}, any(), round % 2 == 0, 0.5};
    picture.rectangle(any(), any(), any(), any(), paint, any());
    picture.circle({any(), any()}, any(), paint);
    picture.polyline({{any(), any()}, {any(), any()}, {any(), any()}}, paint, round % 3 == 0);
    picture.flow({{any(), any()}, {any(), any()}}, paint);
    picture.text({any(), any()}, "text", {any(), inspect::Anchor::middle, true, {}, round % 2 == 0});
    picture.image(any(), any(), any(), any(), 2, 1, 3, "abcdef", "");
    CHECK(what_is_wrong_with(picture.svg()) == "");
    CHECK(Pixels(picture.png()).width == 30);
  }
  CHECK_THROWS_WITH_AS(Picture(9, 9).image(0, 0, 1, 1, 2, 2, 3, "abc", ""), doctest::Contains("expected 2 rows of 2 pixels"), Error);
}

TEST_CASE("text has the font's pixels, and turned the same ink") {
  const auto ink = [](const std::string& text, inspect::TextStyle style, double scale = 1) {
    Picture picture(120, 120);
    style.colour = {0, 0, 0};
    picture.text({60, 60}, text, style);
    return Pixels(picture.png(scale)).ink();
  };
  const double one = ink("x", {});
  CHECK(one > 10);
  CHECK(one == doctest::Approx(std::round(one)));  // no pixel is half covered
  CHECK(ink("xx", {12, inspect::Anchor::middle}) == doctest::Approx(2 * one));
  CHECK(ink("x", {12, inspect::Anchor::start, false, {}, true}) == doctest::Approx(one).epsilon(0.1));
  CHECK(ink("x", {24}) == doctest::Approx(4 * one).epsilon(0.02));
  CHECK(ink("x", {}, 2) == doctest::Approx(4 * one));
  CHECK(ink("x", {12, inspect::Anchor::start, true}) > 1.2 * one);
  CHECK(ink("é", {}) > ink("e", {}));
  CHECK(ink("λ", {}) == ink("日", {}));  // a box
  CHECK(ink("", {}) + ink(" ", {}) == 0);
}

TEST_CASE("files are SVG or PNG by their names; others and impossible sizes are refused") {
  Folder folder;
  const Picture picture(10, 10);
  picture.save(folder / "a.svg");
  picture.save(folder / "a.png");
  CHECK(bytes_of(folder / "a.svg").substr(0, 4) == "<svg");
  CHECK(bytes_of(folder / "a.png").substr(1, 3) == "PNG");
  CHECK(Pixels(bytes_of(folder / "a.png")).width == 15);
  CHECK_THROWS_WITH_AS(picture.save(folder / "a.jpg"), doctest::Contains("[Picture] expected a name that ends in .svg or .png"), ValueError);
  CHECK_THROWS_AS(picture.save(folder / "missing/a.svg"), Error);
  CHECK_THROWS_AS(picture.png(0), ValueError);
  CHECK_THROWS_AS(picture.png(kNaN), ValueError);
  CHECK_THROWS_AS(picture.png(1e6), ValueError);
  CHECK_THROWS_AS(Picture(0, 10).png(), ValueError);
  CHECK_THROWS_WITH_AS(Colour::parse("red"), doctest::Contains("expected a colour as #2166ac, got red"), ValueError);
  CHECK(Colour::parse("#0a0B0c").text() == "#0a0b0c");
}

TEST_CASE("curves have a polyline, points, a name and round ticks") {
  Diagram diagram{"A & B", "epoch", {{"training", "#112233", 1, {3, 2, 1.5}, true}, {"test", "", 1, {4, 3, 2.5}}}, 2, "kept"};
  diagram.up = "loss";
  const std::string svg = svg_of(diagram);
  CHECK(what_is_wrong_with(svg) == "");
  CHECK(times(svg, "<polyline") == 2);
  CHECK(times(svg, "<circle") == 3);
  CHECK(times(svg, "#112233") == 5);
  for (const char* text : {">A &amp; B<", ">epoch<", ">loss<", ">training<", ">test<", ">kept<", ">1.5<", ">4.0<", ">1<", ">2<", ">3<"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(svg.find(">1.25<") == std::string::npos);  // epochs are whole
}

TEST_CASE("values without a place break a curve and leave a sign") {
  const auto with = [](std::vector<double> values, bool logarithmic = false) {
    Diagram diagram{"", "", {{"", "", 0, std::move(values)}}};
    diagram.log_up = logarithmic;
    const std::string svg = svg_of(diagram);
    CHECK(what_is_wrong_with(svg) == "");
    CHECK(svg.find("nan") == std::string::npos);
    CHECK(svg.find("inf") == std::string::npos);
    return std::vector<size_t>{times(svg, "<polyline") + times(svg, "stroke-width='2'") - times(svg, "<polyline"), times(svg, "<polygon"),
                               times(svg, "stroke-width='1.5'"), times(svg, "<circle")};
  };
  // lines, triangles, strokes of crosses, single points
  CHECK(with({1, 2, 3, 4}) == std::vector<size_t>{1, 0, 0, 0});
  CHECK(with({1, 2, kNaN, 3, 4}) == std::vector<size_t>{2, 0, 2, 0});
  CHECK(with({1, 2, kInf, 3, 4}) == std::vector<size_t>{2, 1, 0, 0});
  CHECK(with({1, 2, -kInf, 3, kNaN}) == std::vector<size_t>{1, 1, 2, 1});
  CHECK(with({1, 0.5, 0, -1, 0.2, 0.1}, true) == std::vector<size_t>{2, 2, 0, 0});
  CHECK(with({kNaN, kNaN}) == std::vector<size_t>{0, 0, 4, 0});
  CHECK(with({1e305, 1, 2}) == std::vector<size_t>{1, 1, 0, 0});
}

TEST_CASE("diagrams of nothing, of one value, of equal, tiny, huge and very many values can be drawn") {
  for (const bool logarithmic : {false, true})
    for (const std::vector<double>& values : {std::vector<double>{},
                                              {0},
                                              {5},
                                              {-3, -3, -3},
                                              {1e-300, 2e-300},
                                              {1e299, -1e299},
                                              {1e9, 1e9 + 1e-7},
                                              {0.1, 0.1 + 1e-17},
                                              std::vector<double>(50000, 2.0)}) {
      Diagram diagram{"title", "step", {{"c", "", 0, values}}};
      diagram.log_up = diagram.log_across = logarithmic;
      const std::string svg = svg_of(diagram);
      CHECK(what_is_wrong_with(svg) == "");
      CHECK(svg.size() < 60000);
      CHECK(times(svg, "<text") < 40);
      CHECK(Pixels(inspect::draw({diagram}).png()).ink() > 0);
    }
  CHECK(svg_of({"none", "x"}).find("no values") != std::string::npos);
  CHECK(inspect::draw({}).width() >= 1);
}

TEST_CASE("a curve of very many points looks the same as all of it: its extremes are kept") {
  std::vector<double> values(100000, 0.0);
  values[43210] = 1;
  values[77777] = -1;
  const std::string svg = svg_of({"", "", {{"", "", 0, values}}});
  const size_t begin = svg.find("<polyline points='") + 18;
  const std::string points = svg.substr(begin, svg.find('\'', begin) - begin);
  double low = 1e9, high = -1e9;
  for (size_t at = 0; (at = points.find(',', at)) != std::string::npos; ++at) {
    low = std::min(low, std::stod(points.substr(at + 1)));
    high = std::max(high, std::stod(points.substr(at + 1)));
  }
  CHECK(high - low == doctest::Approx(300));  // the whole frame
}

TEST_CASE("positions of their own, a logarithmic axis, and what doesn't fit") {
  Diagram diagram{"", "rate", {{"loss", "", 0, {3, 2, 1}, false, {1e-4, 1e-3, 1e-1}}}};
  diagram.log_across = true;
  const std::string svg = svg_of(diagram);
  for (const char* text : {">0.0001<", ">0.001<", ">0.01<", ">0.1<"}) CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  diagram.curves[0].positions.pop_back();
  CHECK_THROWS_WITH_AS(svg_of(diagram), doctest::Contains("[draw] expected a position for each value of loss, got 2 for 3"), ValueError);
}

TEST_CASE("a confusion matrix shows counts, names and the shares of rows") {
  const std::string svg = inspect::confusion_picture(tensor({{50, 0}, {7, 43}}), {"no <", "yes"}, "Title").svg();
  CHECK(what_is_wrong_with(svg) == "");
  for (const char* text : {">50<", ">7<", ">43<", ">no &lt;<", ">yes<", ">predicted<", ">true<", ">Title<"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(svg.find(">0<") == std::string::npos);
  CHECK(times(svg, "fill='#084594'") == 1);  // all of the first row
  CHECK(what_is_wrong_with(inspect::confusion_picture(zeros({1, 1})).svg()) == "");
  CHECK(what_is_wrong_with(inspect::confusion_picture(randint(0, 9, {200, 200})).svg()) == "");
  CHECK_THROWS_AS(inspect::confusion_picture(zeros({2, 3})), Error);
  CHECK_THROWS_AS(inspect::confusion_picture(zeros({0, 0})), Error);
  CHECK_THROWS_AS(inspect::confusion_picture(zeros({2, 2}), {"one"}), Error);
  CHECK_THROWS_AS(inspect::confusion_picture(full({2, 2}, kNaN)), Error);
  CHECK_THROWS_AS(inspect::confusion_picture(full({2, 2}, -1)), Error);
}

TEST_CASE("histograms have numpy's bins and count what is not finite") {
  const auto h = inspect::histogram_of(tensor({0., 1., 1., 2., 4., kNaN, kInf}, kDouble), 4);
  CHECK(h.limits == std::vector<double>{0, 1, 2, 3, 4});
  CHECK(h.counts == std::vector<int64_t>{1, 2, 1, 1});
  CHECK(h.finite == 5);
  CHECK(h.not_finite == 2);
  CHECK(h.mean() == 1.6);
  CHECK(h.deviation() == doctest::Approx(1.3564659966250536));  // numpy.std
  CHECK(inspect::histogram_of(tensor({3, 3}), 2).limits == std::vector<double>{2.5, 3, 3.5});
  CHECK(inspect::histogram_of(empty({0}), 2).counts == std::vector<int64_t>{0, 0});
  const auto huge = inspect::histogram_of(tensor({-1e308, 1e308, 0.}, kDouble), 2);
  CHECK(huge.counts == std::vector<int64_t>{1, 2});
  CHECK_THROWS_AS(inspect::histogram_of(zeros({2}), 0), ValueError);
  CHECK_THROWS_AS(inspect::histogram_of(zeros({2}), std::vector<double>{1}), ValueError);
  CHECK_THROWS_AS(inspect::histogram_of(zeros({2}), std::vector<double>{1, 1}), ValueError);

  for (const Tensor& values : {randn({1000}), zeros({3}), empty({0}), full({2}, kNaN), tensor({1e308, -1e308}, kDouble)}) {
    const Picture picture = inspect::histogram_picture(inspect::histogram_of(values), "h <");
    CHECK(what_is_wrong_with(picture.svg()) == "");
    CHECK(picture.svg().find("nan") == std::string::npos);
  }
  CHECK(inspect::histogram_picture(inspect::histogram_of(full({2}, kNaN))).svg().find("2 values, none finite") != std::string::npos);
}

TEST_CASE("all weights of a net, and none") {
  nn::Sequential net(nn::Linear(3, 4), nn::Linear(4, 2));
  const std::string svg = inspect::weight_histograms(*net, 10, 2).svg();
  CHECK(what_is_wrong_with(svg) == "");
  for (const char* text : {">0.weight  4 x 3<", ">0.bias  4<", ">1.weight  2 x 4<", ">1.bias  2<"})
    CHECK_MESSAGE(svg.find(text) != std::string::npos, text);
  CHECK(inspect::weight_histograms(*nn::ReLU()).svg().find("no parameters") != std::string::npos);
  CHECK_THROWS_AS(inspect::weight_histograms(*net, 10, 0), ValueError);
}

TEST_CASE("images are whole multiples of their size, with captions") {
  const Tensor images = zeros({3, 1, 28, 28});
  const Picture picture = inspect::image_picture(images, {"a", "b < c", "d"}, 2, "Samples");
  const std::string svg = picture.svg();
  CHECK(what_is_wrong_with(svg) == "");
  CHECK(times(svg, "width='84' height='84'") == 3);  // at least 64
  CHECK(times(svg, "data:image/png;base64,iVBORw0KGgo") == 3);
  CHECK(svg.find(">b &lt; c<") != std::string::npos);
  CHECK(Pixels(picture.png()).ink() > 3 * 84 * 84 * 2.25);
  CHECK(times(inspect::image_picture(rand({3, 200, 100})).svg(), "<image") == 1);
  CHECK(times(inspect::image_picture(randint(0, 255, {2, 3, 8, 8}).to(kByte)).svg(), "<image") == 2);
  CHECK_THROWS_AS(inspect::image_picture(images, {"a"}), Error);
  CHECK_THROWS_AS(inspect::image_picture(zeros({0, 1, 4, 4})), Error);
  CHECK_THROWS_AS(inspect::image_picture(zeros({4})), Error);
  CHECK_THROWS_AS(inspect::image_picture(Tensor()), Error);
  CHECK_THROWS_AS(inspect::image_picture(zeros({2, 5, 4, 4})), Error);
}
