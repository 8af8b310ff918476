// A network between the ranks of one machine: messages arrive as late as they would over a link of some latency and bandwidth.
#pragma once

#include <sys/prctl.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <thread>

#include <xgrad/distributed/transport.h>

/// Each rank has one way out, on which its messages follow one another at `bytes_per_second`, and arrive `latency` later. Ahead of each
/// goes the time at which it arrives, by the clock that all processes of a machine share. Bytes really move too: what the machine
/// takes for that hides in the delay, as long as it is shorter.
class SimulatedLink final : public xgrad::distributed::Transport {
 public:
  using Clock = std::chrono::steady_clock;
  using Incoming = xgrad::distributed::Incoming;
  using Outgoing = xgrad::distributed::Outgoing;

  SimulatedLink(std::shared_ptr<Transport> real, std::chrono::duration<double> latency, double bytes_per_second)
      : real_(std::move(real)), latency_(latency), bytes_per_second_(bytes_per_second) {}

  int rank() const override { return real_->rank(); }
  int size() const override { return real_->size(); }
  void exchange(const xgrad::distributed::Call& call, const Outgoing& out, const Incoming& in) override {
    int64_t leaves = 0, arrives = 0;
    if (out.to != xgrad::distributed::kNobody) {
      free_ = std::max(free_, Clock::now()) + seconds(static_cast<double>(out.bytes) / bytes_per_second_);
      leaves = (free_ + seconds(latency_.count())).time_since_epoch().count();
    }
    real_->exchange(call, {out.to, &leaves, sizeof leaves}, {in.from, &arrives, sizeof arrives});
    real_->exchange(call, out, in);
    if (in.from == xgrad::distributed::kNobody) return;
    prctl(PR_SET_TIMERSLACK, 1000);  // of this thread: sleeps end on time
    std::this_thread::sleep_until(Clock::time_point(Clock::duration(arrives)));
  }
  std::shared_ptr<Transport> duplicate(bool background) override {
    return std::make_shared<SimulatedLink>(real_->duplicate(background), latency_, bytes_per_second_);
  }
  void interrupt() override { real_->interrupt(); }

 private:
  static Clock::duration seconds(double s) { return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(s)); }

  std::shared_ptr<Transport> real_;
  std::chrono::duration<double> latency_;
  double bytes_per_second_;
  Clock::time_point free_{};
};
