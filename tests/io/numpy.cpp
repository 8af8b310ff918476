// NumPy's files. Those in tests/data/arrays were written by NumPy: tests/oracle/record_arrays.py.
#include <cstring>
#include <functional>
#include <random>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <message.h>
#include "values.h"
#include <xgrad/io/numpy/numpy.h>
#include <xgrad/io/serialize.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

std::string array_file(const std::string& name) { return std::string(XGRAD_TEST_DATA "/arrays/") + name; }

// What NumPy was given: [2, 3] of 0 to 5.
Tensor table(ScalarType dtype) { return arange(6).view({2, 3}).to(dtype); }

std::string npy_of(const std::string& header, const std::string& elements, char version = 1) {
  std::string bytes = "\x93NUMPY";
  bytes += {version, '\0', static_cast<char>(header.size()), static_cast<char>(header.size() >> 8)};
  if (version > 1) bytes += std::string(2, '\0');
  return bytes + header + elements;
}

std::string four_floats(const std::string& shape = "(2, 2)", const std::string& descr = "<f4") {
  return npy_of("{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }\n", std::string(16, '\1'));
}

}  // namespace

TEST_CASE("arrays that NumPy saved") {
  for (const char* name : {"plain.npz", "compressed.npz"}) {
    INFO(std::string(name));
    const std::map<std::string, Tensor> arrays = io::load_npz(array_file(name));
    REQUIRE(arrays.size() == 14);
    CHECK(same_bits(arrays.at("float32"), table(kFloat) / 4));
    CHECK(same_bits(arrays.at("float64"), table(kDouble) / 3));
    CHECK(same_bits(arrays.at("float16"), table(kHalf) / 4));
    CHECK(same_bits(arrays.at("int64"), table(kLong) * (int64_t{1} << 40)));
    CHECK(same_bits(arrays.at("int32"), -table(kInt)));
    CHECK(same_bits(arrays.at("int16"), table(kShort) * -1000));
    CHECK(same_bits(arrays.at("int8"), table(kChar) - 3));
    CHECK(same_bits(arrays.at("uint8"), table(kByte) + 250));
    CHECK(same_bits(arrays.at("bool"), table(kLong) % 2 == 0));
    CHECK(same_bits(arrays.at("uint16"), table(kInt) + 65530));
    CHECK(same_bits(arrays.at("uint32"), table(kLong) + ((int64_t{1} << 32) - 6)));
    CHECK(same_bits(arrays.at("scalar"), tensor(2.5, kDouble)));
    CHECK(same_bits(arrays.at("empty"), zeros({0, 3})));
    CHECK(same_bits(arrays.at("layer.0.weight"), ones({1, 1, 2})));
  }
  const Tensor fortran = io::load_npy(array_file("fortran.npy"));
  CHECK(same_bits(fortran, table(kFloat)));
  CHECK(fortran.strides() == IntArrayRef({1, 2}));
  CHECK(same_bits(io::load_npy(array_file("big_endian.npy")), table(kDouble)));
  CHECK(same_bits(io::load_npy(array_file("row.npy")), arange(3).to(kShort)));
  CHECK(same_bits(io::load_npy(array_file("version2.npy")), table(kFloat)));
}

TEST_CASE("what no tensor has is refused by name") {
  const auto refused = [](const char* name, const char* why) {
    const std::string message = message_of([&] { io::load_npy(array_file(name)); });
    INFO(message);
    CHECK(contains(message, why));
    CHECK(contains(message, name));
  };
  refused("objects.npy", "it holds Python's objects, dtype '|O', which are never made");
  refused("complex.npy", "dtype '<c8' is that of no tensor");
  refused("strings.npy", "dtype '<U2' is that of no tensor");
  refused("uint64.npy", "dtype '<u8' is that of no tensor");
  refused("dates.npy", "dtype '<M8[s]' is that of no tensor");
  refused("records.npy", "it holds records of several fields, of which no tensor is");
  refused("plain.npz", "no .npy");
  CHECK(contains(message_of([] { io::load_npz(array_file("row.npy")); }), "no zip file, as a .npz is"));
}

TEST_CASE("what is saved comes back, with its strides") {
  const Folder folder;
  manual_seed(0);
  const auto check = [&](const Tensor& t) {
    INFO(t.toString(), t.sizes());
    io::save_npy(folder / "a.npy", t);
    const Tensor back = io::load_npy(folder / "a.npy");
    CHECK(same_bits(back, t));
    CHECK(bytes_of(folder / "a.npy").size() == (t.numel() == 0 ? 128 : 128 + t.nbytes()));
  };
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kLong, kInt, kShort, kChar, kByte, kBool})
    for (const std::vector<int64_t>& shape : {std::vector<int64_t>{}, {1}, {0}, {3, 0, 2}, {2, 3}, {2, 1, 3, 1, 2}})
      check(rand(shape).mul(100).to(dtype));
  check(rand({4, 6}).slice(1, 0, 6, 2));
  check(rand({3, 1}).expand({3, 5}));
  check(rand({2, 3, 4}).permute({1, 0, 2}));
  const Tensor column_major = rand({2, 3, 4}).permute({2, 1, 0});
  check(column_major);
  CHECK(io::load_npy(folder / "a.npy").strides() == column_major.strides());

  const std::map<std::string, Tensor> arrays{{"a.b", rand({3})}, {"\xc3\xa4", rand({2, 2}).t()}, {"zeros", zeros({1000})}};
  for (const bool compressed : {false, true}) {
    io::save_npz(folder / "a.npz", arrays, compressed);
    const std::map<std::string, Tensor> back = io::load_npz(folder / "a.npz");
    REQUIRE(back.size() == 3);
    for (const auto& [name, t] : arrays) CHECK(same_bits(back.at(name), t));
    CHECK((bytes_of(folder / "a.npz").size() < 2500) == compressed);
    // As any archive.
    std::map<std::string, Tensor> map;
    load(map, folder / "a.npz");
    CHECK(same_bits(map.at("a.b"), arrays.at("a.b")));
  }
  io::save_npz(folder / "none.npz", {});
  CHECK(io::load_npz(folder / "none.npz").empty());
}

TEST_CASE("what NumPy has not is refused, and the old file stays") {
  const Folder folder;
  io::save_npy(folder / "a", ones({2}));
  io::save_npz(folder / "z", {{"x", ones({2})}});
  const std::string npy = bytes_of(folder / "a"), npz = bytes_of(folder / "z");
  CHECK_THROWS_WITH_AS(io::save_npy(folder / "a", ones({2}, kBFloat16)), doctest::Contains("NumPy has no BFloat16; convert the tensor first"), Error);
  CHECK_THROWS_WITH_AS(io::save_npy(folder / "a", Tensor()), doctest::Contains("the tensor is undefined"), Error);
  for (const std::string& name : {std::string(), std::string("a\0b", 3), std::string("\xff")})
    CHECK_THROWS_WITH_AS(io::save_npz(folder / "z", {{name, ones({2})}}), doctest::Contains("names must be UTF-8"), Error);
  CHECK_THROWS_WITH_AS(io::save_npz(folder / "z", {{std::string(70000, 'n'), ones({2})}}), doctest::Contains("at most 65535 bytes"), Error);
  CHECK_THROWS_WITH_AS(io::save_npz(folder / "z", {{"half", ones({2}, kBFloat16)}}), doctest::Contains("half: NumPy has no BFloat16"), Error);
  CHECK(bytes_of(folder / "a") == npy);
  CHECK(bytes_of(folder / "z") == npz);
  CHECK(folder.files() == 2);
}

TEST_CASE("hostile arrays are refused by name") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes, const char* why) {
    write_bytes(folder / "bad", bytes);
    const std::string message = message_of([&] { io::load_npy(folder / "bad"); });
    INFO(message);
    CHECK(contains(message, why));
    CHECK(contains(message, folder / "bad"));
  };
  const auto header = [](const std::string& text) { return npy_of(text, std::string(16, '\1')); };
  write_bytes(folder / "good", four_floats());
  REQUIRE(io::load_npy(folder / "good").numel() == 4);

  refused("", "truncated, or no .npy");
  refused(four_floats().substr(0, 9), "truncated");
  refused("PK" + four_floats().substr(2), "no .npy");
  refused(npy_of("{}", "", 4), "version 4.0 of the format is unknown");
  refused(npy_of("{}", "", 0), "version 0.0 of the format is unknown");
  refused(std::string("\x93NUMPY\2\0\377\377\377\377{}", 14), "a header of 4294967295 bytes is claimed");
  refused(std::string("\x93NUMPY\1\0\377\377{}", 12), "a header of 65535 bytes is claimed");
  refused(four_floats() + "x", "1 bytes follow the last element");
  refused(four_floats("(2, 3)"), "shape [2, 3] is more than the 16 bytes that are left can hold");
  refused(four_floats("(1,)"), "bytes follow");
  refused(four_floats("()"), "bytes follow");
  refused(four_floats("(0, 4)"), "bytes follow");
  refused(four_floats("(4611686018427387904, 4)"), "is more than the 16 bytes");
  refused(four_floats("(9223372036854775807, 9223372036854775807)"), "is more than the 16 bytes");
  refused(four_floats("(99999999999999999999,)"), "a number is too large");
  refused(four_floats("(-4,)"), "expected a natural number");
  refused(four_floats("(4)"), "expected a tuple");
  refused(four_floats("[4]"), "expected (");
  refused(four_floats("(4.0,)"), "expected a tuple");
  refused(four_floats("(True,)"), "expected a natural number");
  refused(four_floats("(" + std::string(60000, '(')), "expected a natural number");
  std::string axes;
  for (int i = 0; i < 65; ++i) axes += "1,";
  refused(four_floats("(" + axes + ")"), "more than 64 axes");
  refused(four_floats("(4,)", "<f3"), "dtype '<f3' is that of no tensor");
  refused(four_floats("(4,)", "|f4"), "unknown order of bytes in dtype '|f4'");
  refused(four_floats("(4,)", ""), "dtype '' is that of no tensor");
  refused(four_floats("(4,)", std::string(100, 'f')), "expected a short string");
  refused(four_floats("(16,)", "|b1").replace(80, 1, "\2"), "a bool is neither 0 nor 1");
  refused(header("[]"), "expected {");
  refused(header("{"), "it is truncated");
  refused(header("{}"), "'descr', 'fortran_order' and 'shape' must be given");
  refused(header("{} x"), "something follows the dictionary");
  refused(header("{'descr': '<f4', 'descr': '<f4'}"), "'descr' appears twice");
  refused(header("{'dtype': '<f4'}"), "unknown key 'dtype'");
  refused(header("{'fortran_order': 0}"), "expected True or False");
  refused(header("{'descr': eval('1')}"), "expected a string");
  refused(header("{'\x01': 1}"), "unprintable");
  refused(header(std::string(1000, '\0')), "expected {");
}

TEST_CASE("every prefix and flipped bit of NumPy's files is refused or read as an array that the file has room for") {
  const Folder folder;
  for (const char* name : {"fortran.npy", "version2.npy", "plain.npz", "compressed.npz"}) {
    const std::string golden = bytes_of(array_file(name));
    const bool is_npz = std::string(name).find("npz") != std::string::npos;
    const std::map<std::string, Tensor> arrays = is_npz ? io::load_npz(array_file(name)) : std::map<std::string, Tensor>();
    size_t accepted = 0;
    const auto try_file = [&](const std::string& bytes) {
      write_bytes(folder / "bad", bytes);
      try {
        if (!is_npz) CHECK(io::load_npy(folder / "bad").nbytes() < bytes.size());
        else {
          const std::map<std::string, Tensor> read = io::load_npz(folder / "bad");
          CHECK(std::equal(read.begin(), read.end(), arrays.begin(), arrays.end(),
                           [](const auto& a, const auto& b) { return a.first == b.first && same_bits(a.second, b.second); }));
        }
        ++accepted;
      } catch (const Error&) {}
    };
    for (size_t n = 0; n < golden.size(); n += is_npz ? 5 : 1) try_file(golden.substr(0, n));
    CHECK(accepted == 0);
    for (size_t bit = 0; bit < 8 * golden.size(); bit += is_npz ? 3 : 1) {
      std::string bytes = golden;
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
      try_file(bytes);
    }
    MESSAGE(std::string(name), ": ", accepted, " of ", 8 * golden.size(), " flipped bits were read");
  }
}
