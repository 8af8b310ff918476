// Node classification on the karate-like graph of two groups: message passing by index_add and by a normalised adjacency, attention on edges.
#include <torch/torch.h>

#include <cstdio>
#include <utility>
#include <vector>

using Edges = std::vector<std::pair<int64_t, int64_t>>;

class Graph {
 public:
  Graph(int64_t nodes, const Edges& edges) : nodes_(nodes) {
    std::vector<int64_t> from, to;
    for (auto [a, b] : edges) {
      from.insert(from.end(), {a, b});
      to.insert(to.end(), {b, a});
    }
    for (int64_t i = 0; i < nodes; ++i) from.push_back(i), to.push_back(i);
    edge_index_ = torch::stack({torch::tensor(from), torch::tensor(to)});
    degree_ = torch::zeros(nodes).scatter_add_(0, edge_index_[1], torch::ones(edge_index_.size(1)));
  }
  int64_t nodes() const { return nodes_; }
  const torch::Tensor& edge_index() const { return edge_index_; }
  const torch::Tensor& degree() const { return degree_; }
  torch::Tensor normalized_adjacency() const {
    auto a = torch::zeros({nodes_, nodes_});
    a.index_put_({edge_index_[1], edge_index_[0]}, torch::ones(edge_index_.size(1)));
    auto d = degree_.rsqrt();
    return d.diag().mm(a).mm(torch::diagflat(d));
  }

 private:
  int64_t nodes_;
  torch::Tensor edge_index_, degree_;
};

class GCNLayerImpl : public torch::nn::Module {
 public:
  GCNLayerImpl(int64_t in, int64_t out) {
    weight = register_parameter("weight", torch::empty({in, out}));
    bias = register_parameter("bias", torch::zeros(out), /*requires_grad=*/true);
    torch::nn::init::xavier_uniform_(weight);
  }
  torch::Tensor forward(const Graph& graph, const torch::Tensor& x) {
    auto h = x.matmul(weight);
    auto from = graph.edge_index()[0], to = graph.edge_index()[1];
    auto norm = (graph.degree().index_select(0, from) * graph.degree().index_select(0, to)).rsqrt().unsqueeze(1);
    return torch::zeros_like(h).index_add(0, to, h.index_select(0, from) * norm) + bias;
  }
  torch::Tensor weight, bias;
};
TORCH_MODULE(GCNLayer);

class GATLayerImpl : public torch::nn::Module {
 public:
  GATLayerImpl(int64_t in, int64_t out, int64_t heads) : heads_(heads), out_(out) {
    project_ = register_module("project", torch::nn::Linear(torch::nn::LinearOptions(in, heads * out).bias(false)));
    source_ = register_parameter("source", torch::randn({heads, out}) * 0.3);
    target_ = register_parameter("target", torch::randn({heads, out}) * 0.3);
  }
  torch::Tensor forward(const Graph& graph, const torch::Tensor& x) {
    auto h = project_(x).view({-1, heads_, out_});
    auto from = graph.edge_index()[0], to = graph.edge_index()[1];
    auto score = torch::leaky_relu((h * source_).sum(-1).index({from}) + (h * target_).sum(-1).index({to}), 0.2);  // [edges, heads]
    auto place = to.unsqueeze(1).expand_as(score);
    auto largest = torch::full({graph.nodes(), heads_}, -1e9).scatter_reduce(0, place, score.detach(), "amax");
    auto weight = (score - largest.index({to})).exp();
    auto total = torch::zeros({graph.nodes(), heads_}).scatter_add(0, place, weight);
    weight = weight / total.index({to});
    attention = weight.detach();
    return torch::zeros_like(h).index_add(0, to, weight.unsqueeze(-1) * h.index({from})).flatten(1);
  }
  torch::Tensor attention;

 private:
  int64_t heads_, out_;
  torch::nn::Linear project_{nullptr};
  torch::Tensor source_, target_;
};
TORCH_MODULE(GATLayer);

template <class First, class Second> struct Net : torch::nn::Module {
  Net(First a, Second b) : first(a), second(b) {
    this->register_module("first", first);
    this->register_module("second", second);
  }
  torch::Tensor forward(const Graph& graph, torch::Tensor x) { return second(graph, torch::elu(first(graph, x))); }
  First first;
  Second second;
};

template <class Model> static void train(const char* name, Model& model, const Graph& graph, const torch::Tensor& labels) {
  torch::optim::Adam optimizer(model.parameters(), torch::optim::AdamOptions(0.05).weight_decay(5e-4));
  const auto known = torch::tensor({0, 9}), x = torch::eye(graph.nodes());
  for (int epoch = 0; epoch <= 20; ++epoch) {
    optimizer.zero_grad();
    auto output = torch::log_softmax(model.forward(graph, x), 1);
    auto loss = torch::nll_loss(output.index_select(0, known), labels.index_select(0, known));
    loss.backward();
    optimizer.step();
    if (epoch % 10 == 0) {
      const auto right = output.argmax(1).eq(labels).sum().template item<int64_t>();
      std::printf("%s epoch %2d loss %.3f", name, epoch, loss.template item<float>());
      if (epoch) std::printf(" most right: %d", right >= 8);
      std::printf("\n");
    }
  }
}

int main() {
  torch::manual_seed(50);
  Graph graph(10, {{0, 1}, {0, 2}, {1, 2}, {1, 3}, {2, 3}, {3, 4}, {0, 4}, {4, 5}, {5, 6}, {5, 7}, {6, 7}, {7, 8}, {8, 9}, {6, 9}, {5, 9}});
  auto labels = torch::arange(10).floor_divide(5);
  std::cout << graph.edge_index().sizes() << " " << graph.degree() << "\n";
  GCNLayer one(10, 4), two(4, 2);
  Net<GCNLayer, GCNLayer> gcn(one, two);
  auto dense = graph.normalized_adjacency().mm(one->weight) + one->bias;
  std::cout << "sums by edges are products: " << torch::allclose(one(graph, torch::eye(10)), dense, 1e-4, 1e-6) << "\n";
  train("gcn", gcn, graph, labels);
  GATLayer a(10, 4, 2), b(8, 2, 1);
  Net<GATLayer, GATLayer> gat(a, b);
  train("gat", gat, graph, labels);
  auto sums = torch::zeros({10, 2}).index_add_(0, graph.edge_index()[1], a->attention);
  std::cout << "attention sums to one: " << sums.allclose(torch::ones_like(sums)) << "\n";
  for (const auto& p : gat.named_parameters()) std::cout << p.key() << " " << p.value().sizes() << "\n";
}
