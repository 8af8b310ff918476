#include <algorithm>
#include <cmath>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/picture/axis.h>
#include <xgrad/inspect/picture/panels.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr Colour kNone{0xff, 0xff, 0xff}, kAll{0x08, 0x45, 0x94}, kWrong{0xb2, 0x18, 0x2b};

}  // namespace

Picture confusion_picture(const Tensor& given, const std::vector<std::string>& names, const std::string& title) {
  XGRAD_CHECK(given.dim() == 2 && given.size(0) == given.size(1) && given.size(0) >= 1 && given.size(0) <= 200,
              "[confusion_picture] expected a matrix of 1 to 200 classes, got shape ", given.sizes());
  const int64_t n = given.size(0);
  XGRAD_CHECK(names.empty() || static_cast<int64_t>(names.size()) == n, "[confusion_picture] expected ", n, " names, got ", names.size());
  const Tensor counts = given.detach().to(kDouble).contiguous();
  const double* const count = counts.data_ptr<double>();
  XGRAD_CHECK(std::all_of(count, count + n * n, [](double c) { return std::isfinite(c) && c >= 0; }),
              "[confusion_picture] the counts must be finite and not negative");

  std::vector<std::string> labels;
  double widest_label = 0, widest_count = 0;
  for (int64_t i = 0; i < n; ++i) {
    labels.push_back(shortened(names.empty() ? std::to_string(i) : names[static_cast<size_t>(i)], 130));
    widest_label = std::max(widest_label, Picture::text_width(labels.back()));
  }
  for (int64_t i = 0; i < n * n; ++i) widest_count = std::max(widest_count, Picture::text_width(short_text(count[i], 6)));

  const double cell = std::clamp(480.0 / static_cast<double>(n), 4.0, 48.0), size = cell * static_cast<double>(n);
  const double font = std::clamp(12 * (cell - 4) / std::max(widest_count, 1.0), 0.0, 12.0);
  const bool upwards = widest_label > cell - 4, has_labels = cell >= 12;
  const double left = 34 + (has_labels ? widest_label : 0), top = title.empty() ? 12 : 40;
  const double below = 34 + (!has_labels ? 0 : upwards ? widest_label : 14);
  Picture picture(left + size + 96, top + size + below + 8);
  picture.text({left, 26}, shortened(title, size + 80, {16, Anchor::start, true}), {16, Anchor::start, true});

  for (int64_t row = 0; row < n; ++row) {
    double total = 0;
    for (int64_t k = 0; k < n; ++k) total += count[row * n + k];
    for (int64_t column = 0; column < n; ++column) {
      const double c = count[row * n + column], share = total > 0 ? c / total : 0;
      const double x = left + static_cast<double>(column) * cell, y = top + static_cast<double>(row) * cell;
      // Small shares of a row are what one looks for: the root makes them visible.
      const Colour colour = kNone.mixed(row == column ? kAll : kWrong, std::sqrt(share));
      picture.rectangle(x, y, cell, cell, {colour, n <= 60 ? std::optional<Colour>(Colour{0xee, 0xee, 0xee}) : std::nullopt});
      if (font >= 7 && c > 0)
        picture.text({x + cell / 2, y + cell / 2 + font * 0.35}, short_text(c, 6), {font, Anchor::middle, false, share > 0.25 ? kNone : kInk});
    }
  }
  picture.rectangle(left, top, size, size, {{}, kInk});
  for (int64_t i = 0; has_labels && i < n; ++i) {
    const double middle = (static_cast<double>(i) + 0.5) * cell;
    picture.text({left - 6, top + middle + 4}, labels[static_cast<size_t>(i)], {12, Anchor::end});
    if (upwards) picture.text({left + middle + 4, top + size + 6}, labels[static_cast<size_t>(i)], {12, Anchor::end, false, kInk, true});
    else picture.text({left + middle, top + size + 18}, labels[static_cast<size_t>(i)], {12, Anchor::middle});
  }
  picture.text({left + size / 2, top + size + below - 4}, "predicted", {13, Anchor::middle});
  picture.text({18, top + size / 2}, "true", {13, Anchor::middle, false, kInk, true});

  // What the colours mean: right and wrong ones beside each other.
  const double bar = std::min(size, 160.0), x = left + size + 24;
  constexpr int kSteps = 32;
  for (int i = 0; i < kSteps; ++i) {
    const double share = (i + 0.5) / kSteps, y = top + bar * (1 - (i + 1.0) / kSteps);
    picture.rectangle(x, y, 12, bar / kSteps + 0.5, {kNone.mixed(kAll, std::sqrt(share)), {}});
    picture.rectangle(x + 12, y, 12, bar / kSteps + 0.5, {kNone.mixed(kWrong, std::sqrt(share)), {}});
  }
  picture.rectangle(x, top, 24, bar, {{}, kInk});
  for (const double share : {0.0, 0.5, 1.0})
    picture.text({x + 30, top + bar * (1 - share) + (share == 1 ? 10 : share == 0 ? 0 : 4)}, short_text(share * 100, 3) + " %");
  return picture;
}

}}}  // namespace torch::xgrad::inspect
