#include "learning_curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <stdexcept>

namespace {

constexpr double kWidth = 440, kHeight = 300, kLeft = 64, kTop = 56, kBottom = 52, kGap = 24;
constexpr const char* kTrainColour = "#2166ac";
constexpr const char* kValidationColour = "#e08214";

template <class... Numbers> std::string format(const char* pattern, Numbers... numbers) {
  char text[512];
  std::snprintf(text, sizeof text, pattern, numbers...);
  return text;
}

/// A round distance between ticks that gives about `count` of them.
double tick_step(double range, int count) {
  const double raw = range / count, power = std::pow(10, std::floor(std::log10(raw)));
  for (double factor : {1.0, 2.0, 5.0})
    if (raw <= factor * power) return factor * power;
  return 10 * power;
}

/// One diagram: a value per epoch for training and validation.
class Panel {
 public:
  Panel(double x, const char* title, std::vector<double> train, std::vector<double> validation)
      : x_(x), title_(title), train_(std::move(train)), validation_(std::move(validation)) {
    auto [t0, t1] = std::minmax_element(train_.begin(), train_.end());
    auto [v0, v1] = std::minmax_element(validation_.begin(), validation_.end());
    const double low = std::min(*t0, *v0), high = std::max(*t1, *v1);
    step_ = tick_step(std::max(high - low, 1e-3), 5);
    low_ = std::floor(low / step_) * step_;
    high_ = std::ceil(high / step_) * step_;
  }

  std::string svg(int best) const {
    return frame() + value_axis() + epoch_axis() + best_epoch(best) + curve(train_, kTrainColour) + curve(validation_, kValidationColour) + legend();
  }

 private:
  double last_epoch() const { return std::max<double>(2, static_cast<double>(train_.size())); }
  double place(double epoch) const { return x_ + kLeft + (epoch - 1) / (last_epoch() - 1) * kWidth; }
  double height(double value) const { return kTop + (high_ - value) / (high_ - low_) * kHeight; }

  std::string frame() const {
    return format("<text x='%.1f' y='%.1f' class='title'>%s</text>\n", x_ + kLeft, kTop - 18, title_) +
           format("<rect x='%.1f' y='%.1f' width='%.1f' height='%.1f' class='frame'/>\n", x_ + kLeft, kTop, kWidth, kHeight);
  }

  std::string value_axis() const {
    std::string out;
    const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step_) - 1e-9)));
    for (double v = low_; v <= high_ + step_ / 2; v += step_) {
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='grid'/>\n", x_ + kLeft, height(v), x_ + kLeft + kWidth, height(v));
      out += format("<text x='%.1f' y='%.1f' text-anchor='end'>%.*f</text>\n", x_ + kLeft - 8, height(v) + 4, decimals, v);
    }
    return out;
  }

  std::string epoch_axis() const {
    std::string out;
    const int step = std::max(1, static_cast<int>(tick_step(last_epoch(), 10)));
    for (int epoch = 1; epoch <= last_epoch(); ++epoch) {
      if (epoch != 1 && epoch % step) continue;
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='tick'/>\n", place(epoch), kTop + kHeight, place(epoch), kTop + kHeight + 5);
      out += format("<text x='%.1f' y='%.1f' text-anchor='middle'>%d</text>\n", place(epoch), kTop + kHeight + 20, epoch);
    }
    return out + format("<text x='%.1f' y='%.1f' text-anchor='middle' class='label'>epoch</text>\n", x_ + kLeft + kWidth / 2, kTop + kHeight + 42);
  }

  std::string best_epoch(int best) const {
    return format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' class='best'/>\n", place(best), kTop, place(best), kTop + kHeight);
  }

  std::string curve(const std::vector<double>& values, const char* colour) const {
    std::string points, dots;
    for (size_t i = 0; i < values.size(); ++i) {
      const double x = place(static_cast<double>(i + 1)), y = height(values[i]);
      points += format("%.1f,%.1f ", x, y);
      dots += format("<circle cx='%.1f' cy='%.1f' r='3' fill='%s'/>\n", x, y, colour);
    }
    return "<polyline points='" + points + "' class='curve' stroke='" + colour + "'/>\n" + dots;
  }

  std::string legend() const {
    const bool falling = train_.back() < train_.front();
    const double x = x_ + kLeft + kWidth - 150, y = falling ? kTop + 14 : kTop + kHeight - 70;
    std::string out = format("<rect x='%.1f' y='%.1f' width='136' height='58' class='legend'/>\n", x, y);
    const char* names[] = {"training", "validation", "weights kept"};
    const std::string strokes[] = {format("class='curve' stroke='%s'", kTrainColour), format("class='curve' stroke='%s'", kValidationColour),
                                   "class='best'"};
    for (int i = 0; i < 3; ++i) {
      const double line = y + 13 + 16 * i;
      out += format("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' %s/>\n", x + 10, line, x + 36, line, strokes[i].c_str());
      out += format("<text x='%.1f' y='%.1f'>%s</text>\n", x + 44, line + 4, names[i]);
    }
    return out;
  }

  double x_;
  const char* title_;
  std::vector<double> train_, validation_;
  double low_, high_, step_;
};

std::vector<double> column(const std::vector<EpochResult>& epochs, const std::function<double(const EpochResult&)>& pick) {
  std::vector<double> out;
  for (const EpochResult& e : epochs) out.push_back(pick(e));
  return out;
}

constexpr const char* kStyle = R"(<style>
text { font: 12px sans-serif; fill: #333; } .title { font-size: 16px; font-weight: bold; } .label { font-size: 13px; }
.frame { fill: none; stroke: #333; } .grid { stroke: #ddd; } .tick { stroke: #333; }
.curve { fill: none; stroke-width: 2; } .best { stroke: #888; stroke-dasharray: 5 4; } .legend { fill: #fff; stroke: #ccc; }
</style>
)";

}  // namespace

void draw_learning_curves(const std::string& path, const std::vector<EpochResult>& epochs, int best) {
  const double panel = kLeft + kWidth + kGap, width = 2 * panel, height = kTop + kHeight + kBottom + 6;
  const Panel loss(0, "Cross-entropy loss", column(epochs, [](auto& e) { return e.train.loss; }),
                   column(epochs, [](auto& e) { return e.validation.loss; }));
  const Panel accuracy(panel, "Accuracy", column(epochs, [](auto& e) { return e.train.accuracy; }),
                       column(epochs, [](auto& e) { return e.validation.accuracy; }));
  std::ofstream file(path);
  file << format("<svg xmlns='http://www.w3.org/2000/svg' width='%.0f' height='%.0f' viewBox='0 0 %.0f %.0f'>\n", width, height, width, height)
       << kStyle << "<rect width='100%' height='100%' fill='#fff'/>\n"
       << loss.svg(best) << accuracy.svg(best) << "</svg>\n";
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}
