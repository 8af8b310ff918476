// Recognises drawn digits with a small convolutional network: a dataset of one's own, transforms, a shuffled loader, train and test.
#include <torch/torch.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace {

// Seven-segment digits in 12x12 pixels, shifted and with noise.
class SegmentDigits : public torch::data::datasets::Dataset<SegmentDigits> {
 public:
  enum class Mode { kTrain, kTest };

  explicit SegmentDigits(size_t count, Mode mode = Mode::kTrain) : mode_(mode) {
    images_ = torch::zeros({static_cast<int64_t>(count), 1, 12, 12});
    labels_ = torch::empty(static_cast<int64_t>(count), torch::kInt64);
    auto at = images_.accessor<float, 4>();
    auto label = labels_.accessor<int64_t, 1>();
    for (int64_t i = 0; i < static_cast<int64_t>(count); ++i) {
      label[i] = (i * 7 + (mode == Mode::kTest ? 3 : 0)) % 10;
      draw(at[i][0], kSegments[static_cast<size_t>(label[i])], i % 4, (i / 4) % 2);
    }
    images_.add_(torch::randn_like(images_) * 0.1).clamp_(0, 1);
  }

  torch::data::Example<> get(size_t index) override { return {images_[index], labels_[index]}; }
  torch::optional<size_t> size() const override { return images_.size(0); }
  bool is_train() const noexcept { return mode_ == Mode::kTrain; }
  const torch::Tensor& images() const { return images_; }

 private:
  static constexpr std::array<unsigned, 10> kSegments = {0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f};

  template <class Image> static void draw(Image image, unsigned segments, int64_t dx, int64_t dy) {
    for (int64_t k = 0; k < 4; ++k) {
      if (segments & 0x01) image[dy][dx + 1 + k] = 1.f;
      if (segments & 0x02) image[dy + 1 + k][dx + 5] = 1.f;
      if (segments & 0x04) image[dy + 6 + k][dx + 5] = 1.f;
      if (segments & 0x08) image[dy + 10][dx + 1 + k] = 1.f;
      if (segments & 0x10) image[dy + 6 + k][dx] = 1.f;
      if (segments & 0x20) image[dy + 1 + k][dx] = 1.f;
      if (segments & 0x40) image[dy + 5][dx + 1 + k] = 1.f;
    }
  }

  Mode mode_;
  torch::Tensor images_, labels_;
};
constexpr std::array<unsigned, 10> SegmentDigits::kSegments;

struct Net : torch::nn::Module {
  Net()
      : conv1(torch::nn::Conv2dOptions(1, 6, /*kernel_size=*/3)),
        conv2(torch::nn::Conv2dOptions(6, 12, 3).padding(1)),
        fc1(12 * 2 * 2, 24),
        fc2(24, 10) {
    register_module("conv1", conv1);
    register_module("conv2", conv2);
    register_module("conv2_drop", conv2_drop);
    register_module("fc1", fc1);
    register_module("fc2", fc2);
  }
  torch::Tensor forward(torch::Tensor x) {
    x = torch::relu(torch::max_pool2d(conv1->forward(x), 2));
    x = torch::relu(torch::max_pool2d(conv2_drop->forward(conv2->forward(x)), 2));
    x = x.view({-1, 12 * 2 * 2});
    x = torch::relu(fc1->forward(x));
    x = torch::dropout(x, /*p=*/0.1, /*training=*/is_training());
    x = fc2->forward(x);
    return torch::log_softmax(x, /*dim=*/1);
  }
  torch::nn::Conv2d conv1, conv2;
  torch::nn::Dropout2d conv2_drop{torch::nn::Dropout2dOptions(0.05)};
  torch::nn::Linear fc1, fc2;
};

template <typename DataLoader>
void train(size_t epoch, Net& model, torch::Device device, DataLoader& data_loader, torch::optim::Optimizer& optimizer, size_t dataset_size) {
  model.train();
  size_t batch_idx = 0;
  for (auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    optimizer.zero_grad();
    auto output = model.forward(data);
    auto loss = torch::nll_loss(output, targets);
    AT_ASSERT(!std::isnan(loss.template item<float>()));
    loss.backward();
    optimizer.step();
    if (batch_idx++ % 3 == 0)
      std::printf("Train Epoch: %zu [%zu/%zu] Loss: %.3f\n", epoch, batch_idx * static_cast<size_t>(batch.data.size(0)), dataset_size,
                  loss.template item<float>());
  }
}

template <typename DataLoader> void test(Net& model, torch::Device device, DataLoader& data_loader, size_t dataset_size) {
  torch::NoGradGuard no_grad;
  model.eval();
  double test_loss = 0;
  int32_t correct = 0;
  for (const auto& batch : data_loader) {
    auto data = batch.data.to(device), targets = batch.target.to(device);
    auto output = model.forward(data);
    test_loss += torch::nll_loss(output, targets, /*weight=*/{}, at::Reduction::Sum).template item<float>();
    auto pred = output.argmax(1);
    correct += pred.eq(targets).sum().template item<int64_t>();
  }
  test_loss /= static_cast<double>(dataset_size);
  std::printf("Test set: Average loss: %.3f | Accuracy: %d of %zu\n", test_loss, correct, dataset_size);
}

}  // namespace

auto main() -> int {
  torch::manual_seed(1);
  torch::DeviceType device_type = torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
  torch::Device device(device_type);
  Net model;
  model.to(device);

  SegmentDigits digits(160);
  std::cout << digits.is_train() << " " << digits.images().sizes() << " " << (digits.images() > 0.5).sum().item<int64_t>() << "\n";
  auto train_dataset = digits.map(torch::data::transforms::Normalize<>(0.2, 0.4)).map(torch::data::transforms::Stack<>());
  const size_t train_size = train_dataset.size().value();
  auto train_loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(std::move(train_dataset), 32);
  auto test_dataset =
      SegmentDigits(40, SegmentDigits::Mode::kTest).map(torch::data::transforms::Normalize<>(0.2, 0.4)).map(torch::data::transforms::Stack<>());
  const size_t test_size = test_dataset.size().value();
  auto test_loader = torch::data::make_data_loader(std::move(test_dataset), torch::data::DataLoaderOptions().batch_size(16));

  torch::optim::SGD optimizer(model.parameters(), torch::optim::SGDOptions(0.02).momentum(0.5));
  for (size_t epoch = 1; epoch <= 2; ++epoch) {
    train(epoch, model, device, *train_loader, optimizer, train_size);
    test(model, device, *test_loader, test_size);
  }
}
