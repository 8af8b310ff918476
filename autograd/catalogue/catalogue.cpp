#include <xgrad/autograd/catalogue/catalogue.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include <xgrad/autograd/core/shape.h>
#include <xgrad/autograd/tensor/allocate.h>

namespace torch { inline namespace xgrad { namespace catalogue {

namespace {

const Entry*& first_entry() {
  static const Entry* first = nullptr;
  return first;
}

template <class T, class F> Tensor filled(IntArrayRef shape, ScalarType dtype, F f) {
  Tensor t = allocate_tensor(shape, dtype);
  T* p = t.data_ptr<T>();
  for (int64_t i = 0; i < t.numel(); ++i) p[i] = f();
  return t;
}

}  // namespace

Entry::Entry(const char* name, Fill fill) : name_(name), fill_(fill), next_(first_entry()) { first_entry() = this; }

Samples Entry::samples() const {
  Samples s(name_);
  fill_(s);
  return s;
}

std::vector<const Entry*> entries() {
  std::vector<const Entry*> all;
  for (const Entry* e = first_entry(); e; e = e->next()) all.push_back(e);
  std::sort(all.begin(), all.end(), [](const Entry* a, const Entry* b) { return std::strcmp(a->name(), b->name()) < 0; });
  return all;
}

// The numbers come from a small generator of their own (splitmix64), so that the library's can be tested with them.
Samples::Samples(const std::string& operation) : operation_(operation), state_(0x9e3779b97f4a7c15) {
  for (const char c : operation) state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
}

double Samples::next() {
  uint64_t z = (state_ += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

// A sum of twelve: logarithms and cosines have other last bits with another C library, or on a processor without fused
// multiply-adds, and PyTorch's recorded answers are to these very inputs.
Tensor Samples::normal(IntArrayRef shape) {
  return filled<double>(shape, kDouble, [this] {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += next();
    return sum;
  });
}

Tensor Samples::uniform(IntArrayRef shape, double low, double high) {
  return filled<double>(shape, kDouble, [&] { return low + (high - low) * next(); });
}

Tensor Samples::avoiding(IntArrayRef shape, double low, double high, std::vector<double> kinks, double margin) {
  return filled<double>(shape, kDouble, [&] {
    while (true) {
      const double v = low + (high - low) * next();
      if (std::all_of(kinks.begin(), kinks.end(), [&](double kink) { return std::abs(v - kink) >= margin; })) return v;
    }
  });
}

Tensor Samples::integers(IntArrayRef shape, int64_t low, int64_t high) {
  return filled<int64_t>(shape, kLong, [&] { return low + static_cast<int64_t>(next() * static_cast<double>(high - low)); });
}

Tensor Samples::distinct(IntArrayRef shape) {
  const int64_t n = numel_of(shape);
  std::vector<double> values(static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) values[static_cast<size_t>(i)] = 0.2 * static_cast<double>(i - n / 2) + 0.1 * next();
  for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[static_cast<size_t>(next() * static_cast<double>(i))]);
  size_t i = 0;
  return filled<double>(shape, kDouble, [&] { return values[i++]; });
}

Tensor Samples::booleans(IntArrayRef shape) {
  return filled<bool>(shape, kBool, [this] { return next() < 0.5; });
}

Sample& Samples::push(std::string call, std::vector<Input> inputs, Call run) {
  Sample s;
  s.call = std::move(call);
  s.inputs = std::move(inputs);
  s.run = std::move(run);
  s.layout_tolerance = layout_tolerance_;
  s.answers_within = answers_within_;
  return samples_.emplace_back(std::move(s));
}

std::string text(IntArrayRef values) {
  std::string all = "(";
  for (const int64_t v : values) all += std::to_string(v) + ", ";
  return all + ")";
}

void Samples::rejects(std::string what, std::string message, std::function<void()> run) {
  rejections_.push_back({std::move(what), std::move(message), std::move(run)});
}

}}}  // namespace torch::xgrad::catalogue
