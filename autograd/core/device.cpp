#include <xgrad/autograd/core/device.h>

#include <algorithm>
#include <iterator>
#include <ostream>
#include <utility>

#include <xgrad/autograd/core/tensor_options.h>

namespace torch { inline namespace xgrad {

namespace {

constexpr std::pair<DeviceType, const char*> kDeviceNames[] = {{kCPU, "cpu"},     {kCUDA, "cuda"}, {kHIP, "hip"}, {kXLA, "xla"},  {kVulkan, "vulkan"},
                                                               {kMetal, "metal"}, {kXPU, "xpu"},   {kMPS, "mps"}, {kMeta, "meta"}};

const char* name_of(DeviceType type) {
  for (const auto& [known, name] : kDeviceNames)
    if (known == type) return name;
  return "unknown";
}

}  // namespace

Device::Device(const std::string& text) : type_(kCPU), index_(-1) {
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon);
  const auto* const found = std::find_if(std::begin(kDeviceNames), std::end(kDeviceNames), [&](const auto& known) { return kind == known.second; });
  XGRAD_CHECK(found != std::end(kDeviceNames), "[Device] expected 'cpu', 'cuda' or another device type at start of device string, got '", text, "'");
  type_ = found->first;
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
