// Where tensors live. The CPU is the only place; the rest exists so that programs that ask for it get a clear answer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <string>

#include <xgrad/autograd/core/error.h>

namespace torch { inline namespace xgrad {

// libtorch's, with its numbers.
enum class DeviceType : int8_t { CPU, CUDA, MKLDNN, OPENGL, OPENCL, IDEEP, HIP, FPGA, ORT, XLA, Vulkan, Metal, XPU, MPS, Meta, HPU, VE, Lazy, IPU };
constexpr DeviceType kCPU = DeviceType::CPU;
constexpr DeviceType kCUDA = DeviceType::CUDA;
constexpr DeviceType kHIP = DeviceType::HIP;
constexpr DeviceType kFPGA = DeviceType::FPGA;
constexpr DeviceType kORT = DeviceType::ORT;
constexpr DeviceType kXLA = DeviceType::XLA;
constexpr DeviceType kVulkan = DeviceType::Vulkan;
constexpr DeviceType kMetal = DeviceType::Metal;
constexpr DeviceType kXPU = DeviceType::XPU;
constexpr DeviceType kMPS = DeviceType::MPS;
constexpr DeviceType kMeta = DeviceType::Meta;
constexpr DeviceType kHPU = DeviceType::HPU;
constexpr DeviceType kVE = DeviceType::VE;
constexpr DeviceType kLazy = DeviceType::Lazy;
constexpr DeviceType kIPU = DeviceType::IPU;

/// New tensors are strided; a gradient in rows is sparse. There are no others.
enum class Layout : int8_t { Strided, Sparse, SparseCsr, Mkldnn, SparseCsc, SparseBsr, SparseBsc };
constexpr Layout kStrided = Layout::Strided;
constexpr Layout kSparse = Layout::Sparse;
constexpr Layout kSparseCsr = Layout::SparseCsr;
constexpr Layout kMkldnn = Layout::Mkldnn;
constexpr Layout kSparseCsc = Layout::SparseCsc;
constexpr Layout kSparseBsr = Layout::SparseBsr;
constexpr Layout kSparseBsc = Layout::SparseBsc;

/// How the elements of a tensor shall lie: row-major; in the order that another one has; or those of images [batch, channels, height, width], or of
/// volumes with one axis more, with the channels side by side, the batch outermost.
enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

XGRAD_API void append(std::string& text, Layout layout);
XGRAD_API std::ostream& operator<<(std::ostream& stream, Layout layout);
XGRAD_API std::ostream& operator<<(std::ostream& stream, MemoryFormat format);

class Device {
 public:
  using Type = DeviceType;

  Device(DeviceType type, int8_t index = -1) : type_(type), index_(index) {}
  /// "cpu", "cuda", "cuda:1", "mps", and so on; throws on anything else.
  XGRAD_API Device(const std::string& text);
  Device(const char* text) : Device(std::string(text)) {}

  DeviceType type() const { return type_; }
  int8_t index() const { return index_; }
  bool has_index() const { return index_ >= 0; }
  bool is_cpu() const { return type_ == kCPU; }
  bool is_cuda() const { return type_ == kCUDA; }
  void set_index(int8_t index) { index_ = index; }
  XGRAD_API std::string str() const;
  bool operator==(const Device& other) const { return type_ == other.type_ && index_ == other.index_; }
  bool operator!=(const Device& other) const { return !(*this == other); }

 private:
  DeviceType type_;
  int8_t index_;
};

XGRAD_API std::ostream& operator<<(std::ostream& stream, const Device& device);
XGRAD_API std::ostream& operator<<(std::ostream& stream, DeviceType type);

/// Throws, naming `operation`, unless `device` is the CPU.
XGRAD_API void check_device(const char* operation, const Device& device);

namespace cuda {
/// Always false and 0.
inline bool is_available() { return false; }
inline size_t device_count() { return 0; }
}  // namespace cuda

}}  // namespace torch::xgrad

template <> struct std::hash<torch::xgrad::Device> {
  size_t operator()(const torch::xgrad::Device& device) const noexcept {
    return static_cast<size_t>(device.type()) << 8 | static_cast<uint8_t>(device.index());
  }
};
