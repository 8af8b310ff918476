// The nets that are measured.
#pragma once

#include <functional>
#include <string>

#include <xgrad/xgrad.h>

struct Workload {
  std::string name;
  xgrad::nn::Sequential net;
  xgrad::Tensor x, label;

  xgrad::Tensor loss() { return xgrad::nn::functional::cross_entropy(net->forward(x), label); }
};

/// 1024-1024-1024 with ReLU: 8.4 MB of gradients.
inline Workload mlp(int64_t batch) {
  namespace nn = xgrad::nn;
  return {"MLP 1024-1024-1024, batch " + std::to_string(batch), nn::Sequential(nn::Linear(1024, 1024), nn::ReLU(), nn::Linear(1024, 1024)),
          xgrad::randn({batch, 1024}), xgrad::randint(1024, {batch}, xgrad::kLong)};
}

/// Twenty layers of 256 with ReLU: 5.3 MB in many small parts.
inline Workload deep_mlp(int64_t batch) {
  xgrad::nn::Sequential net;
  for (int layer = 0; layer < 20; ++layer) {
    net->push_back(xgrad::nn::Linear(256, 256));
    net->push_back(xgrad::nn::ReLU());
  }
  return {"MLP of 20 layers of 256, batch " + std::to_string(batch), net, xgrad::randn({batch, 256}), xgrad::randint(256, {batch}, xgrad::kLong)};
}

/// The convolutional net for MNIST of PyTorch's examples, 1-32-64, pool, 9216-128-10: 4.8 MB.
inline Workload mnist_cnn(int64_t batch) {
  namespace nn = xgrad::nn;
  return {"MNIST CNN, batch " + std::to_string(batch),
          nn::Sequential(nn::Conv2d(1, 32, 3), nn::ReLU(), nn::Conv2d(32, 64, 3), nn::ReLU(), nn::MaxPool2d(2), nn::Flatten(), nn::Linear(9216, 128),
                         nn::ReLU(), nn::Linear(128, 10)),
          xgrad::randn({batch, 1, 28, 28}), xgrad::randint(10, {batch}, xgrad::kLong)};
}
