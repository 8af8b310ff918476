// Learns an embedding from pairs and triplets: triplet margin, cosine embedding and contrastive losses, then nearest neighbours.
#include <torch/torch.h>

#include <cstdio>
#include <vector>

namespace F = torch::nn::functional;

struct Triplet {
  torch::Tensor anchor, positive, negative;
};

// A dataset whose examples are triplets, collated by a transform of its own.
class Triplets : public torch::data::datasets::Dataset<Triplets, Triplet> {
 public:
  Triplets(torch::Tensor x, torch::Tensor y) : x_(std::move(x)), y_(std::move(y)) {}
  Triplet get(size_t index) override {
    const int64_t i = static_cast<int64_t>(index), label = y_[i].item<int64_t>();
    auto same = y_.eq(label).nonzero().squeeze(1), other = y_.ne(label).nonzero().squeeze(1);
    return {x_[i], x_[same[(i * 5 + 1) % same.size(0)].item<int64_t>()], x_[other[(i * 7) % other.size(0)].item<int64_t>()]};
  }
  c10::optional<size_t> size() const override { return x_.size(0); }

 private:
  torch::Tensor x_, y_;
};

struct CollateTriplets : torch::data::transforms::Collation<Triplet> {
  Triplet apply_batch(std::vector<Triplet> triplets) override {
    std::vector<torch::Tensor> a, p, n;
    for (auto& t : triplets) {
      a.push_back(std::move(t.anchor));
      p.push_back(std::move(t.positive));
      n.push_back(std::move(t.negative));
    }
    return {torch::stack(a), torch::stack(p), torch::stack(n)};
  }
};

class SiameseNet : public torch::nn::Module {
 public:
  explicit SiameseNet(int64_t size)
      : cnn1(torch::nn::Conv1dOptions(1, 4, 3).padding(1).padding_mode(torch::kReflect)), pool(torch::nn::AvgPool1dOptions(2)), fc(4 * 6, size) {
    register_module("cnn1", cnn1);
    register_module("prelu", prelu);
    register_module("pool", pool);
    register_module("fc", fc);
  }
  torch::Tensor forward(const torch::Tensor& x) { return fc(pool(prelu(cnn1(x.unsqueeze(1)))).flatten(1)); }
  std::tuple<torch::Tensor, torch::Tensor> forward(const torch::Tensor& a, const torch::Tensor& b) { return std::make_tuple(forward(a), forward(b)); }

 private:
  torch::nn::Conv1d cnn1;
  torch::nn::PReLU prelu{torch::nn::PReLUOptions().num_parameters(4).init(0.1)};
  torch::nn::AvgPool1d pool;
  torch::nn::Linear fc;
};

torch::Tensor contrastive_loss(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& different, double margin = 2.0) {
  auto distance = torch::pairwise_distance(a, b, /*p=*/2, /*eps=*/1e-6, /*keepdim=*/false);
  return torch::mean((1 - different) * distance.pow(2) + different * torch::clamp(margin - distance, 0.0).pow(2));
}

int main() {
  torch::manual_seed(14);
  auto y = torch::arange(36).remainder(3);
  auto phase = y.to(torch::kFloat).unsqueeze(1) * 2.1 + 0.3 * torch::randn({36, 1});
  auto x = torch::sin(torch::linspace(0, 6.28, 12).unsqueeze(0) + phase) + 0.1 * torch::randn({36, 12});

  SiameseNet net(4);
  std::cout << net << "\n";
  auto dataset = Triplets(x, y).map(CollateTriplets());
  auto loader = torch::data::make_data_loader<torch::data::samplers::SequentialSampler>(std::move(dataset), 12);
  torch::nn::TripletMarginLoss triplet(torch::nn::TripletMarginLossOptions().margin(1.0).p(2).swap(true));
  torch::nn::CosineEmbeddingLoss cosine(torch::nn::CosineEmbeddingLossOptions().margin(0.2));
  torch::nn::MarginRankingLoss ranking(torch::nn::MarginRankingLossOptions().margin(0.5).reduction(torch::kSum));
  std::cout << triplet << " " << cosine << " " << ranking << "\n";
  torch::optim::Adam optimizer(net.parameters(), 5e-3);
  for (int epoch = 0; epoch < 4; ++epoch) {
    for (auto& batch : *loader) {
      auto a = net.forward(batch.anchor);
      auto [p, n] = net.forward(batch.positive, batch.negative);
      auto one = torch::ones(a.size(0));
      auto t = triplet(a, p, n), c = cosine(a, p, one) + cosine(a, n, -one), k = contrastive_loss(a, n, one);
      auto r = ranking(F::pairwise_distance(a, n), F::pairwise_distance(a, p), one);
      auto d = F::triplet_margin_with_distance_loss(
          a, p, n,
          F::TripletMarginWithDistanceLossFuncOptions()
              .distance_function([](const torch::Tensor& u, const torch::Tensor& v) { return 1 - F::cosine_similarity(u, v); })
              .margin(0.4));
      auto loss = t + c + 0.1 * k + 0.01 * r + d;
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      if (epoch % 3 == 0)
        std::printf("%d: %.3f %.3f %.3f %.2f %.3f\n", epoch, t.item<float>(), c.item<float>(), k.item<float>(), r.item<float>(), d.item<float>());
    }
  }
  torch::NoGradGuard no_grad;
  auto e = net.forward(x);
  auto distances = torch::cdist(e, e);
  distances.fill_diagonal_(std::numeric_limits<float>::max());
  auto nearest = distances.argmin(1);
  std::cout << e.sizes() << " " << distances.sizes() << " right neighbours: " << (y.index({nearest}).eq(y).sum().item<int64_t>() >= 30) << "\n";
  std::printf("%.2f\n", F::normalize(e).norm(2, {1}).sum().item<float>());
}
