// The pages share the precompiled header of the tests, which has doctest's in it.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include "page.h"

#include <cstdio>
#include <exception>
#include <iostream>
#include <random>

#include <xgrad/autograd/tensor/generator.h>

void docs::begins(int line) {
  std::cout << std::flush;
  std::printf("@@ %d\n", line);
  std::fflush(stdout);
}

void docs::section(void (*function)()) {
  xgrad::manual_seed(std::random_device()());
  function();
}

int main() try {
  docs::run();
  std::cout << std::flush;
  return 0;
} catch (const std::exception& error) {
  std::cout << std::flush;
  std::printf("thrown: %s\n", error.what());
  return 1;
}
