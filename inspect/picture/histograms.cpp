#include <algorithm>

#include <xgrad/autograd/core/error.h>
#include <xgrad/inspect/escape.h>
#include <xgrad/inspect/picture/axis.h>
#include <xgrad/inspect/picture/panels.h>
#include <xgrad/nn/module.h>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

Picture bars_of(const Histogram& histogram, const std::string& title, double plot_width, double plot_height, double title_size) {
  Span across, up;
  for (const double limit : histogram.limits)
    if (can_be_shown(limit, false)) across.include(limit);
  up.include(0);
  for (const int64_t c : histogram.counts) up.include(static_cast<double>(std::max<int64_t>(c, 1)));
  const Axis horizontal(across, Axis::Scale::linear, static_cast<int>(plot_width / 48), false, true);
  const Axis vertical(up, Axis::Scale::linear, static_cast<int>(plot_height / 45), true, false);

  const double left = 20 + vertical.label_width(), top = title_size + 30;
  Picture picture(left + plot_width + 24, top + plot_height + 32);
  const Frame frame{horizontal, vertical, left, top, plot_width, plot_height, title, "", ""};
  const TextStyle heading{title_size, Anchor::start, true}, note{11, Anchor::start, false, kMuted};
  picture.text({left, title_size + 4}, shortened(title, plot_width + 20, heading), heading);
  std::string text = "mean " + short_text(histogram.mean(), 3) + ", deviation " + short_text(histogram.deviation(), 3);
  if (histogram.not_finite > 0) text += ", " + grouped_text(histogram.not_finite) + " not finite";
  if (histogram.finite == 0) text = histogram.not_finite > 0 ? grouped_text(histogram.not_finite) + " values, none finite" : "no values";
  picture.text({left, title_size + 20}, shortened(text, plot_width + 20, note), note);

  frame.draw(picture);
  for (size_t i = 0; i < histogram.counts.size(); ++i) {
    if (histogram.counts[i] == 0) continue;
    const double x = frame.x(histogram.limits[i]), y = frame.y(static_cast<double>(histogram.counts[i]));
    const double width = frame.x(histogram.limits[i + 1]) - x, gap = width > 4 ? 0.5 : 0;
    picture.rectangle(x + gap, y, width - 2 * gap, frame.top + frame.height - y, {palette(0), {}, 1, false, 0.85});
  }
  picture.line({frame.left, frame.top + frame.height}, {frame.left + frame.width, frame.top + frame.height}, {{}, kInk});
  return picture;
}

std::string shape_text(IntArrayRef sizes) {
  std::string text;
  for (const int64_t s : sizes) text += (text.empty() ? "" : " x ") + std::to_string(s);
  return text.empty() ? "1" : text;
}

}  // namespace

Picture histogram_picture(const Histogram& histogram, const std::string& title) {
  XGRAD_CHECK_AS(ValueError, histogram.limits.size() == histogram.counts.size() + 1, "[histogram_picture] expected one limit more than counts, got ",
                 histogram.limits.size(), " and ", histogram.counts.size());
  return bars_of(histogram, title, 440, 260, 16);
}

Picture weight_histograms(const nn::Module& module, int64_t bins, int64_t columns) {
  XGRAD_CHECK_AS(ValueError, columns >= 1, "[weight_histograms] expected at least one column, got ", columns);
  std::vector<Picture> panels;
  double width = 1, height = 1;
  for (const auto& parameter : module.named_parameters()) {
    panels.push_back(bars_of(histogram_of(*parameter, bins), parameter.key() + "  " + shape_text(parameter->sizes()), 240, 110, 13));
    width = std::max(width, panels.back().width());
    height = std::max(height, panels.back().height());
  }
  const size_t across = std::min(panels.size(), static_cast<size_t>(columns)), down = across ? (panels.size() + across - 1) / across : 0;
  Picture picture(std::max(width * static_cast<double>(across), 200.0), std::max(height * static_cast<double>(down), 40.0));
  if (panels.empty()) picture.text({20, 24}, "no parameters", {13, Anchor::start, false, kMuted});
  for (size_t i = 0; i < panels.size(); ++i)
    picture.add(panels[i], width * static_cast<double>(i % across + 1) - panels[i].width(), height * static_cast<double>(i / across));
  return picture;
}

}}}  // namespace torch::xgrad::inspect
