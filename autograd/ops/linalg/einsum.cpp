#include <algorithm>
#include <cctype>
#include <limits>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/graph/record.h>
#include <xgrad/autograd/ops/creation/creation.h>
#include <xgrad/autograd/ops/linalg/contraction.h>
#include <xgrad/autograd/tensor/operators.h>

#ifndef XGRAD_SAMPLES

namespace torch { inline namespace xgrad {

namespace {

constexpr const Operation& kEinsum = operation<"einsum">;

// Labels: 0..25 are A to Z, 26..51 a to z, kEllipsis the axes "..." stands for until they get labels of their own from there on, counted
// from the last.
constexpr int64_t kEllipsis = 52;
using Labels = Dims;

bool contains(const Labels& labels, int64_t label) { return std::find(labels.begin(), labels.end(), label) != labels.end(); }
int place_of(const Labels& labels, int64_t label) { return static_cast<int>(std::find(labels.begin(), labels.end(), label) - labels.begin()); }

std::string name_of(int64_t label) {
  if (label >= kEllipsis) return "...";
  return std::string(1, static_cast<char>(label < 26 ? 'A' + label : 'a' + label - 26));
}

int64_t label_of(std::string_view equation, size_t i) {
  const char c = equation[i];
  const bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
  XGRAD_CHECK(upper || lower, kEinsum, "invalid subscript given at index ", i, " in the equation string, subscripts must be in [a-zA-Z], got ",
              equation);
  return upper ? c - 'A' : c - 'a' + 26;
}

// The labels of one tensor, from `begin` on; `what` names it.
Labels parse(std::string_view equation, size_t begin, size_t end, const std::string& what) {
  Labels labels;
  for (size_t i = begin; i < end; ++i) {
    if (equation[i] == ' ') continue;
    if (equation[i] != '.') {
      labels.push_back(label_of(equation, i));
      continue;
    }
    XGRAD_CHECK(!contains(labels, kEllipsis), kEinsum, "found '.' for ", what, " for which an ellipsis was already found, got ", equation);
    XGRAD_CHECK(i + 2 < end && equation.substr(i, 3) == "...", kEinsum, "found '.' for ", what, " that is not part of any ellipsis, got ", equation);
    labels.push_back(kEllipsis);
    i += 2;
  }
  return labels;
}

// What is left of an operand: its axes, no two of one label, and none of size 1.
struct Term {
  Tensor t;
  Labels labels;
};

class Einsum {
 public:
  Einsum(std::string_view equation, TensorList operands) {
    const size_t arrow = equation.find("->"), inputs_end = std::min(arrow, equation.size());
    std::vector<Labels> inputs;
    for (size_t begin = 0;;) {
      const size_t comma = std::min(equation.find(',', begin), inputs_end);
      inputs.push_back(parse(equation, begin, comma, "operand " + std::to_string(inputs.size())));
      if (comma == inputs_end) break;
      begin = comma + 1;
    }
    XGRAD_CHECK(inputs.size() >= operands.size(), kEinsum, "more operands were provided than specified in the equation ", equation, ", got ",
                operands.size());
    XGRAD_CHECK(inputs.size() <= operands.size(), kEinsum, "fewer operands were provided than specified in the equation ", equation, ", got ",
                operands.size());
    for (size_t i = 0; i < operands.size(); ++i) replace_ellipsis(inputs[i], operands[i], i);
    set_output(equation, arrow, inputs);
    for (size_t i = 0; i < operands.size(); ++i) note_sizes(inputs[i], operands[i], i);
    for (size_t i = 0; i < operands.size(); ++i) terms_.push_back(term_of(inputs[i], operands[i]));
  }

  Tensor along(OptionalIntArrayRef path) {
    XGRAD_CHECK(!path.has_value() || path.value().size() == (terms_.size() == 1 ? 1 : 2 * (terms_.size() - 1)), kEinsum,
                "expected contraction path given in path parameter to have size ", terms_.size() == 1 ? 1 : 2 * (terms_.size() - 1), " but got ",
                path.value().size());
    for (size_t step = 0; terms_.size() > 1; ++step) {
      auto [i, j] = path.has_value() ? std::pair(path.value()[2 * step], path.value()[2 * step + 1]) : cheapest_pair();
      if (j < i) std::swap(i, j);
      XGRAD_CHECK(i != j && i >= 0 && j < static_cast<int64_t>(terms_.size()), kEinsum, "invalid contraction path provided, got [", i, ", ", j,
                  "] for ", terms_.size(), " operands");
      const Term a = terms_[static_cast<size_t>(i)], b = terms_[static_cast<size_t>(j)];
      terms_.erase(terms_.begin() + j);
      terms_.erase(terms_.begin() + i);
      Term product = contracted(a, b);
      terms_.insert(path.has_value() ? terms_.end() : terms_.begin(), std::move(product));
    }
    return result();
  }

 private:
  void replace_ellipsis(Labels& labels, const Tensor& operand, size_t i) {
    const int64_t named = static_cast<int64_t>(labels.size()) - contains(labels, kEllipsis), covered = operand.dim() - named;
    XGRAD_CHECK(covered >= 0 && (covered == 0 || contains(labels, kEllipsis)), kEinsum, "the number of subscripts in the equation (", named,
                contains(labels, kEllipsis) ? ") is more than the number of dimensions (" : ") does not match the number of dimensions (",
                operand.dim(), ") for operand ", i, contains(labels, kEllipsis) ? "" : " and no ellipsis was given");
    Labels replaced;
    for (int64_t label : labels) {
      if (label != kEllipsis) replaced.push_back(label);
      else
        for (int64_t k = covered; k-- > 0;) replaced.push_back(kEllipsis + k);
    }
    ellipsis_axes_ = std::max(ellipsis_axes_, covered);
    labels = replaced;
  }

  void add_ellipsis(Labels& labels) const {
    for (int64_t k = ellipsis_axes_; k-- > 0;) labels.push_back(kEllipsis + k);
  }

  void set_output(std::string_view equation, size_t arrow, const std::vector<Labels>& inputs) {
    int64_t count[kEllipsis] = {};
    for (const Labels& labels : inputs)
      for (int64_t label : labels)
        if (label < kEllipsis) ++count[label];
    if (arrow == std::string_view::npos) {
      add_ellipsis(output_);
      for (int64_t label = 0; label < kEllipsis; ++label)
        if (count[label] == 1) output_.push_back(label);
    } else {
      for (int64_t label : parse(equation, arrow + 2, equation.size(), "output")) {
        if (label == kEllipsis) {
          add_ellipsis(output_);
          continue;
        }
        XGRAD_CHECK(!contains(output_, label), kEinsum, "output subscript ", name_of(label), " appears more than once in the output, got ", equation);
        XGRAD_CHECK(count[label] > 0, kEinsum, "output subscript ", name_of(label), " does not appear in the equation for any input operand, got ",
                    equation);
        output_.push_back(label);
      }
    }
    order_ = output_;
    if (!contains(order_, kEllipsis)) add_ellipsis(order_);
    for (int64_t label = 0; label < kEllipsis; ++label)
      if (count[label] > 0 && !contains(output_, label)) order_.push_back(label);
    sizes_.assign(static_cast<size_t>(kEllipsis + ellipsis_axes_), 1);
  }

  int64_t& size(int64_t label) { return sizes_[static_cast<size_t>(label)]; }

  void note_sizes(const Labels& labels, const Tensor& operand, size_t i) {
    for (int axis = 0; axis < labels.size(); ++axis) {
      const int64_t n = operand.size(axis), first = operand.size(place_of(labels, labels[axis]));
      XGRAD_CHECK(n == first, kEinsum, "subscript ", name_of(labels[axis]), " is repeated for operand ", i, " but the sizes don't match, ", n,
                  " != ", first);
      int64_t& noted = size(labels[axis]);
      XGRAD_CHECK(n == noted || n == 1 || noted == 1, kEinsum, "subscript ", name_of(labels[axis]), " has size ", n, " for operand ", i,
                  " which does not broadcast with previously seen size ", noted);
      if (n != 1) noted = n;
    }
  }

  // Diagonals taken, axes of size 1 gone, the others in the order of the output.
  Term term_of(Labels labels, Tensor t) const {
    for (int axis = 0; axis < labels.size();) {
      int other = axis + 1;
      while (other < labels.size() && labels[other] != labels[axis]) ++other;
      if (other == labels.size()) {
        ++axis;
        continue;
      }
      t = t.diagonal(0, axis, other);
      Labels rest;
      for (int k = 0; k < labels.size(); ++k)
        if (k != axis && k != other) rest.push_back(labels[k]);
      rest.push_back(labels[axis]);
      labels = rest;
      axis = 0;
    }
    Dims axes;
    Labels left;
    for (int64_t label : order_)
      if (const int axis = place_of(labels, label); axis < labels.size()) {
        axes.push_back(axis);
        if (t.size(axis) != 1) left.push_back(label);
      }
    t = t.permute(axes);
    for (int axis = axes.size() - 1; axis >= 0; --axis)
      if (t.size(axis) == 1) t = t.squeeze(axis);
    return {t, left};
  }

  bool is_needed(int64_t label) const {
    return contains(output_, label) || std::any_of(terms_.begin(), terms_.end(), [&](const Term& term) { return contains(term.labels, label); });
  }

  // Multiplications, then elements of the result.
  std::pair<int64_t, int64_t> cheapest_pair() {
    if (terms_.size() == 2) return {0, 1};
    std::pair<double, std::pair<int64_t, int64_t>> best{std::numeric_limits<double>::infinity(), {0, 1}};
    for (size_t j = 1; j < terms_.size(); ++j)
      for (size_t i = 0; i < j; ++i) {
        double cost = 1;
        for (int64_t label : terms_[i].labels) cost *= static_cast<double>(size(label));
        for (int64_t label : terms_[j].labels)
          if (!contains(terms_[i].labels, label)) cost *= static_cast<double>(size(label));
        if (cost < best.first) best = {cost, {static_cast<int64_t>(i), static_cast<int64_t>(j)}};
      }
    return best.second;
  }

  // Summed over what neither the output, nor any other term, nor `other` has.
  Term without_lonely(const Term& term, const Labels& other) const {
    Dims lonely;
    Labels rest;
    for (int k = 0; k < term.labels.size(); ++k) {
      if (is_needed(term.labels[k]) || contains(other, term.labels[k])) rest.push_back(term.labels[k]);
      else lonely.push_back(k);
    }
    return lonely.empty() ? term : Term{term.t.sum(IntArrayRef(lonely)), rest};
  }

  // The term's axes in the order of these labels; of those it doesn't have, size 1.
  static Tensor arranged(const Term& term, std::initializer_list<const Labels*> groups) {
    Dims axes;
    std::vector<int> missing;
    int place = 0;
    for (const Labels* labels : groups)
      for (int64_t label : *labels) {
        const int axis = place_of(term.labels, label);
        if (axis < term.labels.size()) axes.push_back(axis);
        else missing.push_back(place);
        ++place;
      }
    Tensor t = term.t.permute(axes);
    for (int axis : missing) t = t.unsqueeze(axis);
    return t;
  }

  int64_t numel(const Labels& labels) {
    int64_t n = 1;
    for (int64_t label : labels) n *= size(label);
    return n;
  }

  // The product of two, summed over what nothing else needs.
  Term contracted(const Term& first, const Term& second) {
    const Term a = without_lonely(first, second.labels), b = without_lonely(second, first.labels);
    Labels shared, left, right, summed, all;
    for (int64_t label : order_) {
      const bool in_a = contains(a.labels, label), in_b = contains(b.labels, label);
      if (in_a && in_b) (is_needed(label) ? shared : summed).push_back(label);
      else if (in_a) left.push_back(label);
      else if (in_b) right.push_back(label);
    }
    for (const Labels* labels : {&shared, &left, &right})
      for (int64_t label : *labels) all.push_back(label);
    if (summed.empty()) return {arranged(a, {&shared, &left, &right}) * arranged(b, {&shared, &left, &right}), all};
    const int64_t batch = numel(shared), rows = numel(left), depth = numel(summed), columns = numel(right);
    Dims sizes;
    for (int64_t label : all) sizes.push_back(size(label));
    const Tensor x = arranged(a, {&shared, &left, &summed}), y = arranged(b, {&shared, &summed, &right});
    const Tensor product = shared.empty() ? mm(x.reshape({rows, depth}), y.reshape({depth, columns}))
                                          : bmm(x.reshape({batch, rows, depth}), y.reshape({batch, depth, columns}));
    return {product.view(sizes), all};
  }

  Tensor result() {
    const Term last = std::move(terms_.front());
    terms_.clear();
    const Term summed = without_lonely(last, {});
    return arranged(summed, {&output_});
  }

  int64_t ellipsis_axes_ = 0;
  Labels output_, order_;       // what is left; the same and, behind it, what is summed
  std::vector<int64_t> sizes_;  // of each label
  std::vector<Term> terms_;
};

}  // namespace

Tensor einsum(std::string_view equation, TensorList tensors, OptionalIntArrayRef path) {
  XGRAD_CHECK(tensors.size() > 0, kEinsum, "must provide at least one operand, got none for ", equation);
  return Einsum(equation, tensors).along(path);
}

}}  // namespace torch::xgrad

#else  // ---- samples

#include <xgrad/autograd/catalogue/catalogue.h>

namespace torch { inline namespace xgrad { namespace {

using catalogue::Inputs;

struct Equation {
  std::string text;
  std::vector<Dims> shapes;
};

// clang-format off
const Equation kEquations[] = {
    {"ij->ji", {{2, 3}}}, {"ij", {{2, 3}}}, {"ji", {{2, 3}}}, {"ij->", {{2, 3}}}, {"ij->j", {{2, 3}}}, {"ii->i", {{3, 3}}}, {"ii", {{3, 3}}},
    {"iij->ji", {{2, 2, 3}}}, {"iji->j", {{2, 3, 2}}}, {"iiii->i", {{2, 2, 2, 2}}}, {"...ii->...i", {{4, 3, 3}}}, {"...ij->...ji", {{2, 1, 2, 3}}},
    {"...->", {{2, 3}}}, {"i...->...", {{2, 3, 4}}}, {"i...->i", {{2, 3, 4}}}, {"", {{}}}, {"->", {{}}},
    {"i,i->i", {{3}, {3}}}, {"i,i->", {{3}, {3}}}, {"i,j->ij", {{2}, {3}}}, {"i,j->ji", {{2}, {3}}}, {"ij,jk->ik", {{2, 3}, {3, 4}}},
    {"ij,jk", {{2, 3}, {3, 4}}}, {"ij,jk->ki", {{2, 3}, {3, 4}}}, {"ij,kj->ik", {{2, 3}, {4, 3}}}, {"ij,j->i", {{2, 3}, {3}}},
    {"ij,ij->", {{2, 3}, {2, 3}}}, {"bij,bjk->bik", {{2, 3, 4}, {2, 4, 2}}}, {"bij,bjk->ik", {{2, 3, 4}, {2, 4, 2}}},
    {"bhqd,bhkd->bhqk", {{2, 2, 3, 4}, {2, 2, 5, 4}}},
    {"bqhd,bkhd->bhqk", {{2, 3, 2, 4}, {2, 5, 2, 4}}}, {"...ij,...jk->...ik", {{2, 1, 3, 4}, {5, 4, 2}}}, {"...ij,...jk", {{2, 3, 4}, {4, 2}}},
    {"i...,...j->ij...", {{2, 3}, {3, 4}}}, {"...i,...i->...", {{2, 3}, {3}}}, {"...,...->...", {{2, 3}, {3}}}, {"...i,j->...", {{2, 3}, {4}}},
    {"ij,jk->i", {{2, 3}, {3, 4}}}, {"ij,k->k", {{2, 3}, {4}}}, {"ii,ij->j", {{3, 3}, {3, 2}}}, {"ab,cd->adbc", {{2, 3}, {4, 5}}},
    {"Ab,bA->A", {{2, 3}, {3, 2}}}, {"aB", {{2, 3}}}, {" i j , j k -> i k ", {{2, 3}, {3, 4}}},
    {"ij,jk->ik", {{2, 1}, {3, 4}}}, {"ij,jk->ik", {{1, 3}, {3, 1}}}, {"ij,ij->ij", {{1, 3}, {2, 1}}}, {"ij->ij", {{1, 1}}},
    {"bij,bjk->bik", {{1, 2, 3}, {4, 3, 2}}},
    {"ij,jk,kl->il", {{2, 3}, {3, 4}, {4, 2}}}, {"i,ij,j->", {{2}, {2, 3}, {3}}}, {"bn,anm,bm->ba", {{2, 3}, {4, 3, 5}, {2, 5}}},
    {"a,b,c->cab", {{2}, {3}, {4}}},
    {"ij,jk,kl,lm->im", {{2, 3}, {3, 2}, {2, 4}, {4, 2}}}, {"ij,ij,ij->i", {{2, 3}, {2, 3}, {2, 3}}}, {"a...,...b,...->ab", {{2, 3}, {3, 4}, {3}}},
    {"ij,jk->ik", {{2, 0}, {0, 3}}}, {"ij,jk->ik", {{0, 2}, {2, 3}}}, {"i,i->i", {{0}, {0}}}, {",->", {{}, {}}}, {",ij->ij", {{}, {2, 3}}}};
// clang-format on

const catalogue::Entry einsum_entry("einsum", [](catalogue::Samples& s) {
  s.sums_depend_on_layout();
  for (const auto& [text, shapes] : kEquations) {
    std::vector<catalogue::Input> inputs;
    for (const Dims& shape : shapes) inputs.emplace_back(s.normal(shape));
    s.add("torch.einsum('" + text + "', *x)", inputs, [text = text](Inputs x) { return einsum(text, x); });
  }
  s.add("torch.einsum('ij,ij->i', x[0], x[0])", {s.normal({2, 3})}, [](Inputs x) { return einsum("ij,ij->i", {x[0], x[0]}); });
  for (const std::vector<int64_t>& path : std::vector<std::vector<int64_t>>{{1, 2, 0, 1}, {0, 2, 1, 0}, {0, 1, 0, 1}})
    s.add("torch.einsum('ij,jk,kl->il', *x)", {s.normal({2, 3}), s.normal({3, 4}), s.normal({4, 2})},
          [path](Inputs x) { return einsum("ij,jk,kl->il", x, IntArrayRef(path)); });
  s.add("torch.einsum('ij->i', x[0])", {s.normal({2, 3})}, [](Inputs x) { return einsum("ij->i", x, 0); });
  s.flat("torch.einsum('ij,jk->ik', *x)", {s.integers({2, 3}, -9, 9), s.integers({3, 2}, -9, 9)}, [](Inputs x) { return einsum("ij,jk->ik", x); });
  s.flat("torch.einsum('i,j->ij', *x)", {s.integers({2}, -9, 9), s.booleans({3})}, [](Inputs x) { return einsum("i,j->ij", x); });
  const Tensor a = ones({2, 3});
  s.rejects("no operand", "must provide at least one operand", [] { einsum("i->i", std::vector<Tensor>()); });
  s.rejects("too few operands", "fewer operands were provided than specified in the equation", [=] { einsum("ij,jk->ik", {a}); });
  s.rejects("too many operands", "more operands were provided than specified in the equation", [=] { einsum("ij->ij", {a, a}); });
  s.rejects("another character", "invalid subscript given at index 1 in the equation string, subscripts must be in [a-zA-Z]",
            [=] { einsum("i1->i", {a}); });
  s.rejects("another character in the output", "invalid subscript given at index 4 in the equation string", [=] { einsum("ij->1", {a}); });
  s.rejects("two ellipses", "found '.' for operand 0 for which an ellipsis was already found", [=] { einsum("...i...->i", {a}); });
  s.rejects("two points", "found '.' for operand 0 that is not part of any ellipsis", [=] { einsum("..i->i", {a}); });
  s.rejects("two points in the output", "found '.' for output that is not part of any ellipsis", [=] { einsum("...i->..i", {a}); });
  s.rejects("too few subscripts", "the number of subscripts in the equation (1) does not match the number of dimensions (2) for operand 0",
            [=] { einsum("i->i", {a}); });
  s.rejects("too many subscripts", "the number of subscripts in the equation (3) is more than the number of dimensions (2) for operand 0",
            [=] { einsum("...ijk->i", {a}); });
  s.rejects("an output twice", "output subscript i appears more than once in the output", [=] { einsum("ij->ii", {a}); });
  s.rejects("an output from nowhere", "output subscript k does not appear in the equation for any input operand", [=] { einsum("ij->k", {a}); });
  s.rejects("no diagonal", "subscript i is repeated for operand 0 but the sizes don't match, 3 != 2", [=] { einsum("ii->i", {a}); });
  s.rejects("sizes that differ", "subscript j has size 2 for operand 1 which does not broadcast with previously seen size 3", [=] {
    einsum("ij,jk->ik", {a, a});
  });
  s.rejects("a path that is too short", "expected contraction path given in path parameter to have size 2 but got 1", [=] {
    einsum("ij,ij->i", {a, a}, 0);
  });
  s.rejects("a path to nowhere", "invalid contraction path", [=] { einsum("ij,ij->i", {a, a}, {0, 2}); });
  s.rejects("two dtypes", "expected scalar type Float but found Double", [=] { einsum("ij,kj->ik", {a, ones({2, 3}, kDouble)}); });
});

}  // namespace

}}  // namespace torch::xgrad

#endif
