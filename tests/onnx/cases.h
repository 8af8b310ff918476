// What is exported and compared with a runtime.
#pragma once

#include <string>
#include <vector>

#include <xgrad/io/onnx/onnx.h>

struct Case {
  std::string name;
  torch::onnx::Function function;
  std::vector<torch::Tensor> inputs;
  torch::onnx::NamedTensors named{};
  torch::onnx::Options options{};
};

/// The nets of all examples.
std::vector<Case> example_models();
/// Layers and functions one by one.
std::vector<Case> single_layers();
