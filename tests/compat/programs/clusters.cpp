// Clusters and axes of data: k-means, principal components, distances, histograms, groups by label.
#include <torch/torch.h>

#include <iostream>
#include <map>

namespace F = torch::nn::functional;
using torch::Tensor;

struct KMeans {
  explicit KMeans(int64_t k, double tolerance = 1e-6) : k(k), tolerance(tolerance) {}
  void fit(const Tensor& x, int64_t most = 100) {
    centers = x.index_select(0, torch::linspace(0, x.size(0) - 1, k).to(torch::kLong)).clone();
    for (rounds = 1; rounds <= most; ++rounds) {
      labels = std::get<1>(torch::cdist(x, centers).min(/*dim=*/1));
      auto counts = torch::bincount(labels, {}, k).clamp_min(1).to(x.dtype());
      auto sums = torch::zeros_like(centers).index_add_(0, labels, x);
      auto next = sums / counts.unsqueeze(1);
      const auto moved = (next - centers).norm(2, 1).max().item<double>();
      centers = next;
      if (moved < tolerance) break;
    }
    inertia = (x - centers.index_select(0, labels)).square().sum().item<double>();
  }
  int64_t k;
  double tolerance, inertia = 0;
  int64_t rounds = 0;
  Tensor centers, labels;
};

int main() {
  torch::manual_seed(4);
  const auto truth = torch::tensor({{0.f, 0.f, 0.f}, {6.f, 0.f, 1.f}, {0.f, 7.f, -1.f}, {5.f, 6.f, 3.f}});
  const auto which = torch::arange(4).repeat_interleave(25);
  const auto x = truth.index_select(0, which) + 0.3 * torch::randn({100, 3});

  KMeans means(4);
  means.fit(x);
  std::cout << (means.rounds < 20) << " " << (means.inertia < 40) << "\n";
  auto [unique, inverse, counts] = torch::_unique2(means.labels, /*sorted=*/true, /*return_inverse=*/true, /*return_counts=*/true);
  std::cout << unique << "\n" << counts << "\n";
  // Every true group has one label.
  std::map<int64_t, int64_t> label_of;
  bool pure = true;
  const auto labels = means.labels.accessor<int64_t, 1>();
  for (int64_t i = 0; i < labels.size(0); ++i) pure = label_of.emplace(which[i].item<int64_t>(), labels[i]).first->second == labels[i] && pure;
  std::cout << pure << " " << label_of.size() << "\n";

  const auto centered = x - x.mean(0, true);
  auto [u, s, v] = torch::svd(centered);
  const auto share = s.square() / s.square().sum();
  std::cout << u.sizes() << v.sizes() << " " << (share[0] > share[1]).item<bool>() << " " << torch::allclose(share.sum(), torch::ones({})) << "\n";
  const auto covariance = centered.t().mm(centered) / (x.size(0) - 1);
  std::cout << torch::allclose(covariance, torch::cov(x.t()), 1e-4, 1e-4) << " "
            << torch::allclose(std::get<0>(torch::linalg_eigh(covariance, "L")).flip(0), s.square() / (x.size(0) - 1), 1e-3, 1e-3) << "\n";
  const auto projected = centered.mm(v.slice(1, 0, 2));
  std::cout << projected.sizes() << " " << torch::allclose(u.slice(1, 0, 2) * s.slice(0, 0, 2), projected, 1e-3, 1e-3) << "\n";

  // The nearest neighbours of some points, theirs excepted, and a vote.
  auto distances = torch::cdist(x, x);
  distances.fill_diagonal_(std::numeric_limits<float>::infinity());
  auto [near, nearest] = distances.topk(5, 1, /*largest=*/false);
  const auto votes = std::get<0>(which.index({nearest}).mode(1));
  std::cout << votes.eq(which).to(torch::kFloat).mean().item<float>() << " " << (near.select(1, 0) <= near.select(1, 4)).all().item<bool>() << "\n";

  // Silhouettes by group.
  const auto same = which.unsqueeze(0) == which.unsqueeze(1);
  auto full = torch::cdist(x, x);
  const auto inside = (full * same).sum(1) / (same.sum(1) - 1);
  auto between = torch::full({100, 4}, 1e9);
  for (int64_t g = 0; g < 4; ++g) between.index_put_({"...", g}, full.index({torch::indexing::Slice(), which == g}).mean(1));
  between.scatter_(1, which.unsqueeze(1), 1e9);
  const auto outside = std::get<0>(between.min(1));
  const auto silhouette = (outside - inside) / torch::maximum(outside, inside);
  std::cout << (silhouette.mean().item<double>() > 0.8) << "\n";

  const auto values = torch::tensor({0.1, 0.4, 0.35, 0.8, 0.95, 0.2, 0.41});
  std::cout << torch::histc(values, 4, 0, 1) << "\n" << torch::bucketize(values, torch::tensor({0.25, 0.5, 0.75})) << "\n";
  std::cout << torch::searchsorted(torch::tensor({1, 3, 5}), torch::tensor({0, 3, 6}), false, /*right=*/true) << "\n";
  std::cout << torch::quantile(values, 0.5) << " " << torch::median(values) << "\n";
  std::cout << torch::cumsum(values.gt(0.3), 0) << "\n" << torch::diff(torch::tensor({1, 4, 9, 16})) << "\n";
  std::cout << F::one_hot(torch::tensor({2, 0, 1}), 3) << "\n" << torch::triu(torch::ones({3, 3}), 1).to(torch::kBool) << "\n";
  std::cout << F::cosine_similarity(truth[1], truth[3], F::CosineSimilarityFuncOptions().dim(0)) << "\n";
  std::cout << F::normalize(truth.slice(0, 1, 3), F::NormalizeFuncOptions().p(2).dim(1)) << "\n";
}
