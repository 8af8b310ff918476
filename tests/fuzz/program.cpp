#include "program.h"

#include <cmath>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "random.h"

namespace graphs {
namespace {

template <class T> std::string joined(const std::vector<T>& numbers) {
  std::string text;
  for (const T n : numbers) text += (text.empty() ? "" : ",") + std::to_string(n);
  return text.empty() ? "-" : text;
}

template <class T> std::vector<T> separated(const std::string& text) {
  std::vector<T> numbers;
  if (text == "-") return numbers;
  std::istringstream in(text);
  for (std::string n; std::getline(in, n, ',');) numbers.push_back(static_cast<T>(std::stoll(n)));
  return numbers;
}

double element(Random& random, int64_t fill, int64_t bound, int64_t place) {
  switch (fill) {
    case kHalves: return static_cast<double>(random.between(-4, 4)) / 2;
    case kPositive: return 0.25 + 2 * random.unit();
    case kProbability: return 0.0625 + 0.875 * random.unit();
    case kIndex: return bound > 0 ? static_cast<double>(random.below(bound)) : 0;
    case kMask: return static_cast<double>(random.below(2));
    case kSmallIntegers: return static_cast<double>(random.between(1, 5));
    case kDistinct: return static_cast<double>(place);
    default: return 4 * random.unit() - 2;
  }
}

/// Moves x by up to `noise` of it, equal numbers alike.
double moved(double x, double noise) {
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return x * (1 + noise * (2 * Random(bits).unit() - 1));
}

template <class T> void write(const Tensor& t, const std::vector<double>& elements) {
  T* data = t.template data_ptr<T>();
  for (size_t n = 0; n < elements.size(); ++n) data[n] = static_cast<T>(elements[n]);
}

const char* class_of(const std::exception& error) {
  if (dynamic_cast<const c10::IndexError*>(&error)) return "IndexError";
  if (dynamic_cast<const c10::ValueError*>(&error)) return "ValueError";
  if (dynamic_cast<const c10::TypeError*>(&error)) return "TypeError";
  if (dynamic_cast<const c10::Error*>(&error)) return "Error";
  return "std";
}

/// libtorch's C++ interface ends in a segmentation fault where Python's throws.
void check_roots(const Operation& sweep, const Arguments& arguments) {
  if (sweep.text.find("backward(") == std::string::npos && sweep.text.find("grad({") == std::string::npos) return;
  for (const Tensor* root : {&arguments.x, &arguments.z}) {
    if (root->defined() && !root->requires_grad()) throw std::invalid_argument("a root that requires no gradient");
  }
}

}  // namespace

std::string write_step(const Step& s) {
  char numbers[80];
  std::snprintf(numbers, sizeof numbers, "%.17g %.17g", s.a, s.b);
  return std::to_string(s.operation) + ' ' + joined(s.named) + ' ' + joined(s.list) + ' ' + joined(std::vector<int64_t>{s.i, s.j, s.k, s.l}) + ' ' +
         joined(s.p) + ' ' + joined(s.q) + ' ' + numbers + ' ' + (s.flag ? '1' : '0') + ' ' + (s.quiet ? '1' : '0') + ' ' + std::to_string(s.seed);
}

Step read_step(const std::string& line) {
  std::istringstream in(line);
  std::string named, list, integers, p, q;
  Step s;
  if (!(in >> s.operation >> named >> list >> integers >> p >> q >> s.a >> s.b >> s.flag >> s.quiet >> s.seed))
    throw std::invalid_argument("no step: " + line);
  s.named = separated<int>(named);
  s.list = separated<int>(list);
  const std::vector<int64_t> n = separated<int64_t>(integers);
  if (n.size() != 4) throw std::invalid_argument("no step: " + line);
  s.i = n[0], s.j = n[1], s.k = n[2], s.l = n[3];
  s.p = separated<int64_t>(p);
  s.q = separated<int64_t>(q);
  return s;
}

Tensor leaf_of(const Step& s, double noise) {
  Random random(static_cast<uint64_t>(s.k));
  const torch::ScalarType dtype = kLeafDtypes[s.i];
  const Tensor t = torch::empty(s.p, torch::TensorOptions().dtype(dtype));
  std::vector<double> elements(static_cast<size_t>(t.numel()));
  for (size_t n = 0; n < elements.size(); ++n) {
    elements[n] = element(random, s.j, s.l, static_cast<int64_t>(n));
    if (noise != 0 && (dtype == torch::kDouble || dtype == torch::kFloat)) elements[n] = moved(elements[n], noise);
  }
  switch (dtype) {
    case torch::kDouble: write<double>(t, elements); break;
    case torch::kFloat: write<float>(t, elements); break;
    case torch::kLong: write<int64_t>(t, elements); break;
    case torch::kInt: write<int32_t>(t, elements); break;
    case torch::kByte:
      for (double& x : elements) x = std::abs(x);
      write<uint8_t>(t, elements);
      break;
    default: write<bool>(t, elements); break;
  }
  return s.flag ? t.requires_grad_() : t;
}

Tensors executed(const Step& s, const Tensors& values) {
  const auto value = [&](int place) { return values[static_cast<size_t>(place)]; };
  Arguments arguments;
  Tensor* const named[] = {&arguments.x, &arguments.y, &arguments.z, &arguments.w};
  for (size_t n = 0; n < s.named.size(); ++n) {
    if (s.named[n] >= 0) *named[n] = value(s.named[n]);
  }
  for (const int place : s.list) arguments.xs.push_back(value(place));
  arguments.i = s.i, arguments.j = s.j, arguments.k = s.k, arguments.l = s.l;
  arguments.p = s.p, arguments.q = s.q;
  arguments.a = s.a, arguments.b = s.b;
  arguments.flag = s.flag;
  const Operation& operation = operations()[static_cast<size_t>(s.operation)];
  if (operation.effect == Effect::Sweep) check_roots(operation, arguments);
  const torch::AutoGradMode mode(!s.quiet);
  return operation.call(arguments);
}

bool Program::run(const Step& step) {
  const int first = places();
  steps_.push_back(step);
  failed_.push_back(false);
  values_.resize(values_.size() + kResults);
  lines_.resize(values_.size());
  if (step.operation < 0) return true;  // a step that was taken out
  const Effect effect = operations()[static_cast<size_t>(step.operation)].effect;
  try {
    torch::manual_seed(static_cast<uint64_t>(step.seed));
    const Tensors results = step.operation == 0 ? Tensors{leaf_of(step, noise_)} : executed(step, values_);
    edited_ |= effect == Effect::Edit;
    if (results.empty()) std::fprintf(out_, "%d -\n", first);
    for (size_t n = 0; n < results.size() && n < kResults; ++n) {
      values_[static_cast<size_t>(first) + n] = results[n];
      print(first + static_cast<int>(n), results[n]);
    }
    return true;
  } catch (const std::exception& error) {
    failed_.back() = true;
    std::string text = error.what();
    text = text.substr(0, text.find('\n'));
    std::fprintf(out_, "%d error %s\t%s\n", first, class_of(error), text.c_str());
    return effect == Effect::None;
  }
}

void Program::finish() {
  if (!edited_) return;
  for (int place = 0; place < places(); ++place) {
    if (!value(place).defined()) continue;
    const std::string line = described(place, value(place));
    if (line != lines_[static_cast<size_t>(place)]) std::fprintf(out_, "final %s", line.c_str());
  }
}

void Program::print(int place, const Tensor& value) {
  std::string& line = lines_[static_cast<size_t>(place)];
  line = described(place, value);
  std::fwrite(line.data(), 1, line.size(), out_);
}

// place dtype sizes strides requires_grad elements: strides of axes that are walked only, elements in row-major order as
// hexadecimal bytes.
std::string Program::described(int place, const Tensor& value) {
  if (!value.defined()) return std::to_string(place) + " undefined\n";
  std::string line = std::to_string(place) + ' ' + c10::toString(value.scalar_type()) + ' ' + joined(value.sizes().vec()) + ' ';
  std::string strides;
  for (int64_t d = 0; d < value.dim(); ++d) {
    strides += strides.empty() ? "" : ",";
    strides += value.numel() == 0 || value.size(d) == 1 ? "*" : std::to_string(value.stride(d));
  }
  line += (strides.empty() ? "-" : strides) + (value.requires_grad() ? " 1 " : " 0 ");
  const Tensor rows = value.detach().contiguous();
  const auto* bytes = static_cast<const unsigned char*>(rows.data_ptr());
  const size_t width = rows.element_size(), count = static_cast<size_t>(rows.numel());
  const size_t start = line.size();
  line.resize(start + 2 * width * count, '0');
  char* to = &line[start];
  for (size_t n = 0; n < count; ++n) {
    for (size_t b = width; b-- > 0;) {
      const unsigned char byte = bytes[n * width + b];
      *to++ = "0123456789abcdef"[byte >> 4];
      *to++ = "0123456789abcdef"[byte & 15];
    }
  }
  return line += count == 0 ? "-\n" : "\n";
}

}  // namespace graphs
