// A variational autoencoder of small blobs, as the usual tutorial has it.
#include <torch/torch.h>

#include <cstdio>
#include <utility>

class VAEImpl : public torch::nn::Module {
 public:
  struct Output {
    torch::Tensor reconstruction, mu, log_var;
  };

  VAEImpl(int64_t image_size, int64_t h_dim, int64_t z_dim)
      : fc1(image_size, h_dim), fc2(h_dim, z_dim), fc3(h_dim, z_dim), fc4(z_dim, h_dim), fc5(h_dim, image_size) {
    register_module("fc1", fc1);
    register_module("fc2", fc2);
    register_module("fc3", fc3);
    register_module("fc4", fc4);
    register_module("fc5", fc5);
  }

  torch::Tensor decode(torch::Tensor z) {
    auto h = torch::nn::functional::relu(fc4->forward(z));
    return torch::sigmoid(fc5->forward(h));
  }

  Output forward(torch::Tensor x) {
    auto [mu, log_var] = encode(x);
    auto z = reparameterize(mu, log_var);
    return {decode(z), mu, log_var};
  }

 private:
  std::pair<torch::Tensor, torch::Tensor> encode(torch::Tensor x) {
    auto h = torch::nn::functional::relu(fc1->forward(x));
    return {fc2->forward(h), fc3->forward(h)};
  }

  torch::Tensor reparameterize(torch::Tensor mu, torch::Tensor log_var) {
    if (!is_training()) return mu;
    auto std = log_var.div(2).exp();
    auto eps = torch::randn_like(std);
    return eps.mul(std).add_(mu);
  }

  torch::nn::Linear fc1, fc2, fc3, fc4, fc5;
};
TORCH_MODULE(VAE);

// Bumps of varying place and width on an 8x8 grid.
torch::Tensor blobs(int64_t n) {
  auto axis = torch::linspace(-1, 1, 8);
  auto grid = torch::meshgrid({axis, axis}, "ij");
  auto centre = torch::rand({n, 2, 1, 1}) - 0.5;
  auto width = 0.2 + 0.3 * torch::rand({n, 1, 1});
  auto square = (grid[0] - centre.select(1, 0)).pow(2) + (grid[1] - centre.select(1, 1)).pow(2);
  return torch::exp(-square / width.pow(2)).reshape({n, 64});
}

int main() {
  const int64_t image_size = 64, h_dim = 20, z_dim = 3, batch_size = 16;
  torch::manual_seed(11);
  VAE model(image_size, h_dim, z_dim);
  std::cout << model << "\n";
  auto images = blobs(64);
  torch::optim::Adam optimizer(model->parameters(), torch::optim::AdamOptions(2e-3));

  for (int epoch = 1; epoch <= 3; ++epoch) {
    model->train();
    int step = 0;
    for (const auto& batch : images.split(batch_size)) {
      auto output = model->forward(batch);
      auto reconstruction_loss = torch::nn::functional::binary_cross_entropy(
          output.reconstruction, batch, torch::nn::functional::BinaryCrossEntropyFuncOptions().reduction(torch::kSum));
      auto kl_divergence = -0.5 * torch::sum(1 + output.log_var - output.mu.pow(2) - output.log_var.exp());
      auto loss = reconstruction_loss + kl_divergence;
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      if (++step % 2 == 0)
        std::printf("Epoch [%d/3], Step [%d/4], Reconstruction loss: %.2f, KL-Divergence: %.3f\n", epoch, step,
                    reconstruction_loss.item<double>() / static_cast<double>(batch.size(0)),
                    kl_divergence.item<double>() / static_cast<double>(batch.size(0)));
    }
    model->eval();
    torch::NoGradGuard no_grad;
    auto z = torch::randn({batch_size, z_dim});
    auto images_output = model->decode(z).view({-1, 1, 8, 8});
    std::cout << images_output.sizes() << " in [0, 1]: " << images_output.ge(0).logical_and(images_output.le(1)).all().item<bool>() << "\n";
    std::printf("mean pixel %.4f\n", images_output.mean().item<float>());
  }
  auto rounded = (model->forward(images.slice(0, 0, 1)).reconstruction.view({8, 8}) * 10).round().to(torch::kInt);
  std::cout << rounded.sizes() << " " << rounded.dtype() << " " << rounded.max().item<int>() << "\n";
}
