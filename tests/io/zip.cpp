// Zip files: what is written is read, and what is hostile is refused before it takes memory.
#include <zlib.h>

#include <doctest/doctest.h>
#include <deflated.h>
#include <io/folder.h>
#include <message.h>
#include <xgrad/io/numpy/numpy.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

struct Record {
  std::string name, bytes;
  uint32_t size = 0;
  int method = 0, flags = 0;
  int64_t position = -1;  // somewhere else than where it is
  std::string local_name = {};
};

template <class T> std::string little_endian(T value) {
  std::string bytes;
  for (size_t i = 0; i < sizeof(T); ++i) bytes += static_cast<char>(static_cast<uint64_t>(value) >> (8 * i));
  return bytes;
}

// A zip file as its author likes it.
std::string zip_of(const std::vector<Record>& records, uint32_t count_more = 0) {
  std::string bytes, directory;
  for (const Record& r : records) {
    const auto crc = static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(r.bytes.data()), static_cast<uInt>(r.bytes.size())));
    const std::string both = little_endian(static_cast<uint16_t>(r.flags)) + little_endian(static_cast<uint16_t>(r.method)) +
                             little_endian(uint32_t{0}) + little_endian(crc) + little_endian(static_cast<uint32_t>(r.bytes.size())) +
                             little_endian(r.size ? r.size : static_cast<uint32_t>(r.bytes.size())) +
                             little_endian(static_cast<uint16_t>(r.name.size())) + little_endian(uint16_t{0});
    directory += little_endian(uint32_t{0x02014b50}) + little_endian(uint16_t{0}) + little_endian(uint16_t{0}) + both + std::string(10, '\0') +
                 little_endian(static_cast<uint32_t>(r.position < 0 ? static_cast<int64_t>(bytes.size()) : r.position)) + r.name;
    bytes += little_endian(uint32_t{0x04034b50}) + little_endian(uint16_t{0}) + both + (r.local_name.empty() ? r.name : r.local_name) + r.bytes;
  }
  const auto count = static_cast<uint16_t>(records.size() + count_more);
  return bytes + directory + little_endian(uint32_t{0x06054b50}) + little_endian(uint32_t{0}) + little_endian(count) + little_endian(count) +
         little_endian(static_cast<uint32_t>(directory.size())) + little_endian(static_cast<uint32_t>(bytes.size())) + little_endian(uint16_t{0});
}

std::string npy(int64_t n) {
  const std::string header = "{'descr': '|u1', 'fortran_order': False, 'shape': (" + std::to_string(n) + ",)}\n";
  return "\x93NUMPY\1" + std::string(1, '\0') + little_endian(static_cast<uint16_t>(header.size())) + header;
}

}  // namespace

TEST_CASE("hostile zip files are refused by name") {
  const Folder folder;
  const auto refused = [&](const std::string& bytes, const char* why, uint64_t most = uint64_t{4} << 30) {
    write_bytes(folder / "bad", bytes);
    const std::string message = message_of([&] { io::load_npz(folder / "bad", most); });
    INFO(message);
    CHECK(contains(message, why));
    CHECK(contains(message, folder / "bad"));
  };
  const Record good{"a.npy", npy(3) + "abc", 0, 0, 0, -1};
  write_bytes(folder / "good", zip_of({good}));
  REQUIRE(equal(io::load_npz(folder / "good").at("a"), tensor({97, 98, 99}, kByte)));

  refused("", "no zip file");
  refused(std::string(100, 'x'), "no zip file");
  refused(zip_of({good}).substr(0, 60), "the directory at the end of the zip file is missing");
  refused(zip_of({good, good}), "a.npy appears twice");
  refused(zip_of({good}, 1), "the zip file's directory is damaged");
  refused(zip_of({good}, 0xfffe), "the end of a zip file beyond 4 GB is missing");
  const auto changed = [&](auto change) {
    Record r = good;
    r.name = "b.npy";
    change(r);
    return zip_of({good, r});
  };
  refused(changed([](Record& r) { r.position = 0; }), "b.npy has another name in front of its bytes");
  Record inside = good, outside = good;
  inside.name = "b.npy";
  outside.bytes = zip_of({inside});
  inside.position = static_cast<int64_t>(30 + outside.name.size());
  refused(zip_of({outside, inside}), "records of the zip file overlap");
  outside.name = "c.npy";
  refused(zip_of({good, outside}, UINT32_MAX), "the zip file's directory has more than the 1 records that it should have");
  refused(changed([](Record& r) { r.position = 1; }), "b.npy lies outside of the file");
  refused(changed([](Record& r) { r.position = 0x7fffffff; }), "b.npy lies outside of the file");
  refused(changed([](Record& r) { r.position = 0xffffffff; }), "b.npy: a size beyond 4 GB is missing");
  refused(changed([](Record& r) { r.flags = 1; }), "b.npy cannot be read: it is encrypted");
  refused(changed([](Record& r) { r.method = 12; }), "b.npy cannot be read");
  refused(changed([](Record& r) { r.size = 7; }), "b.npy cannot be read: it is encrypted, compressed by an unknown method, or of two sizes");
  refused(changed([](Record& r) { r.local_name = "c.npy"; }), "b.npy has another name in front of its bytes");
  refused(changed([](Record& r) { r.name = "readme"; }), "readme is no .npy");
  refused(changed([](Record& r) { r.name = ".npy"; }), ".npy is no .npy");
  refused(changed([](Record& r) { r.bytes += "d"; }), "b.npy: 1 bytes follow the last element");
  refused(changed([](Record& r) { r.bytes.pop_back(); }), "b.npy: the file is truncated: shape [3]");
  std::string flipped = zip_of({good});
  flipped[flipped.find("abc")] ^= 1;
  refused(flipped, "a.npy is damaged: its checksum differs");

  // Bombs: 4 MB of zeros in 4 kB, what is more than that claims to be, and less than it claims.
  const std::string packed = torch::deflated(npy(4'000'000) + std::string(4'000'000, '\0'), -MAX_WBITS);
  REQUIRE(packed.size() < 5000);
  const auto bomb = [&](uint32_t size) { return zip_of({{"bomb.npy", packed, size, 8, 0, -1}}); };
  const auto true_size = static_cast<uint32_t>(npy(4'000'000).size() + 4'000'000);
  refused(bomb(true_size), "its records would become 4000072 bytes when they are decompressed, more than the 1000000 that are allowed", 1'000'000);
  refused(bomb(0xfffffffe), "bomb.npy: 4294967294 bytes cannot be compressed to");
  refused(bomb(true_size + 1), "bomb.npy: 1 bytes follow the last element");
  refused(bomb(true_size - 1), "is more than the");
  refused(bomb(true_size), "bomb.npy is damaged: its checksum differs");  // zip_of gives that of the packed bytes
  std::string broken = bomb(true_size);
  broken[60] = static_cast<char>(~broken[60]);
  refused(broken, "bomb.npy: the compressed data is damaged");
  refused(zip_of({{"bomb.npy", packed.substr(0, packed.size() - 3), true_size, 8, 0, -1}}), "bomb.npy: the file is truncated");
  refused(zip_of({{"bomb.npy", packed + "x", true_size, 8, 0, -1}}), "bomb.npy: 1 bytes follow the compressed data");
}

TEST_CASE("records beyond 4 GB are placed by fields of their own") {
  // What such a file says, in one that is small: every number stands elsewhere.
  const std::string record = npy(3) + "abc", name = "a.npy", all_ones(4, '\xff');
  const std::string crc =
      little_endian(static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(record.data()), static_cast<uInt>(record.size()))));
  const auto both = [&](uint16_t field) {
    return little_endian(uint32_t{0}) + little_endian(uint32_t{0}) + crc + all_ones + all_ones + little_endian(static_cast<uint16_t>(name.size())) +
           little_endian(field);
  };
  const std::string sizes = little_endian(uint64_t{record.size()}) + little_endian(uint64_t{record.size()});
  const std::string local = little_endian(uint32_t{0x04034b50}) + little_endian(uint16_t{45}) + both(20) + name + little_endian(uint16_t{1}) +
                            little_endian(uint16_t{16}) + sizes;
  const auto file = [&](uint64_t begin, const std::string& field) {
    const std::string front = local + record;
    const std::string entry = little_endian(uint32_t{0x02014b50}) + little_endian(uint32_t{45}) + both(static_cast<uint16_t>(field.size())) +
                              std::string(10, '\0') + all_ones + name + field;
    const std::string end = little_endian(uint32_t{0x06064b50}) + little_endian(uint64_t{44}) + little_endian(uint32_t{45}) +
                            little_endian(uint64_t{0}) + little_endian(uint64_t{1}) + little_endian(uint64_t{1}) +
                            little_endian(uint64_t{entry.size()}) + little_endian(begin);
    const std::string locator = little_endian(uint32_t{0x07064b50}) + little_endian(uint32_t{0}) +
                                little_endian(uint64_t{front.size() + entry.size()}) + little_endian(uint32_t{1});
    return front + entry + end + locator + little_endian(uint32_t{0x06054b50}) + little_endian(uint32_t{0}) + std::string(12, '\xff') +
           little_endian(uint16_t{0});
  };
  const std::string other = little_endian(uint16_t{0x4246}) + little_endian(uint16_t{2}) + "ZZ";
  const std::string field = other + little_endian(uint16_t{1}) + little_endian(uint16_t{24}) + sizes + little_endian(uint64_t{0});
  const Folder folder;
  const uint64_t begin = local.size() + record.size();
  write_bytes(folder / "large", file(begin, field));
  CHECK(equal(io::load_npz(folder / "large").at("a"), tensor({97, 98, 99}, kByte)));
  const auto refused = [&](const std::string& bytes, const char* why) {
    write_bytes(folder / "bad", bytes);
    CHECK(contains(message_of([&] { io::load_npz(folder / "bad"); }), why));
  };
  refused(file(UINT64_MAX, field), "the zip file's directory lies outside of it");
  refused(file(begin, other), "a.npy: a size beyond 4 GB is missing");
  refused(file(begin, other + little_endian(uint16_t{1}) + little_endian(uint16_t{8}) + little_endian(uint64_t{1})),
          "a.npy: a size beyond 4 GB is missing");
  refused(file(begin, little_endian(uint16_t{1}) + little_endian(uint16_t{0xffff})), "a.npy: a size beyond 4 GB is missing");
  refused(file(begin, little_endian(uint16_t{1}) + little_endian(uint16_t{24}) + std::string(24, '\xff')), "lies outside of the file");
}
