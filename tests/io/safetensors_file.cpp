// Files whose header alone is read, and whose tensors are read one by one.
#include <cstring>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <message.h>
#include <xgrad/io/safetensors/file.h>
#include <xgrad/xgrad.h>

#include <fcntl.h>
#include <unistd.h>

using namespace xgrad;

namespace {

std::string safetensors(const std::string& header, const std::string& elements) {
  std::string bytes(8, '\0');
  for (size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(header.size() >> (8 * i));
  return bytes + header + elements;
}

// Eight dtypes that published weights have, two of which no tensor has.
std::string published() {
  const std::string header =
      R"({"__metadata__":{},"f16":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"bf16":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]},)"
      R"("u16":{"dtype":"U16","shape":[2],"data_offsets":[8,12]},"u32":{"dtype":"U32","shape":[1],"data_offsets":[12,16]},)"
      R"("i8":{"dtype":"I8","shape":[2],"data_offsets":[16,18]},"i16":{"dtype":"I16","shape":[1],"data_offsets":[18,20]},)"
      R"("f8":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[20,24]},"odd":{"dtype":"POSIT16","shape":[2],"data_offsets":[24,28]}})";
  return safetensors(header, std::string("\x00\x3e\x00\xc0\xc0\x3f\x00\xc0\x01\x00\xff\xff\xfe\xff\xff\xff\x7f\x80\x18\xfc\1\2\3\4\5\6\7\x08", 28));
}

}  // namespace

TEST_CASE("names, dtypes and shapes are there without the elements") {
  const Folder folder;
  write_bytes(folder / "a", published());
  const io::SafetensorsFile file(folder / "a");
  CHECK(file.names() == std::vector<std::string>{"bf16", "f16", "f8", "i16", "i8", "odd", "u16", "u32"});
  CHECK(file.info("f8").dtype == "F8_E4M3");
  CHECK(file.info("f8").shape == std::vector<int64_t>{4});
  CHECK(file.info("odd").nbytes == 4);
  CHECK(file.has("u16"));
  CHECK_FALSE(file.has("u8"));
  CHECK(file.metadata().empty());
  CHECK_THROWS_WITH_AS(file.info("u8"), doctest::Contains("there is no tensor u8"), Error);
  CHECK_THROWS_WITH_AS(file.read("u8"), doctest::Contains("there is no tensor u8"), Error);
}

TEST_CASE("a dtype that no tensor has is refused when its tensor is asked for, not before") {
  const Folder folder;
  write_bytes(folder / "a", published());
  const io::SafetensorsFile file(folder / "a");
  for (const bool mapped : {false, true}) {
    const auto get = [&](const char* name) { return mapped ? file.map(name) : file.read(name); };
    CHECK(equal(get("f16").to(kFloat), tensor({1.5f, -2.0f})));
    CHECK(get("f16").dtype() == kHalf);
    CHECK(equal(get("bf16").to(kFloat), tensor({1.5f, -2.0f})));
    CHECK(get("bf16").dtype() == kBFloat16);
    CHECK(equal(get("u16"), tensor({1, 65535}, kInt)));
    CHECK(equal(get("u32"), tensor({4294967294}, kLong)));
    CHECK(equal(get("i8"), tensor({127, -128}, kChar)));
    CHECK(equal(get("i16"), tensor({-1000}, kShort)));
    CHECK_THROWS_WITH_AS(get("f8"), doctest::Contains("f8: dtype F8_E4M3 is that of no tensor"), Error);
    CHECK_THROWS_WITH_AS(get("odd"), doctest::Contains("odd: dtype POSIT16 is that of no tensor"), Error);
  }
  // Archives keep to that too: what is not asked for does not matter.
  serialize::InputArchive archive;
  const std::string bytes = published();
  for (const bool from_memory : {false, true}) {
    if (from_memory) archive.load_from(bytes.data(), bytes.size());
    else archive.load_from(folder / "a");
    Tensor t;
    archive.read("i16", t);
    CHECK(t.item<int64_t>() == -1000);
    CHECK(archive.describe("f8") == "F8_E4M3");
    CHECK(archive.describe("u16") == "Int[2]");
    CHECK(archive.describe("other") == "nothing");
    CHECK_THROWS_WITH_AS(archive.read("f8", t), doctest::Contains("f8: dtype F8_E4M3 is that of no tensor"), Error);
    CHECK(t.item<int64_t>() == -1000);
  }
}

TEST_CASE("mapped tensors show the file and never change it") {
  const Folder folder;
  manual_seed(0);
  const Tensor weight = rand({100, 7});
  io::save_safetensors(folder / "a", {{"weight", weight}, {"mask", weight > 0.5}, {"none", zeros({0, 3})}}, {{"epoch", "3"}});
  const std::string before = bytes_of(folder / "a");
  Tensor mapped, mask, none;
  {
    const io::SafetensorsFile file(folder / "a");
    CHECK(file.metadata().at("epoch") == "3");
    mapped = file.map("weight");
    mask = file.map("mask");
    none = file.map("none");
    CHECK(file.map("weight").data_ptr() == mapped.data_ptr());  // no copy
  }
  CHECK(equal(mapped, weight));  // also when the file object is gone
  CHECK(equal(mask, weight > 0.5));
  CHECK(none.sizes() == IntArrayRef({0, 3}));
  mapped.mul_(2);
  CHECK(equal(mapped, weight * 2));
  CHECK(bytes_of(folder / "a") == before);
  std::filesystem::remove(folder / "a");
  CHECK(equal(mapped, weight * 2));
  // A parameter may stand on it.
  mapped.set_requires_grad(true);
  mapped.sum().backward();
  CHECK(equal(mapped.grad(), ones({100, 7})));
}

TEST_CASE("elements that are not aligned are copied") {
  const Folder folder;
  // The header has 89 bytes, so that floats begin at byte 97.
  std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})";
  header += std::string(89 - header.size(), ' ');
  const float elements[] = {1.5f, -2.0f};
  write_bytes(folder / "a", safetensors(header, std::string(reinterpret_cast<const char*>(elements), 8)));
  CHECK(equal(io::SafetensorsFile(folder / "a").map("a"), tensor({1.5f, -2.0f})));
}

TEST_CASE("damage is found when its tensor is read") {
  const Folder folder;
  io::save_safetensors(folder / "a", {{"first", ones({4}, kDouble)}, {"second", ones({2})}});
  std::string bytes = bytes_of(folder / "a");
  bytes.back() = 'x';
  write_bytes(folder / "a", bytes);
  const io::SafetensorsFile file(folder / "a");
  CHECK(equal(file.read("first"), ones({4}, kDouble)));
  CHECK_THROWS_WITH_AS(file.read("second"), doctest::Contains("second: the elements are damaged"), Error);
}

TEST_CASE("a file larger than memory takes what is touched of it") {
  const Folder folder;
  const int64_t rows = int64_t{1} << 30, bytes = rows * 64 * 4;  // 256 GB, as a file with a hole
  std::string header = R"({"table":{"dtype":"F32","shape":[)" + std::to_string(rows) + R"(,64],"data_offsets":[0,)" + std::to_string(bytes) + "]}}";
  header.append(8 - header.size() % 8, ' ');
  write_bytes(folder / "a", safetensors(header, ""));
  const auto front = static_cast<int64_t>(std::filesystem::file_size(folder / "a"));
  if (::truncate((folder / "a").c_str(), front + bytes) != 0) return;  // a file system that has no such files
  const io::SafetensorsFile file(folder / "a");
  CHECK(file.info("table").nbytes == static_cast<uint64_t>(bytes));
  const Tensor table = file.map("table");
  CHECK(table.sizes() == IntArrayRef({rows, 64}));
  const Tensor last = table.slice(0, rows - 3);
  CHECK(last.sum().item<double>() == 0);
  last.fill_(2);
  CHECK(table[rows - 1].sum().item<double>() == 128);
}
