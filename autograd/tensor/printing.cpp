// Tensors as text, character for character as libtorch 1.13.1 prints them.
#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <vector>

#include <xgrad/autograd/core/scalar.h>
#include <xgrad/autograd/tensor/copy.h>
#include <xgrad/autograd/tensor/tensor.h>

namespace torch { inline namespace xgrad {

namespace {

// Puts the stream's formatting back when it goes.
class FormatGuard {
 public:
  explicit FormatGuard(std::ostream& stream) : stream_(stream), saved_(nullptr) { saved_.copyfmt(stream); }
  ~FormatGuard() { stream_.copyfmt(saved_); }
  FormatGuard(const FormatGuard&) = delete;
  FormatGuard& operator=(const FormatGuard&) = delete;

 private:
  std::ostream& stream_;
  std::ios saved_;
};

void use_default_float(std::ostream& stream) { stream.unsetf(std::ios_base::floatfield); }

// How the numbers of one vector or matrix are written: each divided by `scale`, in `width` characters.
struct NumberFormat {
  enum class Style { Plain, Fixed, Scientific } style;
  int width;
  double scale = 1;

  void apply(std::ostream& stream) const {
    switch (style) {
      case Style::Plain: use_default_float(stream); break;
      case Style::Fixed: stream << std::fixed << std::setprecision(4); break;
      case Style::Scientific: stream << std::scientific << std::setprecision(4); break;
    }
  }
};

// Digits before the decimal point; 1 for 0.
double digits_of(double magnitude) { return magnitude == 0 ? 1 : std::floor(std::log10(magnitude)) + 1; }

NumberFormat format_of(const double* values, int64_t n) {
  using Style = NumberFormat::Style;
  bool integers = true, any = false;
  double least = 1, most = 1;
  for (int64_t i = 0; i < n; ++i) {
    if (!std::isfinite(values[i])) continue;
    integers = integers && values[i] == std::ceil(values[i]);
    const double magnitude = std::abs(values[i]);
    if (!any) least = most = magnitude;
    any = true;
    least = std::min(least, magnitude);
    // Compared with its sign, as libtorch does: a negative number widens the column only as the first one.
    if (values[i] > most) most = magnitude;
  }
  if (any) {
    least = digits_of(least);
    most = digits_of(most);
  }
  if (integers) return most > 9 ? NumberFormat{Style::Scientific, 11} : NumberFormat{Style::Plain, static_cast<int>(most) + 1};
  if (most - least > 4) return {Style::Scientific, std::abs(most) > 99 || std::abs(least) > 99 ? 12 : 11};
  if (most > 5 || most < 0) return {Style::Fixed, 7, std::pow(10, most - 1)};
  return {Style::Fixed, most == 0 ? 7 : static_cast<int>(most) + 6};
}

void print_scale(std::ostream& stream, double scale) {
  FormatGuard guard(stream);
  use_default_float(stream);
  stream << scale << " *" << std::endl;
}

void print_vector(std::ostream& stream, const double* values, int64_t n) {
  const NumberFormat format = format_of(values, n);
  format.apply(stream);
  if (format.scale != 1) print_scale(stream, format.scale);
  for (int64_t i = 0; i < n; ++i) stream << std::setw(format.width) << values[i] / format.scale << std::endl;
}

// A block of columns at a time, as many as a line takes. `indent`: spaces before each line.
void print_matrix(std::ostream& stream, const double* values, int64_t rows, int64_t columns, int64_t indent, int64_t line_width) {
  const NumberFormat format = format_of(values, rows * columns);
  format.apply(stream);
  const std::string margin(static_cast<size_t>(indent), ' ');
  const int64_t per_line = std::max<int64_t>(1, (line_width - indent) / (format.width + 1));
  // Nothing is written for no margin, since that would use up a width the caller set.
  if (indent > 0) stream << margin;
  for (int64_t first = 0; first < columns; first += per_line) {
    const int64_t last = std::min(first + per_line, columns) - 1;
    if (per_line < columns) {
      if (first != 0) stream << std::endl;
      stream << "Columns " << first + 1 << " to " << last + 1 << margin;
    }
    if (format.scale != 1) {
      print_scale(stream, format.scale);
      stream << margin;
    }
    for (int64_t r = 0; r < rows; ++r) {
      for (int64_t c = first; c <= last; ++c) {
        stream << std::setw(format.width) << values[r * columns + c] / format.scale;
        if (c != last) stream << " ";
      }
      stream << std::endl;
      if (r != rows - 1) stream << margin << (format.scale != 1 ? " " : "");
    }
  }
}

// One matrix after the other, each under its place in the leading axes; the first axis runs fastest.
void print_blocks(std::ostream& stream, const double* values, IntArrayRef sizes, int64_t line_width) {
  const size_t lead = sizes.size() - 2;
  const int64_t rows = sizes[lead], columns = sizes[lead + 1];
  std::vector<int64_t> place(lead, 0);
  for (bool first = true;; first = false) {
    if (!first) stream << std::endl;
    stream << "(";
    int64_t block = 0;
    for (size_t a = 0; a < lead; ++a) {
      stream << place[a] + 1 << ",";
      block = block * sizes[a] + place[a];
    }
    stream << ".,.) = " << std::endl;
    print_matrix(stream, values + block * rows * columns, rows, columns, 1, line_width);
    size_t a = 0;
    while (a < lead && ++place[a] == sizes[a]) place[a++] = 0;
    if (a == lead) return;
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& stream, const Tensor& tensor) { return print(stream, tensor, 80); }

void printing::print(const Tensor& tensor, int64_t linesize) { print(std::cout, tensor, linesize); }

std::ostream& printing::print(std::ostream& stream, const Tensor& tensor, int64_t linesize) {
  FormatGuard guard(stream);
  if (!tensor.defined()) return stream << "[ Tensor (undefined) ]";
  if (tensor.is_sparse())
    return stream << "[ " << tensor.toString() << "{}\nindices:\n"
                  << tensor._indices() << "\nvalues:\n"
                  << tensor._values() << "\nsize:\n"
                  << tensor.sizes() << "\n]";
  const Tensor numbers = contiguous_as(tensor, kDouble);
  const double* values = numbers.data_ptr<double>();
  const IntArrayRef sizes = tensor.sizes();
  if (sizes.empty()) {
    use_default_float(stream);
    stream << values[0] << std::endl;
  } else if (tensor.numel() > 0) {
    if (sizes.size() == 1) print_vector(stream, values, sizes[0]);
    else if (sizes.size() == 2) print_matrix(stream, values, sizes[0], sizes[1], 0, linesize);
    else print_blocks(stream, values, sizes, linesize);
  }
  stream << "[ " << tensor.toString() << "{";
  for (size_t a = 0; a < sizes.size(); ++a) stream << (a ? "," : "") << sizes[a];
  return stream << "} ]";
}

std::ostream& operator<<(std::ostream& stream, TensorList tensors) {
  stream << "[";
  for (size_t i = 0; i < tensors.size(); ++i) stream << (i ? ", " : "") << tensors[i];
  return stream << "]";
}

std::ostream& operator<<(std::ostream& stream, const std::vector<Tensor>& tensors) {
  for (size_t i = 0; i < tensors.size(); ++i) stream << (i ? " " : "") << tensors[i];
  return stream;
}

std::ostream& operator<<(std::ostream& stream, const TensorOptions& options) {
  const auto unless = [](bool stated) { return stated ? "" : " (default)"; };
  stream << std::boolalpha;  // and so it stays, with libtorch too
  stream << "TensorOptions(dtype=" << options.dtype() << unless(options.has_dtype()) << ", device=" << options.device()
         << unless(options.has_device()) << ", layout=" << options.layout() << unless(options.has_layout())
         << ", requires_grad=" << options.requires_grad() << unless(options.has_requires_grad()) << ", pinned_memory=" << options.pinned_memory()
         << unless(options.has_pinned_memory()) << ", memory_format=";
  if (options.has_memory_format()) return stream << *options.memory_format_opt() << ")";
  return stream << "(nullopt))";
}

std::ostream& operator<<(std::ostream& stream, Scalar value) {
  if (value.isFloatingPoint()) return stream << value.toDouble();
  if (value.isBoolean()) return stream << (value.toBool() ? "true" : "false");
  return stream << value.toLong();
}

}}  // namespace torch::xgrad
