#include <cstring>
#include <ostream>

#include <doctest/doctest.h>
#include <data/damaged.h>
#include <deflated.h>
#include <io/folder.h>
#include <xgrad/data/data.h>

using namespace xgrad;
using namespace xgrad::data;

namespace {

std::string idx(unsigned char type, const std::vector<uint32_t>& sizes, const std::string& elements) {
  std::string bytes{'\0', '\0', static_cast<char>(type), static_cast<char>(sizes.size())};
  for (uint32_t s : sizes)
    for (int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(s >> shift));
  return bytes + elements;
}

std::string gzip(const std::string& bytes) { return torch::deflated(bytes, 16 + MAX_WBITS); }

std::string counting(size_t n) {
  std::string s;
  for (size_t i = 0; i < n; ++i) s.push_back(static_cast<char>(i));
  return s;
}

}  // namespace

TEST_CASE("IDX files of every supported type, plain and compressed") {
  const Folder folder;
  for (bool compressed : {false, true}) {
    const auto read = [&](const std::string& bytes) {
      write_bytes(folder / "x", compressed ? gzip(bytes) : bytes);
      return read_idx(folder / "x");
    };
    const Tensor bytes = read(idx(8, {2, 3}, counting(6)));
    CHECK((bytes.dtype() == kByte));
    CHECK(bytes.sizes() == IntArrayRef({2, 3}));
    CHECK(bytes.data_ptr<uint8_t>()[5] == 5);
    CHECK(read(idx(12, {2}, std::string("\0\0\1\2\xff\xff\xff\xfe", 8))).data_ptr<int>()[0] == 258);
    CHECK(read(idx(12, {2}, std::string("\0\0\1\2\xff\xff\xff\xfe", 8))).data_ptr<int>()[1] == -2);
    CHECK(read(idx(13, {1}, std::string("\x3f\x80\0\0", 4))).data_ptr<float>()[0] == 1);
    CHECK(read(idx(14, {1, 1}, std::string("\xc0\0\0\0\0\0\0\0", 8))).data_ptr<double>()[0] == -2);
    CHECK(read(idx(8, {0, 28, 28}, "")).sizes() == IntArrayRef({0, 28, 28}));
    CHECK(read(idx(9, {2}, std::string("\x7f\xff", 2))).data_ptr<int8_t>()[1] == -1);
    CHECK(read(idx(11, {2}, std::string("\1\2\xff\xfe", 4))).data_ptr<int16_t>()[0] == 258);
    CHECK(read(idx(11, {2}, std::string("\1\2\xff\xfe", 4))).data_ptr<int16_t>()[1] == -2);
    CHECK(read(idx(8, {100000}, std::string(100000, '\7'))).data_ptr<uint8_t>()[99999] == 7);
  }
}

TEST_CASE("files that are no IDX files are refused by name") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes, const char* why) {
    write_bytes(folder / "bad", bytes);
    CHECK_THROWS_WITH_AS(read_idx(folder / "bad"), doctest::Contains(why), Error);
    CHECK_THROWS_WITH_AS(read_idx(folder / "bad"), doctest::Contains((folder / "bad").c_str()), Error);
  };
  const std::string good = idx(8, {2, 3}, counting(6));
  for (size_t n = 0; n < good.size(); ++n) refused(good.substr(0, n), n < 12 ? "truncated" : "more than the file can hold");
  refused(good + "x", "1 bytes follow");
  refused('1' + good.substr(1), "must begin with two zero bytes");
  for (int type = 0; type < 256; ++type)
    if (type != 8 && type != 9 && (type < 11 || type > 14)) refused(idx(static_cast<unsigned char>(type), {1}, "x"), "unknown type");
  for (size_t axes : {0, 9, 255}) refused(idx(8, std::vector<uint32_t>(axes, 1), "x"), "axes");
  refused(idx(8, {4294967295u}, "x"), "more than the file can hold");
  refused(idx(14, std::vector<uint32_t>(8, 4294967295u), "x"), "more than the file can hold");
  refused(idx(14, {4294967295u, 4294967295u, 0}, "x"), "bytes follow");
  CHECK_THROWS_WITH_AS(read_idx(folder / "none"), doctest::Contains("No such file"), Error);

  const std::string packed = gzip(good);
  for (size_t n = 2; n < packed.size(); ++n) refused(packed.substr(0, n), "bad");
  refused(packed + "x", "1 bytes follow the compressed data");
  refused(gzip(good + "x"), "bytes follow the last element");
  refused(gzip(idx(8, {4294967295u}, "x")), "more than the file can hold");
  refused(gzip(good.substr(0, 14)), "truncated");
  for (size_t bit = 0; bit < 8 * packed.size(); ++bit) {
    std::string flipped = packed;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    write_bytes(folder / "bad", flipped);
    // Some bits mean nothing for the contents: the header's time, what fills the last byte.
    try {
      const Tensor t = read_idx(folder / "bad");
      CHECK(std::memcmp(t.data_ptr(), counting(6).data(), 6) == 0);
    } catch (const Error&) {}
  }
}

TEST_CASE("a damaged IDX file is refused or has other elements, of the size that the file has") {
  const Folder folder;
  const std::string good = idx(8, {2, 3}, counting(6));
  size_t read = 0;
  for_each_damage(good, [&](const std::string& bytes) {
    write_bytes(folder / "bad", bytes);
    try {
      CHECK(read_idx(folder / "bad").numel() == static_cast<int64_t>(bytes.size()) - 12);
      ++read;
    } catch (const Error&) {}
  });
  CHECK(read < 3 * good.size());
  for_each_damage(gzip(good), [&](const std::string& bytes) {
    write_bytes(folder / "bad", bytes);
    try {
      CHECK(std::memcmp(read_idx(folder / "bad").data_ptr(), counting(6).data(), 6) == 0);
    } catch (const Error&) {}
  });
}

TEST_CASE("MNIST reads both sets, plain or compressed") {
  const Folder folder;
  write_bytes(folder / "train-images-idx3-ubyte", idx(8, {3, 2, 2}, counting(12)));
  write_bytes(folder / "train-labels-idx1-ubyte.gz", gzip(idx(8, {3}, "\7\1\2")));
  datasets::MNIST train(folder.path());
  CHECK(train.is_train());
  CHECK(train.size() == 3u);
  CHECK(train.images().sizes() == IntArrayRef({3, 1, 2, 2}));
  CHECK((train.images().dtype() == kFloat));
  CHECK((train.targets().dtype() == kLong));
  const Example<> e = train.get(2);
  CHECK(e.data.sizes() == IntArrayRef({1, 2, 2}));
  CHECK(e.data.data_ptr<float>()[3] == 11.0f / 255);
  CHECK(e.target.item<int64_t>() == 2);

  CHECK_THROWS_WITH_AS(datasets::MNIST(folder.path(), datasets::MNIST::Mode::kTest), doctest::Contains("t10k-images-idx3-ubyte"), Error);
  CHECK_THROWS_WITH_AS(datasets::MNIST(folder.path(), datasets::MNIST::Mode::kTest), doctest::Contains("dataset-fashion-mnist"), Error);
  write_bytes(folder / "t10k-images-idx3-ubyte", idx(8, {3, 2, 2}, counting(12)));
  write_bytes(folder / "t10k-labels-idx1-ubyte", idx(8, {2}, "\7\1"));
  CHECK_THROWS_WITH_AS(datasets::MNIST(folder.path(), datasets::MNIST::Mode::kTest), doctest::Contains("has 3 images, but"), Error);
  write_bytes(folder / "t10k-images-idx3-ubyte", idx(8, {12}, counting(12)));
  CHECK_THROWS_WITH_AS(datasets::MNIST(folder.path(), datasets::MNIST::Mode::kTest), doctest::Contains("3 axes"), Error);
}

TEST_CASE("Fashion-MNIST where Debian puts it") {
  if (!std::filesystem::exists("/usr/share/datasets/fashion-mnist")) return;
  datasets::FashionMNIST test(datasets::MNIST::Mode::kTest);
  CHECK_FALSE(test.is_train());
  CHECK(test.images().sizes() == IntArrayRef({10000, 1, 28, 28}));
  CHECK(test.get(0).target.item<int64_t>() == 9);
  CHECK(std::string(datasets::FashionMNIST::class_name(9)) == "Ankle boot");
  CHECK_THROWS_AS(datasets::FashionMNIST::class_name(10), IndexError);
  std::vector<int64_t> counts(10);
  for (int64_t i = 0; i < 10000; ++i) ++counts[static_cast<size_t>(test.targets().data_ptr<int64_t>()[i])];
  CHECK(counts == std::vector<int64_t>(10, 1000));
}
