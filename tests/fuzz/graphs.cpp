// Random programs of tensors and their gradients. The same source is compiled against xgrad and against libtorch; fuzz.py
// starts both and compares what they print.
//
// Arguments: families of operations that are drawn more often.
// Commands, one a line, on the standard input:
//   calls              the table of operations: kind of result, effect, text
//   seeds FIRST LAST   writes and executes the programs of seeds [FIRST, LAST)
//   steps SEED         the steps of one of them
//   run NOISE          executes the steps that follow, up to a line "end"
// Each answer ends with a line "done".
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <sstream>

#include "chooser.h"
#include "families.h"

namespace {

using graphs::Program;

constexpr unsigned kSeconds = 20;  // for one program: longer means that it hangs

void write_program(uint64_t seed, Program& program) {
  alarm(kSeconds);
  graphs::Chooser(seed, program).write();
  alarm(0);
}

void print_calls() {
  for (const graphs::Operation& operation : graphs::operations()) {
    std::printf("%c %d %s\n", operation.results, static_cast<int>(operation.effect), operation.text.c_str());
  }
}

void run_seeds(uint64_t first, uint64_t last) {
  for (uint64_t seed = first; seed < last; ++seed) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);  // known should the program crash
    Program program(stdout);
    write_program(seed, program);
  }
}

void print_steps(uint64_t seed) {
  std::FILE* nowhere = std::fopen("/dev/null", "w");
  Program program(nowhere);
  write_program(seed, program);
  std::fclose(nowhere);
  for (const graphs::Step& step : program.steps()) std::puts(graphs::write_step(step).c_str());
}

void run_steps(double noise) {
  std::vector<graphs::Step> steps;
  for (std::string line; std::getline(std::cin, line) && line != "end";) steps.push_back(graphs::read_step(line));
  alarm(kSeconds);
  Program program(stdout, noise);
  for (const graphs::Step& step : steps) {
    const bool goes_on = program.run(step);
    std::fflush(stdout);
    if (!goes_on) break;
  }
  program.finish();
  alarm(0);
}

}  // namespace

int main(int count, char** arguments) {
  for (int n = 1; n < count; ++n) graphs::draw_more_of(arguments[n]);
  torch::set_num_threads(1);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string command;
    uint64_t first = 0, last = 0;
    double noise = 0;
    in >> command;
    if (command == "calls") print_calls();
    else if (command == "seeds" && in >> first >> last) run_seeds(first, last);
    else if (command == "steps" && in >> first) print_steps(first);
    else if (command == "run" && in >> noise) run_steps(noise);
    else return std::cerr << "unknown command: " << line << "\n", 2;
    std::puts("done");
    std::fflush(stdout);
  }
}
