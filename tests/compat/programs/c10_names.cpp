// Small things of c10 that programs use.
#include <c10/util/SmallVector.h>
#include <c10/util/StringUtil.h>
#include <c10/util/irange.h>
#include <torch/torch.h>

int64_t sum(const c10::SmallVectorImpl<int64_t>& values) {
  int64_t s = 0;
  for (const auto i : c10::irange(values.size())) s += values[i];
  return s;
}

void describe(const torch::autograd::Edge& edge, int depth) {
  if (!edge.is_valid()) return;
  std::cout << std::string(size_t(depth), ' ') << edge.function->name() << " " << edge.input_nr << " " << edge.function->num_inputs() << "\n";
  for (const auto& next : edge.function->next_edges()) describe(next, depth + 1);
}

int main() {
  std::cout << c10::str("a", 1, 2.5, ' ', torch::kDouble) << "|" << c10::str() << "|" << c10::Join(", ", std::vector<int>{1, 2, 3}) << "|"
            << c10::Join(",", std::vector<std::string>{}) << "|" << c10::guts::to_string(7) << "\n";
  for (const auto i : c10::irange(3)) std::cout << i << " ";
  for (const auto i : c10::irange(-1, 2)) std::cout << i << " ";
  for (const auto i : c10::irange(5, 2)) std::cout << i << "never";
  std::cout << "\n";

  c10::SmallVector<int64_t, 4> v = {1, 2, 3};
  v.push_back(4);
  v.append({5, 6});
  v.append(2, 7);
  std::cout << v.size() << " " << sum(v) << " " << v.back() << " " << v.pop_back_val() << " " << c10::IntArrayRef(v) << " " << torch::zeros(v).dim()
            << "\n";
  c10::optional<int64_t> none = c10::nullopt, some = c10::make_optional<int64_t>(3);
  c10::string_view text = "view";
  c10::variant<int, double> either = 2.5;
  std::cout << none.has_value() << some.value() << text.size() << c10::get<double>(either) << "\n";
  C10_UNUSED const int unused = 0;
  std::cout << (C10_LIKELY(some.has_value()) ? "likely" : "unlikely") << C10_STRINGIZE(C10_CONCATENATE(x, y)) << "\n";

  auto x = torch::ones({2, 2}, torch::requires_grad());
  auto y = (x * 2).exp().sum();
  describe(torch::autograd::Edge(y.grad_fn(), 0), 0);
  std::shared_ptr<torch::autograd::Node> node = y.grad_fn();
  torch::autograd::Node* first = node->next_edge(0).function.get();
  std::cout << first->name() << " " << node->num_outputs() << " " << torch::autograd::Edge().is_valid() << "\n";

  auto t = torch::arange(6).view({3, 2});
  const size_t a = 1;
  const unsigned b = 2;
  const uint8_t c = 0;
  const short d = -1;
  const long long e = 1;
  std::cout << t[a][c].item<int>() << t[b][0].item<int>() << t[d][e].item<int>() << " " << t.get_device() << " "
            << t.to({torch::kCPU, 0}).device().type() << " " << t.to(torch::Device("cpu")).is_cpu() << " " << t.to("cpu").sizes() << " "
            << torch::zeros({2}, "cpu").numel() << "\n";
}
