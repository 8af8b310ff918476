// Random programs as compiled steps: what is recorded of them and run again, for other elements too, leaves the bits that the
// program leaves as it is written. Prints the smallest program of each difference.
//
// Arguments: SECONDS FIRST_SEED [FAMILY...], families of operations that are drawn more often.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>

#include <xgrad/autograd/compile/compiled_step.h>

#include "../../values.h"
#include "../chooser.h"
#include "../families.h"

namespace {

using graphs::Step;
using graphs::Tensor;
using graphs::Tensors;
using Steps = std::vector<Step>;

constexpr unsigned kSeconds = 20;  // for one program: longer means that it hangs
constexpr int kCalls = 6;

volatile std::sig_atomic_t seed_now = 0;
void on_crash(int signal) {
  char text[64];
  const int n = std::snprintf(text, sizeof text, "\n== signal %d   (seed %d)\n", signal, static_cast<int>(seed_now));
  if (write(STDOUT_FILENO, text, static_cast<size_t>(n)) != n) _exit(2);
  _exit(1);
}

bool is_leaf(const Step& s) { return s.operation == 0; }

// The steps of a seed that don't throw; the others are taken out.
Steps steps_of(uint64_t seed) {
  std::FILE* const nowhere = std::fopen("/dev/null", "w");
  graphs::Program program(nowhere);
  graphs::Chooser(seed, program).write();
  std::fclose(nowhere);
  Steps steps = program.steps();
  for (size_t n = 0; n < steps.size(); ++n)
    if (program.failed()[n]) steps[n].operation = -1;
  return steps;
}

Tensors leaves_of(const Steps& steps, double noise) {
  Tensors leaves;
  for (const Step& s : steps)
    if (is_leaf(s)) leaves.push_back(graphs::leaf_of(s, noise));
  return leaves;
}

// The leaves of the next call: new tensors, or, for every second program, those of the call before with other elements in them, where
// the program left them as they were. Every third call finds no gradients there.
class Leaves {
 public:
  explicit Leaves(bool stay) : stay_(stay) {}

  const Tensors& next(const Steps& steps, int call) {
    const Tensors fresh = leaves_of(steps, 1e-3 * call);
    kept_.resize(fresh.size());
    for (size_t i = 0; i < fresh.size(); ++i) {
      Tensor& x = kept_[i];
      const bool stays = stay_ && x.defined() && x.is_leaf() && x.requires_grad() == fresh[i].requires_grad() && x.sizes() == fresh[i].sizes() &&
                         x.strides() == fresh[i].strides();
      if (stays) x.detach().copy_(fresh[i].detach());
      else x = fresh[i];
      if (call % 3 == 0) x.mutable_grad() = Tensor();
    }
    return kept_;
  }

 private:
  bool stay_;
  Tensors kept_;
};

// As compile() calls it: the leaves come in, every value goes out.
void run_steps(void* steps, const Tensor* leaves, Tensors& results) {
  Tensors values;
  for (const Step& s : *static_cast<const Steps*>(steps)) {
    Tensors of_step;
    if (is_leaf(s)) of_step.push_back(*leaves++);
    else if (s.operation > 0) of_step = graphs::executed(s, values);
    of_step.resize(graphs::kResults);
    values.insert(values.end(), of_step.begin(), of_step.end());
  }
  for (const Tensor& v : values) results.push_back(v.defined() ? v.detach() : v);
}

struct Outcome {
  Tensors values;  // of the steps; the leaves after them; their gradients
  std::string error;
};

template <class Call> Outcome outcome(const Tensors& leaves, Call call) {
  Outcome o;
  torch::manual_seed(1);
  try {
    for (const Tensor& v : call(leaves)) o.values.push_back(v.defined() ? v.clone() : v);
  } catch (const std::exception& e) {
    o.error = e.what();
    o.values.clear();
  }
  for (const Tensor& x : leaves) o.values.push_back(x.detach().clone());
  for (const Tensor& x : leaves) o.values.push_back(x.is_leaf() && x.grad().defined() ? x.grad().detach().clone() : Tensor());
  return o;
}

struct Compared {
  std::string difference, refusal;  // empty: none
  int64_t replays = 0;
};

Compared compare(const Steps& steps, bool leaves_stay) {
  torch::compiled::CompiledStep compiled(run_steps, {});
  Leaves of_written(leaves_stay), of_ours(leaves_stay);
  void* const f = const_cast<Steps*>(&steps);
  Compared result;
  for (int k = 0; k < kCalls && result.difference.empty(); ++k) {
    const Outcome written = outcome(of_written.next(steps, k), [&](const Tensors& leaves) {
      Tensors results;
      run_steps(f, leaves.data(), results);
      return results;
    });
    const int64_t before = compiled.statistics().replays;
    const Outcome ours = outcome(of_ours.next(steps, k), [&](const Tensors& leaves) { return compiled.run(f, leaves.data(), leaves.size()); });
    const std::string where = std::string(compiled.statistics().replays > before ? "replay" : "call") + " " + std::to_string(k) + ": ";
    if (ours.error != written.error) result.difference = where + "throws '" + ours.error + "', as written '" + written.error + "'";
    else if (ours.values.size() != written.values.size()) result.difference = where + "another number of results";
    for (size_t n = 0; result.difference.empty() && n < ours.values.size(); ++n)
      if (!same_bits(ours.values[n], written.values[n])) result.difference = where + "value " + std::to_string(n);
  }
  result.refusal = compiled.why_not();
  result.replays = compiled.statistics().replays;
  return result;
}

bool uses(const Step& s, size_t step) {
  const auto is_of = [&](int place) { return place >= 0 && static_cast<size_t>(place) / graphs::kResults == step; };
  return s.operation > 0 && (std::any_of(s.named.begin(), s.named.end(), is_of) || std::any_of(s.list.begin(), s.list.end(), is_of));
}

// Without the steps that the difference does without.
Steps shrunk(Steps steps, bool leaves_stay) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (size_t n = steps.size(); n-- > 0;) {
      if (steps[n].operation < 0 || std::any_of(steps.begin(), steps.end(), [&](const Step& s) { return uses(s, n); })) continue;
      Steps fewer = steps;
      fewer[n].operation = -1;
      if (compare(fewer, leaves_stay).difference.empty()) continue;
      steps = fewer;
      smaller = true;
    }
  }
  return steps;
}

void print(uint64_t seed, const Steps& steps, const Compared& compared) {
  std::cout << "\n== " << compared.difference << "   (seed " << seed << ")\n";
  for (size_t n = 0; n < steps.size(); ++n) {
    const Step& s = steps[n];
    if (s.operation < 0) continue;
    std::cout << "  " << n * graphs::kResults << ": " << (is_leaf(s) ? "leaf" : graphs::operations()[static_cast<size_t>(s.operation)].text) << "   "
              << graphs::write_step(s) << '\n';
  }
  std::cout << std::flush;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) return std::cerr << "usage: " << arguments[0] << " SECONDS FIRST_SEED [FAMILY...]\n", 2;
  for (int n = 3; n < count; ++n) graphs::draw_more_of(arguments[n]);
  torch::set_num_threads(1);
  for (const int signal : {SIGSEGV, SIGALRM, SIGABRT, SIGFPE, SIGBUS}) std::signal(signal, on_crash);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(arguments[1]));
  const uint64_t first = std::strtoull(arguments[2], nullptr, 10);
  uint64_t seed = first;
  int64_t replays = 0, replayed = 0, differing = 0;
  std::map<std::string, int64_t> refused;
  for (; std::chrono::steady_clock::now() < end; ++seed) {
    seed_now = static_cast<std::sig_atomic_t>(seed);
    alarm(kSeconds);
    const Steps steps = steps_of(seed);
    const bool leaves_stay = seed % 2 == 1;
    const Compared compared = compare(steps, leaves_stay);
    replays += compared.replays;
    replayed += compared.replays > 0;
    if (!compared.refusal.empty()) ++refused[compared.refusal];
    if (!compared.difference.empty()) {
      ++differing;
      alarm(10 * kSeconds);
      const Steps fewer = shrunk(steps, leaves_stay);
      print(seed, fewer, compare(fewer, leaves_stay));
    }
  }
  std::cout << "\nseeds " << first << " to " << seed - 1 << ": " << replayed << " replayed, " << replays << " replays, " << differing
            << " differing\n";
  std::multimap<int64_t, std::string> by_count;
  for (const auto& [reason, n] : refused) by_count.emplace(-n, reason);
  for (const auto& [n, reason] : by_count) std::cout << "  " << -n << " run as written: " << reason << '\n';
  return differing > 0;
}
