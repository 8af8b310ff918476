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
// A message is sent in pieces of so many bytes, within a machine and to another one. MPI counts with int. Over TCP, Open MPI asks for leave to
// send more than 64 kB, and the answer waits behind what the receiver is sending: both ways at once, such pieces go at half the link's rate.
constexpr size_t kPieceWithin = size_t{1} << 30, kPieceBetween = 64000;

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
  std::vector<int> ranks;    // 0, 1, ...: what answers are sent from
  std::vector<int> in_node;  // of a rank: the one it has among those of this machine, or MPI_UNDEFINED
  uint32_t hashes = 1;       // how many values of a signature's hash a tag has room for
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
    const int tag = tag_of(call);
    const Pieces pieces(*this);
    {
      const std::lock_guard lock(one_call());
      // Whatever comes next from that rank is looked at, so that a message of another call is no wait without an end.
      post(in.from, in.bytes, [&](size_t begin, int bytes, MPI_Request* request) {
        check(call.operation, MPI_Irecv(static_cast<char*>(in.data) + begin, bytes, MPI_BYTE, in.from, MPI_ANY_TAG, communicator_, request));
      });
      post(out.to, out.bytes, [&](size_t begin, int bytes, MPI_Request* request) {
        check(call.operation, MPI_Isend(static_cast<const char*>(out.data) + begin, bytes, MPI_BYTE, out.to, tag, communicator_, request));
      });
    }
    complete(call, tag, in, out.to);
    size_t received = 0;
    for (size_t i = 0; in.from != kNobody && (i == 0 || received < in.bytes); ++i) {
      const int expected = static_cast<int>(std::min(in.bytes - received, longest_piece(in.from)));
      int bytes = 0;
      MPI_Get_count(&statuses_[i], MPI_BYTE, &bytes);
      received += static_cast<size_t>(bytes);
      if (statuses_[i].MPI_TAG != tag || bytes != expected)
        fail_mismatch(call, in.from, statuses_[i].MPI_TAG, xgrad::detail::concatenate(received), in.bytes);
    }
  }

  void interrupt() override { interrupted_ = true; }

  std::shared_ptr<Transport> duplicate(bool background) override {
    const std::lock_guard lock(one_call());
    MPI_Comm copy = MPI_COMM_NULL;
    check("duplicate", MPI_Comm_dup(communicator_, &copy));
    return std::make_shared<MpiTransport>(copy, job_, background);
  }

 private:
  // The receives and sends of an exchange. Given up, the receives are cancelled: their memory may be gone soon.
  struct Pieces {
    MpiTransport& transport;

    explicit Pieces(MpiTransport& transport) : transport(transport) {}
    ~Pieces() { transport.give_up(); }
    Pieces(const Pieces&) = delete;
    Pieces& operator=(const Pieces&) = delete;
  };

  size_t longest_piece(int other) const { return job_->in_node[static_cast<size_t>(other)] == MPI_UNDEFINED ? kPieceBetween : kPieceWithin; }

  // start(first byte, bytes, request) for all pieces of a message, of an empty one too: who waits for nothing waits for the other all the same.
  template <class F> void post(int other, size_t bytes, F start) {
    if (other == kNobody) return;
    size_t begin = 0;
    do {
      const size_t piece = std::min(bytes - begin, longest_piece(other));
      start(begin, static_cast<int>(piece), &requests_.emplace_back(MPI_REQUEST_NULL));
      begin += piece;
    } while (begin < bytes);
  }

  void give_up() {
    constexpr std::chrono::seconds kLongest{1};  // for messages that have begun to come
    const auto is_null = [](MPI_Request request) { return request == MPI_REQUEST_NULL; };
    if (!std::all_of(requests_.begin(), requests_.end(), is_null)) {
      {
        const std::lock_guard lock(one_call());
        for (MPI_Request& request : requests_)
          if (!is_null(request)) MPI_Cancel(&request);
      }
      int done = 0;
      for (Patience patience(background_); !done && patience.waited() < kLongest; patience.pause()) {
        const std::lock_guard lock(one_call());
        MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done, MPI_STATUSES_IGNORE);
      }
      const std::lock_guard lock(one_call());
      for (MPI_Request& request : requests_)
        if (!is_null(request)) MPI_Request_free(&request);
    }
    requests_.clear();
  }

  void complete(const Call& call, int tag, const Incoming& in, int to) {
    const int awaited = in.from == kNobody ? to : in.from;
    std::optional<Inquiry> inquiry;
    statuses_.resize(requests_.size());
    for (Patience patience(background_);; patience.pause()) {
      int done = 0;
      {
        const std::lock_guard lock(one_call());
        if (MPI_Testall(static_cast<int>(requests_.size()), requests_.data(), &done, statuses_.data()) != MPI_SUCCESS) fail_message(call, in);
        if (!done && patience.is_long()) {
          look_for_goodbye(call.operation, in.from, to, patience);
          if (in.from != kNobody) look_at_first_piece(call, tag, in);
          answer_questions(*job_, awaited);
          if (!inquiry && patience.waited() > job_->timeout) inquiry.emplace(*job_, awaited);
          if (const auto fault = inquiry ? inquiry->outcome() : std::nullopt) fail(call.operation, *fault);
        }
      }
      if (done) return;
      if (interrupted_) fail(call.operation, "interrupted: what waits for it is gone");
    }
  }

  // Of a shorter message of another call the last pieces may never come.
  void look_at_first_piece(const Call& call, int tag, const Incoming& in) {
    int there = 0;
    MPI_Status status;
    MPI_Request_get_status(requests_[0], &there, &status);
    if (there && status.MPI_TAG != tag) fail_mismatch(call, in.from, status.MPI_TAG, xgrad::detail::concatenate(in.bytes), in.bytes);
  }

  int tag_of(const Call& call) const {
    const uint32_t told = (uint32_t{1} << Call::kToldBits) - 1, hash = call.signature >> Call::kToldBits;
    return static_cast<int>((call.signature & told) | hash % job_->hashes << Call::kToldBits);
  }

  [[noreturn]] void fail(const char* operation, const std::string& what) {
    fault_ = xgrad::detail::concatenate("[", operation, "] ", what);
    xgrad::detail::raise<Error>(fault_);
  }
  [[noreturn]] void fail_mismatch(const Call& call, int from, int tag, const std::string& sent, size_t expected) {
    const std::string theirs = description_of_call(static_cast<uint32_t>(tag)), mine = description_of_call(call.signature);
    std::string what = xgrad::detail::concatenate("rank ", from, " sent ", sent, " bytes where rank ", job_->rank, " expects ", expected);
    if (theirs != mine) what = xgrad::detail::concatenate("rank ", from, " calls ", theirs, " where rank ", job_->rank, " calls ", mine);
    else if (sent == xgrad::detail::concatenate(expected))
      what = xgrad::detail::concatenate("rank ", from, " calls ", mine, " with another shape, root or kind of reduction than rank ", job_->rank,
                                        ", or after another number of calls");
    fail(call.operation, what + ": all ranks must call the same operations in the same order, with tensors of the same shape and dtype");
  }
  [[noreturn]] void fail_message(const Call& call, const Incoming& in) {
    for (const MPI_Status& status : statuses_) {
      const int code = status.MPI_ERROR;
      if (code == MPI_SUCCESS || code == MPI_ERR_PENDING) continue;
      int kind = 0;
      MPI_Error_class(code, &kind);
      if (kind == MPI_ERR_TRUNCATE) fail_mismatch(call, in.from, status.MPI_TAG, "more", in.bytes);
      check(call.operation, code);
    }
    fail(call.operation, "MPI failed without a reason");
  }
  // What a rank sent before its goodbye may come after it, on another way.
  void look_for_goodbye(const char* operation, int from, int to, Patience& patience) {
    for (const int other : {from, to}) {
      int gone = 0;
      if (other != kNobody) MPI_Iprobe(other, kGoodbye, job_->control, &gone, MPI_STATUS_IGNORE);
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
  std::vector<MPI_Request> requests_;  // of the exchange that is under way
  std::vector<MPI_Status> statuses_;
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

/// Of each rank of the group `all`: see Job::in_node.
std::vector<int> ranks_in_node(MPI_Comm all, const std::vector<int>& ranks) {
  MPI_Comm node = MPI_COMM_NULL;
  check("init", MPI_Comm_split_type(all, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node));
  MPI_Group of_all = MPI_GROUP_NULL, of_node = MPI_GROUP_NULL;
  MPI_Comm_group(all, &of_all);
  MPI_Comm_group(node, &of_node);
  std::vector<int> found(ranks.size());
  MPI_Group_translate_ranks(of_all, static_cast<int>(ranks.size()), ranks.data(), of_node, found.data());
  MPI_Group_free(&of_all);
  MPI_Group_free(&of_node);
  MPI_Comm_free(&node);
  return found;
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
  job->in_node = ranks_in_node(given, job->ranks);
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
