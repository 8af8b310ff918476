#include <xgrad/io/numpy/header.h>

#include <xgrad/io/numpy/array.h>

namespace torch { inline namespace xgrad { namespace io {

namespace {

struct NamedNumpyDtype {
  const char* name;  // without the order of bytes
  ScalarType stored, dtype;
};
constexpr NamedNumpyDtype kNumpyDtypes[] = {{"f4", kFloat, kFloat}, {"f8", kDouble, kDouble}, {"f2", kHalf, kHalf}, {"i8", kLong, kLong},
                                            {"i4", kInt, kInt},     {"i2", kShort, kShort},   {"i1", kChar, kChar}, {"u1", kByte, kByte},
                                            {"b1", kBool, kBool},   {"u2", kShort, kInt},     {"u4", kInt, kLong}};
constexpr int kMostAxes = 64;

NumpyDtype numpy_dtype(const std::string& descr, const std::string& where) {
  const char order = descr.empty() ? '\0' : descr[0];
  const std::string name = descr.substr(descr.empty() ? 0 : 1);
  XGRAD_CHECK(name.compare(0, 1, "O") != 0, where, ": it holds Python's objects, dtype '", descr, "', which are never made");
  for (const NamedNumpyDtype& d : kNumpyDtypes) {
    if (name != d.name) continue;
    const bool is_single = elementSize(d.stored) == 1;
    XGRAD_CHECK(order == '<' || order == '>' || order == '=' || (order == '|' && is_single), where, ": unknown order of bytes in dtype '", descr,
                "'");
    return {d.stored, d.dtype, order == '>' && !is_single};
  }
  detail::raise<Error>(where, ": dtype '", descr, "' is that of no tensor");
}

// A dictionary of strings, bools and tuples of natural numbers.
class NumpyHeaderReader {
 public:
  NumpyHeaderReader(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  NumpyHeader read() {
    NumpyHeader header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      bool& seen = key == "descr" ? has_type : key == "fortran_order" ? has_order : has_shape;
      if (key != "descr" && key != "fortran_order" && key != "shape") refuse("unknown key '" + key + "'");
      if (std::exchange(seen, true)) refuse("'" + key + "' appears twice");
      if (key == "descr") header.type = type();
      else if (key == "fortran_order") header.fortran_order = boolean();
      else header.shape = tuple();
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (at_ != text_.size()) refuse("something follows the dictionary");
    if (!(has_type && has_order && has_shape)) refuse("'descr', 'fortran_order' and 'shape' must be given");
    return header;
  }

 private:
  [[noreturn]] void refuse(const std::string& what) const { detail::raise<Error>(where_, ": byte ", at_, " of the header: ", what); }
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  char peek() {
    skip_spaces();
    if (at_ == text_.size()) refuse("it is truncated");
    return text_[at_];
  }
  bool accept(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) refuse(std::string("expected ") + c);
  }
  std::string string() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("expected a string");
    const size_t end = text_.find(quote, ++at_);
    if (end == std::string_view::npos || end - at_ > 32) refuse("expected a short string");
    const std::string value(text_.substr(at_, end - at_));
    for (const char c : value)
      if (c < ' ' || c > '~') refuse("a string has unprintable characters");
    at_ = end + 1;
    return value;
  }
  NumpyDtype type() {
    if (peek() == '[' || peek() == '(' || peek() == '{') detail::raise<Error>(where_, ": it holds records of several fields, of which no tensor is");
    return numpy_dtype(string(), where_);
  }
  bool boolean() {
    peek();
    for (const bool value : {true, false}) {
      const std::string_view word = value ? "True" : "False";
      if (text_.substr(at_, word.size()) != word) continue;
      at_ += word.size();
      return value;
    }
    refuse("expected True or False");
  }
  int64_t number() {
    int64_t value = 0;
    const char first = peek();
    if (first < '0' || first > '9') refuse("expected a natural number");
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_)
      if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, text_[at_] - '0', &value)) refuse("a number is too large");
    if (at_ < text_.size() && text_[at_] == 'L') ++at_;  // Python 2
    return value;
  }
  Dims tuple() {
    Dims values;
    expect('(');
    while (!accept(')')) {
      if (values.size() == kMostAxes) refuse("more than 64 axes");
      values.push_back(number());
      if (accept(',')) continue;
      if (values.size() == 1) refuse("expected a tuple");
      expect(')');
      break;
    }
    return values;
  }

  const std::string_view text_;
  const std::string& where_;
  size_t at_ = 0;
};

}  // namespace

NumpyHeader parse_numpy_header(std::string_view text, const std::string& where) { return NumpyHeaderReader(text, where).read(); }

std::string numpy_front(const NumpyHeader& header, const std::string& where) {
  std::string text;
  for (const NamedNumpyDtype& d : kNumpyDtypes)
    if (d.stored == header.type.dtype && d.dtype == header.type.dtype) text = std::string(elementSize(d.dtype) == 1 ? "|" : "<") + d.name;
  XGRAD_CHECK(!text.empty(), where, ": NumPy has no ", header.type.dtype, "; convert the tensor first");
  text = "{'descr': '" + text + "', 'fortran_order': " + (header.fortran_order ? "True" : "False") + ", 'shape': (";
  for (int i = 0; i < header.shape.size(); ++i) text += (i > 0 ? ", " : "") + std::to_string(header.shape[i]);
  text += header.shape.size() == 1 ? ",), }" : "), }";
  // Elements begin at a multiple of 64.
  const size_t front = kNumpyMark.size() + 4;
  text.append(63 - (front + text.size()) % 64, ' ');
  text += '\n';
  std::string bytes(kNumpyMark);
  bytes += {'\1', '\0', static_cast<char>(text.size()), static_cast<char>(text.size() >> 8)};
  return bytes + text;
}

}}}  // namespace torch::xgrad::io
