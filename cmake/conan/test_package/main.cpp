// A derivative, and a system of equations, for which LAPACK has to be there.
#include <xgrad/xgrad.h>

#include <cstdio>

int main() {
  const xgrad::Tensor x = xgrad::tensor({3.0, 4.0}, xgrad::requires_grad());
  x.norm().backward();
  const xgrad::Tensor solution = xgrad::linalg::solve(xgrad::eye(2) * 2, xgrad::ones({2, 1}));
  std::printf("%.2f %.2f %.2f\n", x.grad()[0].item<double>(), x.grad()[1].item<double>(), solution[0].item<double>());
  return x.grad()[0].item<double>() > 0.59 && solution[0].item<double>() == 0.5 ? 0 : 1;
}
