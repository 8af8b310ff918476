#include <cmath>
#include <cstring>
#include <limits>

#include <zlib.h>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

uint32_t number_at(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes.at(i));
  return value;
}

// The checksum of PNG's chunks, bit by bit.
uint32_t checksum(const std::string& bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
  }
  return ~crc;
}

struct Picture {
  int64_t height, width, channels;
  std::string pixels;
  size_t chunks;  // of pixels

  // The channels of a pixel.
  std::vector<int> at(int64_t y, int64_t x) const {
    const auto first = pixels.begin() + (y * width + x) * channels;
    std::vector<int> values;
    for (auto p = first; p != first + channels; ++p) values.push_back(static_cast<uint8_t>(*p));
    return values;
  }
};

// Reads a PNG without filters, as the specification has it.
Picture picture_of(const std::string& file) {
  const std::string bytes = bytes_of(file);
  REQUIRE(bytes.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  std::string order, header, compressed;
  size_t at = 8, chunks = 0;
  while (at < bytes.size()) {
    const uint32_t size = number_at(bytes, at);
    REQUIRE(at + 12 + size <= bytes.size());
    const std::string type = bytes.substr(at + 4, 4), data = bytes.substr(at + 8, size);
    CHECK(number_at(bytes, at + 8 + size) == checksum(type + data));
    if (type == "IHDR") header = data;
    if (type == "IDAT") compressed += data, ++chunks;
    if (type != "IDAT" || chunks == 1) order += type + ' ';
    at += 12 + size;
  }
  CHECK(order == "IHDR IDAT IEND ");

  REQUIRE(header.size() == 13);
  const auto width = static_cast<int64_t>(number_at(header, 0)), height = static_cast<int64_t>(number_at(header, 4));
  const int64_t channels = header[9] == 0 ? 1 : 3;
  CHECK(header.substr(8) == std::string({8, channels == 1 ? '\0' : '\2', 0, 0, 0}));

  const auto row = static_cast<size_t>(width * channels);
  std::string rows(static_cast<size_t>(height) * (row + 1), '?');
  uLongf size = rows.size();
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size, reinterpret_cast<const Bytef*>(compressed.data()), compressed.size()) == Z_OK);
  REQUIRE(size == rows.size());
  std::string pixels;
  for (size_t first = 0; first < rows.size(); first += row + 1) {
    CHECK(rows[first] == 0);
    pixels += rows.substr(first + 1, row);
  }
  return {height, width, channels, pixels, chunks};
}

}  // namespace

TEST_CASE("a grey image is a PNG of one channel, its values rounded and clamped") {
  const Folder folder;
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor image = tensor({{0.0, 1.0, 0.5}, {-inf, inf, 2.0}, {1.49 / 255, 1.51 / 255, -0.3}}, kDouble);
  const std::vector<int> expected = {0, 255, 128, 0, 255, 255, 1, 2, 0};
  for (const Tensor& t : {image, image.to(kFloat), image.unsqueeze(0), image.view({1, 1, 3, 3}), image.t().contiguous().t()}) {
    io::save_image(t, folder / "a.png");
    const Picture picture = picture_of(folder / "a.png");
    REQUIRE(picture.height == 3);
    REQUIRE(picture.width == 3);
    CHECK(picture.channels == 1);
    for (int64_t i = 0; i < 9; ++i) CHECK(picture.at(i / 3, i % 3) == std::vector<int>{expected[static_cast<size_t>(i)]});
  }
  CHECK(folder.files() == 1);
  // What bfloat16 cannot hold between black and white is lost when the image is made, not when it is written.
  io::save_image(tensor({{0.75}}).to(kBFloat16), folder / "a.png");
  CHECK(picture_of(folder / "a.png").at(0, 0) == std::vector<int>{191});
}

TEST_CASE("an image of three channels is a PNG of red, green and blue") {
  const Folder folder;
  const Tensor image = arange(24).view({3, 2, 4}).to(kFloat).div(255).requires_grad_();
  io::save_image(image, folder / "a.png");
  const Picture picture = picture_of(folder / "a.png");
  CHECK(picture.channels == 3);
  CHECK(picture.height == 2);
  CHECK(picture.width == 4);
  CHECK(picture.at(0, 0) == std::vector<int>{0, 8, 16});
  CHECK(picture.at(0, 1) == std::vector<int>{1, 9, 17});
  CHECK(picture.at(1, 3) == std::vector<int>{7, 15, 23});
}

TEST_CASE("images stand in rows with padding around each") {
  const Folder folder;
  // Image k is full of k / 255.
  const Tensor images = arange(1, 6).to(kFloat).div(255).view({5, 1, 1, 1}).expand({5, 1, 2, 3});
  io::save_image(images, folder / "a.png", 3, 1, false, std::nullopt, false, 1);
  const Picture picture = picture_of(folder / "a.png");
  REQUIRE(picture.height == 2 * (2 + 1) + 1);
  REQUIRE(picture.width == 3 * (3 + 1) + 1);
  for (int64_t y = 0; y < picture.height; ++y)
    for (int64_t x = 0; x < picture.width; ++x) {
      const int64_t k = y / 3 * 3 + x / 4;
      const bool padding = y % 3 == 0 || x % 4 == 0 || k >= 5;
      CHECK(picture.at(y, x) == std::vector<int>{padding ? 255 : static_cast<int>(k + 1)});
    }
}

TEST_CASE("make_grid follows torchvision") {
  CHECK(io::make_grid(rand({3, 1, 4, 5})).sizes() == IntArrayRef({3, 8, 23}));
  CHECK(io::make_grid(rand({9, 2, 4, 5})).sizes() == IntArrayRef({2, 14, 58}));
  CHECK(io::make_grid(rand({9, 3, 4, 5}), 2, 0).sizes() == IntArrayRef({3, 20, 10}));
  // One image has no padding, whatever its shape.
  const Tensor one = rand({4, 5});
  CHECK(equal(io::make_grid(one), one.expand({3, 4, 5})));
  CHECK(equal(io::make_grid(one.view({1, 4, 5})), one.expand({3, 4, 5})));
  const Tensor colours = rand({1, 3, 4, 5}).requires_grad_();
  const Tensor grid = io::make_grid(colours);
  CHECK(equal(grid, colours[0]));
  CHECK_FALSE(grid.requires_grad());
  CHECK(grid.data_ptr() != colours.data_ptr());
  CHECK(io::make_grid(ones({2, 1, 2, 2}, kByte)).dtype() == kByte);
}

TEST_CASE("normalising takes the range to 0 and 1") {
  const Tensor images = tensor({-1.0, 0.0, 3.0, 1.0}).view({2, 1, 1, 2});
  const Tensor kept = images.clone();
  const auto grid = [&](std::optional<std::pair<double, double>> range, bool scale_each) {
    return io::make_grid(images, 8, 0, true, range, scale_each)[0].view({4});
  };
  CHECK(allclose(grid(std::nullopt, false), tensor({0.0, 0.25, 1.0, 0.5})));
  CHECK(allclose(grid(std::pair(-1.0, 1.0), false), tensor({0.0, 0.5, 1.0, 1.0})));
  CHECK(allclose(grid(std::nullopt, true), tensor({0.0, 1.0, 1.0, 0.0})));
  CHECK(allclose(grid(std::pair(0.0, 4.0), true), tensor({0.0, 0.0, 0.75, 0.25})));
  CHECK(equal(images, kept));
  // Nothing to spread: black, not NaN.
  CHECK(equal(io::make_grid(ones({2, 2}), 8, 2, true), zeros({3, 2, 2})));
  // Padding is as it is given.
  CHECK(io::make_grid(images, 8, 1, true, std::pair(-1.0, 3.0), false, 0.75)[0][0][0].item<double>() == 0.75);
}

TEST_CASE("a picture of more than a megabyte") {
  const Folder folder;
  manual_seed(0);
  const Tensor pixels = randint(0, 256, {1100, 1300});
  io::save_image(pixels.to(kFloat) / 255, folder / "a.png");
  const Picture picture = picture_of(folder / "a.png");
  CHECK(picture.chunks == 2);
  REQUIRE(picture.height == 1100);
  REQUIRE(picture.width == 1300);
  const Tensor bytes = pixels.to(kByte).contiguous();
  CHECK(std::memcmp(picture.pixels.data(), bytes.data_ptr(), picture.pixels.size()) == 0);
}

TEST_CASE("pictures that cannot be made are refused, and the old file stays") {
  const Folder folder;
  const std::string file = folder / "a.png";
  io::save_image(ones({2, 2}), file);
  const std::string before = bytes_of(file);
  const Tensor images = rand({4, 1, 2, 2});
  const auto refused = [&](const Tensor& t, const char* text) { CHECK_THROWS_WITH_AS(io::save_image(t, file), doctest::Contains(text), Error); };
  refused(Tensor(), "[save_image] expected images, got an undefined tensor");
  refused(rand({4}), "[channels, height, width] or [height, width], got shape [4]");
  refused(rand({1, 1, 1, 2, 2}), "got shape [1, 1, 1, 2, 2]");
  refused(rand({64, 2, 2}), "[save_image] expected images of 1 or 3 channels, got shape [64, 2, 2]");
  refused(rand({0, 1, 2, 2}), "[save_image] expected at least one image, got shape [0, 1, 2, 2]");
  refused(rand({1, 1, 0, 2}), "[save_image] expected images with pixels, got shape [1, 1, 0, 2]");
  CHECK_THROWS_WITH_AS(io::save_image(ones({2, 2}, kByte), file), doctest::Contains("[save_image] expected floating-point images"), TypeError);
  Tensor damaged = images.clone();
  damaged[2][0][1][0] = std::numeric_limits<double>::quiet_NaN();
  refused(damaged, "[save_image] the images must not contain NaN");
  // With an infinite range nothing else is left.
  damaged[2][0][1][0] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(io::save_image(damaged, file, 8, 2, true), doctest::Contains("must not contain NaN"), Error);
  CHECK_THROWS_WITH_AS(io::save_image(images, file, 0), doctest::Contains("[save_image] nrow must be positive, got 0"), ValueError);
  CHECK_THROWS_WITH_AS(io::save_image(images, file, 8, -1), doctest::Contains("[save_image] padding must not be negative, got -1"), ValueError);
  CHECK_THROWS_WITH_AS(io::make_grid(images, 0), doctest::Contains("[make_grid] nrow must be positive"), ValueError);
  CHECK_THROWS_WITH_AS(io::make_grid(ones({2, 2}, kLong), 8, 2, true), doctest::Contains("[make_grid] normalize needs floating-point"), TypeError);
  CHECK_THROWS_WITH_AS(io::make_grid(ones({2, 1, 0, 2}), 8, 2, true), doctest::Contains("[make_grid] normalize needs images with pixels"), Error);
  CHECK(bytes_of(file) == before);

  CHECK_THROWS_WITH_AS(io::save_image(images, folder / "no" + "/such/a.png"), doctest::Contains("No such file or directory"), Error);
  CHECK_THROWS_WITH_AS(io::save_image(images, folder / "no" + "/such/a.png"), doctest::Contains("such/a.png"), Error);
  CHECK_THROWS_WITH_AS(io::save_image(images, folder.path()), doctest::Contains("not a regular file"), Error);
  CHECK_THROWS_WITH_AS(io::save_image(images, ""), doctest::Contains("must not be empty"), Error);
  CHECK(folder.files() == 1);
}
