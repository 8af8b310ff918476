#include <xgrad/nn/layers/print_layer.h>

namespace torch { inline namespace xgrad { namespace nn {

void print_value(std::ostream& stream, double value) { stream << value; }
void print_value(std::ostream& stream, int64_t value) { stream << value; }
// The stream goes on writing words: so do programs that print a bool after a module, with libtorch.
void print_value(std::ostream& stream, bool value) { stream << std::boolalpha << value; }
void print_value(std::ostream& stream, const std::string& value) { stream << value; }
void print_value(std::ostream& stream, const Tensor& value) { stream << value; }

void print_value(std::ostream& stream, const std::vector<int64_t>& sizes) {
  const char* separator = "";
  stream << '{';
  for (const int64_t size : sizes) {
    stream << separator << size;
    separator = ", ";
  }
  stream << '}';
}

}}}  // namespace torch::xgrad::nn
