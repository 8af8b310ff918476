#include <xgrad/autograd/core/device.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include <xgrad/autograd/core/tensor_options.h>

namespace torch { inline namespace xgrad {

namespace {

// In the order of their numbers.
constexpr const char* kDeviceNames[] = {"cpu",    "cuda",  "mkldnn", "opengl", "opencl", "ideep", "hip", "fpga", "ort", "xla",
                                        "vulkan", "metal", "xpu",    "mps",    "meta",   "hpu",   "ve",  "lazy", "ipu"};

const char* name_of(DeviceType type) {
  const auto number = static_cast<size_t>(type);
  return number < std::size(kDeviceNames) ? kDeviceNames[number] : "unknown";
}

}  // namespace

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const auto* const found = std::find(std::begin(kDeviceNames), std::end(kDeviceNames), kind);
  XGRAD_CHECK(found != std::end(kDeviceNames), "[Device] expected 'cpu', 'cuda' or another device type at start of device string, got '", text, "'");
  type_ = static_cast<DeviceType>(found - std::begin(kDeviceNames));
  if (colon == std::string::npos) return;
  const std::string digits = text.substr(colon + 1);
  XGRAD_CHECK(!digits.empty() && digits.size() <= 2 && digits.find_first_not_of("0123456789") == std::string::npos,
              "[Device] invalid device string, got '", text, "'");
  index_ = static_cast<int8_t>(std::stoi(digits));
}

std::string Device::str() const {
  std::string text = name_of(type_);
  if (has_index()) text += ":" + std::to_string(index_);
  return text;
}

std::ostream& operator<<(std::ostream& stream, const Device& device) { return stream << device.str(); }
std::ostream& operator<<(std::ostream& stream, DeviceType type) { return stream << name_of(type); }

void append(std::string& text, Layout layout) {
  constexpr const char* kNames[] = {"Strided", "Sparse", "SparseCsr", "Mkldnn", "SparseCsc", "SparseBsr", "SparseBsc"};
  text.append(kNames[static_cast<size_t>(layout)]);
}
std::ostream& operator<<(std::ostream& stream, Layout layout) {
  std::string text;
  append(text, layout);
  return stream << text;
}
std::ostream& operator<<(std::ostream& stream, MemoryFormat format) {
  constexpr const char* kNames[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return stream << kNames[static_cast<size_t>(format)];
}

void check_device(const char* operation, const Device& device) {
  XGRAD_CHECK_AS(NotImplementedError, device.is_cpu(), "[", operation, "] tensors live on the CPU only, got device ", device.str());
}

void check_place(const char* operation, const TensorOptions& options) {
  check_device(operation, options.device());
  XGRAD_CHECK_AS(NotImplementedError, options.layout() == kStrided, "[", operation, "] new tensors are strided, got layout ", options.layout());
}

}}  // namespace torch::xgrad
