// An outside program that shows what it does.
#include <cstdio>

#include <xgrad/inspect/inspect.h>
#include <xgrad/xgrad.h>

int main() {
  xgrad::nn::Sequential net(xgrad::nn::Linear(2, 3), xgrad::nn::Tanh());
  const auto summary = xgrad::inspect::summary(net, {4, 2});
  const std::string page = xgrad::inspect::Report("outside").table(summary.table()).html();
  std::printf("%s", summary.text().c_str());
  return summary.multiply_adds == 24 && page.find("Linear") != std::string::npos ? 0 : 1;
}
