// Curves in diagrams, as an SVG picture.
#pragma once

#include <cmath>
#include <string>
#include <vector>

struct Curve {
  std::string name, colour;
  double first = 0;  // where on the horizontal axis values[0] stands; the others follow one unit apart
  std::vector<double> values;
  bool dots = false;
};

struct Diagram {
  std::string title, across;  // what the horizontal axis shows
  std::vector<Curve> curves;
  double marked = NAN;  // a vertical line
  std::string mark;
};

/// Writes the diagrams side by side. Throws when the file cannot be written.
void draw_diagrams(const std::string& path, const std::vector<Diagram>& diagrams);
