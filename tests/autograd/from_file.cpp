// Tensors on mapped files.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <unistd.h>

#include <doctest/doctest.h>

#include <xgrad/xgrad.h>

#include "message.h"

namespace torch {

namespace {

// A file that goes with the test.
class Scratch {
 public:
  explicit Scratch(const std::string& content = "") : name("from_file_" + std::to_string(getpid()) + ".bin") {
    std::ofstream(name, std::ios::binary) << content;
  }
  ~Scratch() { std::remove(name.c_str()); }
  std::string content() const {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  const std::string name;
};

}  // namespace

TEST_CASE("a file's elements are read, and changed in memory alone") {
  const Scratch file("abcdefgh");
  const Tensor x = from_file(file.name, false, 8, kByte);
  CHECK(x.sizes() == IntArrayRef{8});
  CHECK(x[0].item<int>() == 'a');
  CHECK(x[7].item<int>() == 'h');
  x.fill_('x');
  CHECK(file.content() == "abcdefgh");
  CHECK(from_file(file.name, std::nullopt, 2, kInt).nbytes() == 8);
  CHECK(from_file(file.name).numel() == 0);
}

TEST_CASE("a shared file takes the changes, and is made as long as needed") {
  const Scratch file("ab");
  {
    const Tensor x = from_file(file.name, true, 4, kByte), again = from_file(file.name, true, 4, kByte);
    CHECK(file.content() == std::string("ab\0\0", 4));
    x[3] = 'z';
    CHECK(again[3].item<int>() == 'z');
  }
  CHECK(file.content() == std::string("ab\0z", 4));
  const std::string none = file.name + ".new";
  CHECK(from_file(none, true, 3).equal(zeros({3})));
  std::remove(none.c_str());
}

TEST_CASE("a mapped file may require a gradient") {
  const Scratch file(std::string(8, '\0'));
  const Tensor x = from_file(file.name, false, 2, TensorOptions().requires_grad(true));
  (x * 3).sum().backward();
  CHECK(x.grad().equal(full({2}, 3.0f)));
}

TEST_CASE("files that can't be mapped are refused") {
  const Scratch file("abcd");
  CHECK(contains(message_of([&] { from_file(file.name, false, 5, kByte); }), "size is smaller than the required mapping size <5>"));
  CHECK(contains(message_of([] { from_file("no such file", false, 1); }), "in read-only mode: No such file or directory (2)"));
  CHECK(contains(message_of([] { from_file(".", false, 1); }), "from_file"));
  CHECK(contains(message_of([&] { from_file(file.name, false, -1); }), "size must not be negative, got -1"));
}

}  // namespace torch
