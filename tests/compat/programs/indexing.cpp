// Random indices of every kind, legal and not: what they choose, of which sizes and strides, the gradient, what they put, and what is wrong.
#include <torch/torch.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

using torch::indexing::TensorIndex;

namespace {

// The same on every platform.
class Draw {
 public:
  explicit Draw(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
  int64_t below(int64_t n) {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<int64_t>((state_ >> 11) % static_cast<uint64_t>(n));
  }
  int64_t between(int64_t low, int64_t high) { return low + below(high - low + 1); }
  bool one_in(int64_t n) { return below(n) == 0; }

 private:
  uint64_t state_;
};

std::vector<int64_t> sizes_of(Draw& draw, int64_t dims) {
  std::vector<int64_t> sizes;
  for (int64_t i = 0; i < dims; ++i) sizes.push_back(draw.one_in(12) ? 0 : draw.between(1, 4));
  return sizes;
}

torch::Tensor numbered(std::vector<int64_t> sizes, torch::Dtype dtype, double first) {
  int64_t n = 1;
  for (int64_t s : sizes) n *= s;
  return torch::arange(n, torch::kDouble).add(first).to(dtype).reshape(sizes);
}

// Row-major, transposed, every second element, or the same along an axis.
torch::Tensor source(Draw& draw, torch::Dtype dtype) {
  std::vector<int64_t> sizes = sizes_of(draw, draw.between(0, 4));
  const auto dims = static_cast<int64_t>(sizes.size());
  switch (dims > 0 ? draw.below(6) : 0) {
    case 1: {
      const int64_t axis = draw.below(dims);
      return numbered(sizes, dtype, 1).transpose(axis, draw.below(dims));
    }
    case 2: {
      const auto axis = static_cast<size_t>(draw.below(dims));
      sizes[axis] *= 2;
      return numbered(sizes, dtype, 1).slice(static_cast<int64_t>(axis), 0, sizes[axis], 2);
    }
    case 3:
      return numbered(sizes, dtype, 1).permute([&] {
        std::vector<int64_t> order;
        for (int64_t i = 0; i < dims; ++i) order.push_back((i + 1) % dims);
        return order;
      }());
    default: return numbered(sizes, dtype, 1);
  }
}

// Mostly positions that exist, in the given shape.
torch::Tensor positions(Draw& draw, const std::vector<int64_t>& shape, int64_t size, bool wild) {
  int64_t n = 1;
  for (int64_t s : shape) n *= s;
  std::vector<int64_t> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(size == 0 || (wild && draw.one_in(6)) ? draw.between(-6, 6) : draw.between(-size, size - 1));
  return torch::tensor(values, torch::kLong).reshape(shape);
}

torch::Tensor mask(Draw& draw, const std::vector<int64_t>& shape, torch::Dtype dtype) {
  int64_t n = 1;
  for (int64_t s : shape) n *= s;
  std::vector<int64_t> values;
  for (int64_t i = 0; i < n; ++i) values.push_back(draw.below(2));
  return torch::tensor(values, torch::kLong).reshape(shape).to(dtype);
}

c10::optional<int64_t> end(Draw& draw) {
  if (draw.one_in(3)) return c10::nullopt;
  return draw.between(-7, 7);
}

struct Indices {
  std::vector<TensorIndex> list;
  std::string text;

  void add(TensorIndex index, const std::string& shown) {
    list.push_back(std::move(index));
    text += (text.empty() ? "" : ", ") + shown;
  }
  void add(const torch::Tensor& t, const char* kind) {
    std::ostringstream shown;
    shown << kind << t.sizes();
    add(TensorIndex(t), shown.str());
  }
};

// `size`: of the axis it meets; `rest`: of that and what follows.
void add_index(Draw& draw, Indices& indices, const std::vector<int64_t>& rest, const std::vector<int64_t>& common, bool wild, size_t& taken) {
  const int64_t size = rest.empty() ? 0 : rest[0];
  taken = 1;
  switch (draw.below(wild ? 18 : 13)) {
    case 0: taken = 0; return indices.add(torch::indexing::None, "None");
    case 1: taken = 0; return indices.add(torch::indexing::Ellipsis, "...");
    case 2:
    case 3: {
      const auto start = end(draw), stop = end(draw);
      c10::optional<int64_t> step;
      if (draw.one_in(2)) step = draw.between(wild ? -1 : 1, 3);
      std::ostringstream shown;
      shown << (start ? std::to_string(*start) : "") << ':' << (stop ? std::to_string(*stop) : "") << ':' << (step ? std::to_string(*step) : "");
      if (step && *step == 0) return indices.add(torch::indexing::Slice(), ":");
      return indices.add(torch::indexing::Slice(start, stop, step), shown.str());
    }
    case 4:
    case 5: {
      const int64_t at = size == 0 || (wild && draw.one_in(4)) ? draw.between(-6, 6) : draw.between(-size, size - 1);
      return indices.add(at, std::to_string(at));
    }
    case 6: {
      const bool value = draw.one_in(2);
      taken = 0;
      return indices.add(value, value ? "true" : "false");
    }
    case 7:
    case 8: return indices.add(positions(draw, common, size, wild), "long");
    case 9: {
      std::vector<int64_t> shape = common;  // that broadcasts
      for (int64_t& s : shape)
        if (draw.one_in(2)) s = 1;
      if (!shape.empty() && draw.one_in(2)) shape.erase(shape.begin());
      return indices.add(positions(draw, shape, size, wild), "long");
    }
    case 10: return indices.add(mask(draw, {size}, torch::kBool), "bool");
    case 11: {
      const auto n = static_cast<size_t>(draw.between(0, std::min<int64_t>(2, static_cast<int64_t>(rest.size()))));
      taken = n;
      return indices.add(mask(draw, {rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(n)}, torch::kBool), "bool");
    }
    case 12: return indices.add(mask(draw, {size}, torch::kByte), "byte");
    case 13: return indices.add(positions(draw, sizes_of(draw, draw.between(0, 2)), size, true), "long");
    case 14: return indices.add(mask(draw, sizes_of(draw, draw.between(0, 3)), torch::kBool), "bool");
    case 15: return indices.add(mask(draw, sizes_of(draw, draw.between(0, 2)), torch::kByte), "byte");
    case 16: return indices.add(positions(draw, sizes_of(draw, draw.between(0, 1)), size, false).to(torch::kInt), "int");
    default: {
      const torch::Dtype odd[] = {torch::kFloat, torch::kShort, torch::kChar};
      const torch::Dtype dtype = odd[draw.below(3)];
      return indices.add(torch::zeros(sizes_of(draw, draw.between(0, 1)), dtype), "odd");
    }
  }
}

Indices random_indices(Draw& draw, const torch::Tensor& x, bool wild) {
  Indices indices;
  std::vector<int64_t> rest = x.sizes().vec();
  const std::vector<int64_t> common = sizes_of(draw, draw.between(0, 2));
  const int64_t count = draw.between(draw.one_in(40) ? 0 : 1, x.dim() + (wild ? 2 : 1));
  bool dots = false;
  for (int64_t i = 0; i < count; ++i) {
    if (rest.empty() && !wild) break;
    const size_t before = indices.list.size();
    size_t taken = 0;
    add_index(draw, indices, rest, common, wild, taken);
    if (indices.list[before].is_ellipsis() && !wild) {
      const int64_t left = std::max<int64_t>(0, static_cast<int64_t>(rest.size()) - (dots ? 0 : 1));
      taken = static_cast<size_t>(draw.between(0, left));  // what follows may fit by chance
      dots = true;
    }
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(taken, rest.size())));
  }
  return indices;
}

// Tells which elements there are and where, of whole numbers.
int64_t digest(const torch::Tensor& t) {
  const auto flat = t.detach().to(torch::kLong).contiguous().reshape({-1});
  const int64_t* p = flat.data_ptr<int64_t>();
  uint64_t sum = 0;
  for (int64_t i = 0; i < flat.numel(); ++i) sum = sum * 31 + static_cast<uint64_t>(p[i]) + 7;
  return static_cast<int64_t>(sum % 1000003);
}

std::string layout(const torch::Tensor& t) {
  std::ostringstream shown;
  shown << t.sizes();
  if (t.numel() > 0) shown << '/' << t.strides();
  return shown.str();
}

// What is wrong in the words that both libraries use.
std::string phrase(const std::string& text) {
  static const char* const known[] = {"too many indices for tensor of dimension",
                                      "invalid index of a 0-dim tensor",
                                      "slice() cannot be applied to a 0-dim tensor.",
                                      "is out of bounds for dimension",
                                      "shape mismatch: indexing tensors could not be broadcast together with shapes",
                                      "shape mismatch: value tensor of shape",
                                      "step must be greater than zero",
                                      "is not valid syntax",
                                      "source and destination dtypes match"};
  // Of two that don't fit either may be told.
  for (const char* each : {"The shape of the mask", "must be long, byte or bool tensors", "Dimension out of range"})
    if (text.find(each) != std::string::npos) return "unfit";
  // An axis too many or of another size: libtorch has a text for each way to a copy.
  static const char* const of_sizes[] = {"must match the size of tensor", "doesn't match the broadcast shape", "must match the existing size",
                                         "the number of sizes provided"};
  for (const char* each : of_sizes)
    if (text.find(each) != std::string::npos) return "sizes";
  const size_t newline = text.find('\n');
  for (const char* each : known) {
    const size_t at = text.find(each);
    if (at != std::string::npos) return each;
  }
  return text.substr(0, newline);
}

int64_t warnings = 0;

template <class F> void attempt(F f) {
  const int64_t before = warnings;
  try {
    f();
    if (warnings > before) std::cout << " warned";
  } catch (const c10::IndexError& e) {
    std::cout << " IndexError: " << phrase(e.what());
  } catch (const c10::ValueError& e) {
    std::cout << " ValueError: " << phrase(e.what());
  } catch (const c10::Error& e) {
    std::cout << " Error: " << phrase(e.what());
  }
}

std::vector<int64_t> shape_of_values(Draw& draw, std::vector<int64_t> shape) {
  switch (draw.below(6)) {
    case 0: return {};
    case 1:
      for (int64_t& s : shape)
        if (draw.one_in(2)) s = 1;
      return shape;
    case 2:
      if (!shape.empty()) shape.erase(shape.begin());
      return shape;
    case 3: shape.insert(shape.begin(), draw.one_in(2) ? 1 : 2); return shape;
    case 4: return sizes_of(draw, draw.between(0, 2));
    default: return shape;
  }
}

void try_case(uint64_t seed) {
  Draw draw(seed);
  for (int i = 0; i < 20; ++i) draw.below(2);
  const bool wild = draw.one_in(3);
  const auto x = source(draw, torch::kDouble);
  const Indices indices = random_indices(draw, x, wild);
  if (x.dim() == 0 && indices.list.size() == 1 && indices.list[0].is_integer()) return;  // libtorch looks for the size of an axis that is not there
  std::cout << seed << ' ' << layout(x) << '[' << indices.text << ']';
  torch::Tensor y;
  attempt([&] {
    const auto leaf = x.detach().requires_grad_();
    y = leaf.index(indices.list);
    std::cout << " get " << layout(y) << ' ' << digest(y) << (y.is_alias_of(leaf) ? " view" : "");
    (y * numbered(y.sizes().vec(), torch::kDouble, 2)).sum().backward();
    std::cout << " grad " << digest(leaf.grad());
  });
  const std::vector<int64_t> shape = y.defined() ? shape_of_values(draw, y.sizes().vec()) : std::vector<int64_t>();
  const auto values = numbered(shape, y.defined() && draw.one_in(12) ? torch::kFloat : torch::kDouble, 100);
  std::cout << "\n  put " << values.sizes();
  attempt([&] {
    const auto leaf = x.clone().requires_grad_(), added = values.detach().requires_grad_();
    auto target = leaf * 1;
    target.index_put_(indices.list, added);
    std::cout << ' ' << digest(target);
    (target * numbered(target.sizes().vec(), torch::kDouble, 2)).sum().backward();
    std::cout << " grad " << digest(leaf.grad());
    if (added.grad().defined()) std::cout << ' ' << digest(added.grad());
  });
  attempt([&] {
    auto target = x.clone();
    target.index_put_(indices.list, 7);
    std::cout << " fill " << digest(target);
  });
  attempt([&] {
    auto target = x.clone();
    target.index(indices.list) = values;
    std::cout << " set " << digest(target);
  });
  std::cout << '\n';
}

// Tensors alone, for the functions that take a list of them.
void try_tensors(uint64_t seed) {
  Draw draw(seed);
  for (int i = 0; i < 20; ++i) draw.below(2);
  const bool wild = draw.one_in(3);
  const torch::Dtype dtypes[] = {torch::kDouble, torch::kFloat, torch::kLong, torch::kInt, torch::kByte, torch::kHalf};
  const torch::Dtype dtype = dtypes[draw.below(6)];
  const auto x = source(draw, dtype);
  const std::vector<int64_t> common = sizes_of(draw, draw.between(0, 2));
  std::vector<int64_t> rest = x.sizes().vec();
  std::vector<torch::Tensor> list;
  std::ostringstream text;
  for (int64_t i = draw.between(1, 3); i > 0; --i) {
    Indices one;
    size_t taken = 1;
    if (!draw.one_in(4)) add_index(draw, one, rest, common, wild, taken);
    // Of a mask without axes in such a list libtorch makes nothing, and then another number of indices or an internal error.
    const auto is_number = [](const torch::Tensor& t) { return t.dim() == 0 && t.scalar_type() != torch::kLong; };
    const bool tensor = !one.list.empty() && one.list[0].is_tensor() && !is_number(one.list[0].tensor());
    list.push_back(tensor ? one.list[0].tensor() : torch::Tensor());
    text << ' ' << (tensor ? one.text : "whole");
    if (!tensor) taken = 1;
    rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(std::min(taken, rest.size())));
  }
  if (std::none_of(list.begin(), list.end(), [](const torch::Tensor& t) { return t.defined(); })) list[0] = torch::zeros({1}, torch::kLong);
  const auto whole = [](const torch::Tensor& t) { return !t.defined(); };
  while (list.size() > 1 && whole(list.back())) list.pop_back();
  const size_t count = list.size();
  const bool accumulate = draw.one_in(2);
  std::cout << seed << ' ' << layout(x) << ' ' << x.dtype() << text.str() << " of " << count;
  torch::Tensor y;
  attempt([&] {
    y = count == 1 ? torch::index(x, {list[0]}) : count == 2 ? torch::index(x, {list[0], list[1]}) : torch::index(x, {list[0], list[1], list[2]});
    std::cout << " get " << layout(y) << ' ' << digest(y);
  });
  const torch::Dtype dtype_of_values = y.defined() && draw.one_in(12) ? torch::kDouble : dtype;
  const auto values = numbered(y.defined() ? shape_of_values(draw, y.sizes().vec()) : std::vector<int64_t>(), dtype_of_values, 3);
  std::cout << "\n  put" << (accumulate ? " add " : " ") << values.sizes();
  attempt([&] {
    auto target = x.clone();
    if (count == 1) torch::index_put_(target, {list[0]}, values, accumulate);
    else if (count == 2) torch::index_put_(target, {list[0], list[1]}, values, accumulate);
    else torch::index_put_(target, {list[0], list[1], list[2]}, values, accumulate);
    std::cout << ' ' << digest(target);
    if (count == 2) std::cout << ' ' << digest(torch::index_put(x, {list[0], list[1]}, values, accumulate));
  });
  std::cout << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const int64_t first = argc > 1 ? std::atoll(argv[1]) : 0, count = argc > 2 ? std::atoll(argv[2]) : 300;
  struct Quiet : c10::WarningHandler {
    void process(const c10::SourceLocation&, const std::string&, const bool) override { ++warnings; }
  } quiet;
  const c10::Warning::WarningHandlerGuard guard(&quiet);
  c10::Warning::WarnAlways always;
  for (int64_t seed = first; seed < first + count; ++seed) {
    try_case(static_cast<uint64_t>(seed));
    try_tensors(static_cast<uint64_t>(seed));
  }
}
