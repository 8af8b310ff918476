#include <cstring>
#include <ostream>

#include <doctest/doctest.h>
#include <io/folder.h>
#include "values.h"
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/creation/tensor_literal.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/io/safetensors.h>

using namespace xgrad;

namespace {

std::string file_of(const std::string& header, const std::string& elements) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i));
  return bytes + header + elements;
}

}  // namespace

TEST_CASE("a file as other programs write it") {
  const Folder folder;
  write_bytes(folder / "a",
              file_of(R"({"b.w":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},"a":{"data_offsets":[0,8],"shape":[1],"dtype":"I64"},)"
                      R"("empty":{"dtype":"U8","shape":[0,5],"data_offsets":[16,16]},"__metadata__":{"made by":"hand"}}  )",
                      std::string("\7\0\0\0\0\0\0\0\0\0\200?\0\0\0@", 16)));
  io::Metadata metadata;
  const io::NamedTensors t = io::load_safetensors(folder / "a", &metadata);
  REQUIRE(t.size() == 3);
  CHECK(same_bits(t.at("a"), full({1}, 7, kLong)));
  CHECK(t.at("b.w").data_ptr<float>()[0] == 1);
  CHECK(t.at("b.w").data_ptr<float>()[1] == 2);
  // As numpy and PyTorch store them: 1.5 and -2 of 16 bits, and whole numbers.
  write_bytes(folder / "narrow",
              file_of(R"({"half":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"brain":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},)"
                      R"("short":{"dtype":"I16","shape":[2],"data_offsets":[8,12]},"char":{"dtype":"I8","shape":[2],"data_offsets":[12,14]}})",
                      std::string("\x00\x3e\x00\xc0\xc0\x3f\x00\xc0\x2c\x01\xff\xff\x7f\x80", 14)));
  const io::NamedTensors narrow = io::load_safetensors(folder / "narrow");
  for (const char* name : {"half", "brain"}) CHECK(same_bits(narrow.at(name).to(kFloat), tensor({1.5f, -2.0f})));
  CHECK(narrow.at("half").dtype() == kHalf);
  CHECK(narrow.at("brain").dtype() == kBFloat16);
  CHECK(same_bits(narrow.at("short"), tensor({300, -1}, kShort)));
  CHECK(same_bits(narrow.at("char"), tensor({127, -128}, kChar)));
  CHECK(t.at("empty").sizes() == IntArrayRef({0, 5}));
  CHECK(metadata.at("made by") == "hand");
}

TEST_CASE("what is saved is aligned, sorted, and comes back with its metadata") {
  const Folder folder;
  io::NamedTensors t{{"byte", ones({3}, kByte)},
                     {"half", rand({3}, kHalf)},
                     {"bfloat16", rand({5}, kBFloat16)},
                     {"char", tensor({-1, 2, 3}, kChar)},
                     {"short", tensor({-1000}, kShort)},
                     {"double", rand({2}, kDouble)},
                     {"float", rand({3})},
                     {"\xc3\xa4 \"quoted\"", ones({}, kBool)},
                     {"none", zeros({0})}};
  io::save_safetensors(folder / "a", t, {{"epoch", "3"}});
  io::Metadata metadata;
  const io::NamedTensors u = io::load_safetensors(folder / "a", &metadata);
  CHECK(u.size() == t.size());
  for (const auto& [name, tensor] : t) CHECK(same_bits(u.at(name), tensor));
  CHECK(metadata.at("epoch") == "3");
  const std::string bytes = bytes_of(folder / "a");
  CHECK((static_cast<unsigned char>(bytes[0]) + 256 * static_cast<unsigned char>(bytes[1])) % 8 == 0);
  io::save_safetensors(folder / "b", {});
  CHECK(io::load_safetensors(folder / "b").empty());
}

TEST_CASE("what cannot be saved leaves the old file") {
  const Folder folder;
  io::save_safetensors(folder / "a", {{"x", ones({2})}});
  const std::string before = bytes_of(folder / "a");
  CHECK_THROWS_WITH_AS(io::save_safetensors(folder / "a", {{"x", Tensor()}}), doctest::Contains("undefined"), Error);
  CHECK_THROWS_WITH_AS(io::save_safetensors(folder / "a", {{"\xff", ones({1})}}), doctest::Contains("UTF-8"), Error);
  CHECK_THROWS_AS(io::save_safetensors(folder / "a", {{"__metadata__", ones({1})}}), Error);
  CHECK_THROWS_AS(io::save_safetensors(folder / "a", {}, {{"crc32", "0"}}), Error);
  CHECK(bytes_of(folder / "a") == before);
  CHECK(folder.files() == 1);
}

TEST_CASE("hostile headers are refused by name") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes, const char* why) {
    write_bytes(folder / "bad", bytes);
    CHECK_THROWS_WITH_AS(io::load_safetensors(folder / "bad"), doctest::Contains(why), Error);
    CHECK_THROWS_WITH_AS(io::load_safetensors(folder / "bad"), doctest::Contains((folder / "bad").c_str()), Error);
  };
  const auto tensor = [](const char* fields) { return std::string("{\"weight\":{") + fields + "}}"; };
  const std::string four(4, '\0');

  refused("", "truncated");
  refused("1234567", "truncated");
  refused(std::string("\377\377\377\377\377\377\377\377", 8), "claimed");
  refused(std::string("\377\377\377\177\0\0\0\0", 8) + "{}", "claimed");
  refused(file_of("", ""), "must begin with {");
  refused(file_of(" {}", ""), "must begin with {");
  refused(file_of("[]", ""), "must begin with {");
  refused(file_of("{", ""), "not JSON");
  refused(file_of("{}x", ""), "not JSON");
  refused(file_of("{\"\xff\":1}", ""), "not JSON in UTF-8");
  refused(file_of(std::string("{}\0\0", 4), ""), "the header has a zero byte, at byte 2");
  refused(file_of(std::string("{\"__metadata__\":{\"a\":\"\0\"}}", 25), ""), "the header has a zero byte");
  refused(file_of("{\"weight\":" + std::string(100000, '['), ""), "weight: unexpected an array");
  refused(file_of("{\"weight\":{\"shape\":[" + std::string(100000, '['), ""), "weight: unexpected an array");
  refused(file_of("{\"a\":{\"dtype\":{\"b\":1}}}", ""), "a: unexpected an object");
  refused(file_of("{\"weight\":null}", ""), "weight: unexpected null");
  refused(file_of("{\"__metadata__\":{\"a\":1}}", ""), "unexpected a number");
  refused(file_of("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", ""), "appears twice");
  refused(file_of("{\"__metadata__\":{},\"__metadata__\":{}}", ""), "appears twice");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1])"), four), "weight: dtype, shape and two data_offsets");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0])"), four), "weight: dtype, shape and two data_offsets");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4,4])"), four), "weight: data_offsets must be two");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4],"x":[])"), four), "weight: unknown field");
  refused(file_of(tensor(R"("dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4])"), four), "\"dtype\" appears twice");
  refused(file_of(tensor(R"("dtype":"F31","shape":[1],"data_offsets":[0,4])"), four), "weight: dtype F31 is that of no tensor");
  refused(file_of(tensor(R"("dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4])"), four), "weight: dtype F8_E4M3 is that of no tensor");
  refused(file_of(tensor(R"("dtype":"U64","shape":[4],"data_offsets":[0,4])"), four), "don't fit dtype U64 and shape [4]");
  refused(file_of(tensor(R"("dtype":"F4","shape":[7],"data_offsets":[0,4])"), four), "don't fit dtype F4 and shape [7]");
  refused(file_of(tensor(R"("dtype":"f32","shape":[1],"data_offsets":[0,4])"), four), "weight: a dtype is no name");
  refused(file_of(tensor(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"), four), "negative");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])"), four), "natural");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1e0],"data_offsets":[0,4])"), four), "natural");
  refused(file_of(tensor(R"("dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,4])"), four), "too large");
  refused(file_of(tensor(R"("dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4])"), four), "natural");
  refused(file_of(tensor(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0])"), ""), "don't fit");
  refused(file_of(tensor(R"("dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,4])"), four), "don't fit");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"), four), "don't fit");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104])"), four), "weight: the file is truncated");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), ""), "weight: the file is truncated");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), four + "x"), "1 bytes follow");
  refused(file_of(tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"), four + four),
          "weight: begins at byte 4 where 0 is expected: there is a hole");
  refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four),
          "b: begins at byte 0");
  refused(file_of(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", four + four),
          "appears twice");
  refused(file_of(tensor(R"("dtype":"BOOL","shape":[4],"data_offsets":[0,4])"), std::string("\0\1\2\0", 4)), "neither 0 nor 1");
  std::string axes = "1";
  for (int i = 0; i < 64; ++i) axes += ",1";
  refused(file_of(tensor(("\"dtype\":\"F32\",\"shape\":[" + axes + "],\"data_offsets\":[0,4]").c_str()), four), "more than 64 axes");
}

TEST_CASE("every prefix, flipped bit and lost byte of a file is refused") {
  const Folder folder;
  manual_seed(0);
  const io::NamedTensors t{{"a", rand({2})}, {"b", ones({2}, kBool)}};
  io::save_safetensors(folder / "golden", t);
  const std::string golden = bytes_of(folder / "golden");
  size_t accepted = 0;
  const auto try_file = [&](const std::string& bytes) {
    write_bytes(folder / "bad", bytes);
    try {
      const io::NamedTensors u = io::load_safetensors(folder / "bad");
      bool equal = u.size() == t.size();
      for (const auto& [name, tensor] : t) equal = equal && u.count(name) && same_bits(u.at(name), tensor);
      CHECK(equal);
      ++accepted;
    } catch (const Error&) {}
  };
  for (size_t n = 0; n < golden.size(); ++n) try_file(golden.substr(0, n));
  CHECK(accepted == 0);
  for (size_t bit = 0; bit < 8 * golden.size(); ++bit) {
    std::string bytes = golden;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << (bit % 8)));
    try_file(bytes);
  }
  for (size_t i = 0; i < golden.size(); ++i) try_file(golden.substr(0, i) + golden.substr(i + 1));
  try_file(golden + golden);
  CHECK(accepted == 0);
  try_file(golden);
  CHECK(accepted == 1);
}
