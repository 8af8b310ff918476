// MNIST and data sets in its form: images with a class each.
#pragma once

#include <string>

#include <xgrad/data/datasets/base.h>

namespace torch { inline namespace xgrad { namespace data::datasets {

/// Images as float32 [N, 1, height, width] in [0, 1] and classes as int64 [N], from the folder `root` with the files
/// train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each as it is or with
/// .gz. Throws, naming the file, when one is missing or damaged, is not of the form [N, height, width] or [N] of bytes, or when
/// there are not as many classes as images.
class XGRAD_API MNIST : public Dataset<MNIST> {
 public:
  enum class Mode { kTrain, kTest };

  explicit MNIST(const std::string& root, Mode mode = Mode::kTrain);

  /// Views of images()[index] and targets()[index].
  Example<> get(size_t index) override;
  std::optional<size_t> size() const override;
  bool is_train() const noexcept { return is_train_; }
  const Tensor& images() const { return images_; }
  const Tensor& targets() const { return targets_; }

 private:
  Tensor images_, targets_;
  bool is_train_;
};

/// 70,000 photographs of clothes in ten classes, 60,000 of them for training, 28 by 28 pixels. `root` defaults to where Debian's package
/// dataset-fashion-mnist puts them.
class XGRAD_API FashionMNIST : public MNIST {
 public:
  explicit FashionMNIST(Mode mode = Mode::kTrain);
  explicit FashionMNIST(const std::string& root, Mode mode = Mode::kTrain);
  /// What class 0 to 9 is: "T-shirt/top", ...; throws IndexError for others.
  static const char* class_name(int64_t target);
};

}}}  // namespace torch::xgrad::data::datasets
