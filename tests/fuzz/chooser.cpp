#include "chooser.h"

#include <algorithm>

#include "rules.h"

namespace graphs {
namespace {

bool is_leaf(const Step& s) { return s.operation == 0; }
bool is_module(const Step& s) { return s.operation > 0 && operations()[static_cast<size_t>(s.operation)].results == 'm'; }
bool is_parameter(const Step& s, int place) { return is_module(s) && place % kResults >= kParameters; }

}  // namespace

Chooser::Chooser(uint64_t seed, Program& program) : random(seed), program_(program) {
  dtype_ = random.chance(80) ? torch::kDouble : torch::kFloat;
  mixed_ = random.chance(25);
}

// ---- leaves

Sizes Chooser::random_sizes(int64_t least, int64_t most) {
  static constexpr int kAxes[] = {0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4};
  Sizes sizes(static_cast<size_t>(std::clamp<int64_t>(kAxes[random.below(14)], least, most)));
  for (int64_t& n : sizes) n = random.one_of<int64_t>({1, 1, 2, 2, 2, 3, 3, 3, 4, 5});
  if (!sizes.empty() && random.chance(4)) sizes[static_cast<size_t>(random.below(static_cast<int64_t>(sizes.size())))] = 0;
  return sizes;
}

torch::ScalarType Chooser::dtype() {
  if (!mixed_ || random.chance(55)) return dtype_;
  return random.one_of({torch::kDouble, torch::kFloat, torch::kFloat, torch::kLong, torch::kInt, torch::kByte, torch::kBool});
}

int Chooser::leaf(const Sizes& sizes, torch::ScalarType dtype, Fill fill) {
  Step s;
  s.i = std::find(std::begin(kLeafDtypes), std::end(kLeafDtypes), dtype) - std::begin(kLeafDtypes);
  s.j = fill;
  s.k = static_cast<int64_t>(random.next() >> 40);
  s.p = sizes;
  s.flag = (dtype == torch::kDouble || dtype == torch::kFloat) && random.chance(70);
  return run(s);
}

int Chooser::leaf(const Sizes& sizes) { return leaf(sizes, dtype(), random.chance(40) ? kHalves : random.chance(20) ? kPositive : kUniform); }

int Chooser::index_leaf(const Sizes& sizes, int64_t bound) {
  Step s;
  s.i = 2;
  s.j = kIndex;
  s.k = static_cast<int64_t>(random.next() >> 40);
  s.l = bound;
  s.p = sizes;
  return run(s);
}

int Chooser::still(int place) {
  Step s;
  static const int detach = operation_of("x.detach()");
  s.operation = detach;
  s.named = {place};
  return run(s);
}

// ---- values at hand

int Chooser::any(int64_t least, int64_t most) {
  if (edits_ && !edited_chosen_) {
    const int place = editable(least, most, false);
    if (place >= 0) return place;
  }
  const int found = random.chance(90) ? find([&](const Tensor& t) { return t.dim() >= least && t.dim() <= most; }) : -1;
  return found >= 0 ? found : leaf(random_sizes(least, most));
}

int Chooser::floating(int64_t least, int64_t most) {
  if (edits_ && !edited_chosen_) {
    const int place = editable(least, most, true);
    if (place >= 0) return place;
  }
  const int found = random.chance(90) ? find([&](const Tensor& t) { return t.is_floating_point() && t.dim() >= least && t.dim() <= most; }) : -1;
  return found >= 0 ? found : leaf(random_sizes(least, most), dtype_, random.chance(40) ? kHalves : kUniform);
}

int Chooser::differentiable() {
  const int places = program_.places();
  for (int attempt = 0; attempt < 20; ++attempt) {
    const int64_t back = attempt < 10 ? random.below(std::min(places, 3 * kResults)) : random.below(places);
    const int place = places - 1 - static_cast<int>(back);
    if (value(place).defined() && value(place).is_floating_point() && differentiable_[static_cast<size_t>(place / kResults)]) return place;
  }
  return -1;
}

int Chooser::editable(int64_t least, int64_t most, bool floating) {
  edited_chosen_ = true;
  const int places = program_.places();
  for (int attempt = 0; attempt < 12; ++attempt) {
    const int place = static_cast<int>(random.below(places));
    const size_t step = static_cast<size_t>(place / kResults);
    const Tensor& t = value(place);
    if (!t.defined() || t.numel() > kLargest || t.dim() < least || t.dim() > most || (floating && !t.is_floating_point())) continue;
    const bool leaf = is_leaf(program_.steps()[step]) || is_parameter(program_.steps()[step], place);
    if (!(leaf && differentiable_[step]) || random.chance(3)) return place;
  }
  return -1;
}

int Chooser::of_sizes(const Sizes& sizes, int x) {
  const torch::ScalarType dtype = value(x).scalar_type();
  const bool other = mixed_ && random.chance(15);
  if (random.chance(60)) {
    const int found = find([&](const Tensor& t) { return t.sizes().vec() == sizes && (other || t.scalar_type() == dtype); });
    if (found >= 0) return found;
  }
  return other ? leaf(sizes) : leaf(sizes, dtype, random.chance(40) ? kHalves : kUniform);
}

int Chooser::partner(int x, bool into) {
  const Sizes whole = sizes(x);
  const bool other = mixed_ && random.chance(40);
  if (random.chance(55)) {
    const int found = find([&](const Tensor& t) {
      if (!other && t.scalar_type() != value(x).scalar_type()) return false;
      const Sizes mine = t.sizes().vec();
      int64_t numel = 1;
      for (size_t n = 0; n < std::max(mine.size(), whole.size()); ++n) {
        const int64_t here = n < mine.size() ? mine[mine.size() - 1 - n] : 1, there = n < whole.size() ? whole[whole.size() - 1 - n] : 1;
        if (here != there && here != 1 && (into || there != 1)) return false;
        numel *= std::max(here, there);
      }
      return numel <= 300 && (!into || mine.size() <= whole.size());
    });
    if (found >= 0) return found;
  }
  Sizes sizes = whole;
  if (!sizes.empty() && random.chance(30)) sizes.erase(sizes.begin(), sizes.begin() + random.below(static_cast<int64_t>(sizes.size()) + 1));
  for (int64_t& n : sizes) {
    if (random.chance(20)) n = 1;
    else if (n == 1 && !into && random.chance(20)) n = 2;
  }
  return other ? leaf(sizes) : leaf(sizes, value(x).scalar_type(), random.chance(40) ? kHalves : kUniform);
}

int Chooser::filled_as(int x, Fill fill) { return leaf(sizes(x), value(x).scalar_type(), fill); }

int64_t Chooser::axis(int x) {
  const int64_t n = std::max<int64_t>(dim(x), 1);
  return random.below(n) - (random.chance(30) ? n : 0);
}

Sizes Chooser::some_axes(int x) {
  Sizes axes;
  for (int64_t d = 0; d < dim(x); ++d) {
    if (random.chance(50)) axes.insert(random.chance(50) ? axes.begin() : axes.end(), random.chance(80) ? d : d - dim(x));
  }
  if (axes.empty() && dim(x) > 0 && random.chance(90)) axes.push_back(random.below(dim(x)));
  return axes;
}

std::vector<int> Chooser::sources(int y) {
  std::vector<bool> seen(static_cast<size_t>(program_.places()));
  std::vector<int> stack = {y}, reached;
  while (!stack.empty()) {
    const int place = stack.back();
    stack.pop_back();
    if (place < 0 || seen[static_cast<size_t>(place)]) continue;
    seen[static_cast<size_t>(place)] = true;
    const size_t step = static_cast<size_t>(place / kResults);
    if (!value(place).defined() || !differentiable_[step] || !value(place).is_floating_point()) continue;
    const Step& s = program_.steps()[step];
    if (is_leaf(s) || is_parameter(s, place)) reached.push_back(place);
    else if (random.chance(10)) reached.push_back(place);
    if (is_parameter(s, place)) continue;
    if (is_module(s)) {
      for (int n = kParameters; n < kResults; ++n) stack.push_back(static_cast<int>(step) * kResults + n);
    }
    stack.insert(stack.end(), s.named.begin(), s.named.end());
    stack.insert(stack.end(), s.list.begin(), s.list.end());
  }
  while (reached.size() > 3) reached.erase(reached.begin() + random.below(static_cast<int64_t>(reached.size())));
  return reached;
}

// ---- steps

int Chooser::run(const Step& step) {
  bool differentiable = is_leaf(step) ? step.flag : is_module(step) && !step.quiet;
  if (!is_leaf(step) && !step.quiet) {
    for (const std::vector<int>* places : {&step.named, &step.list}) {
      for (const int place : *places) differentiable |= place >= 0 && differentiable_[static_cast<size_t>(place / kResults)];
    }
  }
  differentiable_.push_back(differentiable);
  running_ = program_.run(step);
  return program_.places() - kResults;
}

void Chooser::numbers(Step& step) {
  step.a = random.one_of({0.5, 1.0, 2.0, -1.0, 0.25, 3.0, -0.5, 0.0, 1.5});
  step.b = random.one_of({0.5, 1.0, 2.0, 0.25, 1.5});
  step.flag = random.chance(50);
  step.seed = random.below(1000);
}

bool Chooser::step() {
  int64_t ticket = random.below(total_weight());
  const Family* family = families().data();
  for (; ticket >= family->weight; ++family) ticket -= family->weight;
  Step s;
  s.operation = static_cast<int>(random.between(family->first, family->last - 1));
  numbers(s);
  s.quiet = random.chance(4);
  edits_ = operations()[static_cast<size_t>(s.operation)].effect == Effect::Edit;
  edited_chosen_ = false;
  if (!operations()[static_cast<size_t>(s.operation)].rule(*this, s) || !running_) return false;
  run(s);
  return true;
}

void Chooser::sweeps() {
  const int orders = static_cast<int>(random.one_of({1, 1, 2, 2, 2, 3}));
  for (int order = 1; order <= orders && running_; ++order) {
    Step s;
    numbers(s);
    static const int grad = operation_of("torch::autograd::grad({x}, xs, {y}, flag, k, true)");
    s.operation = grad;
    if (!grad_rule(*this, s)) return;
    s.k = order < orders;
    s.flag = s.k || random.chance(40);
    run(s);
    if (order == orders) return;
    const int more = static_cast<int>(random.between(0, 3));
    for (int n = 0; n < more && running_; ++n) step();
  }
}

void Chooser::write() {
  const int leaves = static_cast<int>(random.between(1, 3));
  for (int n = 0; n < leaves; ++n) leaf(random_sizes());
  const int steps = static_cast<int>(random.between(2, 12));
  for (int n = 0; n < steps && running_; ++n) step();
  if (running_) sweeps();
  if (running_ && random.chance(15)) sweeps();
  program_.finish();
}

}  // namespace graphs
