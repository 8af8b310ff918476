// Loops over one row of elements, made from a function of one element.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#include <xgrad/autograd/kernels/instruction_set.h>
#include <xgrad/autograd/kernels/strided.h>

// Note: two kinds of loops
//
// A strided loop takes any layout and computes one element at a time: integers, and functions that call the C library.
// A vector loop's function has no branches. It is compiled for every instruction set, once, for operands that lie side by
// side in multiples of kBlock elements; run_blocks() brings every other layout, and the end of a row, into that form.

namespace torch { inline namespace xgrad { namespace kernels {

constexpr int64_t kBlock = 16;

/// F is stateless, or a plain struct that the parameters point to; operator()(In...) is the function of one element.
template <class F> F make_function([[maybe_unused]] const void* parameters) {
  if constexpr (std::is_empty_v<F>) return F{};
  else return *static_cast<const F*>(parameters);
}

namespace detail {

template <class T> T& element(char* p, int64_t byte) { return *reinterpret_cast<T*>(p + byte); }

template <class F, class Out, class... In, size_t... k>
void strided_loop(F f, char* const* p, const int64_t* s, int64_t n, std::index_sequence<k...>) {
  for (int64_t i = 0; i < n; ++i) element<Out>(p[0], i * s[0]) = f(element<const In>(p[1 + k], i * s[1 + k])...);
}

template <class F, class Out, class... In> void packed_short_loop(F f, int64_t n, Out* y, const In*... x) {
  constexpr int kAtOnce = 4;  // becomes one vector, without the checks that a loop of any length needs before it
  int64_t i = 0;
#pragma GCC unroll 1
  for (; i + kAtOnce <= n; i += kAtOnce) {
    Out four[kAtOnce];
    for (int k = 0; k < kAtOnce; ++k) four[k] = f(x[i + k]...);
    std::memcpy(y + i, four, sizeof four);
  }
#pragma GCC unroll 1
  for (; i < n; ++i) {
    y[i] = f(x[i]...);
    asm volatile("");  // no vectors
  }
}
template <class F, class Out, class... In, size_t... k> void short_loop(F f, char* const* p, const int64_t* s, int64_t n, std::index_sequence<k...>) {
  if constexpr (std::is_same_v<Out, float>)  // what small nets are made of
    if (s[0] == sizeof(Out) && ((s[1 + k] == sizeof(In)) && ...))
      return packed_short_loop(f, n, reinterpret_cast<Out*>(p[0]), reinterpret_cast<const In*>(p[1 + k])...);
#pragma GCC unroll 1
  for (int64_t i = 0; i < n; ++i) {
    element<Out>(p[0], i * s[0]) = f(element<const In>(p[1 + k], i * s[1 + k])...);
    asm volatile("");  // no vectors
  }
}

/// n is a multiple of kBlock. An input is either the output itself or apart from it.
template <class F, class Out, class... In> void row_loop(F f, int64_t n, Out* y, const In*... x) {
  n &= ~(kBlock - 1);
  XGRAD_INDEPENDENT_ITERATIONS
  for (int64_t i = 0; i < n; ++i) y[i] = f(x[i]...);
}

template <class F, class Out, class... In> struct VectorRow {
  static void run(char* const* p, int64_t n, const void* parameters) { run(p, n, parameters, std::index_sequence_for<In...>()); }
  template <size_t... k> static void run(char* const* p, int64_t n, const void* parameters, std::index_sequence<k...>) {
    const auto loop = [=](auto f) { row_loop(f, n, reinterpret_cast<Out*>(p[0]), reinterpret_cast<const In*>(p[1 + k])...); };
    const F f = make_function<F>(parameters);
    if constexpr (std::is_integral_v<Out> && requires { f.simplified(loop); }) f.simplified(loop);
    else loop(f);
  }
};

}  // namespace detail

template <class F, class Out, class... In> void strided_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  detail::strided_loop<F, Out, In...>(make_function<F>(parameters), p, s, n, std::index_sequence_for<In...>());
}
/// The same for less than a block, where neither vectors nor an unrolled loop are worth their size.
template <class F, class Out, class... In> void short_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  detail::short_loop<F, Out, In...>(make_function<F>(parameters), p, s, n, std::index_sequence_for<In...>());
}

/// Computes n elements, a multiple of kBlock, that lie side by side in each operand.
using RowLoop = void (*)(char* const* pointers, int64_t n, const void* parameters);

/// What run_blocks() knows about a function: its loop, one for less than a block (null: the same, through buffers), and the
/// size of an element of each operand.
struct RowFunction {
  RowLoop loop;
  Loop short_loop;
  int operands;
  int8_t bytes[kMaxOperands];
};

/// A Loop's work through f.loop: whole blocks in place; ends of rows, constants and strided operands through buffers.
void run_blocks(const RowFunction& f, char* const* pointers, const int64_t* strides, int64_t n, const void* parameters);

/// Operations with vector loops: arithmetic, for float and double; functions of vector_math.h, for float. Loops of doubles run in
/// the baseline's form, but for wide functions and wide arithmetic, where two doubles at a time take longer than moving them.
enum class Vectors { kNone, kFunction, kWideFunction, kArithmetic, kWideArithmetic };
constexpr bool is_arithmetic(Vectors v) { return v == Vectors::kArithmetic || v == Vectors::kWideArithmetic; }
constexpr bool is_wide(Vectors v) { return v == Vectors::kWideFunction || v == Vectors::kWideArithmetic; }

template <class F, Vectors kVectors, class Out, class... In> void vector_loop(char* const* p, const int64_t* s, int64_t n, const void* parameters) {
  using Row = detail::VectorRow<F, Out, In...>;
  Loop below_block = nullptr;
  if constexpr (is_arithmetic(kVectors)) {
    if (n < kBlock) return short_loop<F, Out, In...>(p, s, n, parameters);
    below_block = &short_loop<F, Out, In...>;
  }
  RowFunction f{nullptr, below_block, 1 + sizeof...(In), {sizeof(Out), sizeof(In)...}};
  f.loop = variant_for<Row, std::conditional_t<is_wide(kVectors) && std::is_floating_point_v<Out>, float, Out>, char* const*, int64_t, const void*>();
  run_blocks(f, p, s, n, parameters);
}

/// The element types an operation is defined for.
template <class... T> struct Types {};
inline constexpr Types<float, double> kFloating;
inline constexpr Types<float, double, int64_t, int32_t, uint8_t> kNumeric;
inline constexpr Types<float, double, int64_t, int32_t, uint8_t, bool> kAllTypes;
inline constexpr Types<int64_t, int32_t, uint8_t, bool> kIntegral;

template <class T> constexpr bool has_vectors(Vectors v) {
  if constexpr (std::is_same_v<T, float>) return v != Vectors::kNone;
  else if constexpr (std::is_same_v<T, double>) return is_arithmetic(v) || is_wide(v);
  else return is_arithmetic(v) && !std::is_same_v<T, bool>;
}

template <class T> constexpr void set_loop(LoopTable& table, Loop loop) {
  if constexpr (std::is_same_v<T, float>) table.f32 = loop;
  else if constexpr (std::is_same_v<T, double>) table.f64 = loop;
  else if constexpr (std::is_same_v<T, int64_t>) table.i64 = loop;
  else if constexpr (std::is_same_v<T, int32_t>) table.i32 = loop;
  else if constexpr (std::is_same_v<T, uint8_t>) table.u8 = loop;
  else table.b = loop;
}

/// The loop of F over these elements; the result has the type that F returns.
template <class F, Vectors kVectors, class T, class... In> constexpr Loop loop_of() {
  using Out = std::invoke_result_t<F, In...>;
  if constexpr (has_vectors<T>(kVectors)) return &vector_loop<F, kVectors, Out, In...>;
  else return &strided_loop<F, Out, In...>;
}

/// Tables of F's loops. `cost`: nanoseconds per element, roughly.
template <class F, Vectors kVectors = Vectors::kNone, class... T> constexpr LoopTable unary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, loop_of<F, kVectors, T, T>()), ...);
  return table;
}
template <class F, Vectors kVectors = Vectors::kNone, class... T> constexpr LoopTable binary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, loop_of<F, kVectors, T, T, T>()), ...);
  return table;
}
template <class F, Vectors kVectors = Vectors::kNone, class... T> constexpr LoopTable ternary_table(Types<T...>, double cost) {
  LoopTable table{.cost = cost};
  (set_loop<T>(table, loop_of<F, kVectors, T, T, T, T>()), ...);
  return table;
}

}}}  // namespace torch::xgrad::kernels
