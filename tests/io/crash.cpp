// Saving that is killed, or refused by the system, at any of its calls. A traced child process saves over an old file, and the old file or the
// new one must be whole afterwards.
#include <algorithm>
#include <cerrno>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <io/folder.h>
#include <xgrad/xgrad.h>

using namespace xgrad;
using serialize::Checkpoint;
using serialize::CheckpointFolder;

// The leak checker cannot work in a process that is traced.
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace {

constexpr int kSaved = 0, kRefused = 1, kOther = 2, kSkipped = 3;

// How a save ends in a child process, in which `prepare` has been called; the text of its error goes to `text`.
int outcome_of(const std::function<void()>& save, std::string* text = nullptr) {
  try {
    save();
    return kSaved;
  } catch (const Error& e) {
    if (text) *text = e.what();
    return kRefused;
  } catch (...) {
    return kOther;
  }
}

// Calls f in a child process and returns what it returns.
int in_child(const std::function<int()>& f) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::alarm(60);
    ::_exit(f());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

// A child process that stops before and after each of its system calls.
class Traced {
 public:
  explicit Traced(const std::function<int()>& f) : child_(::fork()) {
    if (child_ == 0) {
      ::alarm(60);
      if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(kSkipped);
      ::raise(SIGSTOP);
      ::_exit(f());
    }
    ::waitpid(child_, &status_, 0);
    if (!ended()) ::ptrace(PTRACE_SETOPTIONS, child_, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  }
  ~Traced() { kill(); }
  Traced(const Traced&) = delete;

  bool ended() const { return WIFEXITED(status_) || WIFSIGNALED(status_); }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 1000; }
  pid_t pid() const { return child_; }
  /// Goes on to the next stop at a system call; false when the process has ended.
  bool next() {
    int signal = 0;
    do {
      if (::ptrace(PTRACE_SYSCALL, child_, nullptr, signal) != 0) return false;
      ::waitpid(child_, &status_, 0);
      if (ended()) return false;
      signal = WSTOPSIG(status_);
    } while (signal != (SIGTRAP | 0x80));
    return true;
  }
  void kill() {
    if (ended()) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, &status_, 0);
  }

 private:
  const pid_t child_;
  int status_ = 0;
};

bool can_trace() {
  const Traced probe([] { return kSaved; });
  if (!probe.ended()) return true;
  MESSAGE("skipped: this process may not trace its children");
  return false;
}

// A model and an optimizer in a checkpoint, all of whose numbers are `value`.
struct Trained {
  explicit Trained(double value, int64_t inputs = 300) : layer(nn::LinearOptions(inputs, 100)), optimizer(layer->parameters(), 0.1), value(value) {
    NoGradGuard no_grad;
    for (Tensor& p : layer->parameters()) p.fill_(value);
  }
  Checkpoint checkpoint() {
    Checkpoint c;
    c.add("layer", layer).add("optimizer", optimizer).add("value", value);
    return c;
  }
  /// The value, if every number has it.
  std::optional<double> whole() {
    for (const Tensor& p : layer->parameters())
      if (!equal(p, full_like(p, value))) return std::nullopt;
    return value;
  }
  nn::Linear layer;
  optim::SGD optimizer;
  double value;
};

// What the file at `path` holds, if it is whole.
std::optional<double> value_in(const std::string& path, int64_t inputs = 300) {
  Trained read(-1, inputs);
  try {
    if (!read.checkpoint().load(path)) return std::nullopt;
  } catch (const Error& e) {
    MESSAGE(e.what());
    return std::nullopt;
  }
  return read.whole();
}

int open_descriptors() {
  int count = 0;
  for (int fd = 0; fd < 256; ++fd) count += ::fcntl(fd, F_GETFD) != -1;
  return count;
}

}  // namespace

namespace {

// So many inputs make a file that is written in several pieces, of which the first are on the disk before the last is written.
constexpr int64_t kManyInputs = 55000;

// Kills saves of runs with so many inputs at each `stride`-th stop.
void kill_everywhere(int64_t inputs, int stride) {
  const Folder folder;
  const std::string path = folder / "run.safetensors";
  Trained old_run(1, inputs), new_run(2, inputs);
  int killed = 0, old_files = 0, new_files = 0;
  for (int stops = 0;; stops += stride) {
    old_run.checkpoint().save(path);
    Traced child([&] { return outcome_of([&] { new_run.checkpoint().save(path); }); });
    bool running = true;
    for (int i = 0; running && i < stops; ++i) running = child.next();
    if (!running) {
      CHECK(child.exit_code() == kSaved);
      CHECK(value_in(path, inputs) == 2.0);
      break;
    }
    child.kill();
    ++killed;
    const std::optional<double> value = value_in(path, inputs);
    CHECK(value.has_value());
    old_files += value == 1.0;
    new_files += value == 2.0;
    CHECK(folder.files() <= 2);
    // The next save finds its way, and leaves nothing of the killed one.
    new_run.checkpoint().save(path);
    CHECK(value_in(path, inputs) == 2.0);
    CHECK(folder.files() == 1);
  }
  MESSAGE("killed " << killed << " times: " << old_files << " old files, " << new_files << " new ones");
  CHECK(old_files + new_files == killed);
  CHECK(old_files > 15);
  CHECK(new_files > 0);
}

}  // namespace

TEST_CASE("a save that is killed before or after any system call leaves the old file or the new one, whole") {
  if (can_trace()) kill_everywhere(300, 1);
}

TEST_CASE("a save of a large file that is killed anywhere leaves the old file or the new one, whole") {
  if (can_trace()) kill_everywhere(kManyInputs, 3);
}

TEST_CASE("a folder of checkpoints whose save is killed at any system call has a whole latest one, and never less than it keeps") {
  if (!can_trace()) return;
  Trained run(1);
  int killed = 0, before = 0;
  for (int stops = 0;; ++stops) {
    const Folder folder;
    CheckpointFolder kept(folder.path(), serialize::CheckpointFolderOptions().keep_last(1).keep_best(1));
    run.value = 1;
    kept.save(Trained(1).checkpoint(), 1, 0.5);
    kept.save(Trained(2).checkpoint(), 2, 0.7);
    Traced child([&] { return outcome_of([&] { kept.save(Trained(3).checkpoint(), 3, 0.4); }); });
    bool running = true;
    for (int i = 0; running && i < stops; ++i) running = child.next();
    if (!running) {
      CHECK(child.exit_code() == kSaved);
      CHECK(kept.list().size() == 1);
      break;
    }
    child.kill();
    ++killed;
    const auto latest = kept.latest(), best = kept.best();
    REQUIRE(latest.has_value());
    CHECK(value_in(latest->path) == static_cast<double>(latest->step));
    CHECK(latest->step >= 2);
    CHECK(best->step == (latest->step == 3 ? 3 : 1));
    CHECK(value_in(best->path).has_value());
    before += latest->step == 2;
    kept.save(Trained(4).checkpoint(), 4, 0.3);
    CHECK(folder.files() == 1);
  }
  MESSAGE("killed " << killed << " times, " << before << " of them before the new one was there");
  CHECK(before > 20);
  CHECK(before < killed);
}

#if defined(__x86_64__)

namespace {

// The call's number and the register of its result.
long call_number(pid_t pid, user_regs_struct& registers) {
  ::ptrace(PTRACE_GETREGS, pid, nullptr, &registers);
  return static_cast<long>(registers.orig_rax);
}

}  // namespace

TEST_CASE("files are synced before they take the old one's place, and their folder after") {
  if (!can_trace()) return;
  const Folder folder;
  Traced child([&] { return outcome_of([&] { Trained(1).checkpoint().save(folder / "a"); }); });
  std::string order;
  user_regs_struct registers;
  for (bool entry = true; child.next(); entry = !entry) {
    const long number = call_number(child.pid(), registers);
    if (!entry) continue;
    if (number == SYS_write) order += 'w';
    if (number == SYS_fsync || number == SYS_fdatasync) order += 's';
    if (number == SYS_rename || number == SYS_renameat || number == SYS_renameat2) order += 'r';
  }
  CHECK(child.exit_code() == kSaved);
  const size_t rename = order.find('r');
  REQUIRE(rename != std::string::npos);
  INFO(order);
  CHECK(order.find_last_of('w') < rename);
  CHECK(order.substr(rename - 1) == "srs");
}

namespace {

// Saves of runs with so many inputs, in each of which another one of these calls fails.
void fail_everywhere(int64_t inputs, const std::vector<long>& calls, const std::vector<int>& errors) {
  const Folder folder;
  const std::string path = folder / "run.safetensors";
  Trained old_run(1, inputs), new_run(2, inputs);
  int refused = 0, saved = 0, harmed = 0;
  for (const int error : errors)
    for (int n = 0;; ++n) {
      old_run.checkpoint().save(path);
      std::string text;
      Traced child([&] {
        const int descriptors = open_descriptors();
        std::string message;
        const int outcome = outcome_of([&] { new_run.checkpoint().save(path); }, &message);
        if (outcome == kRefused && (message.find("run.safetensors") == std::string::npos || message.find("errno") == std::string::npos))
          return kOther;
        return open_descriptors() == descriptors ? outcome : kOther;
      });
      user_regs_struct registers;
      int seen = 0;
      long failed = -1;
      bool entry = true;
      for (; child.next(); entry = !entry) {
        const long number = call_number(child.pid(), registers);
        if (entry && failed < 0 && std::find(calls.begin(), calls.end(), number) != calls.end() && seen++ == n) {
          failed = number;
          registers.orig_rax = static_cast<unsigned long long>(-1);  // no call: it is not made
          ::ptrace(PTRACE_SETREGS, child.pid(), nullptr, &registers);
          entry = false;
          REQUIRE(child.next());
          ::ptrace(PTRACE_GETREGS, child.pid(), nullptr, &registers);
          registers.rax = static_cast<unsigned long long>(-static_cast<long long>(error));
          ::ptrace(PTRACE_SETREGS, child.pid(), nullptr, &registers);
        }
      }
      if (failed < 0) break;
      INFO("errno ", error, " of system call ", failed, ", the ", n, "-th");
      CHECK((child.exit_code() == kSaved || child.exit_code() == kRefused || (failed == SYS_close && child.exit_code() == kOther)));
      // What the disk has not got must be told.
      if (error != EINTR && (failed == SYS_write || failed == SYS_fsync || failed == SYS_sync_file_range)) CHECK(child.exit_code() == kRefused);
      const std::optional<double> value = value_in(path, inputs);
      CHECK(value.has_value());
      if (child.exit_code() == kSaved) CHECK(value == 2.0);
      // The new file may be there already when only the folder could not be synced.
      if (child.exit_code() == kRefused && value == 2.0) CHECK((failed == SYS_fsync || failed == SYS_open || failed == SYS_openat));
      CHECK(folder.files() == 1);
      refused += child.exit_code() == kRefused;
      saved += child.exit_code() == kSaved;
      harmed += !value.has_value();
    }
  MESSAGE("failed calls: " << refused << " saves refused, " << saved << " done all the same, " << harmed << " files harmed");
  CHECK(refused > 10);
  CHECK(saved > 0);
}

}  // namespace

TEST_CASE("a save any of whose system calls fails leaves a whole file, no descriptor and nothing beside it") {
  if (!can_trace()) return;
  fail_everywhere(300,
                  {SYS_open, SYS_openat, SYS_write, SYS_fsync, SYS_rename, SYS_ftruncate, SYS_fchmod, SYS_flock, SYS_fstat, SYS_stat, SYS_lstat,
                   SYS_close, SYS_newfstatat, SYS_readlink},
                  {EIO, ENOSPC, EINTR});
}

TEST_CASE("a save of a large file, of which the disk refuses a part, leaves the old one") {
  if (!can_trace()) return;
  fail_everywhere(kManyInputs, {SYS_write, SYS_sync_file_range}, {EIO, EINTR});
  // A file system that knows no such call.
  const Folder folder;
  const std::string path = folder / "run.safetensors";
  for (const int error : {EINVAL, ENOSYS}) {
    Traced child([&] { return outcome_of([&] { Trained(2, kManyInputs).checkpoint().save(path); }); });
    user_regs_struct registers;
    for (bool entry = true; child.next(); entry = !entry) {
      if (entry || call_number(child.pid(), registers) != SYS_sync_file_range) continue;
      registers.rax = static_cast<unsigned long long>(-static_cast<long long>(error));
      ::ptrace(PTRACE_SETREGS, child.pid(), nullptr, &registers);
    }
    CHECK(child.exit_code() == kSaved);
    CHECK(value_in(path, kManyInputs) == 2.0);
  }
}

#endif

TEST_CASE("a file that grows beyond what the process may write leaves the old one") {
  const Folder folder;
  const std::string path = folder / "run.safetensors";
  Trained old_run(1), new_run(2);
  old_run.checkpoint().save(path);
  for (const rlim_t limit : {rlim_t{0}, rlim_t{10}, rlim_t{5000}, rlim_t{100000}}) {
    CHECK(in_child([&] {
            const rlimit most{limit, limit};
            ::signal(SIGXFSZ, SIG_IGN);
            ::setrlimit(RLIMIT_FSIZE, &most);
            std::string text;
            const int outcome = outcome_of([&] { new_run.checkpoint().save(path); }, &text);
            return text.find("File too large") == std::string::npos ? kOther : outcome;
          }) == kRefused);
    CHECK(value_in(path) == 1.0);
    CHECK(folder.files() == 1);
  }
}

TEST_CASE("a full disk leaves the old file") {
  const Folder folder;
  const int outcome = in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 || ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", folder.path().c_str(), "tmpfs", 0, "size=256k") != 0)
      return kSkipped;
    const std::string path = folder / "run.safetensors";
    Trained(1).checkpoint().save(path);  // 120 kB
    Tensor large = rand({100, 1000});
    std::string text;
    const int outcome = outcome_of([&] { save(large, path); }, &text);
    if (text.find("No space left on device") == std::string::npos || folder.files() != 1 || value_in(path) != 1.0) return kOther;
    Trained(2).checkpoint().save(path);  // there is room again
    return value_in(path) == 2.0 ? outcome : kOther;
  });
  if (outcome == kSkipped) MESSAGE("skipped: this process may not mount a small disk");
  else CHECK(outcome == kRefused);
}

TEST_CASE("a folder without rights to write leaves the old file") {
  const Folder folder;
  const std::string path = folder / "run.safetensors";
  Trained old_run(1), new_run(2);
  old_run.checkpoint().save(path);
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  REQUIRE(::chmod(folder.path().c_str(), 0555) == 0);
  CHECK(in_child([&] {
          if (::geteuid() == 0 && ::setuid(65534) != 0) return kSkipped;
          std::string text;
          const int outcome = outcome_of([&] { new_run.checkpoint().save(path); }, &text);
          return text.find("Permission denied") == std::string::npos ? kOther : outcome;
        }) == kRefused);
  CHECK(in_child([&] {
          if (::geteuid() == 0 && ::setuid(65534) != 0) return kSkipped;
          return value_in(path) == 1.0 ? kSaved : kOther;
        }) == kSaved);
  ::chmod(folder.path().c_str(), 0755);
  CHECK(value_in(path) == 1.0);
  CHECK(folder.files() == 1);
}

#endif
