#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <ostream>
#include <sstream>
#include <unordered_map>

#include <doctest/doctest.h>
#include <io/folder.h>
#include "values.h"
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/random/random.h>
#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/autograd/tensor/operators.h>
#include <xgrad/autograd/core/threads.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;
using serialize::InputArchive;
using serialize::OutputArchive;

namespace {

// Two layers in the way of nn::Module, which knows nothing of this folder.
struct Layer {
  Tensor weight, bias, running;
  void save(OutputArchive& archive) const {
    archive.write("weight", weight);
    archive.write("bias", bias);
    archive.write("running", running, /*is_buffer=*/true);
  }
  void load(InputArchive& archive) {
    archive.read("weight", weight);
    archive.read("bias", bias);
    archive.read("running", running, /*is_buffer=*/true);
  }
};

struct TwoLayers {
  Layer first, second;
  void save(OutputArchive& archive) const {
    for (const auto& [key, layer] : {std::pair("first", &first), std::pair("second", &second)}) {
      OutputArchive inner;
      layer->save(inner);
      archive.write(key, inner);
    }
    archive.write("relu", OutputArchive());
  }
  void load(InputArchive& archive) {
    InputArchive inner;
    archive.read("first", inner);
    first.load(inner);
    archive.read("second", inner);
    second.load(inner);
    archive.read("relu", inner);
    CHECK(inner.keys().empty());
  }
};

}  // namespace

TEST_CASE("a tensor of every dtype and shape comes back from a file, a stream and memory") {
  const Folder folder;
  manual_seed(0);
  for (ScalarType dtype : {kFloat, kDouble, kHalf, kBFloat16, kLong, kInt, kShort, kChar, kByte, kBool})
    for (const auto& shape : std::vector<std::vector<int64_t>>{{}, {0}, {3}, {2, 3}, {2, 0, 5}, {1, 2, 1, 2, 1, 2, 1, 2}}) {
      const Tensor x = empty(shape, dtype).random_(0, 2);
      save(x, folder / "x.pt");
      Tensor y;
      load(y, folder / "x.pt");
      CHECK(same_bits(x, y));

      std::stringstream stream;
      save(x, stream);
      Tensor z;
      load(z, stream);
      CHECK(same_bits(x, z));

      Tensor w;
      const std::string bytes = stream.str();
      load(w, bytes.data(), bytes.size());
      CHECK(same_bits(x, w));
    }
}

TEST_CASE("special numbers keep their bits") {
  const double values[] = {0.0, -0.0, std::numeric_limits<double>::infinity(), std::nan("7"), 5e-324, 1e308};
  Tensor x = empty({6}, kDouble);
  std::memcpy(x.data_ptr(), values, sizeof values);
  std::stringstream stream;
  save(x, stream);
  Tensor y;
  load(y, stream);
  CHECK(same_bits(x, y));
}

TEST_CASE("views are saved as their elements, and requires_grad is remembered") {
  std::stringstream stream;
  const Tensor x = rand({4, 6}).requires_grad_();
  save(std::vector<Tensor>{x.t(), x, Tensor(), x.detach()}, stream);
  std::vector<Tensor> y{ones({1})};
  load(y, stream);
  REQUIRE(y.size() == 5);
  CHECK(same_bits(y[1], x.t()));
  CHECK(y[1].is_contiguous());
  CHECK(y[2].requires_grad());
  CHECK(y[2].is_leaf());
  CHECK_FALSE(y[3].defined());
  CHECK_FALSE(y[4].requires_grad());
}

TEST_CASE("reading into a defined tensor keeps the tensor") {
  std::stringstream stream;
  save(rand({2, 3}), stream);
  Tensor mine = zeros({5}).requires_grad_();
  const Tensor alias = mine;
  load(mine, stream);
  CHECK(alias.sizes() == IntArrayRef({2, 3}));
  CHECK(mine.requires_grad());
  CHECK(mine.is_same(alias));
}

TEST_CASE("anything that saves itself into nested archives") {
  const Folder folder;
  const TwoLayers net{{rand({3, 2}), rand({3}), zeros({1})}, {rand({1, 3}), Tensor(), ones({1}, kLong)}};
  save(net, folder / "net.pt");
  TwoLayers copy;
  load(copy, folder / "net.pt");
  CHECK(same_bits(copy.first.weight, net.first.weight));
  CHECK(same_bits(copy.first.bias, net.first.bias));
  CHECK(same_bits(copy.second.running, net.second.running));
  CHECK_FALSE(copy.second.bias.defined());

  InputArchive archive;
  archive.load_from(folder / "net.pt");
  CHECK(archive.keys() == std::vector<std::string>{"first", "relu", "second"});
  InputArchive inner;
  archive.read("first", inner);
  CHECK(inner.keys() == std::vector<std::string>{"bias", "running", "weight"});
}

TEST_CASE("values of every kind") {
  OutputArchive out;
  out.write("bool", true);
  out.write("int", int64_t{-9007199254740993});
  out.write("double", 0.1);
  out.write("inf", -std::numeric_limits<double>::infinity());
  out.write("string", std::string("a\0\"\xff", 4));
  out.write("bools", IValue(std::vector<bool>{true, false}));
  out.write("ints", IValue(std::vector<int64_t>{1, -2}));
  out.write("doubles", IValue(std::vector<double>{}));
  out.write("none", IValue());
  out.write("tensor", IValue(ones({2})));
  std::stringstream stream;
  out.save_to(stream);
  InputArchive in;
  in.load_from(stream);
  const auto value = [&](const char* key) {
    IValue v;
    in.read(key, v);
    return v;
  };
  CHECK(value("bool").toBool());
  CHECK(value("int").toInt() == -9007199254740993);
  CHECK(value("double").toDouble() == 0.1);
  CHECK(value("inf").toDouble() == -std::numeric_limits<double>::infinity());
  CHECK(value("string").toStringRef() == std::string("a\0\"\xff", 4));
  CHECK(value("bools").toBoolVector() == std::vector<bool>{true, false});
  CHECK(value("ints").toIntVector() == std::vector<int64_t>{1, -2});
  CHECK(value("doubles").toDoubleVector().empty());
  CHECK(value("none").isNone());
  CHECK(same_bits(value("tensor").toTensor(), ones({2})));
  CHECK_THROWS_AS(out.write("list", IValue(std::vector<Tensor>{ones({1})})), Error);
}

TEST_CASE("keys that aren't there, or there as something else") {
  OutputArchive out, nested;
  nested.write("x", ones({1}));
  out.write("tensor", ones({1}));
  out.write("int", 3);
  out.write("inner", nested);
  std::stringstream stream;
  out.save_to(stream);
  InputArchive in, inner;
  in.load_from(stream);
  Tensor t;
  IValue v;
  CHECK_FALSE(in.try_read("nothing", t));
  CHECK_FALSE(in.try_read("int", t));
  CHECK_FALSE(in.try_read("inner", t));
  CHECK_FALSE(in.try_read("inner", v));
  CHECK_FALSE(in.try_read("tensor", inner));
  CHECK_FALSE(t.defined());
  CHECK_THROWS_WITH_AS(in.read("nothing", t), doctest::Contains("No such serialized tensor 'nothing'"), Error);
  in.read("inner", inner);
  CHECK_THROWS_WITH_AS(inner.read("y", t), doctest::Contains("No such serialized tensor 'inner.y'"), Error);
}

TEST_CASE("keys that cannot be written") {
  OutputArchive out, nested;
  nested.write("x", ones({1}));
  out.write("a", nested);
  out.write("b", 1);
  CHECK_THROWS_AS(out.write("a", ones({1})), Error);
  CHECK_THROWS_AS(out.write("b", nested), Error);
  CHECK_THROWS_AS(out.write("", ones({1})), Error);
  CHECK_THROWS_AS(out.write("a.y", ones({1})), Error);
  out.write("a2", ones({1}));
}

TEST_CASE("streams and functions that fail") {
  OutputArchive out;
  out.write("x", ones({3}));
  std::ostringstream broken;
  broken.setstate(std::ios::badbit);
  CHECK_THROWS_AS(out.save_to(broken), Error);
  CHECK_THROWS_AS(out.save_to([](const void*, size_t n) { return n - 1; }), Error);
  std::string bytes;
  out.save_to([&](const void* data, size_t n) {
    bytes.append(static_cast<const char*>(data), n);
    return n;
  });
  InputArchive in;
  in.load_from([&](uint64_t at, void* to, size_t n) { return bytes.copy(static_cast<char*>(to), n, at); }, [&] { return bytes.size(); });
  CHECK(in.keys() == std::vector<std::string>{"x"});
  std::istringstream empty_stream;
  CHECK_THROWS_AS(in.load_from(empty_stream), Error);
  CHECK_THROWS_AS(in.load_from(bytes.data(), bytes.size(), Device("cuda")), Error);
  CHECK(in.keys() == std::vector<std::string>{"x"});
}

TEST_CASE("maps of tensors are saved under their names, which are paths") {
  const Folder folder;
  const std::map<std::string, Tensor> tensors{
      {"encoder.0.weight", rand({2, 3})}, {"encoder.0.bias", rand({2})}, {"scale", Tensor()}, {"n", ones({1}, kLong)}};
  save(tensors, folder / "map.pt");
  std::map<std::string, Tensor> back{{"old", ones({1})}};
  load(back, folder / "map.pt");
  REQUIRE(back.size() == 4);
  for (const auto& [name, tensor] : tensors) {
    REQUIRE(back.count(name) == 1);
    CHECK(back[name].defined() == tensor.defined());
    if (tensor.defined()) CHECK(same_bits(back[name], tensor));
  }
  std::unordered_map<std::string, Tensor> unordered(tensors.begin(), tensors.end()), unordered_back;
  std::stringstream stream;
  save(unordered, stream);
  load(unordered_back, stream);
  CHECK(unordered_back.size() == 4);
  CHECK(same_bits(unordered_back["encoder.0.weight"], tensors.at("encoder.0.weight")));
  // The keys are those of nested archives.
  InputArchive in, inner;
  in.load_from(folder / "map.pt");
  CHECK(in.paths() == std::vector<std::string>{"encoder.0.bias", "encoder.0.weight", "n", "scale"});
  in.read("encoder.0", inner);
  CHECK(inner.keys() == std::vector<std::string>{"bias", "weight"});
  Tensor t;
  in.read("encoder.0.weight", t);
  CHECK(same_bits(t, tensors.at("encoder.0.weight")));

  for (const char* name : {"", ".", "a.", ".a", "a..b"})
    CHECK_THROWS_WITH_AS(save(std::map<std::string, Tensor>{{name, t}}, stream), doctest::Contains("empty"), Error);
  CHECK_THROWS_WITH_AS(save(std::map<std::string, Tensor>{{"a", t}, {"a.b", t}}, stream), doctest::Contains("a has been written already"), Error);
  // What holds a number is no map of tensors.
  OutputArchive out;
  out.write("tensor", t);
  out.write("number", 1);
  std::stringstream mixed;
  out.save_to(mixed);
  CHECK_THROWS_WITH_AS(load(back, mixed), doctest::Contains("No such serialized tensor 'number'"), Error);
  CHECK(back.size() == 4);
}

TEST_CASE("paths are written into archives that others share without changing those") {
  OutputArchive inner, out;
  inner.write("x", ones({1}));
  out.write("a", inner);
  out.write_at("a.y", ones({2}));
  out.write_at("a.b.c", ones({3}));
  CHECK(InputArchive(inner).keys() == std::vector<std::string>{"x"});
  CHECK(InputArchive(out).paths() == std::vector<std::string>{"a.b.c", "a.x", "a.y"});
  for (const char* path : {"a", "a.x", "a.x.y", "a.b"}) CHECK_THROWS_WITH_AS(out.write_at(path, ones({1})), doctest::Contains("already"), Error);
  CHECK(InputArchive(out).paths().size() == 3);
}

TEST_CASE("what is read is the reader's own, however often it is read") {
  const Folder folder;
  const Tensor x = rand({3}), big = rand({1000, 1000});
  OutputArchive out;
  out.write("x", x);
  out.write("big", big);
  out.save_to(folder / "a.pt");
  std::ostringstream text;
  out.save_to(text);
  const std::string bytes = text.str();
  InputArchive file, memory, direct(out);
  file.load_from(folder / "a.pt");
  memory.load_from(bytes.data(), bytes.size());
  save(ones({1}), folder / "a.pt");  // another file has the name now
  for (InputArchive* in : {&file, &memory, &direct}) {
    for (int times = 0; times < 3; ++times)
      for (const auto& [key, expected] : {std::pair("x", x), std::pair("big", big)}) {
        Tensor t;
        in->read(key, t);
        CHECK(same_bits(t, expected));
        t.zero_();
        IValue v;
        in->read(key, v);
        CHECK(same_bits(v.toTensor(), expected));
        v.toTensor().detach().zero_();
      }
    CHECK(in->unread().empty());
  }
}

TEST_CASE("a copy of an archive stays as it was when the tensors change") {
  Tensor x = ones({2});
  OutputArchive out, inner;
  inner.write("x", x);
  inner.write("n", 3);
  out.write("inner", inner);
  out.write("empty", OutputArchive());
  const OutputArchive copy = out.clone();
  x.fill_(7);
  InputArchive in(copy);
  Tensor t;
  IValue n;
  in.read("inner.x", t);
  in.read("inner.n", n);
  CHECK(same_bits(t, ones({2})));
  CHECK(n.toInt() == 3);
  CHECK(in.keys() == std::vector<std::string>{"empty", "inner"});
  InputArchive(out).read("inner.x", t);
  CHECK(same_bits(t, full({2}, 7.0)));
}

TEST_CASE("a generator that is loaded goes on where the saved one was") {
  Generator a = detail::createCPUGenerator(5), b = detail::createCPUGenerator(6);
  const auto draw = [](Generator& g) { return empty({5}).normal_(0, 1, g); };
  draw(a);
  std::stringstream stream;
  save(a, stream);
  load(b, stream);
  CHECK(same_bits(draw(a), draw(b)));
  CHECK(same_bits(draw(a), draw(b)));
  std::stringstream other;
  save(std::map<std::string, Tensor>{{"state", zeros({5056}, kByte)}}, other);
  const Tensor before = b.get_state();
  CHECK_THROWS_WITH_AS(load(b, other), doctest::Contains("Invalid mt19937 state"), Error);
  CHECK(same_bits(b.get_state(), before));
}

TEST_CASE("large tensors in many pieces, in memory and files, by one thread and by more") {
  const Folder folder;
  manual_seed(1);
  std::vector<Tensor> tensors{rand({3, 1 << 20}), rand({(1 << 21) + 1}), rand({7}), ones({(1 << 22) + 3}, kBool), empty({0})};
  const int threads = get_num_threads();
  std::string first;
  for (const int n : {1, 3}) {
    set_num_threads(n);
    save(tensors, folder / "a.pt");
    std::vector<Tensor> back;
    load(back, folder / "a.pt");
    REQUIRE(back.size() == tensors.size());
    for (size_t i = 0; i < back.size(); ++i) CHECK(same_bits(back[i], tensors[i]));
    const std::string bytes = bytes_of(folder / "a.pt");
    if (first.empty()) first = bytes;
    CHECK((bytes == first));
    // Damage in any piece is found.
    for (const size_t at : {bytes.size() - 1, bytes.size() - (size_t{1} << 22) - 2, bytes.size() / 2, bytes.size() / 3}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ 1);
      std::vector<Tensor> none;
      CHECK_THROWS_WITH_AS(load(none, damaged.data(), damaged.size()), doctest::Contains("the elements are damaged"), Error);
    }
  }
  set_num_threads(threads);
}
