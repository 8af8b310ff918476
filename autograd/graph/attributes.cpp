#include <xgrad/autograd/graph/attributes.h>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad { namespace detail {

namespace {

struct Writer {
  std::string& text;
  void operator()(std::monostate) const { text += "None"; }
  void operator()(const std::string& v) const {
    text += '\'';
    text += v;
    text += '\'';
  }
  template <class T> void operator()(const T& v) const { append(text, v); }
  void operator()(const std::vector<int64_t>& v) const { append(text, IntArrayRef(v)); }
};

}  // namespace

Attribute::Value attribute_value(const Scalar& v) {
  if (v.isBoolean()) return v.toLong() != 0;
  if (v.isFloatingPoint()) return v.toDouble();
  return v.toLong();
}

void append(std::string& text, const std::vector<Attribute>& attributes) {
  if (attributes.empty()) return;
  char before = '(';
  for (const Attribute& a : attributes) {
    text += before;
    if (before == ',') text += ' ';
    text += a.name;
    text += '=';
    std::visit(Writer{text}, a.value);
    before = ',';
  }
  text += ')';
}

}}}  // namespace torch::xgrad::detail
