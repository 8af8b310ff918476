// A run's folder of checkpoints.
#include <limits>

#include <sys/file.h>
#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using serialize::Checkpoint;
using serialize::CheckpointFolder;
using serialize::CheckpointFolderOptions;

namespace {

std::vector<int64_t> steps(const CheckpointFolder& folder) {
  std::vector<int64_t> steps;
  for (const auto& saved : folder.list()) steps.push_back(saved.step);
  return steps;
}

using Steps = std::vector<int64_t>;

}  // namespace

TEST_CASE("the last and the best are kept") {
  const Folder folder;
  int64_t step = 0;
  Checkpoint checkpoint;
  checkpoint.add("step", step);
  const CheckpointFolderOptions options = CheckpointFolderOptions().keep_last(2).keep_best(2);
  CheckpointFolder run(folder / "runs/first", options);
  CHECK(run.list().empty());
  CHECK_FALSE(run.latest().has_value());
  CHECK_FALSE(run.best().has_value());
  CHECK_FALSE(run.load_latest(checkpoint).has_value());
  const double losses[] = {5, 2, 7, 1, 9, std::numeric_limits<double>::quiet_NaN(), 8, 1};
  for (step = 0; step < 8; ++step) {
    const std::string path = run.save(checkpoint, step, losses[step]);
    CHECK(run.latest()->path == path);
    CHECK(std::filesystem::exists(path));
  }
  CHECK(steps(run) == Steps{3, 6, 7});  // 3 and 7 are the best, of which 7 is among the last
  CHECK(steps(CheckpointFolder(folder / "runs/first")) == Steps{3, 6, 7});
  CHECK(run.best()->step == 3);
  CHECK(run.best()->metric == 1);
  CHECK(run.latest()->step == 7);
  CHECK(run.load_best(checkpoint) == 3);
  CHECK(step == 3);
  CHECK(run.load_latest(checkpoint) == 7);
  CHECK(step == 7);
  CHECK(std::filesystem::path(run.latest()->path).filename() == "checkpoint-000000007.safetensors");

  CheckpointFolder accuracy(folder / "runs/second", CheckpointFolderOptions().keep_last(1).keep_best(1).lower_is_better(false).name("net"));
  for (const double a : {0.5, 0.9, 0.7}) accuracy.save(checkpoint, step++, a);
  CHECK(accuracy.best()->metric == 0.9);
  CHECK(accuracy.list().size() == 2);

  // A step saved again takes the place of the old one; one that goes back is kept although it is not among the last.
  accuracy.save(checkpoint, 9, 0.1);
  CHECK(accuracy.latest()->metric == 0.1);
  accuracy.save(checkpoint, 1);
  CHECK(steps(accuracy) == Steps{1, 8, 9});
  CHECK_FALSE(accuracy.list()[0].metric.has_value());
}

TEST_CASE("foreign files stay, leftovers go, and what is being written stays") {
  const Folder folder;
  Checkpoint checkpoint;
  CheckpointFolder run(folder.path(), CheckpointFolderOptions().keep_last(1).keep_best(0));
  const std::vector<std::string> foreign = {"notes.txt",
                                            "checkpoint-1.safetensors",
                                            "checkpoint-000000001.safetensors.old",
                                            "checkpoint-00000000x.safetensors",
                                            "checkpoint--00000001.safetensors",
                                            "other-000000001.safetensors",
                                            "notes.tmp",
                                            "checkpoint-000000002.safetensors"};  // this one by its contents
  for (const std::string& name : foreign) write_bytes(folder / name, "not ours");
  std::filesystem::create_directory(folder / "checkpoint-000000003.safetensors");
  std::filesystem::create_symlink(folder / "nowhere", folder / "checkpoint-000000004.safetensors");
  write_bytes(folder / "checkpoint-000000005.safetensors.tmp", "of a killed process");
  write_bytes(folder / "checkpoint-000000006.safetensors.tmp", "of a process at work");
  const int fd = ::open((folder / "checkpoint-000000006.safetensors.tmp").c_str(), O_WRONLY);
  REQUIRE(::flock(fd, LOCK_EX) == 0);
  CHECK(run.list().empty());
  for (int64_t step = 10; step < 13; ++step) run.save(checkpoint, step, 1.0);
  CHECK(steps(run) == Steps{12});
  for (const std::string& name : foreign) CHECK(bytes_of(folder / name) == "not ours");
  CHECK(std::filesystem::is_directory(folder / "checkpoint-000000003.safetensors"));
  CHECK(std::filesystem::is_symlink(folder / "checkpoint-000000004.safetensors"));
  CHECK_FALSE(std::filesystem::exists(folder / "checkpoint-000000005.safetensors.tmp"));
  CHECK(std::filesystem::exists(folder / "checkpoint-000000006.safetensors.tmp"));
  ::close(fd);
  run.save(checkpoint, 13);
  CHECK_FALSE(std::filesystem::exists(folder / "checkpoint-000000006.safetensors.tmp"));
}

TEST_CASE("what a folder of checkpoints refuses") {
  const Folder folder;
  Checkpoint checkpoint;
  CHECK_THROWS_AS(CheckpointFolder(""), ValueError);
  CHECK_THROWS_AS(CheckpointFolder(folder.path(), CheckpointFolderOptions().keep_last(0)), ValueError);
  CHECK_THROWS_AS(CheckpointFolder(folder.path(), CheckpointFolderOptions().name("")), ValueError);
  CHECK_THROWS_AS(CheckpointFolder(folder.path(), CheckpointFolderOptions().name("a/b")), ValueError);
  CHECK_THROWS_AS(CheckpointFolder(folder.path()).save(checkpoint, -1), ValueError);
  write_bytes(folder / "file", "");
  CHECK_THROWS_WITH_AS(CheckpointFolder(folder / "file").save(checkpoint, 1), doctest::Contains("cannot be made"), Error);
  CHECK_THROWS_WITH_AS(CheckpointFolder(folder / "file").list(), doctest::Contains("cannot be read"), Error);
  CHECK(folder.files() == 1);
}
