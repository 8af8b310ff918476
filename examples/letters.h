// A text as numbers, for nets that read and write letter by letter.
#pragma once

#include <functional>
#include <string>

#include <xgrad/autograd/tensor/tensor.h>

/// Letters have the numbers of the order in which they first occur.
struct Text {
  /// Throws if the file has no letters.
  explicit Text(const std::string& path);

  int64_t number_of(char letter) const { return static_cast<int64_t>(letters.find(letter)); }

  std::string letters;
  xgrad::Tensor numbers;  // int64, of the whole text
};

/// A text that a net writes: `beginning`, and `length` letters drawn one after the other from what expect(so far) says of the next,
/// logits [letters]. The lower the temperature, the likelier the likely ones.
std::string write(const Text& text, const std::string& beginning, int length, double temperature,
                  const std::function<xgrad::Tensor(const std::string& so_far)>& expect);
