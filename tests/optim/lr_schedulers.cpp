// Learning-rate schedulers against Python's.
#include <doctest/doctest.h>

#include <cmath>
#include <sstream>

#include "recorded_schedules.h"
#include <xgrad/io/serialize.h>

using namespace xgrad;
using namespace xgrad::optim;

namespace {

// What a walk over the recorded cases has seen.
struct Compared {
  size_t cases = 0, values = 0, same_bits = 0;
  double largest = 0;  // difference, relative to the value

  bool add(double got, double expected) {
    ++values;
    same_bits += got == expected;
    const double difference = got == expected ? 0 : std::abs(got - expected) / std::max(std::abs(expected), 1e-30);
    largest = std::max(largest, std::isnan(difference) ? INFINITY : difference);
    return difference <= 1e-12;
  }
};

size_t steps_of(const ScheduleCase& c) { return c.sequences.at("lr0").size() - 1; }

// Compares all sequences after `step` steps; false after the first difference, so that a case complains once.
bool compare(Compared& compared, const ScheduleCase& c, const Scheduled& s, size_t step) {
  for (const auto& sequence : c.sequences) {
    const std::string& name = sequence.first;
    const double got = s.now(name), expected = sequence.second[step];
    if (!compared.add(got, expected)) {
      CAPTURE(c.text());
      CAPTURE(name);
      CAPTURE(step);
      CHECK(got == expected);
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("schedulers give Python's sequences, alone and together") {
  Compared compared;
  for (const ScheduleCase& c : read_schedule_cases()) {
    ++compared.cases;
    Scheduled s(c);
    bool same = compare(compared, c, s, 0);
    for (size_t step = 0; same && step < steps_of(c); ++step) {
      s.step(step);
      same = compare(compared, c, s, step + 1);
    }
  }
  CHECK(compared.cases >= 290);
  MESSAGE(compared.cases, " cases, ", compared.values, " values, ", compared.same_bits, " with the same bits, largest relative difference ",
          compared.largest);
}

TEST_CASE("a training resumed from saved states goes on as the uninterrupted one") {
  size_t cases = 0, resumed = 0, values = 0, different = 0;
  for (const ScheduleCase& c : read_schedule_cases()) {
    size_t stop = 1 + cases++ * 37 % (steps_of(c) - 1);
    // A product of several schedules may be negative for a while, which no optimizer loads.
    while (stop < steps_of(c) && (c.sequences.at("lr0")[stop] < 0 || c.sequences.at("lr1")[stop] < 0)) ++stop;
    if (stop == steps_of(c)) continue;
    ++resumed;
    Scheduled first(c), second(c);
    for (size_t step = 0; step < stop; ++step) first.step(step);
    std::stringstream file;
    save(first.optimizer(), file);
    load(second.optimizer(), file);
    for (size_t i = 0; i < c.run.size(); ++i) {
      std::stringstream state;
      save(*first.running()[i], state);
      load(*second.running()[i], state);
    }
    for (size_t step = stop; step < steps_of(c); ++step) {
      first.step(step);
      second.step(step);
      for (const auto& sequence : c.sequences) {
        ++values;
        different += first.now(sequence.first) != second.now(sequence.first);
      }
    }
  }
  CHECK(resumed >= 285);
  CHECK(different == 0);
  MESSAGE(resumed, " cases resumed, ", values, " values, ", different, " with other bits");
}
