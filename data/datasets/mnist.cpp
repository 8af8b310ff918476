#include <xgrad/data/datasets/mnist.h>

#include <filesystem>

#include <xgrad/autograd/ops/shape/view.h>
#include <xgrad/data/idx.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

namespace {

// The path of `name` or `name`.gz in `root`.
std::string find_file(const std::string& root, const std::string& name) {
  const std::filesystem::path path = std::filesystem::path(root) / name;
  for (const char* suffix : {"", ".gz"}) {
    std::error_code ignored;
    const std::string candidate = path.string() + suffix;
    if (std::filesystem::exists(candidate, ignored)) return candidate;
  }
  xgrad::detail::raise<Error>("[MNIST] Error opening ", path.string(), " or ", path.string(),
                              ".gz: no such file. Debian's package dataset-fashion-mnist (apt-get install dataset-fashion-mnist) puts "
                              "Fashion-MNIST into /usr/share/datasets/fashion-mnist");
}

Tensor read_bytes(const std::string& path, int64_t axes) {
  const Tensor t = read_idx(path);
  XGRAD_CHECK(t.dtype() == kByte && t.dim() == axes, "[MNIST] ", path, ": expected bytes with ", axes, " axes, got ", t.dtype(), " of shape ",
              t.sizes());
  return t;
}

// [N, height, width] of 0..255 to [N, 1, height, width] of 0..1.
Tensor scaled(const Tensor& bytes) { return bytes.to(kFloat).div_(255).unsqueeze(1); }

}  // namespace

MNIST::MNIST(const std::string& root, Mode mode) : is_train_(mode == Mode::kTrain) {
  const std::string set = is_train_ ? "train" : "t10k";
  const std::string images = find_file(root, set + "-images-idx3-ubyte"), targets = find_file(root, set + "-labels-idx1-ubyte");
  images_ = scaled(read_bytes(images, 3));
  targets_ = read_bytes(targets, 1).to(kLong);
  XGRAD_CHECK(images_.size(0) == targets_.size(0), "[MNIST] ", images, " has ", images_.size(0), " images, but ", targets, " has ", targets_.size(0),
              " classes");
}

Example<> MNIST::get(size_t index) {
  const auto i = static_cast<int64_t>(index);
  return {select(images_, 0, i), select(targets_, 0, i)};
}

std::optional<size_t> MNIST::size() const { return static_cast<size_t>(images_.size(0)); }

FashionMNIST::FashionMNIST(Mode mode) : FashionMNIST("/usr/share/datasets/fashion-mnist", mode) {}
FashionMNIST::FashionMNIST(const std::string& root, Mode mode) : MNIST(root, mode) {}

const char* FashionMNIST::class_name(int64_t target) {
  static constexpr const char* kNames[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};
  XGRAD_CHECK_AS(IndexError, target >= 0 && target < 10, "[class_name] the classes are 0 to 9, got ", target);
  return kNames[target];
}

}}}  // namespace torch::xgrad::data::datasets
