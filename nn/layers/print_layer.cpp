#include <xgrad/nn/layers/print_layer.h>

#include <ostream>

namespace torch { inline namespace xgrad { namespace nn {

namespace {

void print(std::ostream& stream, double value) { stream << value; }
void print(std::ostream& stream, int64_t value) { stream << value; }
void print(std::ostream& stream, bool value) { stream << (value ? "true" : "false"); }

}  // namespace

void print_layer(std::ostream& stream, const char* name, std::initializer_list<PrintedOption> options, bool inplace) {
  stream << "torch::nn::" << name << '(';
  const char* separator = "";
  for (const PrintedOption& option : options) {
    stream << separator << option.name << (*option.name ? "=" : "");
    std::visit([&](auto value) { print(stream, value); }, option.value);
    separator = ", ";
  }
  if (inplace) stream << separator << "inplace=true";
  stream << ')';
}

}}}  // namespace torch::xgrad::nn
