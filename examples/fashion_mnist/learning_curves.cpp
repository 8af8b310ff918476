#include "learning_curves.h"

#include <xgrad/inspect/picture/diagram.h>

using xgrad::inspect::Diagram;

namespace {

Diagram diagram(const char* title, const std::vector<EpochResult>& epochs, int best, double Measured::*what) {
  std::vector<double> train, validation;
  for (const EpochResult& e : epochs) {
    train.push_back(e.train.*what);
    validation.push_back(e.validation.*what);
  }
  return {title,
          "epoch",
          {{"training", "#2166ac", 1, train, true}, {"validation", "#e08214", 1, validation, true}},
          static_cast<double>(best),
          "weights kept"};
}

}  // namespace

void draw_learning_curves(const std::string& path, const std::vector<EpochResult>& epochs, int best) {
  xgrad::inspect::draw_diagrams(
      path, {diagram("Cross-entropy loss", epochs, best, &Measured::loss), diagram("Accuracy", epochs, best, &Measured::accuracy)});
}
