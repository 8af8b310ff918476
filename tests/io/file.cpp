#include <ostream>
#include <thread>

#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <xgrad/autograd/core/error.h>
#include <xgrad/autograd/ops/ops.h>
#include <xgrad/io/safetensors.h>
#include <xgrad/io/serialize.h>

using namespace xgrad;

TEST_CASE("a file that cannot be opened is named with the reason") {
  const Folder folder;
  Tensor t;
  CHECK_THROWS_WITH_AS(load(t, folder / "missing.pt"), doctest::Contains("No such file or directory"), Error);
  CHECK_THROWS_WITH_AS(load(t, folder / "missing.pt"), doctest::Contains("missing.pt"), Error);
  CHECK_THROWS_WITH_AS(load(t, folder.path()), doctest::Contains("not a regular file"), Error);
  CHECK_THROWS_WITH_AS(load(t, std::string()), doctest::Contains("must not be empty"), Error);
  CHECK_THROWS_WITH_AS(save(ones({1}), folder / "no" + "/such/folder.pt"), doctest::Contains("No such file or directory"), Error);
  CHECK_THROWS_WITH_AS(save(ones({1}), folder.path()), doctest::Contains("not a regular file"), Error);
  CHECK_THROWS_WITH_AS(save(ones({1}), "/dev/full"), doctest::Contains("not a regular file"), Error);
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_WITH_AS(load(t, folder / "pipe"), doctest::Contains("not a regular file"), Error);
  CHECK_FALSE(t.defined());
}

TEST_CASE("saving replaces the file, keeps its mode, and leaves nothing else") {
  const Folder folder;
  save(ones({1}), folder / "a");
  REQUIRE(::chmod((folder / "a").c_str(), 0640) == 0);
  save(ones({7}), folder / "a");
  struct stat status;
  REQUIRE(::stat((folder / "a").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0640);
  CHECK(folder.files() == 1);
  Tensor t;
  load(t, folder / "a");
  CHECK(t.numel() == 7);
}

TEST_CASE("saving through a symbolic link replaces what it leads to") {
  const Folder folder;
  save(ones({1}), folder / "a");
  std::filesystem::create_symlink(folder / "a", folder / "link");
  save(ones({7}), folder / "link");
  CHECK(std::filesystem::is_symlink(folder / "link"));
  Tensor t;
  load(t, folder / "a");
  CHECK(t.numel() == 7);
  std::filesystem::create_symlink(folder / "gone", folder / "broken");
  CHECK_THROWS_AS(save(ones({1}), folder / "broken"), Error);
}

TEST_CASE("what a killed process left is gone after the next save") {
  const Folder folder;
  save(ones({1}), folder / "a");
  write_bytes(folder / "a.tmp", std::string(10000, '?'));
  save(ones({7}), folder / "a");
  CHECK(folder.files() == 1);
  Tensor t;
  load(t, folder / "a");
  CHECK(t.numel() == 7);
  CHECK(bytes_of(folder / "a").size() < 1000);
}

TEST_CASE("a temporary file that is a link is not written through") {
  const Folder folder;
  write_bytes(folder / "precious", "untouched");
  std::filesystem::create_hard_link(folder / "precious", folder / "a.tmp");
  save(ones({1}), folder / "a");
  CHECK(bytes_of(folder / "precious") == "untouched");
  std::filesystem::create_symlink(folder / "precious", folder / "a.tmp");
  CHECK_THROWS_WITH_AS(save(ones({1}), folder / "a"), doctest::Contains("a.tmp"), Error);
  CHECK(bytes_of(folder / "precious") == "untouched");
}

TEST_CASE("saves of one path at the same time leave one of them whole") {
  const Folder folder;
  std::vector<std::thread> threads;
  for (int64_t k = 1; k <= 4; ++k)
    threads.emplace_back([&folder, k] {
      for (int i = 0; i < 5; ++i) save(full({k * 1000}, k), folder / "a");
    });
  for (std::thread& thread : threads) thread.join();
  Tensor t;
  load(t, folder / "a");
  CHECK(t.numel() == 1000 * t[0].item<int64_t>());
  CHECK(equal(t, full_like(t, t[0].item())));
  CHECK(folder.files() == 1);
}

TEST_CASE("a relative path without a folder") {
  const Folder folder;
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  save(ones({2}), "here.pt");
  Tensor t;
  load(t, "here.pt");
  std::filesystem::current_path(before);
  CHECK(t.numel() == 2);
}
