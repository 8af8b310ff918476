// Transport over MPI, and what a process does to come in and to leave.
//
// Note: threads and MPI
//
// MPI is started with MPI_THREAD_SERIALIZED: the thread that computes and those that reduce gradients all call it, one call at a time,
// under one lock. No call waits inside MPI while it has the lock, so a thread that waits for its message keeps no other from its own;
// but for MPI_Comm_dup and MPI_Finalize, which are called when nothing else is under way.
//
// Waiting is asking, with MPI_Testall, and pausing in between (patience.h): MPI's own waiting keeps a processor busy that another rank, or
// this one's computing thread, could use.
#include <mpi.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <numeric>
#include <optional>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/distributed/collective.h>
#include <xgrad/distributed/patience.h>
#include <xgrad/distributed/session.h>

namespace torch { inline namespace xgrad { namespace distributed {

namespace {

enum Tag : int { kGoodbye = 2, kQuestion, kAnswer };  // of what goes over the control communicator
constexpr std::chrono::milliseconds kGrace{300}, kAnswerTime{1000};
constexpr size_t kLongestMessage = size_t{1} << 30;  // MPI counts with int

std::mutex& one_call() {
  static std::mutex* const mutex = new std::mutex;  // outlives what runs at the end of the process
  return *mutex;
}

void check(const char* operation, int code) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING];
  int length = 0;
  MPI_Error_string(code, text, &length);
  xgrad::detail::raise<Error>("[", operation, "] MPI says: ", std::string(text, static_cast<size_t>(length)));
}

/// What all groups of a job share.
struct Job {
  MPI_Comm control = MPI_COMM_NULL;
  std::chrono::duration<double> timeout{};
  int rank = 0;
  std::vector<int> ranks;  // 0, 1, ...: what answers are sent from
  uint32_t hashes = 1;     // how many values of a signature's hash a tag has room for
};

/// The signature of a call is the tag of its messages. MPI promises tags of 15 bits; Open MPI has 23 or 31, by network.
uint32_t hashes_in_tag() {
  void* most = nullptr;
  int found = 0;
  MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &most, &found);
  const int64_t tags = found ? int64_t{*static_cast<int*>(most)} + 1 : 32768;
  return static_cast<uint32_t>(tags >> Call::kToldBits);
}

/// Tells ranks that ask for whom this one waits.
void answer_questions(const Job& job, int awaited) {
  for (;;) {
    int asked = 0;
    MPI_Status status;
    MPI_Iprobe(MPI_ANY_SOURCE, kQuestion, job.control, &asked, &status);
    if (!asked) return;
    MPI_Recv(nullptr, 0, MPI_BYTE, status.MPI_SOURCE, kQuestion, job.control, MPI_STATUS_IGNORE);
    MPI_Request request;
    MPI_Isend(&job.ranks[static_cast<size_t>(awaited)], 1, MPI_INT, status.MPI_SOURCE, kAnswer, job.control, &request);
    MPI_Request_free(&request);
  }
}

/// Finds the rank that keeps this one waiting: asks the one it waits for, which answers when it waits as well, then the one that that waits for,
/// to the one that gives no answer. Without it, ranks that began to wait at the same time would name each other.
class Inquiry {
 public:
  Inquiry(const Job& job, int awaited) : job_(job), chain_{job.rank} { ask(awaited); }

  /// What is wrong, as soon as that is known.
  std::optional<std::string> outcome() {
    if (const std::optional<int> next = answer()) {
      const auto met = std::find(chain_.cbegin(), chain_.cend(), *next);
      if (met != chain_.cend()) {
        return xgrad::detail::concatenate(waits_from(met), ", rank ", chain_.back(), " for rank ", *next, ", for ", job_.timeout.count(),
                                          " s: all ranks must call the same operations in the same order");
      }
      ask(*next);
    }
    if (Patience::Clock::now() - asked_ < kAnswerTime) return std::nullopt;
    const auto what = xgrad::detail::concatenate("rank ", chain_.back(), " has sent nothing for ", job_.timeout.count(), " s, rank ", job_.rank,
                                                 " waits no longer");
    return chain_.size() == 2 ? what : xgrad::detail::concatenate(what, " (", waits_from(chain_.begin()), ")");
  }

 private:
  void ask(int rank) {
    chain_.push_back(rank);
    while (answer()) {}  // to what was asked in an earlier wait
    MPI_Request request;
    MPI_Isend(nullptr, 0, MPI_BYTE, rank, kQuestion, job_.control, &request);
    MPI_Request_free(&request);
    asked_ = Patience::Clock::now();
  }
  std::optional<int> answer() const {
    int there = 0, awaited = 0;
    MPI_Iprobe(chain_.back(), kAnswer, job_.control, &there, MPI_STATUS_IGNORE);
    if (!there) return std::nullopt;
    MPI_Recv(&awaited, 1, MPI_INT, chain_.back(), kAnswer, job_.control, MPI_STATUS_IGNORE);
    return awaited;
  }
  std::string waits_from(std::vector<int>::const_iterator first) const {
    std::string what = xgrad::detail::concatenate("rank ", *first, " waits for rank ", first[1]);
    for (++first; first + 1 != chain_.cend(); ++first) what += xgrad::detail::concatenate(", rank ", *first, " for rank ", first[1]);
    return what;
  }

  const Job& job_;
  std::vector<int> chain_;  // each waits for the next
  Patience::Clock::time_point asked_;
};

class MpiTransport final : public Transport {
 public:
  MpiTransport(MPI_Comm communicator, std::shared_ptr<const Job> job, bool background)
      : communicator_(communicator), job_(std::move(job)), background_(background) {
    MPI_Comm_rank(communicator_, &rank_);
    MPI_Comm_size(communicator_, &size_);
  }
  // The communicator stays until MPI ends: MPI_Comm_free is for all ranks together, and objects die when their owners do.

  int rank() const override { return rank_; }
  int size() const override { return size_; }

  void exchange(const Call& call, const Outgoing& out, const Incoming& in) override {
    if (!fault_.empty()) xgrad::detail::raise<Error>(fault_);
    const size_t send = out.to == kNobody ? 0 : out.bytes, receive = in.from == kNobody ? 0 : in.bytes;
    size_t begin = 0;
    do {
      const auto piece = [begin](size_t bytes) { return bytes > begin ? static_cast<int>(std::min(bytes - begin, kLongestMessage)) : 0; };
      // Empty messages are sent too: a rank that waits for nothing waits for the other one all the same.
      const int sender = in.from != kNobody && (begin == 0 || begin < receive) ? in.from : MPI_PROC_NULL;
      const int receiver = out.to != kNobody && (begin == 0 || begin < send) ? out.to : MPI_PROC_NULL;
      exchange_piece(call, receiver, static_cast<const char*>(out.data) + (send ? begin : 0), piece(send), sender,
                     static_cast<char*>(in.data) + (receive ? begin : 0), piece(receive));
      begin += kLongestMessage;
    } while (begin < send || begin < receive);
  }

  void interrupt() override { interrupted_ = true; }

  std::shared_ptr<Transport> duplicate(bool background) override {
    const std::lock_guard lock(one_call());
    MPI_Comm copy = MPI_COMM_NULL;
    check("duplicate", MPI_Comm_dup(communicator_, &copy));
    return std::make_shared<MpiTransport>(copy, job_, background);
  }

 private:
  // A receive and a send under way. Given up, the receive is cancelled: its memory may be gone soon.
  struct Posted {
    MpiTransport& transport;
    MPI_Request requests[2] = {MPI_REQUEST_NULL, MPI_REQUEST_NULL};

    explicit Posted(MpiTransport& transport) : transport(transport) {}
    ~Posted() {
      for (MPI_Request& request : requests) transport.give_up(request);
    }
    Posted(const Posted&) = delete;
    Posted& operator=(const Posted&) = delete;
  };

  void give_up(MPI_Request& request) {
    constexpr std::chrono::seconds kLongest{1};  // for a message that has begun to come
    if (request == MPI_REQUEST_NULL) return;
    {
      const std::lock_guard lock(one_call());
      MPI_Cancel(&request);
    }
    for (Patience patience(background_); patience.waited() < kLongest; patience.pause()) {
      const std::lock_guard lock(one_call());
      int done = 0;
      MPI_Test(&request, &done, MPI_STATUS_IGNORE);
      if (done) return;
    }
    const std::lock_guard lock(one_call());
    MPI_Request_free(&request);
  }

  void exchange_piece(const Call& call, int to, const void* out, int out_bytes, int from, void* in, int in_bytes) {
    const int tag = tag_of(call), awaited = from == MPI_PROC_NULL ? to : from;
    std::optional<Inquiry> inquiry;
    Posted posted{*this};
    MPI_Request* const requests = posted.requests;
    MPI_Status statuses[2];
    {
      const std::lock_guard lock(one_call());
      // Whatever comes next from that rank is looked at, so that a message of another call is no wait without an end.
      check(call.operation, MPI_Irecv(in, in_bytes, MPI_BYTE, from, MPI_ANY_TAG, communicator_, &requests[0]));
      check(call.operation, MPI_Isend(out, out_bytes, MPI_BYTE, to, tag, communicator_, &requests[1]));
    }
    for (Patience patience(background_);; patience.pause()) {
      int done = 0;
      {
        const std::lock_guard lock(one_call());
        if (MPI_Testall(2, requests, &done, statuses) != MPI_SUCCESS) fail_message(call, statuses, from, in_bytes);
        if (!done && patience.is_long()) {
          look_for_goodbye(call.operation, from, to, patience);
          answer_questions(*job_, awaited);
          if (!inquiry && patience.waited() > job_->timeout) inquiry.emplace(*job_, awaited);
          if (const auto fault = inquiry ? inquiry->outcome() : std::nullopt) fail(call.operation, *fault);
        }
      }
      if (done) break;
      if (interrupted_) fail(call.operation, "interrupted: what waits for it is gone");
    }
    if (from == MPI_PROC_NULL) return;
    int received = 0;
    MPI_Get_count(&statuses[0], MPI_BYTE, &received);
    if (statuses[0].MPI_TAG != tag || received != in_bytes)
      fail_mismatch(call, from, statuses[0].MPI_TAG, xgrad::detail::concatenate(received), in_bytes);
  }

  int tag_of(const Call& call) const {
    const uint32_t told = (uint32_t{1} << Call::kToldBits) - 1, hash = call.signature >> Call::kToldBits;
    return static_cast<int>((call.signature & told) | hash % job_->hashes << Call::kToldBits);
  }

  [[noreturn]] void fail(const char* operation, const std::string& what) {
    fault_ = xgrad::detail::concatenate("[", operation, "] ", what);
    xgrad::detail::raise<Error>(fault_);
  }
  [[noreturn]] void fail_mismatch(const Call& call, int from, int tag, const std::string& sent, int expected) {
    const std::string theirs = description_of_call(static_cast<uint32_t>(tag)), mine = description_of_call(call.signature);
    std::string what = xgrad::detail::concatenate("rank ", from, " sent ", sent, " bytes where rank ", job_->rank, " expects ", expected);
    if (theirs != mine) what = xgrad::detail::concatenate("rank ", from, " calls ", theirs, " where rank ", job_->rank, " calls ", mine);
    else if (sent == xgrad::detail::concatenate(expected))
      what = xgrad::detail::concatenate("rank ", from, " calls ", mine, " with another shape, root or kind of reduction than rank ", job_->rank,
                                        ", or after another number of calls");
    fail(call.operation, what + ": all ranks must call the same operations in the same order, with tensors of the same shape and dtype");
  }
  [[noreturn]] void fail_message(const Call& call, const MPI_Status* statuses, int from, int expected) {
    for (int i = 0; i < 2; ++i) {
      const int code = statuses[i].MPI_ERROR;
      if (code == MPI_SUCCESS || code == MPI_ERR_PENDING) continue;
      int kind = 0;
      MPI_Error_class(code, &kind);
      if (kind == MPI_ERR_TRUNCATE) fail_mismatch(call, from, statuses[i].MPI_TAG, "more", expected);
      check(call.operation, code);
    }
    fail(call.operation, "MPI failed without a reason");
  }
  // What a rank sent before its goodbye may come after it, on another way.
  void look_for_goodbye(const char* operation, int from, int to, Patience& patience) {
    for (const int other : {from, to}) {
      int gone = 0;
      if (other != MPI_PROC_NULL) MPI_Iprobe(other, kGoodbye, job_->control, &gone, MPI_STATUS_IGNORE);
      if (gone && patience.waited_since_mark() > kGrace)
        fail(operation, xgrad::detail::concatenate("rank ", other, " has left the job while rank ", job_->rank, " waits for it"));
      if (gone) return;
    }
    patience.mark();
  }

  MPI_Comm communicator_;
  std::shared_ptr<const Job> job_;
  bool background_;
  int rank_ = 0, size_ = 0;
  std::atomic<bool> interrupted_{false};
  std::string fault_;  // after one nobody knows which messages are under way
};

/// A copy whose errors are returned.
MPI_Comm own_copy(MPI_Comm of) {
  MPI_Comm copy = MPI_COMM_NULL;
  check("init", MPI_Comm_dup(of, &copy));
  MPI_Comm_set_errhandler(copy, MPI_ERRORS_RETURN);
  return copy;
}

void say_goodbye(const Job& job, int size) {
  std::vector<MPI_Request> requests;
  for (int other = 0; other < size; ++other)
    if (other != job.rank) MPI_Isend(nullptr, 0, MPI_BYTE, other, kGoodbye, job.control, &requests.emplace_back());
  MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
}

void start(int* level) {
  int initialized = 0;
  MPI_Initialized(&initialized);
  if (initialized) check("init", MPI_Query_thread(level));
  else check("init", MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, level));
}

}  // namespace

bool is_available() { return true; }

detail::MpiSession detail::start_mpi(const InitOptions& options, const int* fortran_handle) {
  int initialized = 0, level = 0;
  MPI_Initialized(&initialized);
  XGRAD_CHECK(initialized || !fortran_handle, "[init] a communicator was given, but MPI has not been started");
  start(&level);
  XGRAD_CHECK(level >= MPI_THREAD_SERIALIZED, "[init] expected MPI started with MPI_THREAD_SERIALIZED or MPI_THREAD_MULTIPLE, got ",
              level == MPI_THREAD_SINGLE ? "MPI_THREAD_SINGLE" : "MPI_THREAD_FUNNELED");
  const MPI_Comm given = fortran_handle ? MPI_Comm_f2c(*fortran_handle) : MPI_COMM_WORLD;
  XGRAD_CHECK(given != MPI_COMM_NULL, "[init] the communicator given is MPI_COMM_NULL");

  const auto job = std::make_shared<Job>();
  job->timeout = std::chrono::duration<double>(options.timeout());
  job->control = own_copy(given);
  MPI_Comm_set_name(job->control, "xgrad::distributed");
  MPI_Comm_rank(given, &job->rank);
  job->hashes = hashes_in_tag();
  const auto transport = std::make_shared<MpiTransport>(own_copy(given), job, false);
  job->ranks.resize(static_cast<size_t>(transport->size()));
  std::iota(job->ranks.begin(), job->ranks.end(), 0);
  return {transport,
          [job, size = transport->size(), started = !initialized] {
            const std::lock_guard lock(one_call());
            int finalized = 0;
            MPI_Finalized(&finalized);
            if (finalized) return;
            say_goodbye(*job, size);
            if (started) MPI_Finalize();
          },
          [job] { MPI_Abort(job->control, 1); }};
}

}}}  // namespace torch::xgrad::distributed
