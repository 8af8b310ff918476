#include <xgrad/autograd/core/device.h>

#include <ostream>

#include <xgrad/autograd/core/tensor_options.h>

namespace torch { inline namespace xgrad {

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  XGRAD_CHECK(kind == "cpu" || kind == "cuda", "[Device] expected 'cpu' or 'cuda' device type at start of device string, got '", text, "'");
  type_ = kind == "cpu" ? kCPU : kCUDA;
  if (colon == std::string::npos) return;
  const std::string digits = text.substr(colon + 1);
  XGRAD_CHECK(!digits.empty() && digits.size() <= 2 && digits.find_first_not_of("0123456789") == std::string::npos,
              "[Device] invalid device string, got '", text, "'");
  index_ = static_cast<int8_t>(std::stoi(digits));
}

std::string Device::str() const {
  std::string text = type_ == kCPU ? "cpu" : "cuda";
  if (has_index()) text += ":" + std::to_string(index_);
  return text;
}

std::ostream& operator<<(std::ostream& stream, const Device& device) { return stream << device.str(); }
std::ostream& operator<<(std::ostream& stream, DeviceType type) { return stream << (type == kCPU ? "cpu" : "cuda"); }

std::ostream& operator<<(std::ostream& stream, Layout layout) { return stream << (layout == kSparse ? "Sparse" : "Strided"); }
std::ostream& operator<<(std::ostream& stream, MemoryFormat format) {
  return stream << (format == MemoryFormat::Contiguous ? "Contiguous" : "Preserve");
}

void check_device(const char* operation, const Device& device) {
  XGRAD_CHECK_AS(NotImplementedError, device.is_cpu(), "[", operation, "] tensors live on the CPU only, got device ", device.str());
}

void check_place(const char* operation, const TensorOptions& options) {
  check_device(operation, options.device());
  XGRAD_CHECK_AS(NotImplementedError, options.layout() == kStrided, "[", operation, "] new tensors are strided, got layout Sparse");
}

}}  // namespace torch::xgrad
