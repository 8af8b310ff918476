// Measures data parallel training on this machine and prints tables in Markdown: mpirun -np N distributed_benchmark WHAT, one of messages,
// overlap, overhead, scaling. See README.md.
#include <cstdio>
#include <string>

#include "measurements.h"

#include <xgrad/distributed/distributed.h>

int main(int argc, char** argv) {
  xgrad::distributed::init();
  xgrad::set_num_threads(1);
  xgrad::manual_seed(1);
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "messages") measure_messages();
  else if (what == "overlap") measure_overlap(argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "");
  else if (what == "overhead") measure_overhead();
  else if (what == "scaling") simulate_scaling(argc > 2 ? argv[2] : "scaling.svg");
  else {
    if (xgrad::distributed::rank() == 0)
      std::fprintf(stderr, "usage: mpirun -np N %s messages|overlap [slow|fast|real [NET]]|overhead|scaling [picture.svg]\n", argv[0]);
    return 2;
  }
  return 0;
}
