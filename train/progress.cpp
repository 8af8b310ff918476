#include <xgrad/train/progress.h>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <limits>
#include <ostream>
#include <vector>

#include <xgrad/autograd/core/error.h>
#include <xgrad/train/progress_line.h>

namespace torch { inline namespace xgrad { namespace train {

namespace {

constexpr int64_t kNever = std::numeric_limits<int64_t>::max();
constexpr double kFading = 0.7;       // of what older drawings weigh
constexpr int kLooksPerDrawing = 10;  // readings of the clock

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"})
    if (const char* value = std::getenv(name); value && *value) {
      std::string locale(value);
      std::transform(locale.begin(), locale.end(), locale.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
      return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
  return false;
}

}  // namespace

struct ProgressBar::Drawing {
  explicit Drawing(ProgressOptions o) : options(std::move(o)) {
    if (!options.clock()) options.clock(steady_seconds);
    start = drawn_at = looked_at = options.clock()();
    ascii = options.ascii().value_or(!locale_is_utf8());
  }

  std::optional<int> width() const {
    if (options.width() || options.stream()) return options.width();
    winsize size{};
    if (ioctl(fileno(options.file()), TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return std::nullopt;
    return size.ws_col;
  }

  std::string postfix() const {
    std::string all = text.empty() ? "" : ", " + text;
    for (const auto& [name, value] : values) all += ", " + name + "=" + short_number(value);
    return all;
  }

  void write(const std::string& what) {
    if (options.stream()) {
      *options.stream() << what << std::flush;
    } else {
      std::fwrite(what.data(), 1, what.size(), options.file());
      std::fflush(options.file());
    }
  }

  // Over what the last line had; the terminal may have become narrower.
  void replace_line(const std::string& line, std::optional<int> columns) {
    const int length = columns_of(line), before = std::min(last_length, columns.value_or(last_length));
    write("\r" + line + std::string(static_cast<size_t>(std::max(0, before - length)), ' '));
    last_length = length;
  }

  void draw(int64_t n, double now, double rate) {
    const std::optional<int> columns = width();
    replace_line(progress_text({options.description(), n, options.total(), now - start, rate, options.unit(), postfix()}, columns, ascii), columns);
  }

  double overall_rate(int64_t n, double now) const { return now > start ? static_cast<double>(n) / (now - start) : 0; }
  double rate(int64_t n, double now) const { return seconds > 0 ? steps / seconds : overall_rate(n, now); }

  ProgressOptions options;
  bool ascii;
  double start, drawn_at, looked_at;
  int64_t drawn_n = 0, looked_n = 0;
  double steps = 0, seconds = 0;  // between drawings: sums in which older ones fade
  std::vector<std::pair<std::string, double>> values;
  std::string text;
  int last_length = 0;
};

ProgressBar::ProgressBar(ProgressOptions options) : look_at_(kNever) {
  XGRAD_CHECK_AS(ValueError, options.total().value_or(0) >= 0, "[ProgressBar] total must not be negative, got ", *options.total());
  XGRAD_CHECK_AS(ValueError, options.width().value_or(1) >= 1, "[ProgressBar] width must be at least 1, got ", *options.width());
  XGRAD_CHECK_AS(ValueError, options.interval() >= 0, "[ProgressBar] interval must not be negative, got ", options.interval());
  XGRAD_CHECK_AS(ValueError, options.file() || options.stream(), "[ProgressBar] there must be a file or a stream to write to, got neither");
  if (!options.enabled().value_or(!options.stream() && isatty(fileno(options.file())))) return;
  drawing_ = std::make_unique<Drawing>(std::move(options));
  look_at_ = 1;
  drawing_->draw(0, drawing_->start, 0);
}

ProgressBar::~ProgressBar() {
  try {
    close();
  } catch (...) {  // a stream that throws: nothing more can be told
  }
}

void ProgressBar::look() {
  Drawing& d = *drawing_;
  const double now = d.options.clock()(), since_look = now - d.looked_at, between = d.options.interval() / kLooksPerDrawing;
  const auto done = static_cast<double>(n_ - d.looked_n);
  // As many steps as will take a tenth of the interval; at most twice those of last time, since later ones may be slow.
  const double next = since_look > 0 ? std::min(done * between / since_look, 2 * done) : 2 * done;
  d.looked_at = now;
  d.looked_n = n_;
  look_at_ = n_ + std::max<int64_t>(1, static_cast<int64_t>(std::min(next, 1e15)));
  if (now - d.drawn_at < d.options.interval()) return;
  if (now > d.drawn_at && n_ != d.drawn_n) {
    d.steps = kFading * d.steps + (1 - kFading) * static_cast<double>(n_ - d.drawn_n);
    d.seconds = kFading * d.seconds + (1 - kFading) * (now - d.drawn_at);
  }
  d.drawn_at = now;
  d.drawn_n = n_;
  d.draw(n_, now, d.rate(n_, now));
}

void ProgressBar::refresh() {
  if (!drawing_) return;
  const double now = drawing_->options.clock()();
  drawing_->draw(n_, now, drawing_->rate(n_, now));
}

void ProgressBar::close() {
  if (!drawing_) return;
  const std::unique_ptr<Drawing> d = std::move(drawing_);
  look_at_ = kNever;
  if (d->options.leave()) {
    const double now = d->options.clock()();
    d->draw(n_, now, d->overall_rate(n_, now));
    d->write("\n");
  } else {
    d->replace_line("", d->width());
    d->write("\r");
  }
}

void ProgressBar::postfix(std::initializer_list<Postfix> values) {
  if (!drawing_) return;
  drawing_->text.clear();
  drawing_->values.resize(values.size());
  auto to = drawing_->values.begin();
  for (const Postfix& from : values) {
    if (to->first != from.name) to->first = from.name;
    (to++)->second = from.value;
  }
}

void ProgressBar::postfix(std::string text) {
  if (!drawing_) return;
  drawing_->values.clear();
  drawing_->text = std::move(text);
}

void ProgressBar::description(std::string text) {
  if (drawing_) drawing_->options.description(std::move(text));
}

}}}  // namespace torch::xgrad::train
