// Writes every sample of the catalogue to the standard output, for record.py.
#include <cinttypes>
#include <cstdio>

#include "catalogue/sample_text.h"

int main() {
  using namespace xgrad::catalogue;
  for (const Entry* entry : entries()) {
    const Samples samples = entry->samples();
    for (const Sample& sample : samples.samples())
      std::printf("sample %016" PRIx64 " %s %d\n%send\n", key_of(sample), entry->name(), sample.deviation.empty() ? 0 : 1, text_of(sample).c_str());
  }
}
