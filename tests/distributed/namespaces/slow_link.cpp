// A link between two network namespaces with a rate, a delay and losses, which asks nothing of the kernel's traffic control:
//
//     slow_link RATE DELAY LOSS NAMESPACE NAMESPACE      # bits per second, seconds, a probability
//
// makes a network device eth1 in each namespace (as `ip netns` names them), says "ready", and carries Ethernet frames between the two until
// it is killed, which takes the devices away.
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <system_error>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr size_t kLargestFrame = 1 << 16;
constexpr Seconds kLongestQueue{0.05};  // frames beyond it are dropped, as by a switch whose buffer is full

int checked(int result, const std::string& what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

/// A TAP device in a namespace. The frames that the namespace sends are read from its file, those written to it arrive there.
int open_device(const std::string& network_namespace) {
  const int place = checked(open(("/run/netns/" + network_namespace).c_str(), O_RDONLY | O_CLOEXEC), network_namespace);
  checked(setns(place, CLONE_NEWNET), "setns " + network_namespace);
  close(place);
  const int device = checked(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), "/dev/net/tun");
  ifreq request{};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  std::strcpy(request.ifr_name, "eth1");
  checked(ioctl(device, TUNSETIFF, &request), "eth1 in " + network_namespace);
  return device;
}

/// One way of the link.
class Way {
 public:
  Way(double bits_per_second, double delay, double loss, int from, int to)
      : bytes_per_second_(bits_per_second / 8), delay_(delay), is_lost_(loss), from_(from), to_(to) {}

  int from() const { return from_; }
  /// When the next frame arrives.
  Clock::time_point next() const { return on_their_way_.empty() ? Clock::time_point::max() : on_their_way_.front().arrives; }

  void take_what_was_sent() {
    static std::vector<char> frame(kLargestFrame);
    for (ssize_t bytes; (bytes = read(from_, frame.data(), frame.size())) > 0;) {
      const auto now = Clock::now();
      if (is_lost_(random_) || free_ - now > kLongestQueue) continue;
      free_ = std::max(free_, now) + to_ticks(Seconds(static_cast<double>(bytes) / bytes_per_second_));
      on_their_way_.push_back({free_ + to_ticks(delay_), std::vector<char>(frame.begin(), frame.begin() + bytes)});
    }
  }
  void deliver() {
    for (; next() <= Clock::now(); on_their_way_.pop_front()) {
      const std::vector<char>& frame = on_their_way_.front().bytes;
      if (write(to_, frame.data(), frame.size()) < 0 && errno != EAGAIN && errno != EIO) checked(-1, "write");  // EIO: the device is down
    }
  }

 private:
  struct Frame {
    Clock::time_point arrives;
    std::vector<char> bytes;
  };
  static Clock::duration to_ticks(Seconds s) { return std::chrono::duration_cast<Clock::duration>(s); }

  double bytes_per_second_;
  Seconds delay_;
  std::bernoulli_distribution is_lost_;
  std::mt19937 random_{1};
  int from_, to_;
  Clock::time_point free_{};
  std::deque<Frame> on_their_way_;
};

// Waits end on time, also where ranks keep all processors busy: many kernels let no ordinary process interrupt another before the next tick.
void ask_to_be_woken_promptly() {
  prctl(PR_SET_TIMERSLACK, 1000);
  const sched_param priority{1};
  checked(sched_setscheduler(0, SCHED_FIFO, &priority), "sched_setscheduler");
}

void carry(double rate, double delay, double loss, const int (&devices)[2]) {
  Way ways[] = {{rate, delay, loss, devices[0], devices[1]}, {rate, delay, loss, devices[1], devices[0]}};
  for (;;) {
    const auto wait = std::min(ways[0].next(), ways[1].next()) - Clock::now();
    pollfd sources[] = {{ways[0].from(), POLLIN, 0}, {ways[1].from(), POLLIN, 0}};
    const auto nanoseconds = std::clamp<int64_t>(std::chrono::nanoseconds(wait).count(), 0, 1000000000);
    const timespec timeout{nanoseconds / 1000000000, nanoseconds % 1000000000};
    ppoll(sources, 2, &timeout, nullptr);
    for (Way& way : ways) {
      way.take_what_was_sent();
      way.deliver();
    }
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 6) {
    std::fprintf(stderr, "usage: %s RATE DELAY LOSS NAMESPACE NAMESPACE\n", argv[0]);
    return 2;
  }
  const int devices[] = {open_device(argv[4]), open_device(argv[5])};
  ask_to_be_woken_promptly();
  std::puts("ready");
  std::fflush(stdout);
  carry(std::atof(argv[1]), std::atof(argv[2]), std::atof(argv[3]), devices);
} catch (const std::exception& e) {
  std::fprintf(stderr, "slow_link: %s\n", e.what());
  return 1;
}
