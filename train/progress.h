// A progress bar, as Python's tqdm draws it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <xgrad/autograd/core/export.h>
#include <xgrad/io/fields.h>

namespace torch { inline namespace xgrad { namespace train {

/// How a bar looks and where it is written.
struct ProgressOptions {
  using File = std::FILE*;
  using Stream = std::ostream*;
  ProgressOptions() = default;
  ProgressOptions(std::string description) : description_(std::move(description)) {}
  ProgressOptions(const char* description) : description_(description) {}

  /// What stands before the bar.
  XGRAD_ARG(std::string, description);
  /// How many steps there will be; progress() asks a range that has a size(). Without it (and for 0) there is no bar and no time left.
  XGRAD_ARG(std::optional<int64_t>, total);
  /// True: written wherever it goes; false: never. By default written if it goes to a file that is a terminal.
  XGRAD_ARG(std::optional<bool>, enabled);
  XGRAD_ARG(File, file) = stderr;
  /// Where it is written instead of `file`, unless null.
  XGRAD_ARG(Stream, stream) = nullptr;
  /// What one step is called.
  XGRAD_ARG(std::string, unit) = "it";
  /// Whether the last line stays, with the mean rate; else it is wiped out.
  XGRAD_ARG(bool, leave) = true;
  /// Columns of the line, at least 1: the terminal's unless given, or where there is none, as many as a bar of ten takes.
  XGRAD_ARG(std::optional<int>, width);
  /// Whether the bar is drawn with digits and not with blocks; by default where the environment's locale isn't UTF-8.
  XGRAD_ARG(std::optional<bool>, ascii);
  /// Seconds between two drawings, at least.
  XGRAD_ARG(double, interval) = 0.1;
  /// Tells the time in seconds, from any beginning: a steady clock unless given.
  XGRAD_ARG(std::function<double()>, clock);
};

/// A named number behind the rate: of any arithmetic type, or a tensor of one element.
struct Postfix {
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0> Postfix(std::string_view n, T v) : name(n), value(static_cast<double>(v)) {}
  template <class T, std::enable_if_t<!std::is_arithmetic_v<T>, int> = 0>
  Postfix(std::string_view n, const T& tensor) : name(n), value(tensor.template item<double>()) {}

  std::string_view name;
  double value;
};

/// One line that is written again and again:
///
///     epoch 3:  40%|████      | 40/100 [00:02<00:03, 19.84it/s, loss=0.693]
///
/// Times are minutes and seconds, or hours; the rate is that of the last drawings, older ones fading by 0.7, and below one a second its inverse is
/// shown. The line is drawn when the bar is made, at most every interval() seconds, and by close(). Its text is tqdm 4.64's, but that
/// numbers behind the rate which are whole look like integers and negative ones keep their zero, and that no line is wider than it may be.
/// A step that draws nothing costs a few instructions: the clock is read about ten times between two drawings. One thread uses a bar.
class XGRAD_API ProgressBar {
 public:
  /// Throws unless total >= 0, width >= 1, interval >= 0 and there is somewhere to write to.
  explicit ProgressBar(ProgressOptions options = {});
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// As close().
  ~ProgressBar();

  /// `steps` more are done.
  void update(int64_t steps = 1) {
    n_ += steps;
    if (n_ >= look_at_) look();
  }
  void update(int64_t steps, std::initializer_list<Postfix> values) {
    postfix(values);
    update(steps);
  }
  /// What stands behind the rate from the next drawing on, instead of what did.
  void postfix(std::initializer_list<Postfix> values);
  void postfix(std::string text);
  void description(std::string text);
  /// Draws now.
  void refresh();
  /// Draws the last line, with the mean rate, and ends it; afterwards nothing is written any more.
  void close();

  int64_t count() const noexcept { return n_; }
  /// True iff the bar is written.
  bool enabled() const noexcept { return drawing_ != nullptr; }

 private:
  struct Drawing;
  void look();

  int64_t n_ = 0;
  int64_t look_at_;  // the count at which the clock is read next
  std::unique_ptr<Drawing> drawing_;
};

namespace detail {

template <class Range> auto size_if_any(Range& range, int) -> decltype(range.size(), std::optional<int64_t>()) {
  if constexpr (std::is_convertible_v<decltype(range.size()), int64_t>) return static_cast<int64_t>(range.size());
  else if (const auto size = range.size()) return static_cast<int64_t>(*size);  // of a data set: std::optional
  else return std::nullopt;
}
template <class Range> std::optional<int64_t> size_if_any(Range&, long) { return std::nullopt; }

template <class Range> std::optional<int64_t> size_of(Range& range) {
  if constexpr (std::is_array_v<Range>) return static_cast<int64_t>(std::extent_v<Range>);
  else return size_if_any(range, 0);
}

}  // namespace detail

/// A range with a bar: every step of an iteration is one of the bar, and its end closes it, as does leaving the scope of this object.
template <class Range> class ProgressRange {
 public:
  /// `Range` is a reference for a range that lives elsewhere.
  ProgressRange(Range&& range, ProgressOptions options) : range_(std::forward<Range>(range)), bar_(std::move(options)) {}

  template <class Base> class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using reference = decltype(*std::declval<Base&>());
    using value_type = std::remove_cv_t<std::remove_reference_t<reference>>;
    using pointer = void;
    using iterator_category = std::input_iterator_tag;

    Iterator(Base base, ProgressBar* bar) : base_(std::move(base)), bar_(bar) {}
    reference operator*() { return *base_; }
    Iterator& operator++() {
      bar_->update();
      ++base_;
      return *this;
    }
    template <class End> bool operator!=(const Iterator<End>& end) const {
      if (base_ != end.base_) return true;
      bar_->close();
      return false;
    }
    template <class End> bool operator==(const Iterator<End>& end) const { return !(*this != end); }

   private:
    template <class> friend class Iterator;
    Base base_;
    ProgressBar* bar_;
  };

  auto begin() {
    using std::begin;
    return Iterator<decltype(begin(range_))>(begin(range_), &bar_);
  }
  auto end() {
    using std::end;
    return Iterator<decltype(end(range_))>(end(range_), &bar_);
  }
  ProgressBar& bar() { return bar_; }

 private:
  Range range_;
  ProgressBar bar_;
};

/// `for (auto& batch : progress(*loader, "epoch 3"))`: whatever a range-based for loop takes, with a bar. With values behind the rate:
///
///     auto batches = progress(*loader, "epoch 3");
///     for (auto& batch : batches) batches.bar().postfix({{"loss", train_on(batch)}});
///
/// A temporary range is kept, another referred to. The total is, unless given, the range's size().
template <class Range> ProgressRange<Range> progress(Range&& range, ProgressOptions options = {}) {
  if (!options.total()) options.total(detail::size_of<std::remove_reference_t<Range>>(range));
  return ProgressRange<Range>(std::forward<Range>(range), std::move(options));
}

}}}  // namespace torch::xgrad::train
