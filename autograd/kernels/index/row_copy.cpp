#include <xgrad/autograd/kernels/index/row_copy.h>

#include <algorithm>
#include <cstring>

#include <xgrad/autograd/kernels/instruction_set.h>

namespace torch { inline namespace xgrad { namespace kernels {
namespace {

// What lies there may be of any type of that size. A template argument would lose the attribute.
template <int kBytes> struct Element;
template <> struct Element<1> { using Unit [[gnu::may_alias]] = char; };
template <> struct Element<2> { using Unit [[gnu::may_alias]] = int16_t; };
template <> struct Element<4> { using Unit [[gnu::may_alias]] = int32_t; };
template <> struct Element<8> { using Unit [[gnu::may_alias]] = int64_t; };

constexpr int64_t kLongRow = 65536;  // bytes that are worth a call of the C library

// Rows of at least kPiece bytes without a call of the C library; the last piece may overlap the one before. Rows are passed by
// value here and below: stores might change what a reference refers to.
template <int kPiece> void copy_by_pieces(ChosenRows r, int64_t rows, int64_t bytes) {
  for (; rows > 0; --rows, r.to += r.to_row, r.from += r.from_row, r.index += r.index_row) {
    const char* const from = r.from + *r.index * r.step_bytes;
    for (int64_t i = 0; i + kPiece < bytes; i += kPiece) std::memcpy(r.to + i, from + i, kPiece);
    std::memcpy(r.to + bytes - kPiece, from + bytes - kPiece, kPiece);
  }
}

struct CopyWide {
  static void run(const ChosenRows& r, int64_t rows, int64_t bytes) { copy_by_pieces<64>(r, rows, bytes); }
};

template <int kBytes> struct CopyRows {
  using Unit = typename Element<kBytes>::Unit;
  static constexpr int64_t size = kBytes;

  // A step that the compiler knows, so that it reads neighbours together and picks from them.
  template <int kEvery> static void pick(Unit* to, const Unit* from, int64_t n) {
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) to[i] = from[kEvery * i];
  }

  // Backwards, `from` being the last element: by pieces of which the last may overlap the one before.
  static void reverse(Unit* to, const Unit* from, int64_t n) {
    constexpr int64_t kPiece = 16 / kBytes;
    const auto copy_piece = [=](int64_t i) {
      Unit piece[kPiece], reversed[kPiece];
      std::memcpy(piece, from - i - (kPiece - 1), sizeof piece);
      for (int64_t k = 0; k < kPiece; ++k) reversed[k] = piece[kPiece - 1 - k];
      std::memcpy(to + i, reversed, sizeof reversed);
    };
    if (n < kPiece) {
      for (int64_t i = 0; i < n; ++i) to[i] = from[-i];
      return;
    }
    for (int64_t i = 0; i + kPiece < n; i += kPiece) copy_piece(i);
    copy_piece(n - kPiece);
  }

  template <class CopyOne> static void each(Rows r, int64_t rows, CopyOne copy_one) {
    for (; rows > 0; --rows, r.to += r.to_row, r.from += r.from_row) copy_one(reinterpret_cast<Unit*>(r.to), reinterpret_cast<const Unit*>(r.from));
  }

  static void run(const Rows& r, int64_t rows, int64_t columns) {
    if (r.from_step == 0) {
      each(r, rows, [=](Unit* to, const Unit* from) { std::fill_n(to, columns, *from); });
    } else if (r.from_step == 2 * size) {
      each(r, rows, [=](Unit* to, const Unit* from) { pick<2>(to, from, columns); });
    } else if (r.from_step == -size) {
      each(r, rows, [=](Unit* to, const Unit* from) { reverse(to, from, columns); });
    } else {
      each(r, rows, [=, step = r.from_step](Unit* to, const Unit* from) {
        for (int64_t j = 0; j < columns; ++j) std::memcpy(to + j, reinterpret_cast<const char*>(from) + j * step, sizeof(Unit));
      });
    }
  }
};

template <int kBytes> struct SpreadRow {
  using Unit = typename Element<kBytes>::Unit;
  static void run(char* array, const char* row, int64_t n) {
    auto* to = reinterpret_cast<Unit*>(array);
    const auto* from = reinterpret_cast<const Unit*>(row);
    XGRAD_INDEPENDENT_ITERATIONS
    for (int64_t i = 0; i < n; ++i) {
      to[2 * i] = from[i];
      to[2 * i + 1] = 0;
    }
  }
};
template <int kBytes> struct SpreadConstant {
  using Unit = typename Element<kBytes>::Unit;
  static void run(char* array, const char* constant, int64_t n) {
    auto* to = reinterpret_cast<Unit*>(array);
    const Unit value = *reinterpret_cast<const Unit*>(constant);
    for (int64_t i = 0; i < n; ++i) {
      to[2 * i] = value;
      to[2 * i + 1] = 0;
    }
  }
};

template <class Unit> void copy(char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  for (int64_t i = 0; i < n; ++i) std::memcpy(to + i * to_step, from + i * from_step, sizeof(Unit));
}

// Pieces that stay in the nearest cache between their zeros and their elements.
void spread_widely(int bytes, char* to, int64_t length, int64_t step, const char* from, int64_t from_step, int64_t n) {
  const int64_t at_once = std::max<int64_t>(4096 / step, 1);
  for (int64_t i = 0; i < n; i += at_once) {
    const int64_t count = std::min(at_once, n - i), piece = i + count < n ? count * step : length - i * step;
    std::memset(to + i * step, 0, static_cast<size_t>(piece));
    copy_row(bytes, to + i * step, step, from + i * from_step, from_step, count);
  }
}

template <int kBytes> void spread_by_two(char* to, const char* from, int64_t from_step, int64_t pairs) {
  if (from_step == 0) Variants<SpreadConstant<kBytes>, char*, const char*, int64_t>::active()(to, from, pairs);
  else Variants<SpreadRow<kBytes>, char*, const char*, int64_t>::active()(to, from, pairs);
}

}  // namespace

void copy_rows(int bytes, const Rows& r, int64_t rows, int64_t columns) {
  static constexpr int64_t kFirst = 0;
  if (r.from_step == bytes) copy_chosen_rows({r.to, r.to_row, r.from, r.from_row, 0, &kFirst, 0}, rows, columns * bytes);
  else if (bytes == 4) Variants<CopyRows<4>, const Rows&, int64_t, int64_t>::active()(r, rows, columns);
  else if (bytes == 8) Variants<CopyRows<8>, const Rows&, int64_t, int64_t>::active()(r, rows, columns);
  else if (bytes == 2) detail::in_baseline<CopyRows<2>, const Rows&, int64_t, int64_t>(r, rows, columns);
  else detail::in_baseline<CopyRows<1>, const Rows&, int64_t, int64_t>(r, rows, columns);
}

void copy_chosen_rows(const ChosenRows& r, int64_t rows, int64_t bytes) {
  if (bytes > kLongRow) {
    for (int64_t i = 0; i < rows; ++i)
      std::memcpy(r.to + i * r.to_row, r.from + i * r.from_row + r.index[i * r.index_row] * r.step_bytes, static_cast<size_t>(bytes));
  } else if (bytes >= 64) {
    Variants<CopyWide, const ChosenRows&, int64_t, int64_t>::active()(r, rows, bytes);
  } else if (bytes >= 16) {
    copy_by_pieces<16>(r, rows, bytes);
  } else if (bytes >= 8) {
    copy_by_pieces<8>(r, rows, bytes);
  } else if (bytes >= 4) {
    copy_by_pieces<4>(r, rows, bytes);
  } else {
    copy_by_pieces<1>(r, rows, bytes);
  }
}

void copy_row(int bytes, char* to, int64_t to_step, const char* from, int64_t from_step, int64_t n) {
  if (n == 0) return;
  if (to_step == bytes) copy_rows(bytes, {to, 0, from, 0, from_step}, 1, n);
  else if (bytes == 4) copy<int32_t>(to, to_step, from, from_step, n);
  else if (bytes == 8) copy<int64_t>(to, to_step, from, from_step, n);
  else if (bytes == 2) copy<int16_t>(to, to_step, from, from_step, n);
  else copy<char>(to, to_step, from, from_step, n);
}

void spread_row(int bytes, char* to, int64_t length, int64_t every, const char* from, int64_t from_step, int64_t n) {
  const int64_t step = every * bytes, last = (n - 1) * step;
  if (every == 1) {
    copy_row(bytes, to, bytes, from, from_step, n);
    std::memset(to + n * bytes, 0, static_cast<size_t>(length - n * bytes));
  } else if (every == 2 && bytes > 2) {
    if (bytes == 4) spread_by_two<4>(to, from, from_step, n - 1);
    else spread_by_two<8>(to, from, from_step, n - 1);
    std::memset(to + last, 0, static_cast<size_t>(length - last));
    std::memcpy(to + last, from + (n - 1) * from_step, static_cast<size_t>(bytes));
  } else {
    spread_widely(bytes, to, length, step, from, from_step, n);
  }
}

}}}  // namespace torch::xgrad::kernels
