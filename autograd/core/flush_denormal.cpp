#include <xgrad/autograd/core/flush_denormal.h>

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace torch { inline namespace xgrad {

namespace {

// The word that governs the thread's arithmetic, and its bits that flush.
#if defined(__x86_64__)
constexpr unsigned kFlush = 0x8000 | 0x0040;  // results, and operands
unsigned control() { return _mm_getcsr(); }
void set_control(unsigned word) { _mm_setcsr(word); }
#elif defined(__aarch64__)
constexpr uint64_t kFlush = uint64_t{1} << 24;
uint64_t control() {
  uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word));
  return word;
}
void set_control(uint64_t word) { asm volatile("msr fpcr, %0" : : "r"(word)); }
#else
constexpr unsigned kFlush = 0;
unsigned control() { return 0; }
void set_control(unsigned) {}
#endif

}  // namespace

bool set_flush_denormal(bool on) {
  set_control(on ? control() | kFlush : control() & ~kFlush);
  return kFlush != 0;
}

bool get_flush_denormal() { return kFlush != 0 && (control() & kFlush) == kFlush; }

}}  // namespace torch::xgrad
