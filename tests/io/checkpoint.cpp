// Checkpoints: many parts in one file, loaded together or not at all.
#include <algorithm>
#include <sstream>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <message.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using serialize::Checkpoint;
using serialize::InputArchive;
using serialize::OutputArchive;

namespace {

// A run with a part of every kind.
struct Run {
  explicit Run(double value, int64_t width = 4)
      : model(nn::Linear(3, width), nn::BatchNorm1d(width), nn::Linear(width, 1)),
        optimizer(model->parameters(), optim::AdamOptions(value)),
        generator(detail::createCPUGenerator(static_cast<uint64_t>(1000 * value))),
        history(full({2}, value)),
        best(value),
        name(std::to_string(value)) {
    for (int i = 0; i < 2; ++i) {
      optimizer.zero_grad();
      model->forward(rand({8, 3}, generator)).sum().backward();
      optimizer.step();
    }
  }
  Checkpoint checkpoint() {
    Checkpoint c;
    c.add("model", model).add("optimizer", optimizer).add("generator", generator).add("history", history);
    c.add("epoch", epoch).add("best", best).add("name", name).add("losses", losses).add("done", done).add("seed", seed);
    return c;
  }
  std::string bytes() {
    std::ostringstream stream;
    save(checkpoint(), stream);
    return stream.str();
  }

  nn::Sequential model;
  optim::Adam optimizer;
  Generator generator;
  Tensor history;
  int epoch = 1;
  double best;
  std::string name;
  std::vector<double> losses{1.5};
  bool done = false;
  uint64_t seed = ~uint64_t{0} - 1;
};

// Loads by halves, and changes its tensor in place.
struct Stubborn {
  Tensor t = zeros({2});
  bool refuses = false;
  void save(OutputArchive& archive) const { archive.write("t", t); }
  void load(InputArchive& archive) {
    Tensor read;
    archive.read("t", read);
    t.copy_(read);
    if (refuses && t[0].item<double>() == 1) throw std::runtime_error("stubborn");
  }
};

}  // namespace

TEST_CASE("all parts of a checkpoint come back, from a file and a stream") {
  const Folder folder;
  Run a(0.5), b(0.25);
  a.epoch = 12;
  a.losses = {3, 2, 1};
  a.done = true;
  manual_seed(3);
  randn({3});  // leaves a number in the generator's cache
  const std::string whole = a.bytes();
  a.checkpoint().save(folder / "run");
  const Tensor next = randn({4}), own = rand({4}, a.generator);
  REQUIRE(a.bytes() != b.bytes());
  CHECK(b.checkpoint().load(folder / "run"));
  CHECK(equal(randn({4}), next));
  CHECK(equal(rand({4}, b.generator), own));
  CHECK(b.epoch == 12);
  CHECK(b.best == 0.5);
  CHECK(b.name == a.name);
  CHECK(b.losses == std::vector<double>{3, 2, 1});
  CHECK(b.done);
  CHECK(b.seed == ~uint64_t{0} - 1);
  CHECK(equal(b.history, full({2}, 0.5)));
  CHECK(folder.files() == 1);

  Run c(0.75);
  Checkpoint checkpoint = c.checkpoint();
  std::istringstream stream(whole);
  load(checkpoint, stream);
  CHECK((c.bytes() == whole));

  // A part alone.
  InputArchive archive, part;
  archive.load_from(folder / "run");
  archive.read("model", part);
  Run d(0.125);
  d.model->load_state_dict(part);
  CHECK(equal(d.model->parameters()[0], a.model->parameters()[0]));
}

TEST_CASE("where there is no file nothing is loaded") {
  const Folder folder;
  Run a(0.5);
  const std::string before = a.bytes();
  CHECK_FALSE(a.checkpoint().load(folder / "none"));
  CHECK_FALSE(a.checkpoint().load(folder / "no" + "/folder"));
  CHECK((a.bytes() == before));
  CHECK_THROWS_WITH_AS(a.checkpoint().load(folder.path()), doctest::Contains("not a regular file"), Error);
}

TEST_CASE("what does not fit is named with both shapes, and no part is changed") {
  const Folder folder;
  Run a(0.5), b(0.25);
  const auto refused = [&](const auto& write, const auto& text) {
    write();
    const std::string before = b.bytes();
    const std::string message = message_of([&] { b.checkpoint().load(folder / "run"); });
    INFO(message);
    CHECK(message.find(text) != std::string::npos);
    CHECK((b.bytes() == before));
  };
  refused([&] { Run(0.5, 5).checkpoint().save(folder / "run"); },
          "[Checkpoint] model: [load] the archive does not fit torch::nn::SequentialImpl. size mismatch for 0.weight: Float[5, 3] in the archive, "
          "Float[4, 3] in the "
          "module.");
  // Parts before the one that does not fit have been loaded and are put back.
  const auto with = [&](auto&& optimizer, auto& epoch) {
    a.model->forward(rand({8, 3})).sum().backward();
    optimizer.step();
    Checkpoint c;
    c.add("model", a.model).add("optimizer", optimizer).add("generator", a.generator).add("history", a.history);
    c.add("epoch", epoch).add("best", a.best).add("name", a.name).add("losses", a.losses).add("done", a.done).add("seed", a.seed);
    c.save(folder / "run");
  };
  refused([&] { with(optim::SGD(a.model->parameters(), 0.1), a.epoch); },
          "its options are torch::optim::SGDOptions, expected torch::optim::AdamOptions");
  refused([&] { with(optim::Adam({a.model->parameters()[0]}, 0.1), a.epoch); },
          "[Checkpoint] optimizer: [load] the optimizer's state doesn't fit:\n  group 0: expected 6 parameters, got 1");
  std::vector<Tensor> reversed = a.model->parameters();
  std::reverse(reversed.begin(), reversed.end());
  refused([&] { with(optim::Adam(reversed, 0.1), a.epoch); }, "parameter 0: exp_avg is Float[1], expected Float[4, 3]");
  // A value of another kind, and one outside the range of its type.
  std::string text = "12";
  int64_t large = int64_t{1} << 40;
  refused([&] { with(optim::Adam(a.model->parameters(), 0.1), text); }, "[Checkpoint] epoch: [IValue] Expected Int but got String");
  refused([&] { with(optim::Adam(a.model->parameters(), 0.1), large); },
          "[Checkpoint] epoch: the number 1099511627776 is outside the range of its type");
}

TEST_CASE("missing and unexpected parts and keys are told, or with strict=false passed over") {
  const Folder folder;
  Tensor x = ones({1}), y = ones({2});
  int n = 3;
  Checkpoint(false).add("x", x).add("n", n).save(folder / "a");
  Checkpoint other(false);
  other.add("x", x).add("y", y);
  x.fill_(5);
  CHECK_THROWS_WITH_AS(other.load(folder / "a"), doctest::Contains("Missing part(s): y. Unexpected part(s): n."), Error);
  CHECK(x.item<double>() == 5);
  CHECK(other.load(folder / "a", /*strict=*/false));
  CHECK(x.item<double>() == 1);
  CHECK(y.numel() == 2);

  struct Talkative {
    void save(OutputArchive& archive) const { archive.write("remark", "nobody reads this"); }
    void load(InputArchive&) {}
  } talkative;
  Checkpoint third(false);
  third.add("x", x).add("talkative", talkative).save(folder / "b");
  x.fill_(6);
  CHECK_THROWS_WITH_AS(third.load(folder / "b"), doctest::Contains("Unexpected key(s): talkative.remark."), Error);
  CHECK(x.item<double>() == 6);
  CHECK(third.load(folder / "b", false));
}

TEST_CASE("a part that fails halfway, by whatever exception, is put back too") {
  const Folder folder;
  Stubborn a, b;
  Tensor x = ones({2});
  a.t.fill_(1);
  Checkpoint(false).add("x", x).add("a", a).save(folder / "a");
  x.fill_(4);
  b.t.fill_(3);
  b.refuses = true;
  Checkpoint c(false);
  c.add("x", x).add("a", b);
  CHECK_THROWS_WITH_AS(c.load(folder / "a"), "stubborn", std::runtime_error);
  CHECK(equal(x, full({2}, 4)));
  CHECK(equal(b.t, full({2}, 3)));
}

TEST_CASE("names of parts") {
  int n = 0;
  Checkpoint c;
  for (const char* name : {"", "a.b", "checkpoint", "checkpoint_version", "default_generator"}) CHECK_THROWS_AS(c.add(name, n), Error);
  c.add("n", n);
  CHECK_THROWS_WITH_AS(c.add("n", n), doctest::Contains("there is a part named n already"), Error);
}

TEST_CASE("files of other versions and other files are refused with a sentence") {
  const Folder folder;
  Tensor x = ones({1});
  Checkpoint c(false);
  c.add("x", x);
  save(x, folder / "tensor");
  CHECK_THROWS_WITH_AS(c.load(folder / "tensor"), doctest::Contains("this is no checkpoint"), Error);
  write_bytes(folder / "text", "this is a text");
  CHECK_THROWS_WITH_AS(c.load(folder / "text"), doctest::Contains("not a safetensors file"), Error);
  const auto with_version = [&](int64_t version) {
    OutputArchive archive;
    archive.write("x", ones({1}));
    archive.write("checkpoint_version", version);
    archive.save_to(folder / "v");
  };
  with_version(2);
  CHECK_THROWS_WITH_AS(c.load(folder / "v"), doctest::Contains("a checkpoint of version 2, written by a newer version of the library"), Error);
  with_version(0);
  CHECK_THROWS_WITH_AS(c.load(folder / "v"), doctest::Contains("a checkpoint of version 0, which there never was"), Error);
  with_version(1);
  CHECK(c.load(folder / "v"));

  // The format below has a version of its own.
  std::string bytes = bytes_of(folder / "v");
  const size_t at = bytes.find("\"version\":\"1\"");
  REQUIRE(at != std::string::npos);
  for (const auto& [digit, text] : {std::pair('2', "a newer version of the format, \"2\""), std::pair('0', "an unknown version of the format, \"0\""),
                                    std::pair('x', "an unknown version of the format, \"x\"")}) {
    bytes[at + 11] = digit;
    // What another library wrote has the checksum of what it wrote.
    size_t header = 0;
    for (size_t i = 8; i-- > 0;) header = header << 8 | static_cast<unsigned char>(bytes[i]);
    const size_t place = bytes.find("\"crc32\":\"") + 9;
    bytes.replace(place, 8, "00000000");
    uint32_t crc = ~uint32_t{0};
    for (size_t i = 8; i < 8 + header; ++i) {
      crc ^= static_cast<unsigned char>(bytes[i]);
      for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
    }
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", ~crc);
    bytes.replace(place, 8, digits);
    write_bytes(folder / "v2", bytes);
    CHECK_THROWS_WITH_AS(c.load(folder / "v2"), doctest::Contains(text), Error);
  }
}
