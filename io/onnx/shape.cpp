// Shapes, axes, parts and joins.
#include <algorithm>
#include <limits>
#include <numeric>

#include <xgrad/io/onnx/translation.h>

namespace torch { inline namespace xgrad { namespace onnx {

namespace {

// To the size of the result, of which one may be left to the reader.
void reshape(const Call& c, const char*) {
  SymbolicSizes sizes = c.out_sizes();
  const auto grows = [](const Symbolic& s) { return !s.is_fixed(); };
  const bool empty = std::find(sizes.begin(), sizes.end(), Symbolic{}) != sizes.end();  // 0 would stand for the input's size
  if (empty) c.refuse("its result is empty");
  if (std::count_if(sizes.begin(), sizes.end(), grows) == 1) *std::find_if(sizes.begin(), sizes.end(), grows) = {0, -1};
  c.node_result("Reshape", {c.in(0), c.t.sizes(sizes)});
}

std::vector<int64_t> all_axes(const Call& c) {
  std::vector<int64_t> order(static_cast<size_t>(c.rank()));
  std::iota(order.begin(), order.end(), 0);
  return order;
}

void permute(const Call& c, const char*) {
  std::vector<int64_t> order = c.integers("dims");
  for (int64_t& axis : order) axis += axis < 0 ? c.rank() : 0;
  c.node_result("Transpose", {c.in(0)}, {{"perm", order}});
}

void transpose(const Call& c, const char*) {
  std::vector<int64_t> order = all_axes(c);
  if (order.empty()) return c.result(c.in(0));
  std::swap(order[static_cast<size_t>(c.axis("dim0"))], order[static_cast<size_t>(c.axis("dim1"))]);
  c.node_result("Transpose", {c.in(0)}, {{"perm", order}});
}

void t(const Call& c, const char*) {
  if (c.rank() < 2) return c.result(c.in(0));
  c.node_result("Transpose", {c.in(0)}, {{"perm", std::vector<int64_t>{1, 0}}});
}

void unsqueeze(const Call& c, const char*) { c.node_result("Unsqueeze", {c.in(0), c.vector({c.axis("dim", 1)})}); }

void expand(const Call& c, const char*) { c.node_result("Expand", {c.in(0), c.t.sizes(c.out_sizes())}); }

void repeat(const Call& c, const char*) {
  const SymbolicSizes repeats = c.symbolic_list("repeats");
  std::string x = c.in(0);
  if (const auto more = static_cast<int64_t>(repeats.size()) - c.rank(); more > 0) {
    std::vector<int64_t> front(static_cast<size_t>(more));
    std::iota(front.begin(), front.end(), 0);
    x = c.node("Unsqueeze", {x, c.vector(front)});
  }
  c.node_result("Tile", {x, c.t.sizes(repeats)});
}

// A place counted from the end, where it is given so.
Symbolic from_the_front(Symbolic place, Symbolic length) {
  if (place.at(1) < 0 && place.is_fixed()) return {length.per_batch, length.rest + place.rest};
  return place;
}

void slice(const Call& c, const char*) {
  const int64_t axis = c.axis();
  const Symbolic length = c.in_sizes()[static_cast<size_t>(axis)];
  const auto place = [&](const char* name, Symbolic otherwise) { return c.is_given(name) ? from_the_front(c.symbolic(name), length) : otherwise; };
  const Symbolic start = place("start", {}), end = place("end", length);
  const bool to_the_end = end == length || (end.is_fixed() && end.rest == std::numeric_limits<int64_t>::max());
  c.node_result("Slice", {c.in(0), c.t.sizes({start}), to_the_end ? c.vector({std::numeric_limits<int64_t>::max()}) : c.t.sizes({end}),
                          c.vector({axis}), c.vector({c.is_given("step") ? c.integer("step") : 1})});
}

void select(const Call& c, const char*) {
  const int64_t axis = c.axis();
  const Symbolic place = from_the_front(c.symbolic("index"), c.in_sizes()[static_cast<size_t>(axis)]);
  if (place.is_fixed()) return c.node_result("Gather", {c.in(0), c.scalar(static_cast<double>(place.rest), kLong)}, {{"axis", axis}});
  c.node_result("Squeeze", {c.node("Gather", {c.in(0), c.t.sizes({place})}, {{"axis", axis}}), c.vector({axis})});
}

// Views of size `size` every `step` along an axis, which become the last.
void unfold(const Call& c, const char*) {
  const int64_t axis = c.axis("dimension"), size = c.integer("size"), step = c.integer("step");
  const int64_t windows = c.out_sizes()[static_cast<size_t>(axis)].is_fixed() ? c.out_sizes()[static_cast<size_t>(axis)].rest : -1;
  if (windows < 0) c.refuse("it unfolds the batch");
  std::vector<int64_t> places;
  for (int64_t w = 0; w < windows; ++w)
    for (int64_t i = 0; i < size; ++i) places.push_back(w * step + i);
  const std::string at = c.t.constant(tensor(IntArrayRef(places), kLong).view({windows, size}));
  const std::string y = c.node("Gather", {c.in(0), at}, {{"axis", axis}});  // [..., windows, size, ...]
  std::vector<int64_t> order(static_cast<size_t>(c.rank() + 1));
  std::iota(order.begin(), order.end(), 0);
  order.erase(order.begin() + axis + 1);
  order.push_back(axis + 1);
  c.node_result("Transpose", {y}, {{"perm", order}});
}

void cat(const Call& c, const char* onnx) {
  Names parts;
  const bool stacks = std::string(onnx) == "stack";
  const int64_t axes = c.output().sizes.size(), dim = c.integer("dim"), axis = dim < 0 ? dim + axes : dim;
  for (size_t i = 0; i < c.inputs(); ++i) {
    if (!stacks && c.rank(i) == 1 && axes != 1) continue;  // an empty one that PyTorch lets pass
    const std::string x = c.in(i, c.output().dtype);
    parts.push_back(stacks ? c.node("Unsqueeze", {x, c.vector({axis})}) : x);
  }
  c.node_result("Concat", parts, {{"axis", axis}});
}

// split, chunk, unbind: one slice for each result that is read.
void split(const Call& c, const char* onnx) {
  const bool unbinds = std::string(onnx) == "unbind";
  const int64_t axis = c.axis();
  Symbolic start;
  for (size_t i = 0;; ++i) {
    if (i >= c.outputs()) break;
    if (unbinds) {
      if (c.is_read(i)) c.result(c.node("Gather", {c.in(0), c.scalar(static_cast<double>(i), kLong)}, {{"axis", axis}}), i);
      continue;
    }
    const Symbolic length = c.out_sizes(i)[static_cast<size_t>(axis)], end{start.per_batch + length.per_batch, start.rest + length.rest};
    if (c.is_read(i)) c.result(c.node("Slice", {c.in(0), c.t.sizes({start}), c.t.sizes({end}), c.vector({axis}), c.vector({1})}), i);
    start = end;
  }
}

void flip(const Call& c, const char*) {
  std::string x = c.in(0);
  for (int64_t axis : c.integers("dims"))
    x = c.node("Slice",
               {x, c.vector({-1}), c.vector({std::numeric_limits<int64_t>::min()}), c.vector({axis < 0 ? axis + c.rank() : axis}), c.vector({-1})});
  c.result(x);
}

void roll(const Call& c, const char*) {
  const std::vector<int64_t> shifts = c.integers("shifts"), dims = c.integers("dims");
  std::string x = c.in(0);
  for (size_t i = 0; i < dims.size(); ++i) {
    const int64_t axis = dims[i] < 0 ? dims[i] + c.rank() : dims[i], length = c.fixed_size(0, axis);
    const int64_t at = length == 0 ? 0 : ((-shifts[i]) % length + length) % length;
    if (at == 0) continue;
    const auto part = [&](int64_t from, int64_t to) {
      return c.node("Slice", {x, c.vector({from}), c.vector({to}), c.vector({axis}), c.vector({1})});
    };
    const std::string back = part(at, length), front = part(0, at);
    x = c.node("Concat", {back, front}, {{"axis", axis}});
  }
  c.result(x);
}

// By a mask, which is a constant: Trilu takes no booleans in every reader, and opset 13 has none.
void triangle(const Call& c, const char* onnx) {
  const int64_t rows = c.fixed_size(0, c.rank() - 2), columns = c.fixed_size(0, c.rank() - 1), diagonal = c.integer("diagonal");
  const Tensor whole = ones({rows, columns}, kBool), kept = std::string(onnx) == "upper" ? whole.triu(diagonal) : whole.tril(diagonal);
  c.node_result("Where", {c.t.constant(kept), c.in(0), c.scalar(0)});
}

void diagonal(const Call& c, const char*) {
  const int64_t offset = c.integer("offset"), a = c.axis("dim1"), b = c.axis("dim2");
  const int64_t n = c.out_sizes().back().is_fixed() ? c.out_sizes().back().rest : -1;
  if (n < 0) c.refuse("it lies along the batch");
  std::vector<int64_t> order;
  for (int64_t i = 0; i < c.rank(); ++i)
    if (i != a && i != b) order.push_back(i);
  order.push_back(a);
  order.push_back(b);
  const int64_t columns = c.fixed_size(0, b);
  const std::string x = c.node("Transpose", {c.in(0)}, {{"perm", order}});
  SymbolicSizes flat = c.out_sizes();
  flat.back() = {0, c.fixed_size(0, a) * columns};
  std::vector<int64_t> places;
  for (int64_t i = 0; i < n; ++i) places.push_back((i + std::max<int64_t>(-offset, 0)) * columns + i + std::max<int64_t>(offset, 0));
  const int64_t last = static_cast<int64_t>(flat.size()) - 1;
  c.node_result("Gather", {c.node("Reshape", {x, c.t.sizes(flat)}), c.vector(places)}, {{"axis", last}});
}

}  // namespace

std::vector<Mapping> shape_mappings() {
  return {
      {"view", reshape},
      {"reshape", reshape},
      {"_unsafe_view", reshape},
      {"squeeze", reshape},
      {"squeeze_", reshape},
      {"flatten", reshape},
      {"unflatten", reshape},
      {"permute", permute},
      {"transpose", transpose},
      {"t", t},
      {"unsqueeze", unsqueeze},
      {"expand", expand},
      {"repeat", repeat},
      {"slice", slice},
      {"narrow", slice},
      {"select", select},
      {"unfold", unfold},
      {"cat", cat},
      {"stack", cat, "stack"},
      {"split", split},
      {"split_with_sizes", split},
      {"chunk", split},
      {"unsafe_split", split},
      {"unsafe_split_with_sizes", split},
      {"unsafe_chunk", split},
      {"tensor_split", split},
      {"unbind", split, "unbind"},
      {"flip", flip},
      {"roll", roll},
      {"triu", triangle, "upper"},
      {"tril", triangle, "lower"},
      {"diagonal", diagonal},
  };
}

}}}  // namespace torch::xgrad::onnx
