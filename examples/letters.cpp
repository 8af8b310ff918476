#include "letters.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <xgrad/xgrad.h>

Text::Text(const std::string& path) {
  std::ifstream file(path);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (text.empty()) throw std::runtime_error("no text in " + path);
  std::vector<int64_t> all;
  for (char letter : text) {
    if (letters.find(letter) == std::string::npos) letters += letter;
    all.push_back(number_of(letter));
  }
  numbers = xgrad::tensor(all);
}

std::string write(const Text& text, const std::string& beginning, int length, double temperature,
                  const std::function<xgrad::Tensor(const std::string&)>& expect) {
  xgrad::NoGradGuard no_grad;
  std::string written = beginning;
  for (int i = 0; i < length; ++i) {
    const xgrad::Tensor chances = (expect(written) / temperature).softmax(0);
    written += text.letters[xgrad::multinomial(chances, 1).item<size_t>()];
  }
  return written;
}
