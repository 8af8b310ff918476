#include <xgrad/inspect/picture/axis.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <xgrad/inspect/escape.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr double kLargestShown = 1e300;

// The next of 1, 2 and 5 times a power of ten.
double round_step(double raw) {
  const double power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power * (1 + 1e-9)) return factor * power;
  return 10 * power;
}

std::string tick_label(double value, double step) {
  if (std::abs(value) < step * 1e-6) value = 0;
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  if (decimals <= 5 && std::abs(value) < 1e6) return fixed_text(value, decimals);
  // As many digits as tell neighbouring ticks apart.
  const int digits = value == 0 ? 1 : std::clamp(static_cast<int>(std::floor(std::log10(std::abs(value))) - std::floor(std::log10(step))) + 1, 1, 12);
  return short_text(value, digits);
}

}  // namespace

void Span::include(double value) {
  least = empty ? value : std::min(least, value);
  most = empty ? value : std::max(most, value);
  empty = false;
}

bool can_be_shown(double value, bool logarithmic) {
  return std::abs(value) <= kLargestShown && (!logarithmic || value >= 1 / kLargestShown);  // false for NaN
}

Axis::Axis(const Span& span, Scale scale, int count, bool whole, bool tight) : logarithmic_(scale == Scale::logarithmic) {
  if (logarithmic_) make_logarithmic(span, count, tight);
  else make_linear(span, count, whole, tight);
}

void Axis::make_linear(const Span& span, int count, bool whole, bool tight) {
  double least = span.empty ? 0 : span.least, most = span.empty ? 1 : span.most;
  // One value, or values that differ by less than labels could tell, stand in the middle.
  const double least_width = std::max(std::abs(least), std::abs(most)) * 1e-6;
  if (most - least <= least_width) {
    const double around = std::max({(most + least) == 0 ? 0.5 : 0.0, std::abs(most) * 0.05, least_width, whole ? 1.0 : 0.0});
    least -= around;
    most += around;
  }
  double step = round_step((most - least) / count);
  if (whole) step = std::max(step, 1.0);
  low_ = tight ? least : std::floor(least / step + 1e-9) * step;
  high_ = tight ? most : std::ceil(most / step - 1e-9) * step;
  const double first = std::ceil(low_ / step - 1e-9), last = std::floor(high_ / step + 1e-9);
  for (double i = first; i <= last; ++i) ticks_.push_back({i * step, tick_label(i * step, step)});
}

void Axis::make_logarithmic(const Span& span, int count, bool tight) {
  double least = span.empty ? 0.1 : span.least, most = span.empty ? 1 : span.most;
  if (most < least * 1.0001) {
    least /= 2;
    most *= 2;
  }
  low_ = std::log10(least);
  high_ = std::log10(most);
  const double decades = high_ - low_;
  // Powers of ten, all or every so many; where there are few of them, their multiples too.
  std::vector<double> factors{1};
  if (decades < 1.5) factors = {1, 2, 3, 5};
  else if (decades < 3) factors = {1, 3};
  const double stride = std::max(1.0, std::ceil(decades / count));
  std::vector<double> marks;
  for (double power = std::floor(low_ / stride) * stride; power <= std::ceil(high_) + stride; power += stride)
    for (const double factor : factors) marks.push_back(power + std::log10(factor));
  if (!tight) {
    // Out to the marks around the values.
    const auto above = std::lower_bound(marks.begin(), marks.end(), high_ - 1e-9), below = std::upper_bound(marks.begin(), marks.end(), low_ + 1e-9);
    if (above != marks.end()) high_ = *above;
    if (below != marks.begin()) low_ = *std::prev(below);
  }
  for (const double mark : marks)
    if (mark >= low_ - 1e-9 && mark <= high_ + 1e-9) {
      const double value = std::pow(10, mark);
      ticks_.push_back({value, mark > -5 && mark < 6 ? short_text(value, 6) : short_text(value, 1)});
    }
}

double Axis::place(double value) const { return ((logarithmic_ ? std::log10(value) : value) - low_) / (high_ - low_); }

double Axis::label_width() const {
  double width = 0;
  for (const Tick& tick : ticks_) width = std::max(width, Picture::text_width(tick.label));
  return width;
}

void Frame::draw(Picture& picture, bool grid) const {
  const double right = left + width, bottom = top + height;
  const Paint faint{{}, kFaint}, ink{{}, kInk};
  for (const Axis::Tick& tick : up.ticks()) {
    if (grid) picture.line({left, y(tick.value)}, {right, y(tick.value)}, faint);
    picture.text({left - 8, y(tick.value) + 4}, tick.label, {12, Anchor::end});
  }
  double free_from = -INFINITY;  // labels that would touch the last one are left out
  for (const Axis::Tick& tick : across.ticks()) {
    const double at = x(tick.value), half = Picture::text_width(tick.label) / 2;
    picture.line({at, bottom}, {at, bottom + 5}, ink);
    if (at - half < free_from) continue;
    picture.text({at, bottom + 20}, tick.label, {12, Anchor::middle});
    free_from = at + half + 8;
  }
  picture.rectangle(left, top, width, height, ink);
  picture.text({left + width / 2, bottom + 40}, shortened(label_across, width, {13}), {13, Anchor::middle});
  if (!label_up.empty())
    picture.text({left - 16 - up.label_width() - 4, top + height / 2}, shortened(label_up, height, {13}), {13, Anchor::middle, false, kInk, true});
}

Colour palette(size_t i) {
  static constexpr std::array<Colour, 8> colours{{{0x21, 0x66, 0xac},
                                                  {0xe0, 0x82, 0x14},
                                                  {0x22, 0x88, 0x33},
                                                  {0xb2, 0x18, 0x2b},
                                                  {0x8a, 0x3f, 0x9e},
                                                  {0x33, 0xa0, 0xb8},
                                                  {0x8c, 0x6d, 0x31},
                                                  {0x66, 0x66, 0x66}}};
  return colours[i % colours.size()];
}

std::string shortened(const std::string& text, double width, const TextStyle& style) {
  if (Picture::text_width(text, style) <= width) return text;
  std::string part = text;
  do {
    size_t at = part.size();
    while (at > 0 && (part[--at] & 0xc0) == 0x80) {}
    part.resize(at);
  } while (!part.empty() && Picture::text_width(part + "...", style) > width);
  return part + "...";
}

}}}  // namespace torch::xgrad::inspect
