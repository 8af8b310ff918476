#include <xgrad/inspect/graph/layered_layout.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace torch { inline namespace xgrad { namespace inspect {

namespace {

constexpr double kBetweenBoxes = 22, kBetweenLayers = 34;
constexpr int kOrderings = 12, kMoves = 24;

// A box, or where an edge passes a layer.
struct Place {
  size_t layer;
  double width, height, x = 0;
  bool passes = false;
  std::vector<size_t> above, below;
};

class Layers {
 public:
  explicit Layers(const std::vector<LayoutBox>& boxes) {
    choose_layers(boxes);
    for (size_t i = 0; i < boxes.size(); ++i)
      for (const size_t input : boxes[i].inputs) connect(input, i);
    for (size_t i = 0; i < places_.size(); ++i) layers_[places_[i].layer].push_back(i);
    for (int round = 0; round < kOrderings; ++round) order(round % 2 == 0);
    restore_best();
    for (auto& layer : layers_) {
      double x = 0;
      for (const size_t p : layer) {
        places_[p].x = x + places_[p].width / 2;
        x += places_[p].width + kBetweenBoxes;
      }
    }
    for (int round = 0; round < kMoves; ++round) move(round % 2 == 0);
  }

  std::vector<LayoutEdge> finish(std::vector<LayoutBox>& boxes, Point& size) {
    double left = std::numeric_limits<double>::max(), right = 0, y = 0;
    for (const Place& p : places_) left = std::min(left, p.x - p.width / 2);
    std::vector<double> tops, heights;
    for (const auto& layer : layers_) {
      double height = 0;
      for (const size_t p : layer) {
        places_[p].x -= left;
        height = std::max(height, places_[p].height);
        right = std::max(right, places_[p].x + places_[p].width / 2);
      }
      tops.push_back(y);
      heights.push_back(height);
      y += height + kBetweenLayers;
    }
    for (size_t i = 0; i < boxes.size(); ++i) boxes[i].centre = {places_[i].x, tops[places_[i].layer] + heights[places_[i].layer] / 2};
    size = {right, std::max(0.0, y - kBetweenLayers)};

    std::vector<LayoutEdge> edges;
    for (const auto& [from, to, passed] : ways_) {
      LayoutEdge edge{from, to, {{boxes[from].centre.x, boxes[from].centre.y + boxes[from].height / 2}}};
      for (const size_t p : passed) {
        edge.way.push_back({places_[p].x, tops[places_[p].layer]});
        edge.way.push_back({places_[p].x, tops[places_[p].layer] + heights[places_[p].layer]});
      }
      edge.way.push_back({boxes[to].centre.x, boxes[to].centre.y - boxes[to].height / 2});
      edges.push_back(std::move(edge));
    }
    return edges;
  }

 private:
  struct Way {
    size_t from, to;
    std::vector<size_t> passed;
  };

  void choose_layers(const std::vector<LayoutBox>& boxes) {
    size_t last = 0;
    std::vector<size_t> highest_user(boxes.size(), SIZE_MAX);
    for (const LayoutBox& box : boxes) {
      size_t layer = 0;
      for (const size_t input : box.inputs) layer = std::max(layer, places_[input].layer + 1);
      places_.push_back({layer, box.width, box.height, 0, false, {}, {}});
      last = std::max(last, layer);
    }
    // What needs nothing itself stands right above its first user.
    for (size_t i = 0; i < boxes.size(); ++i)
      for (const size_t input : boxes[i].inputs) highest_user[input] = std::min(highest_user[input], places_[i].layer);
    for (size_t i = 0; i < boxes.size(); ++i)
      if (boxes[i].inputs.empty() && highest_user[i] != SIZE_MAX) places_[i].layer = highest_user[i] - 1;
    layers_.resize(boxes.empty() ? 0 : last + 1);
  }

  void connect(size_t from, size_t to) {
    Way way{from, to, {}};
    size_t above = from;
    for (size_t layer = places_[from].layer + 1; layer < places_[to].layer; ++layer) {
      places_.push_back({layer, 4, 0, 0, true, {above}, {}});
      places_[above].below.push_back(places_.size() - 1);
      above = places_.size() - 1;
      way.passed.push_back(above);
    }
    places_[above].below.push_back(to);
    places_[to].above.push_back(above);
    ways_.push_back(std::move(way));
  }

  const std::vector<size_t>& neighbours(size_t p, bool above) const { return above ? places_[p].above : places_[p].below; }

  // Each layer by the means of its neighbours' numbers, from the top (or the bottom) on.
  void order(bool downwards) {
    number();
    for (size_t i = 0; i < layers_.size(); ++i) {
      auto& layer = layers_[downwards ? i : layers_.size() - 1 - i];
      for (const size_t p : layer) {
        const auto& near = neighbours(p, downwards);
        if (near.empty()) continue;
        double sum = 0;
        for (const size_t q : near) sum += places_[q].x;
        places_[p].x = sum / static_cast<double>(near.size());
      }
      std::stable_sort(layer.begin(), layer.end(), [this](size_t a, size_t b) { return places_[a].x < places_[b].x; });
      number();
    }
    if (const size_t now = crossings(); now < fewest_) {
      fewest_ = now;
      best_ = layers_;
    }
  }
  void number() {
    for (const auto& layer : layers_)
      for (size_t i = 0; i < layer.size(); ++i) places_[layer[i]].x = static_cast<double>(i);
  }
  void restore_best() {
    if (!best_.empty()) layers_ = best_;
  }

  size_t crossings() const {
    size_t count = 0;
    for (const auto& layer : layers_) {
      std::vector<double> ends;  // of the edges down, in the order of their beginnings
      for (const size_t p : layer) {
        std::vector<double> own;
        for (const size_t q : places_[p].below) own.push_back(places_[q].x);
        std::sort(own.begin(), own.end());
        for (const double x : own) {
          const auto after = std::upper_bound(ends.begin(), ends.end(), x);
          count += static_cast<size_t>(ends.end() - after);
        }
        const size_t sorted = ends.size();
        ends.insert(ends.end(), own.begin(), own.end());
        std::inplace_merge(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(sorted), ends.end());
      }
    }
    return count;
  }

  // How much an edge wants to be upright: that of a box which needs nothing gives way, one through layers hardly does.
  static double pull(const Place& p, const Place& q) {
    if (p.passes && q.passes) return 16;
    if (p.passes || q.passes) return 2;
    return p.above.empty() || q.above.empty() ? 0.2 : 4;
  }

  // Every layer as near as can be to the means of its neighbours, in the sense of least squares, its order and the gaps kept: an isotonic regression,
  // by pooling what would go past its neighbour.
  void move(bool downwards) {
    for (size_t i = 0; i < layers_.size(); ++i) {
      const auto& layer = layers_[downwards ? i : layers_.size() - 1 - i];
      struct Pool {
        double mean, weight;
        size_t count;
      };
      std::vector<Pool> pools;
      std::vector<double> offsets;
      double offset = 0;
      for (size_t k = 0; k < layer.size(); ++k) {
        const Place& p = places_[layer[k]];
        if (k > 0) offset += (places_[layer[k - 1]].width + p.width) / 2 + kBetweenBoxes;
        offsets.push_back(offset);
        double wanted = 0, weight = 0;
        for (const bool above : {true, false})
          for (const size_t q : neighbours(layer[k], above)) {
            const double w = pull(places_[layer[k]], places_[q]) * (above == downwards ? 2.0 : 0.5);
            wanted += w * places_[q].x;
            weight += w;
          }
        if (weight == 0) {
          wanted = p.x;
          weight = 0.01;
        } else {
          wanted /= weight;
        }
        pools.push_back({wanted - offset, weight, 1});
        while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
          const Pool last = pools.back();
          pools.pop_back();
          Pool& before = pools.back();
          before.mean = (before.mean * before.weight + last.mean * last.weight) / (before.weight + last.weight);
          before.weight += last.weight;
          before.count += last.count;
        }
      }
      size_t k = 0;
      for (const Pool& pool : pools)
        for (size_t n = 0; n < pool.count; ++n, ++k) places_[layer[k]].x = pool.mean + offsets[k];
    }
  }

  std::vector<Place> places_;  // the boxes first
  std::vector<std::vector<size_t>> layers_, best_;
  std::vector<Way> ways_;
  size_t fewest_ = SIZE_MAX;
};

}  // namespace

std::vector<LayoutEdge> lay_out(std::vector<LayoutBox>& boxes, Point& size) { return Layers(boxes).finish(boxes, size); }

}}}  // namespace torch::xgrad::inspect
