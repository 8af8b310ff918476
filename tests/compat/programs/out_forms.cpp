// Results written into tensors that the caller gives.
#include <torch/torch.h>

int main() {
  torch::manual_seed(1);
  const auto x = torch::tensor({{3.0, -1.0, 2.0}, {0.5, 4.0, -2.5}}, torch::kFloat64),
             y = torch::tensor({{1.0, 2.0}, {3.0, 4.0}, {5.0, 6.0}}, torch::kFloat64);
  auto out = torch::empty({0}, torch::kFloat64), other = torch::empty({0}, torch::kFloat64), third = torch::empty({0}, torch::kFloat64);
  auto where = torch::empty({0}, torch::kLong), truth = torch::empty({0}, torch::kBool);
  const auto show = [](const char* what, const torch::Tensor& t) { std::cout << what << ": " << t << "\n"; };

  show("sum", torch::sum_out(out, x, {0}));
  show("sum keepdim", torch::sum_out(out, x, at::IntArrayRef{0, 1}, true));
  show("mean", torch::mean_out(out, x, {1}));
  show("prod", torch::prod_out(out, x, 1));
  show("amax", torch::amax_out(out, x, {1}));
  show("any", torch::any_out(truth, x, 1));
  show("std", torch::std_out(out, x, {1}, true));
  show("norm", torch::norm_out(out, x, 2, {1}));
  show("argmax", torch::argmax_out(where, x, 1));
  show("cumsum", torch::cumsum_out(out, x, 1));
  show("logsumexp", torch::logsumexp_out(out, x, {1}));
  show("softmax", torch::softmax_out(out, x, 1));
  show("matmul", torch::matmul_out(out, x, y));
  show("mm", torch::mm_out(out, x, y));
  show("mv", torch::mv_out(out, x, torch::tensor({1.0, 0.5, -1.0}, torch::kFloat64)));
  show("addmm", torch::addmm_out(out, torch::eye(2, torch::kFloat64), x, y, 2, 0.5));
  show("outer", torch::outer_out(out, x[0], x[1]));
  show("kron", torch::kron_out(out, x, y));
  show("cross", torch::cross_out(out, x[0], x[1]));
  show("cat", torch::cat_out(out, {x, x}, 1));
  show("stack", torch::stack_out(out, {x, x}));
  show("hstack", torch::hstack_out(out, {x, x}));
  show("tril", torch::tril_out(out, x));
  show("gather", torch::gather_out(out, x, 1, torch::tensor({{0}, {2}})));
  show("index_select", torch::index_select_out(out, x, 1, torch::tensor({2, 0})));
  show("masked_select", torch::masked_select_out(out, x, x > 0));
  show("nonzero", torch::nonzero_out(where, x > 0));
  show("take", torch::take_out(out, x, torch::tensor({5, 0})));
  show("diag", torch::diag_out(out, y[0]));
  show("bucketize", torch::bucketize_out(where, x, torch::tensor({0.0, 1.0, 3.0}, torch::kFloat64)));
  show("quantile", torch::quantile_out(out, x, 0.25, 1));
  show("leaky_relu", torch::leaky_relu_out(out, x, 0.1));
  show("mse_loss", torch::mse_loss_out(out, x, x * 2));
  show("flip", torch::flip_out(out, x, {1}));

  auto [sorted, order] = torch::sort_out(out, where, x, 1, true);
  show("sort", sorted);
  show("order", order);
  std::cout << sorted.is_same(out) << order.is_same(where) << "\n";
  torch::topk_out(out, where, x, 2, 1);
  show("topk", out);
  show("topk", where);
  torch::max_out(out, where, x, 1);
  show("max", out);
  show("max", where);
  torch::aminmax_out(out, other, x, 1);
  show("aminmax", other - out);
  torch::median_out(out, where, x, 1);
  show("median", out);

  show("zeros", torch::zeros_out(out, {2, 2}));
  show("full", torch::full_out(where, {3}, 7));
  show("arange", torch::arange_out(out, 0, 1, 0.25));
  show("arange", torch::arange_out(where, 4));
  show("linspace", torch::linspace_out(out, 0, 1, 5));
  show("eye", torch::eye_out(out, 2, 3));
  show("randn", torch::randn_out(out, {3}));
  show("rand", torch::rand_out(out, {2}));
  show("randperm", torch::randperm_out(where, 6));

  // Into a part of a tensor, and with another dtype.
  auto whole = torch::zeros({2, 4}, torch::kFloat64);
  auto part = whole.slice(1, 1, 4);
  torch::cumsum_out(part, x, 0);
  show("part", whole);
  auto floats = torch::zeros({2}, torch::kFloat32);
  show("floats", torch::sum_out(floats, x, {1}));
  auto longs = torch::zeros({2}, torch::kLong);
  for (const auto& call :
       std::vector<std::function<void()>>{[&] { torch::sum_out(longs, x, {1}); }, [&] { torch::matmul_out(out, x.clone().requires_grad_(), y); },
                                          [&] { torch::sort_out(out, floats, x); }}) {
    try {
      call();
      std::cout << "taken\n";
    } catch (const std::exception&) {
      std::cout << "refused\n";
    }
  }
  show("unchanged", longs);
}
