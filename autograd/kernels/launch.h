// The one place kernels start from.
//
//   launch(operation<"softmax">, kernels::softmax, reads(x), writes(y), x.dtype(), layout, x.data_ptr(), y.data_ptr());
//
// A kernel is a function of plain arguments: numbers, sizes, addresses. What it does follows from them and from the memory they name,
// so that a list of launches, run again on the same memory, gives the same bits. What changes from one step of training to the next (a
// generator's state, a count, a learning rate) is memory that a kernel reads, never an argument.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/autograd/core/array_ref.h>
#include <xgrad/autograd/core/named_operation.h>

namespace torch { inline namespace xgrad { namespace kernels {

/// From the first byte of an operand to its last; a tensor's elements may leave gaps in it.
struct MemoryRange {
  const void* begin = nullptr;
  int64_t bytes = 0;
  void* storage = nullptr;  ///< of a tensor: its StorageImpl
};
using MemoryRanges = std::vector<MemoryRange>;
inline void append_memory(MemoryRanges& ranges, const MemoryRange& range) { ranges.push_back(range); }

/// What a kernel reads, or writes: anything with an append_memory(). It is looked at only if somebody observes.
template <class... T> struct Touched { const void* operands[sizeof...(T) + 1]; };
template <class... T> Touched<T...> reads(const T&... operands) { return {{&operands..., nullptr}}; }
template <class... T> Touched<T...> writes(const T&... operands) { return {{&operands..., nullptr}}; }

/// Where arguments that refer to memory of the caller are copied to, to outlive the call: one behind the other, as they will be read.
class Keep {
 public:
  void* copy(const void* from, size_t bytes) {
    if (bytes == 0) return nullptr;
    const size_t units = (bytes + sizeof(std::max_align_t) - 1) / sizeof(std::max_align_t);
    if (units > left_) {
      left_ = std::max(units, kUnits);
      next_ = blocks_.emplace_back(new std::max_align_t[left_]).get();
    }
    left_ -= units;
    return std::memcpy(std::exchange(next_, next_ + units), from, bytes);
  }

 private:
  static constexpr size_t kUnits = 1024;
  std::vector<std::unique_ptr<std::max_align_t[]>> blocks_;
  std::max_align_t* next_ = nullptr;
  size_t left_ = 0;
};

/// Numbers of the caller's that a kernel reads and nobody changes.
template <class T> struct Constants {
  const T* data = nullptr;
  int64_t size = 0;
};
template <class T> void keep_argument(Constants<T>& constants, Keep& keep) {
  constants.data = static_cast<const T*>(keep.copy(constants.data, static_cast<size_t>(constants.size) * sizeof(T)));
}
/// Every other argument stays what it is, unless an overload beside its type says otherwise.
template <class T> void keep_argument(T&, Keep&) {}

/// A kernel about to run, as an observer sees it.
class Launch {
 public:
  /// A call that can be made again and again.
  struct Call {
    void (*run)(const void* arguments);
    const void* arguments;
    void operator()() const { run(arguments); }
  };

  Launch(const Operation& operation, ArrayRef<MemoryRange> reads, ArrayRef<MemoryRange> writes, Call call, Call (*keep)(const void*, Keep&))
      : operation_(operation), reads_(reads), writes_(writes), call_(call), keep_(keep) {}

  const Operation& operation() const { return operation_; }
  ArrayRef<MemoryRange> reads() const { return reads_; }
  ArrayRef<MemoryRange> writes() const { return writes_; }
  /// Runs the kernel.
  void operator()() const { call_(); }
  /// The same call for later, its arguments copied.
  Call kept(Keep& keep) const { return keep_(call_.arguments, keep); }

 private:
  const Operation& operation_;
  ArrayRef<MemoryRange> reads_, writes_;
  Call call_;
  Call (*keep_)(const void*, Keep&);
};

/// Is called in place of every kernel that its thread launches, and runs it by launch(). See Observe.
class LaunchObserver {
 public:
  virtual ~LaunchObserver() = default;
  virtual void observe(const Launch& launch) = 0;
};

namespace detail {

extern XGRAD_API __thread LaunchObserver* launch_observer;

template <class... P> struct PlainCall {
  void (*kernel)(P...);
  std::tuple<std::decay_t<P>...> arguments;

  static void run(const void* call) {
    const auto& c = *static_cast<const PlainCall*>(call);
    std::apply(c.kernel, c.arguments);
  }
  static Launch::Call kept(const void* call, Keep& keep) {
    auto* const copy = static_cast<PlainCall*>(keep.copy(call, sizeof(PlainCall)));
    std::apply([&](auto&... argument) { (keep_argument(argument, keep), ...); }, copy->arguments);
    return {run, copy};
  }
};

template <class... T, size_t... i> MemoryRanges ranges_of(const Touched<T...>& touched, std::index_sequence<i...>) {
  MemoryRanges ranges;
  (append_memory(ranges, *static_cast<const T*>(touched.operands[i])), ...);
  return ranges;
}
template <class... T> [[gnu::noinline, gnu::cold]] MemoryRanges ranges_of(Touched<T...> touched) {
  return ranges_of(touched, std::index_sequence_for<T...>());
}

template <class... P>
[[gnu::noinline, gnu::cold]] void observe(const Operation& operation, const MemoryRanges& reads, const MemoryRanges& writes, void (*kernel)(P...),
                                          const std::decay_t<P>&... arguments) {
  using Call = PlainCall<P...>;
  const Call call{kernel, {arguments...}};
  launch_observer->observe(Launch(operation, reads, writes, {Call::run, &call}, Call::kept));
}

}  // namespace detail

/// True iff somebody observes the calling thread's launches.
inline bool is_observed() { return __builtin_expect(detail::launch_observer != nullptr, 0); }

/// kernel(arguments...), seen by the thread's observer if it has one. A kernel may also be a check of values, which throws.
template <class... P, class... R, class... W, class... A>
inline void launch(const Operation& operation, void (*kernel)(P...), Touched<R...> reads, Touched<W...> writes, const A&... arguments) {
  static_assert((std::is_trivially_copyable_v<std::decay_t<P>> && ...), "a kernel's arguments are plain");
  if (is_observed()) detail::observe<P...>(operation, detail::ranges_of(reads), detail::ranges_of(writes), kernel, arguments...);
  else kernel(arguments...);
}

/// Makes an observer the calling thread's while it lives.
class XGRAD_API Observe {
 public:
  explicit Observe(LaunchObserver& observer);
  ~Observe();
  Observe(const Observe&) = delete;
  Observe& operator=(const Observe&) = delete;

 private:
  LaunchObserver* before_;
};

}}}  // namespace torch::xgrad::kernels
